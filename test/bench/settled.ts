import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { RawKube } from '../support/raw-kube.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';
import { printRequests, requestCounts, requestsSince } from './apply.ts';
import { median, ms, pidOf, processorSeconds, quantile, ratio, residentMiB, timed } from './measure.ts';
import { apps, NAMESPACE } from './objects.ts';
import type { Figure } from './report.ts';

/** Without controllers no Deployment is ever observed and no Ingress gets an address: the looks that this costs are over by then. */
const UNTIL_SETTLED_MS = 45_000;
const SETTLED_MS = 60_000;
const DRIFTED = 100;
const APPS_PER_FILE = 100;

/** A `watch` with thousands of objects: what it costs when nothing happens, and how fast it puts right what others change. */
export async function benchSettled(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of [250, 1000, 4000]) {
    await watching(count, async (world) => {
      const memory = await residentMiB(world.watch);
      figures.push({
        what: `resident memory of \`watch\`, ${count * 4} objects, after their first apply`,
        figure: `${memory} MiB`,
        against: 'aim for 4,000 objects',
        floor: '200 MiB',
        ratio: ratio(memory / 200),
        how: 'one infrastructure, one process',
      });
      figures.push(requests(world));
      if (count === 1000) figures.push(await settled(world), ...(await drift(world)), ...(await plans(world)));
    });
  }
  return figures;
}

interface World {
  readonly place: ControlPlane;
  readonly city: City;
  readonly watch: WatchProcess;
  readonly count: number;
  /** What the first apply asked the API server for, and how long a plan of it took before. */
  readonly asked: ReadonlyMap<string, number>;
  readonly planMs: number;
}

async function watching(count: number, work: (world: World) => Promise<void>): Promise<void> {
  const place = startControlPlane({ controllers: 'none' });
  const city = createCity();
  try {
    city.secret('bench', place.kubeconfig);
    city.commit({ 'infrastructures/bench.json': infrastructure('bench'), ...manifestFiles(count) });
    const planMs = await plan(city, PLAN_CHANGES);
    const before = await requestCounts(place);
    const watch = await startWatchProcess(city.args, { cwd: city.directory });
    await watch.until('synced');
    await work({ place, city, watch, count, asked: await requestsSince(before, place), planMs });
    await watch.kill('SIGTERM');
  } finally {
    place.stop();
    city.remove();
  }
}

function manifestFiles(count: number, annotations: Readonly<Record<string, string>> = {}): Record<string, object> {
  const [namespace, ...rest] = apps(count).map((one) => ({ ...one, metadata: { ...one.metadata, annotations } }));
  const lists = Array.from({ length: Math.ceil(count / APPS_PER_FILE) }, (_, at) => {
    const items = rest.slice(at * APPS_PER_FILE * 4, (at + 1) * APPS_PER_FILE * 4);
    return [`manifests/apps-${at}.json`, { apiVersion: 'v1', kind: 'List', items }] as const;
  });
  return { 'manifests/namespace.json': namespace ?? {}, ...Object.fromEntries(lists) };
}

function requests({ count, asked }: World): Figure {
  const total = [...asked.values()].reduce((sum, one) => sum + one, 0);
  return {
    what: `requests of \`watch\` until ${count * 4} objects are applied`,
    figure: `${total} requests`,
    against: 'one for each object',
    floor: `${count * 4} requests`,
    ratio: ratio(total / (count * 4)),
    how: printRequests(asked),
  };
}

const PLAN_CHANGES = 3;

/** The whole command, as a person starts it. */
async function plan(city: City, expected: number, ...options: readonly string[]): Promise<number> {
  return await timed(async () => {
    const { code, stderr } = await cli(['plan', ...options, ...city.args], city.directory);
    if (code !== expected) throw new Error(`plan ended with ${code}: ${stderr}`);
  });
}

/** Ends the `watch`, so that a change stays a plan. */
async function plans({ place, city, watch, count, planMs }: World): Promise<Figure[]> {
  await watch.kill('SIGTERM');
  const thrice = async (...how: Parameters<typeof plan>) => median([await plan(...how), await plan(...how), await plan(...how)]);
  const rows = [
    { state: 'all new', value: planMs, how: 'one run, the whole command' },
    { state: 'all there', value: await thrice(city, 0), how: 'median of 3, the whole command' },
    { state: 'all there, with `--diff`', value: await thrice(city, 0, '--diff'), how: 'median of 3, the whole command' },
  ];
  city.commit(manifestFiles(count, { changed: 'yes' }));
  const changed = { state: 'all changed, with `--diff`', how: 'median of 3, the whole command: one dry run each, on the server' };
  rows.push({ ...changed, value: await thrice(city, PLAN_CHANGES, '--diff') });
  const floor = await lists(place);
  return rows.map(({ state, value, how }) => ({
    what: `\`plan\` of ${count * 4} objects, ${state}`,
    figure: ms(value),
    against: 'one list of each kind, nothing else; aim 5000 ms',
    floor: ms(floor),
    ratio: ratio(value / floor),
    how,
  }));
}

