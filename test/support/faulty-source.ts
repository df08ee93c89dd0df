import { Failure, QueryError } from '../../controller/errors.ts';
import type { Clock, MetricSource, Sample, Series } from '../../controller/ports.ts';
import { seriesOf } from '../../controller/series.ts';
import { answerJoined } from './joined-queries.ts';

/** What can be wrong with a source, or with what it scrapes. */
export const FAULTS = [
  'down',
  '502',
  'hanging',
  'slow',
  'partial',
  'large',
  'empty',
  'several',
  'stale',
  'NaN',
  'Inf',
  'absent',
  'ahead',
  'behind',
  'lost',
] as const;
export type Fault = (typeof FAULTS)[number];

const OFF_MS = 600_000;
const KEPT_MS = 2 * 3_600_000;
const LOOKBACK_MS = 300_000;
/** Longer than it is waited for. */
const SLOW_MS = 3_000;
/** More names than that are answered by too much, while it is `large`. */
const LARGE = 16;

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
    if (this.fault === 'large' && names.length > LARGE) throw new QueryError('its answer is larger than 32 MiB');
    if (this.fault === 'empty') return [];
    return names.flatMap((name) => {
      const samples = this.#between(name, fromMs, toMs);
      return samples.length === 0 ? [] : [seriesOf({ name, labels: { job: 'compss' } }, samples)];
    });
  }

  async instant(expression: string, atMs: number, signal?: AbortSignal, maxAgeMs = LOOKBACK_MS): Promise<readonly Series[]> {
    await this.#answering(signal);
    return answerJoined(expression, (one) => this.#answer(one, atMs, maxAgeMs));
  }

  /** Of `sum(<metric>)` and `(sum(<metric>))[<range>ms:<step>ms]`: the newest sample, as far as it looks back. */
  #answer(expression: string, atMs: number, maxAgeMs: number): readonly Series[] {
    const [, name = ''] = /sum\((\w+)\)/.exec(expression) ?? [];
    const [, range = 0, step = 1] = /\[(\d+)ms:(\d+)ms\]/.exec(expression) ?? [];
    const samples: Sample[] = [];
    for (let at = atMs - Number(range); at <= atMs; at += Number(step)) {
      const value = this.#between(name, at - maxAgeMs, at).at(-1)?.value;
      if (value !== undefined) samples.push({ atMs: at, value });
      if (range === 0) break;
    }
    if (this.fault === 'empty' || samples.length === 0) return [];
    const pods = this.fault === 'several' ? ['a', 'b'] : ['a'];
    return pods.map((pod) => seriesOf({ name: '', labels: { pod } }, samples));
  }

  async #answering(told: AbortSignal | undefined): Promise<void> {
    // Many questions wait on one signal.
    const signal = told && AbortSignal.any([told]);
    if (this.fault === 'down') throw new Failure('transient', 'ECONNREFUSED');
    if (this.fault === '502') throw new Failure('transient', 'status 502 with HTML');
    if (this.fault === 'partial') throw new Failure('transient', 'Cannot trust a partial answer');
    if (this.fault === 'slow') await this.#clock.sleep(SLOW_MS, signal);
    if (this.fault !== 'hanging') return;
    await this.#clock.sleep(10_000, signal);
    throw new Failure('transient', 'no answer within 10 s');
  }

  #between(name: string, fromMs: number, toMs: number): readonly Sample[] {
    const kept = this.#samples.get(name) ?? [];
    return kept.slice(after(kept, fromMs), after(kept, toMs));
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
