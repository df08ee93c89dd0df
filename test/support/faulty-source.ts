import { Failure } from '../../controller/errors.ts';
import type { Clock, MetricSource, Sample, Series } from '../../controller/ports.ts';
import { seriesOf } from '../../controller/series.ts';

/** What can be wrong with a source, or with what it scrapes. */
export const FAULTS = ['down', '502', 'hanging', 'partial', 'empty', 'stale', 'NaN', 'Inf', 'absent', 'ahead', 'behind', 'lost'] as const;
export type Fault = (typeof FAULTS)[number];

const OFF_MS = 600_000;
const KEPT_MS = 2 * 3_600_000;

/** A Prometheus with faults: it scrapes when it is told to, and keeps two hours. */
export class FaultySource implements MetricSource {
  readonly name: string;
  fault: Fault | undefined;
  /** What it scrapes: by metric name, with one value each. */
  readonly targets = new Map<string, number>();
  readonly #clock: Clock;
  readonly #samples = new Map<string, Sample[]>();

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  scrape(): void {
    if (this.fault === 'stale' || this.fault === 'down') return;
    if (this.fault === 'lost') this.#samples.clear();
    const off = this.fault === 'ahead' ? OFF_MS : this.fault === 'behind' ? -OFF_MS : 0;
    const atMs = this.#clock.now() + off;
    this.#add('up', atMs, this.fault === 'absent' ? 0 : 1);
    if (this.fault === 'absent') return;
    for (const [name, value] of this.targets) this.#add(name, atMs, this.#shown(value));
  }

  async samples(names: readonly string[], fromMs: number, toMs: number, signal?: AbortSignal): Promise<readonly Series[]> {
    await this.#answering(signal);
    if (this.fault === 'empty') return [];
    return names.flatMap((name) => {
      const kept = this.#samples.get(name) ?? [];
      const series = seriesOf({ name, labels: { job: 'compss' } }, kept.slice(after(kept, fromMs), after(kept, toMs)));
      return series.timesMs.length === 0 ? [] : [series];
    });
  }

  async instant(): Promise<readonly Series[]> {
    throw new Failure('terminal', 'Not asked here');
  }

  async #answering(signal: AbortSignal | undefined): Promise<void> {
    if (this.fault === 'down') throw new Failure('transient', 'ECONNREFUSED');
    if (this.fault === '502') throw new Failure('transient', 'status 502 with HTML');
    if (this.fault === 'partial') throw new Failure('transient', 'Cannot trust a partial answer');
    if (this.fault !== 'hanging') return;
    await this.#clock.sleep(10_000, signal);
    throw new Failure('transient', 'no answer within 10 s');
  }

  #shown(value: number): number {
    if (this.fault === 'NaN') return Number.NaN;
    return this.fault === 'Inf' ? Number.POSITIVE_INFINITY : value;
  }

  /** As Prometheus: nothing out of order. */
  #add(name: string, atMs: number, value: number): void {
    const samples = this.#samples.get(name) ?? [];
    if (atMs <= (samples.at(-1)?.atMs ?? 0)) return;
    samples.push({ atMs, value });
    if ((samples[0]?.atMs ?? 0) < atMs - 2 * KEPT_MS) samples.splice(0, after(samples, atMs - KEPT_MS));
    this.#samples.set(name, samples);
  }
}

/** Index of the first sample after `atMs`. */
function after(samples: readonly Sample[], atMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
