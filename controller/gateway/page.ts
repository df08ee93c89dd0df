import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './rest/reply.ts';

/** The files of the web page by name; `index.html` is what `/` shows. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** `/` answers who prefers HTML with the page and others with `otherwise`; what the page is made of is below `/page`. */
export function addPage(server: FastifyInstance, files: PageFiles, otherwise: Handler): void {
  const tags = new Map([...files].map(([name, bytes]) => [name, `"${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}"`]));
  const answer = (request: FastifyRequest, reply: FastifyReply, name: string) => {
    const tag = tags.get(name) ?? '';
    reply.headers({ 'cache-control': 'no-cache', etag: tag });
    if (request.headers['if-none-match']?.includes(tag)) return reply.code(304).send();
    return reply.type(TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream').send(files.get(name));
  };
  server.get('/', (request, reply) => {
    reply.header('vary', 'accept');
    return files.has('index.html') && prefersHtml(request.headers.accept)
      ? answer(request, reply, 'index.html')
      : otherwise(request, reply);
  });
  server.get<{ Params: { readonly name: string } }>('/page/:name', (request, reply) => {
    const { name } = request.params;
    if (!files.has(name)) throw new HttpError(404, 'There is nothing at this path');
    return answer(request, reply, name);
  });
}

/** Only who names HTML, and nothing else rather: `curl` takes everything, and gets what it always got. */
export function prefersHtml(accept = ''): boolean {
  const weights = new Map(
    accept.split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [type, weight === undefined ? 1 : Number(weight)] as const;
    }),
  );
  const html = weights.get('text/html') ?? 0;
  return html > 0 && html >= (weights.get('application/json') ?? 0);
}
