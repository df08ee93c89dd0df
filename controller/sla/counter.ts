import type { Sample, Series } from '../ports.ts';
import { samplesOf } from '../series.ts';
import type { Baseline } from './baseline.ts';
import { seriesKey } from './measure.ts';
import type { Totals } from './trailer.ts';

/** A counter's series as it was last seen. What is new of it is `value - watermark`. */
interface CounterSeries {
  /** Of the newest sample folded: moves on while the value stays. */
  atMs: number;
  readonly value: number;
  readonly watermark: number;
}

/** What is known of an agreement's counter since its baseline. Read-only: {@link foldCounter} makes the next one. */
export interface Counter {
  readonly baseline: Baseline;
  /** Series that vanish stay: one that comes back with its old value brings nothing new. */
  readonly series: ReadonlyMap<string, CounterSeries>;
  /** What was new after each growth, oldest first. */
  readonly growths: readonly Growth[];
}

export interface Growth {
  readonly atMs: number;
  readonly value: number;
}

/** Vanished series are forgotten, the longest gone first, beyond this many. */
const MAX_VANISHED = 1_000;
/** A series without samples for so long has stopped: it isn't just scraped at other times than those that have some. */
const STOPPED_MS = 120_000;

/**
 * A counter at its baseline. Series that nobody saw there start at 0; of one that `earlier` knew and that is absent at the
 * baseline, the value known then is the watermark.
 */
export function startCounter(baseline: Baseline, earlier?: Counter): Counter {
  const known = [...(earlier?.series ?? [])].map(([key, { value }]) => [key, value] as const);
  const watermarks = new Map([
    ...known,
    ...Object.entries(baseline.consumed).filter(([key]) => baseline.decided || !earlier?.series.has(key)),
  ]);
  const series = [...watermarks].map(([key, value]) => [key, { atMs: Number.NEGATIVE_INFINITY, value, watermark: value }] as const);
  return { baseline, series: new Map(series), growths: [] };
}

/**
 * Folds samples in the order of their time: up to the baseline they set watermarks; later a value below the last one
 * begins a new epoch, counted from 0. Samples that were folded before are passed over. NaN and infinite ones count nothing.
 */
export function foldCounter(counter: Counter, series: readonly Series[], counting: Counting): Counter {
  return isUnchanged(counter, series) ? counter : folded(counter, series, counting);
}

export interface Counting {
  /** Growths older than this before the newest sample are forgotten, but for the last of them. */
  readonly keptMs: number;
  /** A value below the last one is no new epoch: what was new stays so, and nothing else is. */
  readonly mayFall?: boolean;
}

/** Most counters, most of the time: each series is known, and shows what it showed. Only how long it has shown it is noted, in place. */
function isUnchanged(counter: Counter, series: readonly Series[]): boolean {
  for (const one of series) if (!showsTheSame(one, counter.series.get(seriesKey(one)), counter.baseline)) return false;
  for (const one of series) {
    const known = counter.series.get(seriesKey(one));
    const lastMs = one.timesMs.at(-1);
    if (known !== undefined && lastMs !== undefined && lastMs > known.atMs) known.atMs = lastMs;
  }
  return true;
}

function showsTheSame({ timesMs, values }: Series, known: CounterSeries | undefined, baseline: Baseline): boolean {
  if (known === undefined) return false;
  for (let at = timesMs.length - 1; at >= 0; at -= 1) {
    const atMs = timesMs[at] as number;
    if (atMs <= known.atMs) return true;
    if (values[at] !== known.value || atMs <= baseline.atMs) return false;
  }
  return true;
}

function folded(counter: Counter, series: readonly Series[], { keptMs, mayFall = false }: Counting): Counter {
  const fresh = freshSamples(counter, series);
  if (fresh.length === 0) return counter;
  const folded = new Map(counter.series);
  const growths = [...counter.growths];
  const lastMs = lastSamples(counter, series);
  let sum = newSince(counter);
  for (const { key, sample } of fresh) {
    let before = folded.get(key);
    if (before === undefined && sample.atMs > counter.baseline.atMs) {
      const origin = originOf(key, sample, folded, lastMs);
      if (origin === 'unclear') continue;
      if (origin === 'moved') before = { ...sample, watermark: sample.value };
    }
    const after = foldSample(counter.baseline, before, sample, { key, mayFall });
    folded.set(key, after);
    sum += newOf(after) - newOf(before);
    const changed = sample.value > 0 && sample.value !== (before?.value ?? 0);
    const grew = changed && !(mayFall && sample.value < (before?.value ?? 0));
    if (grew && sample.atMs > counter.baseline.atMs) growths.push({ atMs: sample.atMs, value: sum });
  }
  const newestMs = fresh.at(-1)?.sample.atMs ?? 0;
  return { baseline: counter.baseline, series: bounded(folded), growths: keptGrowths(growths, newestMs - keptMs) };
}

