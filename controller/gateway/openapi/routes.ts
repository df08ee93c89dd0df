import type { FastifyInstance, FastifyReply } from 'fastify';
import { addSwaggerUi, type SwaggerFile } from './swagger-ui.ts';

/** Where the document is, for whoever looks for it. */
const OPENAPI = ['/openapi.json', '/api/v1/openapi.json'];
/** Where the original had its own, in 2.0. */
const SWAGGER = ['/swagger.json', '/swaggerui/swagger.json'];

export interface OpenApiOptions {
  readonly version: string;
  readonly swaggerFile: SwaggerFile;
}

/** Serves the OpenAPI document, made when it is asked for first, and Swagger UI. */
export function addOpenApiRoutes(server: FastifyInstance, { version, swaggerFile }: OpenApiOptions): void {
  const document = once(async () => (await import('./document.ts')).openApiDocument(version));
  const openapi = once(async () => JSON.stringify(await document()));
  const swagger = once(async () => JSON.stringify((await import('./swagger2.ts')).swagger2(await document())));
  for (const url of OPENAPI) server.get(url, async (_request, reply) => json(reply, await openapi()));
  for (const url of SWAGGER) server.get(url, async (_request, reply) => json(reply, await swagger()));
  addSwaggerUi(server, swaggerFile);
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
