import { setTimeout } from 'node:timers/promises';
import { App } from 'cdk8s';
import { ClusterChart, Dock, Infrastructure, Task } from '../../constructs/index.ts';
import { LABEL } from '../../constructs/labels.ts';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster, LiveObject } from '../../controller/ports.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { createCity, infrastructure } from '../support/city.ts';
import { deployWorkflow } from '../support/compss-master.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { startWatchProcess } from '../support/watch.ts';
import { median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

const RUNS = 12;
const WORKERS = 4;
const CONTAINERS = [{ name: 'worker', image: 'example/compss-test', ports: [{ containerPort: 43001 }] }];
const FIRST_AIM_MS = 1_500;
const READY_AIM_MS = 2_500;

/** A COMPSs master posts a workflow; how long until its first pod is there, and until it has all workers? Against the same objects applied at once. */
export async function benchCompss(): Promise<Figure[]> {
  const controlPlane = startControlPlane();
  const cluster = createCluster({ name: 'bench', kubeconfig: controlPlane.kubeconfig, clock: systemClock });
  const city = createCity();
  city.secret('modena', controlPlane.kubeconfig);
  const exposed = { default: true, defaultDock: 'class', expose: 'nodePort', address: 'modena.example', pushgateway: { url: 'embedded' } };
  city.commit({ 'infrastructures/modena.json': infrastructure('modena', exposed), 'docks/class.json': dock('class') });
  const watch = await startWatchProcess([...city.args], { cwd: city.directory });
  try {
    await watch.until('synced');
    const pods = await followPods(cluster);
    const posted: Started[] = [];
    const applied: Started[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const one = await startedBy(`posted-${run}`, pods, async (name) => {
        const workflow = { name, dock: 'class', replicas: WORKERS, containers: CONTAINERS };
        const deployed = await deployWorkflow(watch.url, watch.url, workflow);
        await deployed.workers(WORKERS);
        return () => deployed.remove();
      });
      const other = await startedBy(`applied-${run}`, pods, async (name) => {
        const objects = await Promise.all(objectsOf(name).map((manifest) => cluster.apply(manifest)));
        await pods.ready(name);
        return () => Promise.all(objects.map((object) => removed(cluster, object)));
      });
      if (run === 0) continue;
      posted.push(one);
      applied.push(other);
    }
    pods.stop();
    return [
      figureOf('first pod listed', posted, applied, ({ firstMs }) => firstMs, FIRST_AIM_MS),
      figureOf(`all ${WORKERS} workers ready, with their addresses`, posted, applied, ({ wholeMs }) => wholeMs, READY_AIM_MS),
    ];
  } finally {
    await watch.kill('SIGTERM');
    cluster.close();
    controlPlane.stop();
    city.remove();
  }
}

function figureOf(
  what: string,
  posted: readonly Started[],
  applied: readonly Started[],
  of: (one: Started) => number,
  aimMs: number,
): Figure {
  const [figure, floor] = [median(posted.map(of)), median(applied.map(of))];
  return {
    what: `POST of a COMPSs task → ${what}`,
    figure: ms(figure),
    against: 'its objects applied at once, and their pods watched',
    floor: ms(floor),
    ratio: ratio(figure / floor),
    how: `median of ${RUNS}, in turn, on a real control plane; longest ${ms(Math.max(...posted.map(of)))}; aim ${ms(aimMs)}`,
  };
}

interface Started {
  readonly firstMs: number;
  readonly wholeMs: number;
}

type Pods = Awaited<ReturnType<typeof followPods>>;

/** `start` ends when all is there, with what takes it away again. */
async function startedBy(name: string, pods: Pods, start: (name: string) => Promise<() => Promise<unknown>>): Promise<Started> {
  const fromMs = performance.now();
  const remove = await start(name);
  const wholeMs = performance.now() - fromMs;
  const firstMs = pods.firstMs(name) - fromMs;
  await remove();
  await pods.gone(name);
  return { firstMs, wholeMs };
}

function objectsOf(name: string): readonly Manifest[] {
  const app = new App();
  const modena = new Infrastructure(app, 'modena', { type: 'kubernetes', expose: 'nodePort' });
  const place = new Dock(new ClusterChart(app, 'bench', { infrastructure: modena, environment: 'bench' }), 'class');
  new Task(place, name, { type: 'compss', replicas: WORKERS, security: 'baseline', containers: CONTAINERS });
  const manifests: readonly Manifest[] = place.chart.toJson();
  return manifests.filter(({ kind }) => kind !== 'Namespace');
}

function dock(name: string) {
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Dock', metadata: { name }, spec: {} };
}

async function removed(cluster: Cluster, { apiVersion, kind, metadata }: LiveObject) {
  return cluster.remove({ apiVersion, kind, namespace: 'class', name: metadata.name }, { uid: metadata.uid });
}

/** What a watch of all pods has seen, by their task. */
async function followPods(cluster: Cluster) {
  const type = await cluster.resource('v1', 'Pod');
  if (type === undefined) throw new Error('The server serves no Pod');
  const first = new Map<string, number>();
  const there = new Map<string, Map<string, boolean>>();
  const stop = new AbortController();
  const { resourceVersion } = await cluster.list(type);
  const follow = async () => {
    for await (const event of await cluster.watch(type, resourceVersion, {}, stop.signal)) {
      if (event.type === 'BOOKMARK') continue;
      const { metadata, status } = event.object;
      const task = metadata.labels?.[LABEL.task] ?? '';
      const { conditions = [] } = status as { conditions?: { type: string; status: string }[] };
      const pods = there.get(task) ?? new Map<string, boolean>();
      there.set(task, pods);
      if (!first.has(task)) first.set(task, performance.now());
      if (event.type === 'DELETED') pods.delete(metadata.name);
      else
        pods.set(
          metadata.name,
          conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
        );
    }
  };
  void follow().catch(() => undefined);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await setTimeout(2);
  };
  return {
    firstMs: (task: string) => first.get(task) ?? Number.NaN,
    ready: (task: string) => until(() => [...(there.get(task)?.values() ?? [])].filter(Boolean).length === WORKERS),
    gone: (task: string) => until(() => there.get(task)?.size === 0),
    stop: () => stop.abort(),
  };
}