/** The last one before `fromMs` tells what had been new by then. */
function keptGrowths(growths: readonly Growth[], fromMs: number): readonly Growth[] {
  const first = growths.findLastIndex(({ atMs }) => atMs <= fromMs);
  return first <= 0 ? growths : growths.slice(first);
}

/** What is new since the watermarks, over all series. */
export function newSince(counter: Counter): number {
  let sum = 0;
  for (const series of counter.series.values()) sum += newOf(series);
  return sum;
}

/** What an action consumes: the last value of every series, of vanished ones as well. */
export function totalsOf(counters: readonly Counter[]): Totals {
  return Object.fromEntries(counters.flatMap(({ series }) => [...series].map(([key, { value }]) => [key, value])));
}

function newOf(series: CounterSeries | undefined): number {
  return series === undefined ? 0 : series.value - series.watermark;
}

interface Fresh {
  readonly key: string;
  readonly sample: Sample;
}

/** In the order of their time. */
function freshSamples(counter: Counter, series: readonly Series[]): readonly Fresh[] {
  const fresh: Fresh[] = [];
  for (const one of series) {
    const key = seriesKey(one);
    const seenMs = counter.series.get(key)?.atMs ?? Number.NEGATIVE_INFINITY;
    for (const sample of samplesOf(one)) if (sample.atMs > seenMs && Number.isFinite(sample.value)) fresh.push({ key, sample });
  }
  return series.length === 1 ? fresh : fresh.sort((a, b) => a.sample.atMs - b.sample.atMs);
}

type LastSamples = ReadonlyMap<string, number>;

function lastSamples(counter: Counter, series: readonly Series[]): LastSamples {
  const read = series.map((one) => [seriesKey(one), one.timesMs[one.values.findLastIndex(Number.isFinite)]] as const);
  return new Map([
    ...[...counter.series].map(([key, { atMs }]) => [key, atMs] as const),
    ...read.flatMap(([key, atMs]) => (atMs === undefined ? [] : [[key, atMs] as const])),
  ]);
}

/**
 * What a series is that appears after the baseline. Where another one of its metric stopped at a total that it has reached, it may be
 * that one under other labels or from another source: 'moved', so that its first value is no evidence. 'unclear' while that one may only be late.
 */
function originOf(key: string, first: Sample, known: Counter['series'], lastMs: LastSamples): 'new' | 'moved' | 'unclear' {
  const endOf = (of: string) => lastMs.get(of) ?? Number.NEGATIVE_INFINITY;
  let origin: 'new' | 'unclear' = 'new';
  for (const [other, { value }] of known) {
    if (value <= 0 || value > first.value || endOf(other) >= first.atMs || metricOf(other) !== metricOf(key)) continue;
    if (endOf(key) - endOf(other) >= STOPPED_MS) return 'moved';
    origin = 'unclear';
  }
  return origin;
}

function metricOf(key: string): string {
  return key.split('{', 1)[0] ?? '';
}

function foldSample(
  baseline: Baseline,
  before: CounterSeries | undefined,
  { atMs, value }: Sample,
  { key, mayFall }: { readonly key: string; readonly mayFall: boolean },
): CounterSeries {
  if (atMs <= baseline.atMs) {
    if (baseline.decided && before !== undefined && Object.hasOwn(baseline.consumed, key)) return { ...before, atMs };
    return { atMs, value, watermark: value };
  }
  if (before === undefined) return { atMs, value, watermark: 0 };
  if (value >= before.value) return { atMs, value, watermark: before.watermark };
  return { atMs, value, watermark: mayFall ? value - newOf(before) : 0 };
}

function bounded(series: ReadonlyMap<string, CounterSeries>): ReadonlyMap<string, CounterSeries> {
  if (series.size <= 2 * MAX_VANISHED) return series;
  const newestMs = Math.max(...[...series.values()].map(({ atMs }) => atMs));
  const vanished = [...series].filter(([, { atMs }]) => atMs < newestMs - 3_600_000).sort(([, a], [, b]) => b.atMs - a.atMs);
  const kept = new Map(series);
  for (const [key] of vanished.slice(MAX_VANISHED)) kept.delete(key);
  return kept;
}
