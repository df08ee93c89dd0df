import { sentence } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { type Asked, askFor, type Suspects } from './asking.ts';
import { type Counter, foldCounter, startCounter } from './counter.ts';
import { groupBy } from './group-by.ts';
import { keptMs, LOOKBACK_MS, windowOf } from './look-back.ts';
import { indexSeries, seriesKey, seriesOf } from './measure.ts';
import type { Part } from './member.ts';
import { once } from './once.ts';

/** What was read for one metric of a guarantee: its series over the window, and for counters what they come to. Or why it couldn't be. */
export type Reading =
  | { readonly series: readonly Series[]; readonly source: string; readonly counter?: Counter }
  | { readonly failed: string };

/** How far back a counter is folded anew when the controller has just started. */
const REBUILD_MS = 3_600_000;
const SCRAPED_MS = 120_000;
const FIRST_ROUND_MS = 60_000;

const NOTHING: Asked = { index: indexSeries([]), failed: new Map() };

export interface Question {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly evaluateEveryMs: number;
  /** By {@link Part.key}: what earlier readings came to. */
  readonly counters: ReadonlyMap<string, Counter>;
  readonly suspects: Suspects;
  readonly names: Map<MetricSource, Promise<ReadonlySet<string>>>;
  readonly signal: AbortSignal | undefined;
}

/** Reads for all parts that ask `sources` for one metric: one range of raw samples by names. Never rejects. */
export async function readParts(parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const [only, another] = question.sources;
  if (only !== undefined && another === undefined) return readOr(only, parts, question);
  const readings = new Map<Part, Reading>();
  let waiting = parts;
  for (const source of question.sources) {
    for (const [part, reading] of await readOr(source, waiting, question)) readings.set(part, reading);
    waiting = waiting.filter((part) => !isFound(readings.get(part)));
    if (waiting.length === 0) break;
  }
  return readings;
}

export function isFound(reading: Reading | undefined): reading is Exclude<Reading, { readonly failed: string }> {
  return reading !== undefined && 'series' in reading && reading.series.length > 0;
}

/** Where a source can't be asked, none of it can be read. */
async function readOr(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  try {
    return await readFrom(source, parts, question);
  } catch (error) {
    const failed = sentence(error);
    return new Map(parts.map((part) => [part, { failed }]));
  }
}

const longestWindow = once((parts: readonly Part[]) => parts.reduce((longest, part) => Math.max(longest, windowOf(part)), 0));

async function readFrom(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const { nowMs, counters } = question;
  const windowMs = longestWindow(parts);
  const { index, failed } = await askFor(source, parts, { fromMs: nowMs - windowMs, toMs: nowMs }, question);
  const readings = new Map<Part, Reading>();
  const unstarted: Part[] = [];
  for (const part of parts) {
    const { isCounter, baseline, key } = part;
    const reason = failed.get(part);
    if (reason !== undefined) {
      readings.set(part, { failed: reason });
      continue;
    }
    const series = seriesOf(part, index);
    const counter = counters.get(key);
    if (!isCounter || baseline === undefined || series.length === 0) {
      readings.set(part, { series, source: source.name, ...(counter === undefined ? {} : { counter }) });
    } else if (counter?.baseline.revision === baseline.revision) {
      readings.set(part, {
        series,
        source: source.name,
        counter: foldCounter(takenOver(counter, series, part), series, keptMs(part)),
      });
    } else {
      unstarted.push(part);
    }
  }
  for (const [part, reading] of await startCounters(source, unstarted, question)) readings.set(part, reading);
  return readings;
}

/** Counters that are new here, or whose baseline has moved: what they were at the baseline, and what came since. */
async function startCounters(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const readings = new Map<Part, Reading>();
  if (parts.length === 0) return readings;
  const { nowMs, counters } = question;
  const earliestMs = parts.reduce((first, { baseline }) => Math.min(first, baseline?.atMs ?? nowMs), nowMs) - LOOKBACK_MS;
  const recentMs = Math.max(earliestMs, nowMs - REBUILD_MS);
  const recent = await askFor(source, parts, { fromMs: recentMs, toMs: nowMs }, question);
  for (const [baselineMs, group] of groupBy(parts, ({ baseline }) => baseline?.atMs ?? nowMs)) {
    const knownMs = await knownFrom(source, baselineMs, question);
    const span = { fromMs: baselineMs - LOOKBACK_MS, toMs: Math.min(baselineMs, recentMs) };
    const past = span.fromMs < recentMs ? await askFor(source, group, span, question) : NOTHING;
    for (const part of group) {
      const { baseline, key } = part;
      const reason = recent.failed.get(part) ?? past.failed.get(part);
      if (reason !== undefined) readings.set(part, { failed: reason });
      if (baseline === undefined || reason !== undefined) continue;
      const series = seriesOf(part, recent.index);
      const window = keptMs(part);
      const start = startCounter({ ...baseline, atMs: knownMs }, counters.get(key));
      const before = foldCounter(start, seriesOf(part, past.index), window);
      readings.set(part, { series, source: source.name, counter: foldCounter(takenOver(before, series, part), series, window) });
    }
  }
  return readings;
}

/**
 * Where the series of one name are gone and those of the next one measure the guarantee, a client may have exposed both: what the
 * next ones show first is no evidence when a former one had reached as much, only how they grow.
 */
function takenOver(counter: Counter, series: readonly Series[], { names }: Part): Counter {
  if (series.some((one) => counter.series.has(seriesKey(one)))) return counter;
  // What other metrics of the task had come to is known as well, as an action consumes it all.
  const own = [...counter.series].flatMap(([key, { value }]) => {
    const name = key.split('{', 1)[0] ?? '';
    return names.includes(name) ? [{ name, value }] : [];
  });
  if (series.some(({ name }) => own.some((former) => former.name === name))) return counter;
  const reached = own.filter(({ value }) => value > 0).map(({ value }) => value);
  const added = series.flatMap((one) => {
    const first = one.samples.find(({ value }) => Number.isFinite(value));
    if (first === undefined || !reached.some((value) => value <= first.value)) return [];
    return [[seriesKey(one), { ...first, watermark: first.value }] as const];
  });
  return added.length === 0
    ? counter
    : { baseline: counter.baseline, growths: counter.growths, series: new Map([...counter.series, ...added]) };
}

/**
 * From when on the absence of a series means that there was none: the baseline, when the source was scraping then (`up` has
 * samples). Where its history begins later (it was down, it was lost, it is too long ago), what its first round of scrapes
 * shows may stem from before the baseline, and is no evidence. Without `up` nothing is known before now.
 */
export async function knownFrom(source: MetricSource, baselineMs: number, { nowMs, signal }: Question): Promise<number> {
  const then = await source.samples(['up'], baselineMs - SCRAPED_MS, baselineMs, signal);
  if (then.some(({ samples }) => samples.length > 0)) return baselineMs;
  const later = await source.samples(['up'], Math.max(baselineMs, nowMs - REBUILD_MS), nowMs, signal);
  const firsts = later.flatMap(({ samples }) => samples.find(({ value }) => value === 1)?.atMs ?? []);
  const roundMs = Math.min(...firsts) + FIRST_ROUND_MS;
  return firsts.length === 0 ? nowMs : Math.max(...firsts.filter((atMs) => atMs <= roundMs));
}
