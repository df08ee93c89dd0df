import { isRecord, listAt, numberAt, recordAt, textAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';

type Cell = string | number;
type Columns = Readonly<Record<string, (object: KubeObject) => Cell>>;

/** What `kubectl get` shows of these objects: the form that it asks for as `as=Table`. */
export function tableOf(kind: Kind, objects: readonly KubeObject[], nowMs: number, metadata: object = {}) {
  const columns: Columns = { Name: (object) => object.metadata.name, ...(kind.custom ? {} : COLUMNS[kind.kind]) };
  const names = [...Object.keys(columns), 'Age'];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: names.map((name) => ({ name, type: 'string', format: name === 'Name' ? 'name' : '', description: '', priority: 0 })),
    rows: objects.map((object) => ({
      cells: [...Object.values(columns).map((cell) => cell(object)), age(object, nowMs)],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

const phase = (object: KubeObject): Cell => textAt(object, 'status', 'phase') ?? '';
const status =
  (field: string) =>
  (object: KubeObject): Cell =>
    numberAt(object, 'status', field) ?? 0;
const wanted = (object: KubeObject): Cell => numberAt(object, 'spec', 'replicas') ?? 0;
const ready = (object: KubeObject): Cell => `${status('readyReplicas')(object)}/${wanted(object)}`;

const COLUMNS: Readonly<Record<string, Columns>> = {
  Namespace: { Status: phase },
  Node: { Status: () => 'Ready', Roles: () => '<none>' },
  Pod: { Ready: readyContainers, Status: phase, Restarts: () => 0 },
  Deployment: { Ready: ready, 'Up-to-date': status('updatedReplicas'), Available: status('availableReplicas') },
  ReplicaSet: { Desired: wanted, Current: status('replicas'), Ready: status('readyReplicas') },
  StatefulSet: { Ready: ready },
  Service: {
    Type: (service) => textAt(service, 'spec', 'type') ?? '',
    'Cluster-IP': (service) => textAt(service, 'spec', 'clusterIP') ?? '<none>',
    'External-IP': (service) => listAt(service, 'spec', 'externalIPs').join(',') || '<none>',
    'Port(s)': (service) => listAt(service, 'spec', 'ports').filter(isRecord).map(printPort).join(',') || '<none>',
  },
  Ingress: {
    Hosts: (ingress) =>
      listAt(ingress, 'spec', 'rules')
        .map((rule) => textAt(rule, 'host') ?? '*')
        .join(','),
  },
  ConfigMap: { Data: (map) => Object.keys(recordAt(map, 'data')).length },
  Secret: { Type: (secret) => textAt(secret, 'type') ?? '', Data: (secret) => Object.keys(recordAt(secret, 'data')).length },
};

function readyContainers(pod: KubeObject): Cell {
  const states = listAt(pod, 'status', 'containerStatuses');
  return `${states.filter((state) => recordAt(state).ready === true).length}/${listAt(pod, 'spec', 'containers').length}`;
}

function printPort({ port, nodePort, protocol }: Readonly<Record<string, unknown>>): string {
  return `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`;
}

function age({ metadata }: KubeObject, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(metadata.creationTimestamp)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 3 * 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
