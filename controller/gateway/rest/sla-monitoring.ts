import type { FastifyInstance } from 'fastify';
import type { View } from '../../status.ts';
import { readPlain } from './body.ts';
import { HttpError } from './reply.ts';
import type { Rest } from './rest.ts';
import { createSource, deleteSource, sourcesOf } from './source-document.ts';

interface IdRoute {
  Params: { readonly id: string };
}

/** Who promises, what is measured and where: all of it follows from documents. Only sources have documents of their own. */
export function addMonitoringRoutes(server: FastifyInstance, rest: Rest): void {
  addProviderRoutes(server, rest);
  addSourceRoutes(server, rest);
  server.get(
    '/metrics',
    rest.bare(() => metricsOf(rest.view())),
  );
  // Nothing is to be registered, and nothing is forgotten.
  server.route<IdRoute>({ method: ['POST', 'DELETE'], url: '/metrics/:id', handler: rest.bare<IdRoute>(() => metricsOf(rest.view())) });
  server.put(
    '/sla-predict',
    rest.bare((request) => {
      const { id = '', numWorkers = '', executionTime = '' } = readPlain(request);
      // No predictor is asked: the original's word for "none".
      return { id: String(id), numWorkers: String(numWorkers), executionTime: String(executionTime), result: '-1' };
    }),
  );
}

function addProviderRoutes(server: FastifyInstance, rest: Rest): void {
  const providers = () =>
    new Map(
      rest
        .view()
        .agreements()
        .map(({ details: { provider } }) => [provider.id, provider]),
    );
  const find = (id: string) => {
    const provider = providers().get(id);
    if (provider === undefined) throw new HttpError(404, `There is no provider ${id.slice(0, 80)}`);
    return provider;
  };
  server.get(
    '/providers',
    rest.bare(() => [...providers().values()]),
  );
  server.get<IdRoute>(
    '/providers/:id',
    rest.bare<IdRoute>(({ params: { id } }) => find(id)),
  );
  server.post(
    '/providers',
    rest.bare((request) => {
      const { id, name } = readPlain(request);
      if (typeof id !== 'string' || id === '' || typeof name !== 'string') throw new HttpError(400, 'Send {"id": …, "name": …}');
      if (providers().has(id)) throw new HttpError(409, `There is a provider ${id.slice(0, 80)} already`);
      throw new HttpError(410, 'Providers are those that agreements name: create an agreement with it in details.provider');
    }),
  );
  server.delete<IdRoute>(
    '/providers/:id',
    rest.bare<IdRoute>(({ params: { id } }) => {
      find(id);
      throw new HttpError(409, `Provider ${id} is named by agreements: it goes with the last of them`);
    }),
  );
}

/** As the deliverable has them, and as the code had them: there the id was to be the URL, which no path can hold. */
function addSourceRoutes(server: FastifyInstance, rest: Rest): void {
  for (const url of ['/sources/prometheus', '/endpoints'])
    server.get(
      url,
      rest.bare(() => sourcesOf(rest.view().environment)),
    );
  server.post(
    '/sources/prometheus',
    rest.bare(async (request, reply) => {
      const { url, name } = readPlain(request);
      if (typeof url !== 'string' || !(name === undefined || typeof name === 'string'))
        throw new HttpError(400, 'Send {"url": "https://…", "name": …}');
      const written = await rest.write(request, (documents) => createSource(url, name, documents));
      reply.code(201).header('location', `${server.prefix}/sources/prometheus/${written.name}`);
      return sourcesOf(rest.view().environment);
    }),
  );
  server.post<IdRoute>(
    '/endpoints/:id',
    rest.bare<IdRoute>(() => {
      throw new HttpError(410, `A path can't hold a URL: POST it to ${server.prefix}/sources/prometheus`);
    }),
  );
  server.delete<IdRoute>(
    '/sources/prometheus/:id',
    rest.bare<IdRoute>(async (request) => {
      await rest.write(request, (documents) => deleteSource(request.params.id, documents));
    }),
  );
  server.delete<IdRoute>(
    '/endpoints/:id',
    rest.bare<IdRoute>(async (request) => {
      await rest.write(request, (documents) => deleteSource(request.params.id, documents));
      return sourcesOf(rest.view().environment);
    }),
  );
}

function metricsOf(view: View): readonly string[] {
  const constraints = view.agreements().flatMap(({ details }) => details.guarantees as readonly { readonly constraint: string }[]);
  return [
    ...new Set(constraints.flatMap(({ constraint }) => constraint.match(/[a-zA-Z_:][a-zA-Z0-9_:]*(?=\s*(?:[<>=!]|\[|$))/g) ?? [])),
  ].sort();
}
