import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { requestId } from './headers.ts';

/** Texts in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  now(): KeyPair;
  /** Calls back with each that comes after it. */
  follow(changed: (pair: KeyPair) => void): void;
}

/** Who sends a request slowly is cut off: its head, and all of it. Answers may take as long as they like. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };
const LIMITS = { maxHeaderSize: 16 * 1024, ...TIMES };
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Of one push: a long one comes whole or not at all. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** How the server takes connections. `proxies` are believed when they say whom a request is from. */
export function serverOptions(certificate: Certificate | undefined, proxies: readonly string[]): FastifyServerOptions {
  const tls = certificate && { ...certificate.now(), minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ...LIMITS };
  return {
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    requestTimeout: TIMES.requestTimeout,
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: proxies.length > 0 && [...proxies],
    ...(tls === undefined ? { http: LIMITS } : { https: tls }),
  } as FastifyServerOptions;
}

/** Connections from then on are shown the new one; those that are there stay. */
export function followCertificate({ server }: FastifyInstance, certificate: Certificate | undefined): void {
  certificate?.follow((pair) => (server as object as TlsServer).setSecureContext(pair));
}

interface TlsServer {
  setSecureContext(pair: KeyPair): void;
}
