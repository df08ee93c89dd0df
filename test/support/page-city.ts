import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { type City, createCity, infrastructure } from './city.ts';
import { startWatchProcess, type WatchProcess } from './watch.ts';

/** A city whose page has something of everything to show: the built command line, git, and a Kubernetes API in memory for each cluster. */
export interface PageCity {
  readonly city: City;
  readonly watch: WatchProcess;
  /** Pushes values of metrics, as a workflow does. */
  push(values: Readonly<Record<string, number>>): Promise<void>;
  stop(): Promise<void>;
}

/** Pods become ready after 100 ms on `modena` and `edge-1`, and not in the time of a test on `florence`; `bologna` does not answer. */
export async function startPageCity(
  files: Readonly<Record<string, string | object>> = CITY,
  args: readonly string[] = [],
): Promise<PageCity> {
  const sandboxes: Sandbox[] = [];
  const city = createCity();
  for (const [name, readyDelayMs] of [
    ['modena', 100],
    ['edge-1', 100],
    ['florence', 3_600_000],
    ['bologna', 100],
  ] as const) {
    const sandbox = await startSandbox({ readyDelayMs });
    city.secret(name, sandbox.kubeconfig);
    if (name === 'bologna') await sandbox.stop();
    else sandboxes.push(sandbox);
  }
  city.commit({ ...CLUSTERS, ...files }, 'Declare the city');
  const watch = await startWatchProcess([...city.args, '--evaluate-every', '1s', '--interval', '1s', ...args], { cwd: city.directory });
  return {
    city,
    watch,
    push: async (values) => {
      const body = Object.entries(values).map(([name, value]) => `${name} ${value}\n`);
      await fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body: body.join('') });
    },
    stop: async () => {
      await watch.kill('SIGTERM');
      await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
      city.remove();
    },
  };
}

const own = { pushgateway: { url: 'embedded' } };
const CLUSTERS = {
  'infrastructures/modena.json': infrastructure('modena', {
    ...own,
    default: true,
    defaultDock: 'class',
    expose: 'nodePort',
    address: 'modena.example',
  }),
  'infrastructures/edge-1.json': infrastructure('edge-1', own),
};

const document = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });

/** A task as a document. */
export function taskDocument(name: string, spec: object = {}): object {
  return document('Task', name, { containers: [{ image: `example/${name}` }], ...spec });
}

/** A promise that a counter is judged by. */
export function deadlines(name: string, spec: object = {}): object {
  return document('QosTemplate', name, {
    ...{ type: 'app', maxAllowed: 0, action: 'scale_out', scaleFactor: 1.5, maxReplicas: 10 },
    guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1', kind: 'counter' }],
    ...spec,
  });
}

const CITY = {
  'infrastructures/florence.json': infrastructure('florence', own),
  'infrastructures/bologna.json': infrastructure('bologna', own),
  'qos/deadlines.json': deadlines('deadlines'),
  'qos/latency.json': document('QosTemplate', 'latency', {
    ...{ type: 'app', maxAllowed: 2, action: 'scale_out', scaleFactor: 2, maxReplicas: 4 },
    guarantees: [{ name: 'latency_ms', constraint: 'latency_ms < 250', kind: 'gauge' }],
  }),
  'tasks/compss-workflow.json': taskDocument('compss-workflow', { dock: 'class', replicas: 4, qos: ['deadlines'] }),
  'tasks/air-quality.json': taskDocument('air-quality', { dock: 'analytics', replicas: 2, qos: ['latency'] }),
  'tasks/traffic-lights.json': taskDocument('traffic-lights', {
    dock: 'analytics',
    infrastructure: 'edge-1',
    replicas: 3,
    qos: ['deadlines', 'latency'],
  }),
  'tasks/tram-positions.json': taskDocument('tram-positions', { dock: 'analytics', infrastructure: 'edge-1', replicas: 1 }),
  'tasks/parking.json': taskDocument('parking', { dock: 'analytics', infrastructure: 'florence', replicas: 2 }),
  'tasks/noise-map.json': taskDocument('noise-map', { dock: 'analytics', infrastructure: 'bologna', replicas: 1, qos: ['latency'] }),
  'tasks/archive.json': taskDocument('archive', { dock: 'class', replicas: 1, suspend: true }),
  'tasks/web.json': taskDocument('web', {
    dock: 'class',
    replicas: 12,
    containers: [{ image: 'nginxinc/nginx-unprivileged:stable', ports: [{ containerPort: 8080, hostPort: 80 }] }],
  }),
};
