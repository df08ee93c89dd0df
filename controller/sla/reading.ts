import { sentence } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { samplesOf } from '../series.ts';
import { type Asked, askFor, type Suspects } from './asking.ts';
import type { Together } from './batch.ts';
import { type Counter, foldCounter, startCounter } from './counter.ts';
import { groupBy } from './group-by.ts';
import { keptMs, LOOKBACK_MS, windowOf } from './look-back.ts';
import { namesOf, SeriesIndex, seriesKey } from './measure.ts';
import type { Part } from './member.ts';
import { once } from './once.ts';

/** What was read for one metric of a guarantee: its series over the window, and for counters what they come to. Or why it couldn't be. */
export type Reading =
  | { readonly series: readonly Series[]; readonly source: string; readonly counter?: Counter }
  | { readonly failed: string };

/** What was read for a member: of its parts, in their order. */
export type Readings = readonly (Reading | undefined)[];

/** How far back a counter is folded anew when the controller has just started. */
export const REBUILD_MS = 3_600_000;
const SCRAPED_MS = 120_000;
const FIRST_ROUND_MS = 60_000;

const NOTHING: Asked = { index: new SeriesIndex([]), failed: new Map() };

export interface Question {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly evaluateEveryMs: number;
  readonly suspects: Suspects;
  readonly together: Together;
  readonly names: Map<MetricSource, Promise<readonly string[] | undefined>>;
  readonly signal: AbortSignal | undefined;
}

/** Reads for all parts that ask `sources` for one metric, one range of raw samples by names; in their order. Never rejects. */
export async function readParts(parts: readonly Part[], question: Question): Promise<readonly Reading[]> {
  const [only, ...others] = question.sources;
  if (only === undefined) return parts.map(() => ({ failed: 'No source to ask' }));
  const readings = [...(await readOr(only, parts, question))];
  for (const source of others) {
    const waiting = [...parts.keys()].filter((at) => !isFound(readings[at]));
    if (waiting.length === 0) break;
    const found = await readOr(
      source,
      waiting.map((at) => parts[at] as Part),
      question,
    );
    waiting.forEach((at, index) => {
      readings[at] = better(readings[at] as Reading, found[index] as Reading);
    });
  }
  return readings;
}

/** Where an earlier source couldn't be asked, nobody knows that it has nothing. */
function better(earlier: Reading, later: Reading): Reading {
  if (isFound(later) || 'series' in earlier) return later;
  return 'failed' in later ? { failed: `${earlier.failed}; ${later.failed}` } : earlier;
}

export function isFound(reading: Reading | undefined): reading is Exclude<Reading, { readonly failed: string }> {
  return reading !== undefined && 'series' in reading && reading.series.length > 0;
}

/** Where a source can't be asked, none of it can be read. */
async function readOr(source: MetricSource, parts: readonly Part[], question: Question): Promise<readonly Reading[]> {
  try {
    return await readFrom(source, parts, question);
  } catch (error) {
    const failed = sentence(error);
    return parts.map(() => ({ failed }));
  }
}

async function readFrom(source: MetricSource, parts: readonly Part[], question: Question): Promise<readonly Reading[]> {
  const { nowMs } = question;
  const windowMs = longestOf(parts);
  const { index, failed } = await askFor(source, parts, { fromMs: nowMs - windowMs, toMs: nowMs }, question);
  const readings = parts.map((part) => {
    const reason = failed.size === 0 ? undefined : failed.get(part);
    return reason === undefined ? readingOf(part, index.of(part), source.name) : { failed: reason };
  });
  const unstarted = parts.filter((_, at) => readings[at] === undefined);
  if (unstarted.length === 0) return readings as readonly Reading[];
  const started = await startCounters(source, unstarted, question);
  return parts.map((part, at) => readings[at] ?? started.get(part) ?? { failed: 'It was not read' });
}

const longestOf = once((parts: readonly Part[]) => parts.reduce((longest, part) => Math.max(longest, windowOf(part)), 0));

/** Undefined of a counter that is new here, or whose baseline has moved. */
function readingOf(part: Part, series: readonly Series[], source: string): Reading | undefined {
  const { isCounter, baseline, known } = part;
  const { counter } = known;
  if (!isCounter || baseline === undefined || series.length === 0)
    return counter === undefined ? { series, source } : { series, source, counter };
  if (counter?.baseline.revision !== baseline.revision) return undefined;
  return { series, source, counter: foldCounter(takenOver(counter, series, part), series, { keptMs: keptMs(part) }) };
}

/** Counters that are new here, or whose baseline has moved: what they were at the baseline, and what came since. */
async function startCounters(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const readings = new Map<Part, Reading>();
  if (parts.length === 0) return readings;
  const { nowMs } = question;
  const earliestMs = parts.reduce((first, { baseline }) => Math.min(first, baseline?.atMs ?? nowMs), nowMs) - LOOKBACK_MS;
  const recentMs = Math.max(earliestMs, nowMs - REBUILD_MS);
  const recent = await askFor(source, parts, { fromMs: recentMs, toMs: nowMs }, question);
  for (const [baselineMs, group] of groupBy(parts, ({ baseline }) => baseline?.atMs ?? nowMs)) {
    const knownMs = await knownFrom(source, baselineMs, question);
    const span = { fromMs: baselineMs - LOOKBACK_MS, toMs: Math.min(baselineMs, recentMs) };
    const past = span.fromMs < recentMs ? await askFor(source, group, span, question) : NOTHING;
    for (const part of group) {
      const { baseline, known } = part;
      const reason = recent.failed.get(part) ?? past.failed.get(part);
      if (reason !== undefined) readings.set(part, { failed: reason });
      if (baseline === undefined || reason !== undefined) continue;
      const series = recent.index.of(part);
      const counting = { keptMs: keptMs(part) };
      const start = startCounter(knownMs === baseline.atMs ? baseline : { ...baseline, atMs: knownMs }, known.counter);
      const before = foldCounter(start, past.index.of(part), counting);
      readings.set(part, { series, source: source.name, counter: foldCounter(takenOver(before, series, part), series, counting) });
    }
  }
  return readings;
}

/**
 * Where the series of one name are gone and those of the next one measure the guarantee, a client may have exposed both: what the
 * next ones show first is no evidence when a former one had reached as much, only how they grow.
 */
function takenOver(counter: Counter, series: readonly Series[], part: Part): Counter {
  if (series.some((one) => counter.series.has(seriesKey(one)))) return counter;
  const names = namesOf(part);
  // What other metrics of the task had come to is known as well, as an action consumes it all.
  const own = [...counter.series].flatMap(([key, { value }]) => {
    const name = key.split('{', 1)[0] ?? '';
    return names.includes(name) ? [{ name, value }] : [];
  });
  if (series.some(({ name }) => own.some((former) => former.name === name))) return counter;
  const reached = own.filter(({ value }) => value > 0).map(({ value }) => value);
  const added = series.flatMap((one) => {
    const first = samplesOf(one).find(({ value }) => Number.isFinite(value));
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
  if (then.some(({ timesMs }) => timesMs.length > 0)) return baselineMs;
  const later = await source.samples(['up'], Math.max(baselineMs, nowMs - REBUILD_MS), nowMs, signal);
  const firsts = later.flatMap(({ timesMs, values }) => timesMs[values.indexOf(1)] ?? []);
  const roundMs = Math.min(...firsts) + FIRST_ROUND_MS;
  return firsts.length === 0 ? nowMs : Math.max(...firsts.filter((atMs) => atMs <= roundMs));
}
