import type { FastifyInstance } from 'fastify';

/** A file of Swagger UI, by its name. */
export type SwaggerFile = (name: string) => Promise<Uint8Array>;

const FILES = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>rotterdam-sync: REST</title>
    <link rel="stylesheet" href="swagger-ui.css">
    <link rel="icon" type="image/png" href="favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

/** Asks nobody else: no validator of elsewhere. */
const START = `SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  tagsSorter: 'alpha',
  persistAuthorization: false,
  validatorUrl: null,
});
`;

/** Swagger UI at `/swaggerui/`, where the original had it. It needs nothing inline, and nothing from elsewhere. */
export function addSwaggerUi(server: FastifyInstance, file: SwaggerFile): void {
  server.get('/swaggerui', (_request, reply) => reply.redirect('/swaggerui/', 308));
  server.get('/swaggerui/', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  server.get('/swaggerui/start.js', (_request, reply) => reply.type(FILES['swagger-ui-bundle.js']).send(START));
  for (const [name, type] of Object.entries(FILES)) {
    server.get(`/swaggerui/${name}`, async (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'max-age=3600')
        .send(await file(name)),
    );
  }
}
