import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startPrometheusStore } from '../support/prometheus.ts';
import { remoteWrite, type Written } from '../support/remote-write.ts';
import { isCounter, type Judged, metricOf, SCRAPE_MS, taskOf } from './judge-load.ts';
import { median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

const COUNTS = [1_000, 10_000, 100_000];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One evaluation of many agreements in 20 groups by a process of its own, against a real Prometheus. */
export async function benchJudge(): Promise<Figure[]> {
  const directory = mkdtempSync(join(ROOT, 'build', 'bench-'));
  const outfile = join(directory, 'judge.mjs');
  try {
    await build({
      entryPoints: [join(ROOT, 'test/bench/judge-process.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
    });
    const figures: Figure[] = [];
    let smallest: number | undefined;
    for (const count of COUNTS) {
      const judged = await judgedBy(outfile, count);
      const perAgreement = median(judged.judgeMs) / count;
      smallest ??= perAgreement;
      figures.push(...figuresOf(count, judged, perAgreement / smallest));
    }
    return figures;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function judgedBy(program: string, count: number): Promise<Judged> {
  const store = await startPrometheusStore();
  try {
    const startMs = Math.floor(Date.now() / SCRAPE_MS) * SCRAPE_MS;
    for (let at = 0; at < count; at += 10_000) await remoteWrite(store.url, written(at, Math.min(count, at + 10_000), startMs));
    const { stdout } = await promisify(execFile)(process.execPath, [program, store.url, `${count}`, `${startMs}`], {
      cwd: ROOT,
      maxBuffer: 1e8,
    });
    return JSON.parse(stdout) as Judged;
  } finally {
    await store.stop();
  }
}

/** Ten minutes before, and five after: what Prometheus would have scraped by then. */
export function written(from: number, to: number, startMs: number): readonly Written[] {
  const times = Array.from({ length: 60 }, (_, at) => startMs + (at - 40) * SCRAPE_MS);
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const labels = { __name__: metricOf(at), job: 'compss', instance: 'worker', task: taskOf(at) };
    return { labels, samples: times.map((atMs, step) => [atMs, shown(at, step)] as const) };
  });
}

/** Of a counter a total of its own, which grows in one of fifty; of a gauge another fraction in each sample. */
function shown(at: number, step: number): number {
  if (isCounter(at)) return ((at * 7_919) % 100_000) + (at % 100 === 0 ? step : 0);
  return (at % 90) + ((at * 7_919 + step * 104_729) % 100_000) / 100_000;
}

const AIM_MB: Readonly<Record<number, number>> = { 10000: 200, 100000: 600 };

function figuresOf(count: number, { judgeMs, floorMs, cpuMs, firstMs, queries, states, peakBytes }: Judged, growth: number): Figure[] {
  const agreements = `${count.toLocaleString('en')} agreements in 20 groups`;
  const shown = Object.entries(states)
    .map(([state, of]) => `${of} ${state}`)
    .join(', ');
  return [
    {
      what: `one evaluation of ${agreements}`,
      figure: ms(median(judgeMs)),
      against: 'Prometheus alone: one query for the same samples',
      floor: ms(median(floorMs)),
      ratio: ratio(median(judgeMs) / median(floorMs)),
      how: `median of ${judgeMs.length}, in turn; ${queries} queries; ${ms(median(cpuMs))} of processor time; ${shown}; the first one ${ms(firstMs)}; per agreement ${ratio(growth)} of that of ${COUNTS[0]}`,
    },
    {
      what: `peak resident memory of that process`,
      figure: `${Math.round(peakBytes / 1e6)} MB`,
      against: 'the aim',
      floor: AIM_MB[count] === undefined ? '–' : `${AIM_MB[count]} MB`,
      ratio: AIM_MB[count] === undefined ? '–' : ratio(peakBytes / 1e6 / AIM_MB[count]),
      how: 'agreements, tasks and history included; the heap grows as that of `watch`',
    },
  ];
}
