import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createCity, infrastructure } from '../support/city.ts';
import { startWatchProcess } from '../support/watch.ts';
import { everywhere, memoryFigure, settled, settledMemory, web } from './clusters.ts';
import { median, ms, pidOf, processorSeconds, quantile, ratio } from './measure.ts';
import type { Figure } from './report.ts';
import type { News, Order } from './sandboxes.ts';

const SIZES = [100, 300, 1000];
const PER_PROCESS = 100;
const QUIET_MS = 10_000;
const SETTLED_MS = 30_000;
const CHANGES = 3;

interface Cost {
  readonly bytes: number;
  readonly share: number;
  /** Of each change: revision in force → applied, p99 of all clusters. */
  readonly changes: readonly number[];
  /** What the controller used for one of them, in seconds. */
  readonly processor: number;
}

/** What up to 1,000 clusters cost one controller: settled, and a change to all of them. The sandboxes are in processes of their own. */
export async function benchMany(): Promise<Figure[]> {
  const sizes: (Cost & { readonly clusters: number })[] = [];
  for (const clusters of SIZES) sizes.push({ clusters, ...(await costOf(clusters)) });
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  if (smallest === undefined || largest === undefined) throw new Error('Nothing was measured');
  const percent = (share: number) => `${(share * 100).toFixed(2)} % of a core`;
  return [
    memoryFigure(sizes),
    {
      what: `one change to ${largest.clusters} clusters, revision in force → applied, p99`,
      figure: ms(median(largest.changes)),
      against: `to ${smallest.clusters}`,
      floor: ms(median(smallest.changes)),
      ratio: ratio(median(largest.changes) / median(smallest.changes)),
      how: `median of ${CHANGES} changes; ${sizes.map(printChange).join(', ')}`,
    },
    {
      what: `settled \`watch\` with ${largest.clusters} clusters, ${SETTLED_MS / 1000} s`,
      figure: percent(largest.share),
      against: `with ${smallest.clusters}`,
      floor: percent(smallest.share),
      ratio: ratio(largest.share / smallest.share),
      how: `children included; ${sizes.map(({ clusters, share }) => `${clusters}: ${percent(share)}`).join(', ')}`,
    },
  ];
}

function printChange({ clusters, changes, processor }: Cost & { readonly clusters: number }): string {
  return `${clusters}: ${ms(median(changes))}, ${processor.toFixed(1)} s of the controller's processor time`;
}

async function costOf(clusters: number): Promise<Cost> {
  const processes = Array.from({ length: Math.ceil(clusters / PER_PROCESS) }, () => fork(SANDBOXES));
  const city = createCity();
  const each: (readonly string[])[] = [];
  for (const one of processes) each.push(await start(one, Math.min(PER_PROCESS, clusters - each.length * PER_PROCESS)));
  const kubeconfigs = each.flat();
  const names = kubeconfigs.map((_, at) => `c${at}`);
  for (const [at, kubeconfig] of kubeconfigs.entries()) city.secret(names[at] ?? '', kubeconfig);
  city.commit({
    ...Object.fromEntries(names.map((name) => [`infrastructures/${name}.json`, infrastructure(name)])),
    'tasks/web.json': web(names, '0'),
  });
  const watch = await startWatchProcess(city.args, { cwd: city.directory });
  try {
    await watch.until('revision');
    await settled(watch, names);
    await setTimeout(QUIET_MS);
    const before = processorSeconds(pidOf(city));
    await setTimeout(SETTLED_MS);
    const share = ((processorSeconds(pidOf(city)) - before) / SETTLED_MS) * 1000;
    const bytes = await settledMemory(watch);
    const changes: number[] = [];
    const beforeChanges = processorSeconds(pidOf(city));
    for (let version = 1; version <= CHANGES; version += 1) {
      const applied = Promise.all(processes.map((one, at) => everywhere(one, `${version}`, 0, each[at]?.length ?? 0)));
      const from = watch.lines.length;
      city.commit({ 'tasks/web.json': web(names, `${version}`) });
      const inForceMs = new Date(String((await watch.until('revision', undefined, from)).time)).getTime();
      changes.push(quantile((await applied).flat(), 0.99) - inForceMs);
      await settled(watch, names);
    }
    return { bytes, share, changes, processor: (processorSeconds(pidOf(city)) - beforeChanges) / CHANGES };
  } finally {
    await watch.kill('SIGKILL');
    for (const one of processes) one.kill();
    city.remove();
  }
}

const SANDBOXES = fileURLToPath(new URL('sandboxes.ts', import.meta.url));

async function start(sandboxes: ChildProcess, count: number): Promise<readonly string[]> {
  sandboxes.send({ start: count, following: true } satisfies Order);
  for (;;) {
    const [news] = (await once(sandboxes, 'message')) as [News];
    if ('kubeconfigs' in news) return news.kubeconfigs;
  }
}
