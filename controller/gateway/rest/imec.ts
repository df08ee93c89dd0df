import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Issue } from '../../../constructs/spec/issue.ts';
import { nearestName, taskId } from '../../../constructs/spec/names.ts';
import type { Infrastructure } from '../../../synth/environment.ts';
import { endpointOf, isGiven, secretTexts } from '../../../synth/original/secrets.ts';
import type { View } from '../../status.ts';
import { readOne } from './body.ts';
import {
  createInfrastructure,
  deleteInfrastructure,
  infrastructureOf,
  infrastructureTag,
  replaceInfrastructure,
  requestCluster,
  withdrawCluster,
} from './infrastructure-document.ts';
import { clusterView, infrastructureView } from './infrastructure-view.ts';
import { HttpError } from './reply.ts';
import { type Rest, said } from './rest.ts';

interface InfrastructureRoute {
  Params: { readonly id: string };
}

/** The original's infrastructures. Secrets are taken, kept in the secrets directory, and never shown again. */
export function addImecRoutes(server: FastifyInstance, rest: Rest): void {
  const shown = (message: string, infrastructure: Infrastructure) => {
    const infr = infrastructureView(infrastructure, rest.view());
    return { message, imecversion: rest.version, id: infr.id, infr, infrs: [infr] };
  };
  server.get(
    '/imec',
    rest.route('GetInfrastructures', () => {
      const view = rest.view();
      const infrs = [...view.environment.infrastructures.values()].map((one) => infrastructureView(one, view));
      return { message: `${infrs.length} infrastructures retrieved`, imecversion: rest.version, infrs };
    }),
  );
  server.post(
    '/imec',
    rest.route('CreateInfrastructure', async (request, reply) => {
      const { document, warnings } = readInfrastructure(request, rest);
      const label = nearestName(String(document.name));
      const kept = await rest.secrets.keep(label, secretTexts(label, document));
      const written = await rest.write(request, (documents) => createInfrastructure(document, kept, documents), kept);
      const infrastructure = find(rest.view(), written.name);
      reply.header('location', `/api/v1/imec/${taskId(infrastructure.name)}`).header('etag', infrastructureTag(infrastructure));
      return {
        ...shown('Infrastructure created', infrastructure),
        revision: written.revision,
        ...said([...warnings, ...written.warnings]),
      };
    }),
  );
  server.get<InfrastructureRoute>(
    '/imec/:id',
    rest.route<InfrastructureRoute>('GetInfrastructure', (request, reply) => {
      const infrastructure = find(rest.view(), request.params.id);
      reply.header('etag', infrastructureTag(infrastructure));
      return shown('Infrastructure retrieved', infrastructure);
    }),
  );
  server.put<InfrastructureRoute>(
    '/imec/:id',
    rest.route<InfrastructureRoute>('UpdateInfrastructure', async (request, reply) => {
      const { document, warnings } = readInfrastructure(request, rest);
      const { name } = find(rest.view(), request.params.id);
      const kept = await rest.secrets.keep(name, secretTexts(name, document));
      const written = await rest.write(
        request,
        (documents) => replaceInfrastructure(name, { document, kept, ifMatch: request.headers['if-match'] }, documents),
        kept,
      );
      const infrastructure = find(rest.view(), name);
      reply.header('etag', infrastructureTag(infrastructure));
      return {
        ...shown('Infrastructure updated', infrastructure),
        revision: written.revision,
        ...said([...warnings, ...written.warnings]),
      };
    }),
  );
  server.delete<InfrastructureRoute>(
    '/imec/:id',
    rest.route<InfrastructureRoute>('DeleteInfrastructure', async (request) => {
      const view = rest.view();
      const written = await rest.write(request, (documents) =>
        deleteInfrastructure(find(view, request.params.id).name, request.headers['if-match'], documents),
      );
      return { message: 'Infrastructure removed', imecversion: rest.version, id: taskId(written.name), revision: written.revision };
    }),
  );
  server.get<InfrastructureRoute>(
    '/imec/:id/status',
    rest.route<InfrastructureRoute>('GetInfrastructureStatus', ({ params: { id } }) => {
      const infrastructure = infrastructureOf(rest.view().environment, id);
      if (infrastructure === undefined) throw new HttpError(404, 'Not-Found');
      return { ...shown('ok', infrastructure), message: 'ok' };
    }),
  );
  addClusterRoutes(server, rest, shown);
}

function addClusterRoutes(server: FastifyInstance, rest: Rest, shown: (message: string, infrastructure: Infrastructure) => object): void {
  const nameIn = (request: FastifyRequest<InfrastructureRoute>) => find(rest.view(), request.params.id).name;
  server.get<InfrastructureRoute>(
    '/imec/:id/cluster',
    rest.route<InfrastructureRoute>('GetCluster', (request) => {
      const infrastructure = find(rest.view(), request.params.id);
      return { ...shown('Cluster retrieved', infrastructure), cluster: clusterView(infrastructure) };
    }),
  );
  server.post<InfrastructureRoute>(
    '/imec/:id/cluster',
    rest.route<InfrastructureRoute>('CreateCluster', async (request) => {
      const { document, warnings } = readOne(request, 'cluster-requests');
      const name = nameIn(request);
      const written = await rest.write(request, (documents) => requestCluster(name, document, request.headers['if-match'], documents));
      const infrastructure = find(rest.view(), name);
      const cluster = clusterView(infrastructure);
      return {
        ...shown('Cluster asked for', infrastructure),
        cluster,
        revision: written.revision,
        ...said([...warnings, ...written.warnings]),
      };
    }),
  );
  server.delete<InfrastructureRoute>(
    '/imec/:id/cluster',
    rest.route<InfrastructureRoute>('DeleteCluster', async (request) => {
      const name = nameIn(request);
      const written = await rest.write(request, (documents) => withdrawCluster(name, request.headers['if-match'], documents));
      return { ...shown('Cluster no longer asked for', find(rest.view(), name)), revision: written.revision };
    }),
  );
}

const WITHOUT_SERVER: Issue = {
  file: 'body',
  line: 1,
  column: 1,
  severity: 'warning',
  code: 'ignored-field',
  message: 'Ignored openshiftOauthToken: say kubernetesEndPoint or openshiftEndPoint, too',
};

/** Secrets in it don't get into git: nothing is to be said of them. */
function readInfrastructure(request: FastifyRequest<InfrastructureRoute> | FastifyRequest, rest: Rest) {
  const { document, warnings } = readOne(request as FastifyRequest, 'infrastructures');
  const endpoint = endpointOf(document);
  if (endpoint !== undefined) rest.mayAsk(endpoint);
  const told = warnings.filter(({ code }) => code !== 'secret-in-git');
  const isWithoutServer = isGiven(document.openshiftOauthToken) && endpoint === undefined;
  return { document, warnings: isWithoutServer ? [...told, WITHOUT_SERVER] : told };
}

function find(view: View, id: string): Infrastructure {
  const infrastructure = infrastructureOf(view.environment, id);
  if (infrastructure === undefined) throw new HttpError(404, `There is no infrastructure ${id.slice(0, 80)}`);
  return infrastructure;
}
