import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sentence } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import { SECURITY_HEADERS } from '../access/headers.ts';
import { errorAnswer, type Form, formed, HttpError, namesIn, send } from './reply.ts';

/** Methods that are served at a path, such as `/api/v1/tasks/web`. */
export type Served = (path: string) => readonly string[];

/** Knows all routes that are added to `server` from now on. */
export function servedBy(server: FastifyInstance): Served {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: patternOf(url), methods: [method].flat() });
  });
  return (path) => [...new Set(routes.filter((route) => route.path.test(path)).flatMap(({ methods }) => methods))].sort();
}

/** `/tasks/:id` → one segment in place of the name; `/job*` → whatever follows. */
function patternOf(url: string): RegExp {
  const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll(/:[A-Za-z]+/g, '[^/]*')}$`);
}

/** Answers a URL that can't be read as a path, and so gets to no route, nor to what looks at requests before them. */
export function refuseUrl(formOf: (path: string) => Form, version: string) {
  return (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    for (const [name, value] of SECURITY_HEADERS) reply.raw.setHeader(name, value);
    reply.raw.setHeader('x-request-id', request.id);
    const { status, body } = errorAnswer(new HttpError(404, 'There is nothing at this path: it can not be read'), 'unknown', version);
    send(request, reply, status, formed(formOf(request.raw.url ?? ''), status, body));
  };
}

/**
 * Answers what no route of `scope` takes: what may be asked (`OPTIONS`), 405 with `Allow` where another method is served, else 404; and what its routes
 * don't catch themselves. Errors are in `form`.
 */
export function addFallbacks(
  scope: FastifyInstance,
  form: Form,
  served: Served,
  { version, log }: { readonly version: string; readonly log: Log },
): void {
  const nameOf = namesIn(scope);
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    const { status, body } = errorAnswer(error, nameOf(request), version);
    if (status >= 500) log.error({ request: request.id, reason: sentence(error) }, 'request failed');
    return send(request, reply, status, formed(form, status, body));
  };
  scope.setErrorHandler((error, request, reply) => refuse(request, reply, error));
  scope.setNotFoundHandler((request, reply) => {
    const methods = served(request.url.split('?', 1)[0] ?? '');
    if (methods.length === 0) return refuse(request, reply, new HttpError(404, 'There is nothing at this path'));
    reply.header('allow', [...methods, 'OPTIONS'].join(', '));
    if (request.method === 'OPTIONS') return reply.code(204).send();
    return refuse(request, reply, new HttpError(405, `Cannot ${request.method} here: ask by ${methods.join(', ')}`));
  });
}
