import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where the document is, for whoever looks for it; and where the original had its own. */
const OPENAPI = ['/openapi.json', '/api/v1/openapi.json'];

/** Serves the OpenAPI document, made when it is asked for first. */
export function addOpenApiRoutes(server: FastifyInstance, version: string): void {
  const document = once(async () => JSON.stringify((await import('./document.ts')).openApiDocument(version)));
  for (const url of OPENAPI) server.get(url, async (_request, reply) => json(reply, await document()));
}

function json(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
