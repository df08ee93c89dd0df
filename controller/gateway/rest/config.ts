import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseDocument } from 'yaml';
import type { DefaultsSpec } from '../../../constructs/spec/defaults.ts';
import type { Issue } from '../../../constructs/spec/issue.ts';
import type { Environment } from '../../../synth/environment.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import type { View } from '../../status.ts';
import { type Fields, type Mapping, readMapping } from './body.ts';
import { checkMatch, etagOf } from './etag.ts';
import { versions } from './general.ts';
import { infrastructureTag } from './infrastructure-document.ts';
import { infrastructureView } from './infrastructure-view.ts';
import { HttpError } from './reply.ts';
import { type Rest, said } from './rest.ts';

/** Names in the original's configuration file, and what they are in Defaults. */
const FIELDS: Readonly<Record<string, keyof DefaultsSpec>> = {
  MaxReplicas: 'maxReplicas',
  MinReplicas: 'minReplicas',
  MaxAllowed: 'maxAllowed',
  ScaleFactor: 'scaleFactor',
  Value: 'value',
  Comparator: 'comparator',
  Action: 'action',
};

/** What else its file had, and where that is changed here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  Clusters: 'infrastructures are changed by POST, PUT and DELETE of /api/v1/imec',
  SLAs: 'agreements have states and expirations of their own: PUT /sla/v1/agreements/{id}, or agreements.lifetime of the Defaults in git',
  ServerPort: 'it is said by --listen where the program is started',
  ...Object.fromEntries(
    ['CaaS', 'FaaS', 'RulesEngine', 'RestApi', 'IMEC', 'SLALite'].map((part) => [`${part}Version`, 'it is that of the program']),
  ),
};

/** Agreements begin with their tasks, last as documents say, and none is bound to all infrastructures. */
const NO_SLAS = { CreationDate: '', ExpirationDate: '', DefaultInfrQoSRule: '' };

/** The original's configuration: what it had under `Tasks` are the environment's Defaults, its clusters are infrastructures. No secret is ever shown. */
export function addConfigRoutes(server: FastifyInstance, rest: Rest): void {
  const config = (method: string) =>
    rest.route(method, (_, reply) => {
      const view = rest.view();
      reply.header('etag', configTag(view.environment));
      return { message: 'Configuration retrieved', ...versions(rest), content: configOf(view, rest, portOf(server)) };
    });
  server.get('/config', config('GetConfig'));
  server.get('/caas/config', config('GetCaaSConfig'));
  server.get('/rules-engine/config', config('GetRulesEngineConfig'));
  server.put(
    '/config',
    rest.route('UpdateConfig', async (request, reply) => {
      const { fields, warnings } = readSettings(request);
      const written = await rest.write(request, (documents) => setDefaults(fields, request.headers['if-match'], documents));
      const view = rest.view();
      reply.header('etag', configTag(view.environment));
      return {
        message: 'Configuration updated',
        ...versions(rest),
        content: configOf(view, rest, portOf(server)),
        revision: written.revision,
        ...said([...warnings, ...written.warnings]),
      };
    }),
  );
}

/** Of all that is shown and that documents say. */
function configTag({ defaults, infrastructures }: Environment): string {
  return etagOf([defaults, [...infrastructures.values()].map(infrastructureTag)]);
}

function configOf(view: View, { version }: Rest, port: number) {
  const { defaults, infrastructures } = view.environment;
  const tasks = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, defaults[field]]));
  return {
    CaaSVersion: version,
    FaaSVersion: version,
    RulesEngineVersion: version,
    RestApiVersion: version,
    IMECVersion: version,
    SLALiteVersion: version,
    ServerPort: port,
    Clusters: [...infrastructures.values()].map((one) => {
      const { id, name, description, defaultDock, type, so, hostIP, hostPort, user, password, openshiftOauthToken, ...more } =
        infrastructureView(one, view);
      return {
        ID: id,
        Name: name,
        Description: description,
        DefaultDock: defaultDock,
        Type: type,
        SO: so,
        HostIP: hostIP,
        HostPort: hostPort,
        User: user,
        Password: password,
        KubernetesEndPoint: more.kubernetesEndPoint,
        OpenshiftEndPoint: more.openshiftEndPoint,
        OpenshiftOauthToken: openshiftOauthToken,
        SLALiteEndPoint: more.slaliteEndPoint,
        PrometheusPushgatewayEndPoint: more.prometheusPushgatewayEndPoint,
        PrometheusEndPoint: more.prometheusEndPoint,
        KeyFile: more.keyFile,
      };
    }),
    SLAs: NO_SLAS,
    Tasks: tasks,
  };
}

/** Where this is listened to; 0 while it isn't. */
function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Fields of Defaults, and what is said of all that is none. @throws HttpError 400 */
function readSettings(request: FastifyRequest): { readonly fields: Fields; readonly warnings: readonly Issue[] } {
  const body = readMapping(request);
  const { Tasks: tasks = {} } = body.fields;
  if (typeof tasks !== 'object' || tasks === null || Array.isArray(tasks))
    throw new HttpError(400, 'Send Tasks as a mapping: {"Tasks": {…}}');
  const names = Object.entries(tasks).filter(([name]) => Object.hasOwn(FIELDS, name));
  return { fields: Object.fromEntries(names.map(([name, value]) => [FIELDS[name], value])), warnings: ignoredIn(body, tasks) };
}

function ignoredIn({ fields, warning }: Mapping, tasks: object): readonly Issue[] {
  const others = Object.keys(fields).filter((name) => name !== 'Tasks');
  return [
    ...others.map((name) =>
      Object.hasOwn(ELSEWHERE, name)
        ? warning([name], 'not-set-here', `Ignored ${name}: ${ELSEWHERE[name]}`)
        : warning([name], 'unknown-field', `Unknown field '${name.slice(0, 80)}': known are Tasks, ${Object.keys(ELSEWHERE).join(', ')}`),
    ),
    ...Object.keys(tasks)
      .filter((name) => !Object.hasOwn(FIELDS, name))
      .map((name) =>
        warning(['Tasks', name], 'unknown-field', `Unknown setting '${name.slice(0, 80)}': known are ${Object.keys(FIELDS).join(', ')}`),
      ),
  ];
}

/** The fields of Defaults replaced; its other fields and comments stay. @throws Refusal when the configuration has another ETag. */
function setDefaults(fields: Fields, ifMatch: string | undefined, documents: Documents): Made {
  checkMatch(ifMatch, configTag(documents.environment), 'the configuration');
  if (Object.keys(fields).length === 0) return { subject: '', edits: [], name: 'defaults' };
  const path = ['yaml', 'yml', 'json'].map((ending) => `${documents.directory}/defaults.${ending}`).find((one) => documents.files.has(one));
  const known =
    path === undefined
      ? 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nmetadata:\n  name: defaults\nspec: {}\n'
      : textOf(documents, path);
  const document = parseDocument(known ?? '', { schema: 'core', merge: false });
  if (document.errors.length > 0) throw new Refusal('conflict', `Cannot edit ${path} as it can't be read: edit it in git`);
  for (const [name, value] of Object.entries(fields)) document.setIn(['spec', name], value);
  const content = path?.endsWith('.json') ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString();
  return {
    subject: `Set defaults ${Object.keys(fields).join(', ')}`,
    edits: [{ path: path ?? `${documents.directory}/defaults.yaml`, content }],
    name: 'defaults',
  };
}
