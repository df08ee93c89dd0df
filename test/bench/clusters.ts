import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';
import { median, ms, quantile, ratio } from './measure.ts';
import type { Figure } from './report.ts';
import type { News, Order } from './sandboxes.ts';

const CLUSTERS = 100;
const HOLES = 10;
const ROUNDS = 5;
const CHANGES = 5;
const SIZES = [10, 50, 100];

/** One change of a task on 100 clusters, with and without ten of them gone silent; and what clusters cost in memory. */
export async function benchClusters(): Promise<Figure[]> {
  const sizes: { readonly clusters: number; readonly bytes: number }[] = [];
  let times: Times | undefined;
  for (const clusters of SIZES) {
    const world = await startWorld(clusters);
    try {
      sizes.push({ clusters, bytes: await settledMemory(world.watch) });
      if (clusters === CLUSTERS) times = await measure(world);
    } finally {
      await world.stop();
    }
  }
  if (times === undefined) throw new Error('Nothing was measured');
  return [...latencyFigures(times), memoryFigure(sizes)];
}

interface World {
  readonly city: City;
  readonly watch: WatchProcess;
  readonly sandboxes: ChildProcess;
  stop(): Promise<void>;
}

async function startWorld(clusters: number): Promise<World> {
  const sandboxes = fork(fileURLToPath(new URL('sandboxes.ts', import.meta.url)));
  const order = (message: Order) => sandboxes.send(message);
  order({ start: clusters, following: true });
  const [{ kubeconfigs }] = (await once(sandboxes, 'message')) as [{ readonly kubeconfigs: readonly string[] }];
  const city = createCity();
  const names = kubeconfigs.map((_, at) => `c${at}`);
  for (const [at, kubeconfig] of kubeconfigs.entries()) city.secret(names[at] ?? '', kubeconfig);
  const applied = everywhere(sandboxes, '0', 0, clusters);
  city.commit({
    ...Object.fromEntries(names.map((name) => [`infrastructures/${name}.json`, infrastructure(name)])),
    'tasks/web.json': web(names, '0'),
  });
  const watch = await startWatchProcess([...city.args, '--interval', '1h'], { cwd: city.directory });
  await applied;
  await Promise.all(names.map((name) => ready(watch, name)));
  return {
    city,
    watch,
    sandboxes,
    stop: async () => {
      await watch.kill('SIGKILL');
      sandboxes.kill();
      city.remove();
    },
  };
}

export function web(infrastructures: readonly string[], version: string): object {
  const containers = [{ image: 'example/web', env: [{ name: 'VERSION', value: version }] }];
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Task', metadata: { name: 'web' }, spec: { infrastructures, containers } };
}

function ready(watch: WatchProcess, name: string, from = 0): Promise<unknown> {
  return watch.until('infrastructure', ({ infrastructure: one, state }) => one === name && state === 'ready', from);
}

/** Resolves with when each of the clusters `from` … had this version. */
export function everywhere(sandboxes: ChildProcess, version: string, from: number, clusters: number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const times = new Map<number, number>();
    const listen = (news: News) => {
      if (!('at' in news) || news.version !== version || news.at < from) return;
      times.set(news.at, news.appliedAtMs);
      if (times.size < clusters - from) return;
      sandboxes.off('message', listen);
      resolve([...times.values()]);
    };
    sandboxes.on('message', listen);
  });
}

interface Times {
  /** p99 of each round: commit → applied, on the clusters that answer throughout. */
  readonly all: readonly number[];
  readonly holed: readonly number[];
  /** p99 of each round without holes: revision in force → applied, on all. */
  readonly planned: readonly number[];
}

async function measure({ city, watch, sandboxes }: World): Promise<Times> {
  const names = Array.from({ length: CLUSTERS }, (_, at) => `c${at}`);
  const times = { all: [] as number[], holed: [] as number[], planned: [] as number[] };
  let version = 0;
  const round = async (holes: number) => {
    const [commits, plans]: [number[], number[]] = [[], []];
    for (let change = 0; change < CHANGES; change += 1) {
      version += 1;
      const applied = everywhere(sandboxes, `${version}`, holes, CLUSTERS);
      const from = watch.lines.length;
      city.commit({ 'tasks/web.json': web(names, `${version}`) });
      const committedMs = Date.now();
      const plannedMs = new Date(String((await watch.until('revision', undefined, from)).time)).getTime();
      const at = await applied;
      commits.push(...at.slice().map((each) => each - committedMs));
      plans.push(...at.map((each) => each - plannedMs));
      await settled(watch, names.slice(HOLES));
    }
    return { commits: quantile(commits, 0.99), plans: quantile(plans, 0.99) };
  };
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    const whole = await round(0);
    sandboxes.send({ holes: HOLES } satisfies Order);
    const holed = await round(HOLES);
    sandboxes.send({ holes: 0 } satisfies Order);
    await settled(watch, names);
    if (turn === 0) continue;
    times.all.push(whole.commits);
    times.planned.push(whole.plans);
    times.holed.push(holed.commits);
  }
  return times;
}

export async function settled(watch: WatchProcess, names: readonly string[]): Promise<void> {
  for (;;) {
    const reply = await fetch(`${watch.url}/api/v1/status`);
    const { infrastructures } = (await reply.json()) as { infrastructures: readonly { name: string; state: string }[] };
    const waiting = infrastructures.filter(({ name, state }) => names.includes(name) && state !== 'ready');
    if (waiting.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function latencyFigures({ all, holed, planned }: Times): Figure[] {
  const how = `median of ${ROUNDS} rounds of ${CHANGES} changes, in turn`;
  return [
    {
      what: `one change to ${CLUSTERS} clusters, revision in force → applied, p99`,
      figure: ms(median(planned)),
      against: 'the aim',
      floor: ms(1_000),
      ratio: ratio(median(planned) / 1_000),
      how,
    },
    {
      what: `one change, commit → applied, p99 of ${CLUSTERS - HOLES} clusters while ${HOLES} say nothing`,
      figure: ms(median(holed)),
      against: `p99 of all ${CLUSTERS} while all answer`,
      floor: ms(median(all)),
      ratio: ratio(median(holed) / median(all)),
      how,
    },
  ];
}

export async function settledMemory(watch: WatchProcess): Promise<number> {
  const text = await (await fetch(`${watch.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

export function memoryFigure(sizes: readonly { readonly clusters: number; readonly bytes: number }[]): Figure {
  const mib = (value: number) => Math.round(value / 1024 / 1024);
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  if (smallest === undefined || largest === undefined) throw new Error('Nothing was measured');
  const each = (largest.bytes - smallest.bytes) / (largest.clusters - smallest.clusters);
  return {
    what: `resident memory of a settled \`watch\` with ${largest.clusters} clusters`,
    figure: `${mib(largest.bytes)} MiB`,
    against: `with ${smallest.clusters}`,
    floor: `${mib(smallest.bytes)} MiB`,
    ratio: ratio(largest.bytes / smallest.bytes),
    how: `${sizes.map(({ clusters, bytes }) => `${clusters}: ${mib(bytes)} MiB`).join(', ')}; ${(each / 1024 / 1024).toFixed(2)} MiB each`,
  };
}
