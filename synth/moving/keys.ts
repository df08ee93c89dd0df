import type { DefaultsSpec } from '../../constructs/spec/defaults.ts';
import type { infrastructure } from '../original/schemas.ts';

/** Where a key of the original's configuration went. */
export interface MovedKey {
  /** As in the configuration file: `Clusters[].HostIP`. */
  readonly key: string;
  /** Environment variables that said the same, of the first cluster. */
  readonly env: readonly string[];
  /** For people. */
  readonly to: string;
  /** Of the infrastructure, as it was posted to `/imec`. */
  readonly cluster?: keyof typeof infrastructure.shape;
  /** Of the Defaults. */
  readonly default?: keyof DefaultsSpec;
}

const VERSION = 'nothing: `GET /api/v1/version` tells the versions';

/** Every key of the original's configuration file, and of the files of variables of Rotterdam and of its SLA Manager. */
export const KEYS: readonly MovedKey[] = [
  ...['CaaSVersion', 'FaaSVersion', 'RulesEngineVersion', 'RestApiVersion', 'IMECVersion', 'SLALiteVersion'].map((key) => ({
    key,
    env: [],
    to: VERSION,
  })),
  { key: 'ServerPort', env: [], to: 'nothing, the original ignored it: `watch --listen ADDRESS:8333`' },
  { key: 'Clusters[].ID', env: [], cluster: 'name', to: "the Infrastructure's name, by which tasks name it; the first is the default" },
  { key: 'Clusters[].Name', env: [], to: '`spec.description`, where there is no Description' },
  { key: 'Clusters[].Description', env: [], cluster: 'description', to: '`spec.description`' },
  { key: 'Clusters[].DefaultDock', env: [], cluster: 'defaultDock', to: '`spec.defaultDock`' },
  { key: 'Clusters[].Type', env: [], cluster: 'type', to: '`spec.type`' },
  { key: 'Clusters[].SO', env: [], cluster: 'so', to: '`spec.device.operatingSystem`' },
  {
    key: 'Clusters[].KubernetesEndPoint',
    env: ['KubernetesEndPoint'],
    cluster: 'kubernetesEndPoint',
    to: "the server of the kubeconfig in the secret of the infrastructure's name, which is written where it is https and there is a token; an open proxy is not used",
  },
  {
    key: 'Clusters[].OpenshiftEndPoint',
    env: ['OpenshiftEndPoint'],
    cluster: 'openshiftEndPoint',
    to: 'the server of that kubeconfig',
  },
  { key: 'Clusters[].HostIP', env: ['HostIP', 'ServerIP'], cluster: 'hostIP', to: '`spec.host` and `spec.address`' },
  { key: 'Clusters[].HostPort', env: [], cluster: 'hostPort', to: '`spec.device.port`' },
  {
    key: 'Clusters[].OpenshiftOauthToken',
    env: ['OpenshiftOauthToken'],
    cluster: 'openshiftOauthToken',
    to: 'the token of that kubeconfig',
  },
  { key: 'Clusters[].SLALiteEndPoint', env: ['SLALiteEndPoint'], to: 'nothing: agreements are judged by the controller itself' },
  {
    key: 'Clusters[].PrometheusPushgatewayEndPoint',
    env: ['PrometheusPushgatewayEndPoint', 'PushgatewayEndPoint'],
    cluster: 'prometheusPushgatewayEndPoint',
    to: '`spec.pushgateway.url`',
  },
  {
    key: 'Clusters[].PrometheusEndPoint',
    env: ['PrometheusEndPoint', 'UrlPrometheus'],
    cluster: 'prometheusEndPoint',
    to: '`spec.prometheus.url`',
  },
  { key: 'Clusters[].User', env: [], cluster: 'user', to: '`spec.device.user`' },
  {
    key: 'Clusters[].Password',
    env: [],
    cluster: 'password',
    to: 'the secret `<name>-ssh-password`; the device is reached by the key in the secret `<name>-ssh`',
  },
  { key: 'Clusters[].KeyFile', env: [], to: 'nothing, the original ignored it: put the private key into the secret `<name>-ssh`' },
  { key: 'SLAs.CreationDate', env: [], to: 'nothing: an agreement is created by the commit that binds its task' },
  {
    key: 'SLAs.ExpirationDate',
    env: [],
    to: 'nothing, as it ended every agreement on one day: `agreements.lifetime` of the Defaults, or `expiration` of an Agreement',
  },
  { key: 'SLAs.DefaultInfrQoSRule', env: [], to: 'nothing: name the template in `qos` of the tasks that are to be bound to it' },
  { key: 'Tasks.MaxReplicas', env: ['MaxReplicas'], default: 'maxReplicas', to: '`maxReplicas` of the Defaults' },
  { key: 'Tasks.MinReplicas', env: ['MinReplicas'], default: 'minReplicas', to: '`minReplicas` of the Defaults' },
  { key: 'Tasks.MaxAllowed', env: ['MaxAllowed'], default: 'maxAllowed', to: '`maxAllowed` of the Defaults' },
  { key: 'Tasks.ScaleFactor', env: [], default: 'scaleFactor', to: '`scaleFactor` of the Defaults' },
  { key: 'Tasks.Value', env: [], default: 'value', to: '`value` of the Defaults' },
  { key: 'Tasks.Comparator', env: [], default: 'comparator', to: '`comparator` of the Defaults' },
  { key: 'Tasks.Action', env: [], default: 'action', to: '`action` of the Defaults' },
  { key: '', env: ['PrometheusEndPoints'], to: 'nothing: write a Source for each, and name them in `spec.sources` of an infrastructure' },
  { key: '', env: ['MetricsPrometheus'], to: 'nothing: what is measured follows from the constraints' },
  { key: '', env: ['UrlRotterdam'], to: 'nothing: violations need not be sent; `notifications` of the Defaults tells others' },
  { key: '', env: ['UrlMLSubsystem'], to: 'nothing: no predictor is asked' },
  { key: '', env: ['SLA_CHECKPERIOD'], to: '`watch --evaluate-every`' },
];

/** Rows of docs/migration.md. */
export function keyRows(): readonly string[] {
  const code = (text: string) => `\`${text}\``;
  return KEYS.map(({ key, env, to }) => `| ${key === '' ? '' : code(key)} | ${env.map(code).join(', ')} | ${to} |`);
}
