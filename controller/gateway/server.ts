import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { Failure, sentence } from '../errors.ts';
import { checkDoor, type Door, isPlain } from './access/door.ts';
import { createGuard } from './access/guard.ts';
import { restricted } from './access/restricted.ts';
import { followCertificate, serverOptions } from './access/server-options.ts';
import type { ListenAddress } from './address.ts';
import { addHookRoute } from './hook.ts';
import { addOpenApiRoutes, type OpenApiOptions } from './openapi/routes.ts';
import { addFallbacks, servedBy } from './rest/missing.ts';
import { type ApiOptions, addRest } from './rest/routes.ts';

const MAX_PUSH_BYTES = 16 * 1024 * 1024;

/** What takes pushed metrics, as a Pushgateway does. */
export interface PushSink {
  /** Resolves once what was pushed is on disk. Rejects with a terminal Failure for a body or a path that can't be read. */
  push(method: 'PUT' | 'POST' | 'DELETE', groupPath: string, body: string): Promise<void>;
}

export interface GatewayOptions extends ApiOptions, OpenApiOptions, Door {
  readonly listen: ListenAddress;
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
  close(): Promise<void>;
}

/** Serves health, metrics, status and the push source. Rejects with a Failure when the address can't be had. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  checkDoor(options.listen, options);
  const server = createServer(options, isPlain(options.listen, options));
  followCertificate(server, options.certificate);
  try {
    const url = await server.listen({ host: options.listen.host, port: options.listen.port });
    return { url, close: () => server.close() };
  } catch (error) {
    throw new Failure('terminal', `Cannot listen on ${options.listen.host}:${options.listen.port}: ${sentence(error)}`, { cause: error });
  }
}

/** The server without a port, for tests. Only proxies may ask it, when what comes to it is not encrypted. */
export function createServer(given: Omit<GatewayOptions, 'listen'>, onlyProxies = false): FastifyInstance {
  const { grants, proxies = [], clock, log, certificate } = given;
  const guard = createGuard({ grants, proxies, onlyProxies, clock, log });
  const options = restricted(given, guard.caller);
  const server = Fastify(serverOptions(certificate, proxies));
  guard.watch(server);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const served = servedBy(server);
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
