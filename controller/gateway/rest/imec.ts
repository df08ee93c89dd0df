import type { FastifyInstance, FastifyRequest } from 'fastify';
import { taskId } from '../../../constructs/spec/names.ts';
import type { Infrastructure } from '../../../synth/environment.ts';

import { endpointOf, secretsOf } from '../../../synth/original/secrets.ts';
import type { InfrastructureStatus, View } from '../../status.ts';
import { type Fields, readOne } from './body.ts';
import {
  createInfrastructure,
  deleteInfrastructure,
  infrastructureOf,
  infrastructureTag,
  replaceInfrastructure,
  requestCluster,
  withdrawCluster,
} from './infrastructure-document.ts';
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
  const keepSecrets = async (name: string, document: Fields) => {
    for (const [secret, text] of secretsOf(name, document)) await rest.saveSecret(secret, text);
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
      const written = await rest.write(request, (documents) => createInfrastructure(document, documents));
      await keepSecrets(written.name, document);
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
      const written = await rest.write(request, (documents) =>
        replaceInfrastructure(name, document, request.headers['if-match'], documents),
      );
      await keepSecrets(name, document);
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

/** Secrets in it don't get into git: nothing is to be said of them. */
function readInfrastructure(request: FastifyRequest<InfrastructureRoute> | FastifyRequest, rest: Rest) {
  const { document, warnings } = readOne(request as FastifyRequest, 'infrastructures');
  const endpoint = endpointOf(document);
  if (endpoint !== undefined) rest.mayAsk(endpoint);
  return { document, warnings: warnings.filter(({ code }) => code !== 'secret-in-git') };
}

function find(view: View, id: string): Infrastructure {
  const infrastructure = infrastructureOf(view.environment, id);
  if (infrastructure === undefined) throw new HttpError(404, `There is no infrastructure ${id.slice(0, 80)}`);
  return infrastructure;
}

/** Nothing installs clusters yet: the wish is in the documents, and waits. */
function clusterView({ device, type }: Infrastructure): object {
  return device?.install !== undefined
    ? { type, state: 'waiting', reason: 'the controller does not install clusters on devices yet' }
    : { type, state: 'none', reason: 'nobody asked for a cluster on it' };
}

const TYPES = { kubernetes: 'Kubernetes', openshift: 'Openshift', microk8s: 'MicroK8s' } as const;
const SECRET = '***';

/** As the original has it. What is secret is a reference here, and shown as `***`. */
export function infrastructureView(infrastructure: Infrastructure, view: View) {
  const {
    name,
    original,
    description = '',
    type,
    defaultDock = '',
    address,
    host,
    device,
    credentials,
    prometheus,
    pushgateway,
  } = infrastructure;
  const status = view.infrastructureStatus(name);
  return {
    id: taskId(name),
    tableid: 'Infrastructure',
    name: original,
    description,
    type: TYPES[type],
    so: device?.operatingSystem ?? '',
    defaultDock,
    hostIP: address ?? host ?? '',
    hostPort: device?.port ?? 0,
    user: device?.user ?? '',
    password: device?.credentials === undefined ? '' : SECRET,
    keyFile: '',
    openshiftOauthToken: credentials === undefined ? '' : SECRET,
    kubernetesEndPoint: '',
    openshiftEndPoint: '',
    slaliteEndPoint: '',
    prometheusPushgatewayEndPoint: pushgateway?.url ?? '',
    prometheusEndPoint: prometheus?.url ?? '',
    status: statusOf(status, infrastructure),
    state: status?.state ?? 'waiting',
    ...(status?.reason === undefined ? {} : { reason: status.reason }),
    revision: status?.revision ?? null,
  };
}

/** The original's words for what our states are. */
function statusOf(status: InfrastructureStatus | undefined, { device, credentials }: Infrastructure): string {
  const notYet = device?.install !== undefined && credentials === undefined ? 'DEPLOYING' : '';
  switch (status?.state) {
    case 'unknown':
      return '';
    case undefined:
    case 'waiting':
      return notYet;
    // Nobody has looked at it before a revision was applied.
    case 'progressing':
      return status.revision === null ? notYet : 'RUNNING';
    case 'unreachable':
    case 'failed':
      return 'ERROR';
    default:
      return 'RUNNING';
  }
}
