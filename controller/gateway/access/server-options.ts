import type { FastifyServerOptions } from 'fastify';
import { requestId } from './headers.ts';

/** Makes a server for TLS, which shows each new connection the certificate in force then. */
export type TlsServers = (handler: unknown, options: object) => object;

/** Who sends a request slowly is cut off: its head, and all of it. Answers may take as long as they like. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000, keepAliveTimeout: 72_000 };
const LIMITS = { maxHeaderSize: 16 * 1024, ...TIMES };
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Of one push: a long one comes whole or not at all. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** How the server takes connections. `proxies` are believed when they say whom a request is from. */
export function serverOptions(tls: TlsServers | undefined, proxies: readonly string[]): FastifyServerOptions {
  const secure = { minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ...LIMITS };
  return {
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    requestTimeout: TIMES.requestTimeout,
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: proxies.length > 0 && [...proxies],
    keepAliveTimeout: TIMES.keepAliveTimeout,
    ...(tls === undefined ? { http: LIMITS } : { https: {}, serverFactory: (handler: unknown) => tls(handler, secure) }),
  } as FastifyServerOptions;
}