async function lists({ kubeconfig }: ControlPlane): Promise<number> {
  const kube = new RawKube(kubeconfig);
  const list = () => Promise.all(KINDS.map(({ root, plural }) => kube.get(`${root}/namespaces/${NAMESPACE}/${plural}`)));
  const times = [await timed(list), await timed(list), await timed(list)];
  kube.close();
  return median(times);
}

/** Requests are counted by the API server, processor time by the kernel, git's included. */
async function settled({ place, city }: World): Promise<Figure> {
  const pid = pidOf(city);
  await setTimeout(UNTIL_SETTLED_MS);
  const [before, cpuBefore] = [await requestCounts(place), processorSeconds(pid)];
  await setTimeout(SETTLED_MS);
  const [asked, cpuAfter] = [await requestsSince(before, place), processorSeconds(pid)];
  const requests = [...asked].map(([what, count]) => `${count} ${what}`).join(', ') || '0';
  const share = ((cpuAfter - cpuBefore) / SETTLED_MS) * 1000;
  return {
    what: `settled \`watch\` of 4,000 objects, ${SETTLED_MS / 1000} s`,
    figure: `${requests} requests, ${(share * 100).toFixed(2)} % of a core`,
    against: 'aim',
    floor: '0 requests, 1 % of a core',
    ratio: ratio(share / 0.01),
    how: 'counted at the API server, which lists Services itself every 3 minutes; children included',
  };
}

/** Somebody changes a label of ours on random objects, all in one burst; how long until each is as declared again? */
async function drift({ place, count }: World): Promise<Figure[]> {
  const cluster = createCluster({ name: 'bench', kubeconfig: place.kubeconfig, clock: systemClock });
  const kube = new RawKube(place.kubeconfig);
  const names = Array.from({ length: DRIFTED }, (_, at) => `app-${Math.floor((at * count) / DRIFTED)}`);
  const times = (
    await Promise.all(
      KINDS.map((kind, at) =>
        repaired(
          cluster,
          kube,
          kind,
          names.filter((_, each) => each % KINDS.length === at),
        ),
      ),
    )
  ).flat();
  const floor = await oneWrite(kube);
  cluster.close();
  kube.close();
  return [0.5, 0.99].map((q) => ({
    what: `drift of ${DRIFTED} of ${count * 4} objects repaired, p${q * 100}`,
    figure: ms(quantile(times, q)),
    against: 'one server-side apply, nothing else',
    floor: ms(floor),
    ratio: ratio(quantile(times, q) / floor),
    how: 'all changed in one burst, seen by a watch',
  }));
}

const KINDS = [
  { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', root: '/api/v1' },
  { apiVersion: 'v1', kind: 'Service', plural: 'services', root: '/api/v1' },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', root: '/apis/apps/v1' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', plural: 'ingresses', root: '/apis/networking.k8s.io/v1' },
];
const LABEL = 'app.kubernetes.io/name';

async function repaired(cluster: Cluster, kube: RawKube, kind: (typeof KINDS)[number], names: readonly string[]): Promise<number[]> {
  const type = await cluster.resource(kind.apiVersion, kind.kind);
  if (type === undefined) throw new Error(`The server serves no ${kind.kind}`);
  const { resourceVersion } = await cluster.list(type, { namespace: NAMESPACE });
  const started = new Map<string, number>();
  const times: number[] = [];
  const stop = new AbortController();
  const seen = (async () => {
    for await (const event of await cluster.watch(type, resourceVersion, { namespace: NAMESPACE }, stop.signal)) {
      if (event.type !== 'MODIFIED') continue;
      const { name, labels } = event.object.metadata;
      const start = started.get(name);
      if (start === undefined || labels?.[LABEL] !== name) continue;
      times.push(performance.now() - start);
      started.delete(name);
      if (times.length === names.length) break;
    }
    stop.abort();
  })();
  await Promise.all(
    names.map(async (name) => {
      started.set(name, performance.now());
      const path = `${kind.root}/namespaces/${NAMESPACE}/${kind.plural}/${name}?fieldManager=kubectl-edit`;
      await kube.merge(path, { metadata: { labels: { [LABEL]: 'somebody' } } });
    }),
  );
  await seen;
  return times;
}

async function oneWrite(kube: RawKube): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 50; run += 1) {
    const start = performance.now();
    const metadata = { name: 'floor', namespace: NAMESPACE };
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { run: `${run}` } };
    await kube.apply(`/api/v1/namespaces/${NAMESPACE}/configmaps/floor`, manifest, 'floor');
    times.push(performance.now() - start);
  }
  return median(times);
}
