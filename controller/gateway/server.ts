import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { Failure, sentence } from '../errors.ts';
import { checkDoor, type Door, isPlain } from './access/door.ts';
import { createGuard } from './access/guard.ts';
import { restricted } from './access/restricted.ts';
import { serverOptions } from './access/server-options.ts';
import type { ListenAddress } from './address.ts';
import { addHookRoute } from './hook.ts';
import { addOpenApiRoutes, type OpenApiOptions } from './openapi/routes.ts';
import { addFallbacks, refuseUrl, servedBy } from './rest/missing.ts';
import type { Form } from './rest/reply.ts';
import { type ApiOptions, addRest, addSla, BASE } from './rest/routes.ts';
import { SLA_BASE } from './rest/sla.ts';

const MAX_PUSH_BYTES = 16 * 1024 * 1024;

/** What takes pushed metrics, as a Pushgateway does. */
export interface PushSink {
  /** Resolves once what was pushed is on disk. Rejects with a terminal Failure for a body or a path that can't be read. */
  push(method: 'PUT' | 'POST' | 'DELETE', groupPath: string, body: string): Promise<void>;
}

export interface GatewayOptions extends ApiOptions, OpenApiOptions, Door {
  readonly listen: ListenAddress;
  /** Where the SLA Manager's API is served at its bare paths (`/agreements`), beside `/sla/v1`. */
  readonly slaListen?: ListenAddress;
  /** Why the controller isn't ready to be relied on, or undefined when it is. */
  readonly notReady: () => string | undefined;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly pushes: PushSink;
  readonly hook: {
    /** What git hosts sign their calls with; undefined when none was named. */
    readonly secret: (() => Promise<string>) | undefined;
    /** The branch may have moved. */
    readonly look: () => void;
  };
}

export interface Gateway {
  /** `http://127.0.0.1:34567`, with the port that was chosen. */
  readonly url: string;
  /** Of the SLA Manager's bare paths. */
  readonly slaUrl?: string;
  close(): Promise<void>;
}

type Making = (options: GatewayOptions, onlyProxies: boolean) => FastifyInstance;

/** Serves the API, health, metrics and the push source. Rejects with a Failure when an address can't be had. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { listen, slaListen } = options;
  const all = await listenOn(listen, options, createServer);
  if (slaListen === undefined) return all;
  const sla = await listenOn(slaListen, options, createSlaServer).catch(async (error) => {
    await all.close();
    throw error;
  });
  return { url: all.url, slaUrl: sla.url, close: async () => void (await Promise.all([all.close(), sla.close()])) };
}

async function listenOn(address: ListenAddress, options: GatewayOptions, make: Making): Promise<Gateway> {
  checkDoor(address, options);
  const { host, port } = address;
  const server = make(options, isPlain(address, options));
  try {
    return { url: await server.listen({ host, port }), close: () => server.close() };
  } catch (error) {
    throw new Failure('terminal', `Cannot listen on ${host}:${port}: ${sentence(error)}`, { cause: error });
  }
}

/** The server without a port, for tests. Only proxies may ask it, when what comes to it is not encrypted. */
export function createServer(given: Omit<GatewayOptions, 'listen'>, onlyProxies = false): FastifyInstance {
  const { server, options, served } = guarded(given, onlyProxies);
  addFallbacks(server, 'plain', served, options);
  server.get('/healthz', async () => 'ok\n');
  server.get('/readyz', async (_request, reply) => {
    const reason = options.notReady();
    return reason === undefined ? 'ok\n' : reply.code(503).send(`${reason}\n`);
  });
  server.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await options.metrics();
    return reply.type(contentType).send(text);
  });
  addPushRoute(server, options.pushes);
  addHookRoute(server, options);
  addRest(server, options, served);
  addOpenApiRoutes(server, options);
  return server;
}

/** The SLA Manager's API alone, at its bare paths. */
export function createSlaServer(given: Omit<GatewayOptions, 'listen'>, onlyProxies = false): FastifyInstance {
  const { server, options, served } = guarded(given, onlyProxies, SLA_BASE);
  addSla(server, options, served, '');
  return server;
}

/** A server without routes; what is asked of those to come is guarded as if they were below `prefix`. */
function guarded(given: Omit<GatewayOptions, 'listen'>, onlyProxies: boolean, prefix = '') {
  const { grants, proxies = [], clock, log, tls, version } = given;
  const guard = createGuard({ grants, proxies, onlyProxies, prefix, clock, log });
  const formOf = (path: string): Form =>
    prefix === SLA_BASE || path.startsWith(`${SLA_BASE}/`) ? 'sla' : path.startsWith(`${BASE}/`) ? 'envelope' : 'plain';
  const server = Fastify({ ...serverOptions(tls, proxies), frameworkErrors: refuseUrl(formOf, version) });
  guard.watch(server);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return { server, options: restricted(given, guard.caller), served: servedBy(server) };
}

function addPushRoute(server: FastifyInstance, pushes: PushSink): void {
  server.route({
    method: ['PUT', 'POST', 'DELETE'],
    url: '/metrics/job*',
    handler: async (request, reply) => {
      if (/protobuf/.test(request.headers['content-type'] ?? '')) {
        return reply.code(415).send({ message: 'Push the text exposition format (text/plain; version=0.0.4): protobuf is not read' });
      }
      const path = request.url.split('?', 1)[0] ?? '';
      const body = Buffer.isBuffer(request.body) ? decode(request.body, request.headers['content-encoding']) : '';
      await pushes.push(request.method as 'PUT' | 'POST' | 'DELETE', path, body);
      return reply.code(202).send();
    },
  });
}

/** A small body must not become a huge one. */
function decode(body: Buffer, encoding = 'identity'): string {
  if (encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new Failure('terminal', `Cannot read a push with Content-Encoding ${encoding}: use gzip, or none`);
  try {
    return gunzipSync(body, { maxOutputLength: MAX_PUSH_BYTES }).toString('utf8');
  } catch (error) {
    throw new Failure('terminal', `Cannot decompress the push, of at most ${MAX_PUSH_BYTES} bytes: ${sentence(error)}`, { cause: error });
  }
}
