import { taskId } from '../../../constructs/spec/names.ts';
import type { Infrastructure } from '../../../synth/environment.ts';
import type { InfrastructureStatus, View } from '../../status.ts';

/** Nothing installs clusters yet: the wish is in the documents, and waits. */
export function clusterView({ device, type }: Infrastructure): object {
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
    rotterdam,
  } = infrastructure;
  const endPoints = rotterdam?.endPoints ?? {};
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
    password: rotterdam?.secrets.password === undefined ? '' : SECRET,
    keyFile: '',
    openshiftOauthToken: credentials === undefined ? '' : SECRET,
    kubernetesEndPoint: endPoints.kubernetesEndPoint ?? '',
    openshiftEndPoint: endPoints.openshiftEndPoint ?? '',
    slaliteEndPoint: endPoints.slaliteEndPoint ?? '',
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
