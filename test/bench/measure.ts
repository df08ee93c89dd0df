import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { City } from '../support/city.ts';
import type { WatchProcess } from '../support/watch.ts';

const TICKS_PER_SECOND = 100;

/** Quantile of measurements, nearest rank; `q` between 0 and 1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs two things in turn, A B A B …, so that a machine that drifts drifts for both; the first pair is a warm-up. */
export async function inTurn(
  runs: number,
  a: () => unknown,
  b: () => unknown,
): Promise<{ readonly a: readonly number[]; readonly b: readonly number[] }> {
  const times: { a: number[]; b: number[] } = { a: [], b: [] };
  for (let run = 0; run <= runs; run += 1) {
    const [first, second] = [await timed(a), await timed(b)];
    if (run > 0) {
      times.a.push(first);
      times.b.push(second);
    }
  }
  return times;
}

/** Of the `watch` that runs on a city. */
export function pidOf(city: City): number {
  return (JSON.parse(readFileSync(join(city.state, 'watch-city.json'), 'utf8')) as { pid: number }).pid;
}

/** What a process has used so far, and those of its children that ended. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // utime, stime, and those of the children
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** Of a `watch`. */
export async function residentMiB({ url }: Pick<WatchProcess, 'url'>): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1024 / 1024);
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const ratio = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ×`;
