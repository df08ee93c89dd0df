import type { FastifyInstance } from 'fastify';
import { parseDocument } from 'yaml';
import type { DefaultsSpec } from '../../../constructs/spec/defaults.ts';
import type { Environment } from '../../../synth/environment.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import type { View } from '../../status.ts';
import { type Fields, readPlain } from './body.ts';
import { checkMatch, etagOf } from './etag.ts';
import { versions } from './general.ts';

import { infrastructureTag } from './infrastructure-document.ts';
import { infrastructureView } from './infrastructure-view.ts';
import { HttpError } from './reply.ts';
import type { Rest } from './rest.ts';

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

/** The original's configuration: what it had under `Tasks` are the environment's Defaults, its clusters are infrastructures. No secret is ever shown. */
export function addConfigRoutes(server: FastifyInstance, rest: Rest): void {
  const config = (method: string) =>
    rest.route(method, (_, reply) => {
      const view = rest.view();
      reply.header('etag', configTag(view.environment));
      return { message: 'Configuration retrieved', ...versions(rest), content: configOf(view, rest) };
    });
  server.get('/config', config('GetConfig'));
  server.get('/caas/config', config('GetCaaSConfig'));
  server.get('/rules-engine/config', config('GetRulesEngineConfig'));
  server.put(
    '/config',
    rest.route('UpdateConfig', async (request, reply) => {
      const fields = defaultsIn(readPlain(request));
      const written = await rest.write(request, (documents) => setDefaults(fields, request.headers['if-match'], documents));
      const view = rest.view();
      reply.header('etag', configTag(view.environment));
      return { message: 'Configuration updated', ...versions(rest), content: configOf(view, rest), revision: written.revision };
    }),
  );
}

/** Of all that is shown and that documents say. */
function configTag({ defaults, infrastructures }: Environment): string {
  return etagOf([defaults, [...infrastructures.values()].map(infrastructureTag)]);
}

function configOf(view: View, { version }: Rest) {
  const { defaults, infrastructures } = view.environment;
  const tasks = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, defaults[field]]));
  return {
    CaaSVersion: version,
    FaaSVersion: version,
    RulesEngineVersion: version,
    RestApiVersion: version,
    IMECVersion: version,
    SLALiteVersion: version,
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
      };
    }),
    Tasks: tasks,
  };
}

function defaultsIn({ Tasks: tasks }: Fields): Fields {
  if (typeof tasks !== 'object' || tasks === null || Array.isArray(tasks)) {
    throw new HttpError(400, 'Send {"Tasks": {…}}: clusters are changed by /imec, QoS definitions by /qos/definitions');
  }
  const unknown = Object.keys(tasks).find((name) => !(name in FIELDS));
  if (unknown !== undefined)
    throw new HttpError(
      400,
      `Unknown setting ${JSON.stringify(unknown.slice(0, 80))} in Tasks: known are ${Object.keys(FIELDS).join(', ')}`,
    );
  return Object.fromEntries(Object.entries(tasks).map(([name, value]) => [FIELDS[name], value]));
}

/** The fields of Defaults replaced; its other fields and comments stay. @throws Refusal when the configuration has another ETag. */
function setDefaults(fields: Fields, ifMatch: string | undefined, documents: Documents): Made {
  checkMatch(ifMatch, configTag(documents.environment), 'the configuration');
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
