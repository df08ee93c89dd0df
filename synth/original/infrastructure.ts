import type { z } from 'zod';
import { infrastructureSpec } from '../../constructs/spec/infrastructure.ts';
import { kubernetesName } from '../../constructs/spec/names.ts';
import { check } from '../check.ts';
import type { Locate } from '../draft.ts';
import type { RotterdamFields } from '../environment.ts';
import type { ReadDraft } from '../native.ts';
import type { ParsedDocument, Problem } from '../parse.ts';
import { withoutUserinfo } from '../userinfo.ts';
import { base, converted, given, present, warning } from './base.ts';
import { clusterRequest, infrastructure } from './schemas.ts';
import { ENDPOINTS, referenceAt, SECRET_FIELDS } from './secrets.ts';

type Original = z.output<typeof infrastructure>;

const SOURCES = { prometheus: 'prometheusEndPoint', pushgateway: 'prometheusPushgatewayEndPoint' } as const;

/**
 * An infrastructure as it was posted to `/imec`. Its secrets are references; texts are left out and warned about. The kubeconfig is the secret that its token
 * refers to, else the one named for the infrastructure, the key for SSH the one named `<infrastructure>-ssh`.
 */
export function readInfrastructure(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(infrastructure, document, true);
  if (value === undefined) return { problems };
  const { named, problems: badName } = base(document, value.name, ['name']);
  const name = kubernetesName(named.name);
  const warnings = [...secretWarnings(name, value, document), ...endpointWarnings(name, value, document)];
  const locate: Locate = ([field]) => document.place([SOURCES[field as keyof typeof SOURCES] ?? 'name']);
  const { spec: written, problems: refused } = converted(infrastructureSpec, specOf(name, value), locate);
  if (written === undefined) return { problems: [...problems, ...badName, ...warnings, ...refused] };
  const { spec, problems: userinfo } = withoutUserinfo(written, (field) => document.place([SOURCES[field]]));
  const places = { default: named.namePlace, defaultDock: document.place(['defaultDock']) };
  return {
    draft: { kind: 'Infrastructure', ...named, spec, rotterdam: beside(value), places },
    problems: [...problems, ...badName, ...warnings, ...userinfo],
  };
}

function beside(value: Original): RotterdamFields {
  const shown = ENDPOINTS.flatMap((field) => {
    const endpoint = value[field];
    return given(endpoint) ? [[field, endpoint.replace(/^([a-z]+:\/\/)?[^/]*@/i, '$1')] as const] : [];
  });
  const secrets = SECRET_FIELDS.flatMap((field) => (given(value[field]) ? [[field, referenceAt(value[field]) ?? ''] as const] : []));
  return { endPoints: Object.fromEntries(shown), secrets: Object.fromEntries(secrets) };
}

function specOf(name: string, value: Original): z.input<typeof infrastructureSpec> {
  const token = referenceAt(value.openshiftOauthToken);
  const isCluster = given(value.kubernetesEndPoint) || given(value.openshiftEndPoint);
  const isDevice = given(value.so) || given(value.user) || given(value.password) || given(value.keyFile);
  return {
    type: value.type.toLowerCase() as 'kubernetes',
    ...present({ description: value.description, defaultDock: value.defaultDock, host: value.hostIP, address: value.hostIP }),
    // Its ports were on the host's address, by a way that Kubernetes is about to drop. A Route leads to those on OpenShift.
    ...(given(value.hostIP) && value.type.toLowerCase() !== 'openshift' ? { expose: 'nodePort' as const } : {}),
    ...(isCluster || token !== undefined ? { credentials: { secret: token ?? name } } : {}),
    ...(given(value.prometheusEndPoint) ? { prometheus: { url: withScheme(value.prometheusEndPoint) } } : {}),
    ...(given(value.prometheusPushgatewayEndPoint) ? { pushgateway: { url: withScheme(value.prometheusPushgatewayEndPoint) } } : {}),
    ...(isDevice ? { device: deviceOf(value, name) } : {}),
  };
}

function deviceOf(value: Original, name: string) {
  return { ...present({ operatingSystem: value.so, port: value.hostPort, user: value.user }), credentials: { secret: `${name}-ssh` } };
}

function withScheme(endpoint: string): string {
  return endpoint.includes('://') ? endpoint : `http://${endpoint}`;
}

function secretWarnings(name: string, value: Original, document: ParsedDocument): Problem[] {
  const warnings: Problem[] = [];
  const warn = (field: keyof Original, fix: string) => {
    if (!given(value[field]) || referenceAt(value[field]) !== undefined) return;
    warnings.push(warning(document, [field], 'secret-in-git', `Remove ${field} from git, it is not used: ${fix}`));
  };
  warn('password', `put a private key for SSH into the secret '${name}-ssh'`);
  warn('openshiftOauthToken', `put a kubeconfig into the secret '${name}'`);
  if (given(value.keyFile)) {
    warnings.push(
      warning(document, ['keyFile'], 'ignored-field', `Cannot use a path from git: put the private key into the secret '${name}-ssh'`),
    );
  }
  return warnings;
}

function endpointWarnings(secret: string, value: Original, document: ParsedDocument): Problem[] {
  const fixes = {
    kubernetesEndPoint: `the kubeconfig in the secret '${secret}' names the server`,
    openshiftEndPoint: `the kubeconfig in the secret '${secret}' names the server`,
    slaliteEndPoint: 'agreements are judged by the controller itself',
  } as const;
  const fields = Object.keys(fixes) as (keyof typeof fixes)[];
  // With a token it is the server of the kubeconfig that REST makes of both.
  return fields
    .filter((field) => given(value[field]) && (field === 'slaliteEndPoint' || !given(value.openshiftOauthToken)))
    .map((field) => warning(document, [field], 'ignored-field', `Ignored ${field}: ${fixes[field]}`));
}

/** `POST /imec/{id}/cluster`: the device that the file is named for is to get MicroK8s. */
export function readClusterRequest(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(clusterRequest, document, true);
  if (value === undefined) return { problems };
  const ignored = (['apiPort', 'apiport'] as const)
    .filter((field) => value[field] !== undefined)
    .map((field) =>
      warning(
        document,
        [field],
        'ignored-field',
        `Ignored ${field}: no unauthenticated proxy is opened, the API server keeps its own port`,
      ),
    );
  return { draft: { kind: 'ClusterRequest', spot: { ...document.place([]), index: document.index } }, problems: [...problems, ...ignored] };
}
