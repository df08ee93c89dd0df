import { sentence } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { type Counter, foldCounter, startCounter } from './counter.ts';
import { groupBy } from './group-by.ts';
import { indexSeries, queryOf, seriesKey, seriesOf } from './measure.ts';
import type { Part } from './member.ts';

/** What was read for one metric of a guarantee: its series over the window, and for counters what they come to. Or why it couldn't be. */
export type Reading =
  | { readonly series: readonly Series[]; readonly source: string; readonly counter?: Counter }
  | { readonly failed: string };

/** How far back Prometheus itself looks for a series' value at a time. */
const LOOKBACK_MS = 300_000;
/** How far back a counter is folded anew when the controller has just started. */
const REBUILD_MS = 3_600_000;
const SCRAPED_MS = 120_000;
const FIRST_ROUND_MS = 60_000;

interface Question {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly evaluateEveryMs: number;
  /** By {@link Part.key}: what earlier readings came to. */
  readonly counters: ReadonlyMap<string, Counter>;
  readonly signal: AbortSignal | undefined;
}

/** Reads for all parts that ask `sources` for one metric: one range of raw samples by names. Never rejects. */
export async function readParts(parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const readings = new Map<Part, Reading>();
  let waiting = parts;
  for (const source of question.sources) {
    const asked = waiting;
    try {
      for (const [part, reading] of await readFrom(source, asked, question)) readings.set(part, reading);
    } catch (error) {
      for (const part of asked) readings.set(part, { failed: sentence(error) });
    }
    waiting = asked.filter((part) => !isFound(readings.get(part)));
    if (waiting.length === 0) break;
  }
  return readings;
}

/** Reads a guarantee that has a PromQL `query`, which must give exactly one series. Never rejects. */
export async function readQuery(part: Part, question: Question): Promise<Reading> {
  const { agreement, guarantee, key, isCounter, baseline } = part;
  const { nowMs, signal, evaluateEveryMs } = question;
  // The embedded push source knows no PromQL, and stands first.
  const source = question.sources.at(-1);
  if (source === undefined || guarantee.query === undefined) return { failed: 'No source to ask' };
  const query = queryOf(agreement, guarantee.query);
  const ask = async (expression: string, atMs: number) =>
    (await source.instant(expression, atMs, signal)).map(({ labels, samples }) => ({
      name: `${agreement.id}:${guarantee.name}`,
      labels,
      samples,
    }));
  try {
    const now = await ask(query, nowMs);
    if (now.length !== 1) return { failed: `Its query must give one series: ${now.length}` };
    const window = keptMs(part);
    const backMs = lookedBackMs(part);
    const past = backMs === 0 ? [] : await ask(`(${query}\n)[${backMs}ms:${evaluateEveryMs}ms]`, nowMs);
    const series = merged([...past, ...now]);
    if (!isCounter || baseline === undefined) return { series, source: source.name };
    const earlier = question.counters.get(key);
    if (earlier?.baseline.revision === baseline.revision)
      return { series, source: source.name, counter: foldCounter(earlier, series, window) };
    const from = { ...baseline, atMs: await knownFrom(source, baseline.atMs, question) };
    const counter = foldCounter(startCounter(from, earlier), merged([...(await ask(query, from.atMs)), ...series]), window);
    return { series, source: source.name, counter };
  } catch (error) {
    return { failed: sentence(error) };
  }
}

export function isFound(reading: Reading | undefined): reading is Exclude<Reading, { readonly failed: string }> {
  return reading !== undefined && 'series' in reading && reading.series.length > 0;
}

async function readFrom(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const { nowMs, counters, signal } = question;
  const windowMs = Math.max(...parts.map(windowOf));
  const index = indexSeries(await source.samples(namesOfAll(parts), nowMs - windowMs, nowMs, signal));
  const readings = new Map<Part, Reading>();
  const unstarted: Part[] = [];
  for (const part of parts) {
    const { isCounter, baseline, key } = part;
    const series = seriesOf(part, index);
    const counter = counters.get(key);
    if (!isCounter || baseline === undefined || series.length === 0) {
      readings.set(part, { series, source: source.name, ...(counter === undefined ? {} : { counter }) });
    } else if (counter?.baseline.revision === baseline.revision) {
      readings.set(part, {
        series,
        source: source.name,
        counter: foldCounter(takenOver(counter, series), series, keptMs(part)),
      });
    } else {
      unstarted.push(part);
    }
  }
  for (const [part, reading] of await startCounters(source, unstarted, question)) readings.set(part, reading);
  return readings;
}

/** How far back samples are looked at: what a window begins with may be as old as Prometheus would take it. */
function windowOf(part: Part): number {
  const { guarantee, leaf } = part;
  const counted = lookedBackMs(part);
  const shown = leaf.over === undefined ? counted : counted + leaf.over.windowMs + LOOKBACK_MS;
  return Math.max(LOOKBACK_MS, shown, guarantee.maxAge ?? 0);
}

/** How far back it is looked at what the guarantee was worth: for violations that are counted, and for its horizon. */
function lookedBackMs({ agreement: { template }, horizonMs }: Part): number {
  return Math.max(template.maxAllowed > 0 ? template.window : 0, horizonMs);
}

function keptMs({ agreement, horizonMs }: Part): number {
  return Math.max(agreement.template.window, horizonMs);
}

/** Counters that are new here, or whose baseline has moved: what they were at the baseline, and what came since. */
async function startCounters(source: MetricSource, parts: readonly Part[], question: Question): Promise<ReadonlyMap<Part, Reading>> {
  const readings = new Map<Part, Reading>();
  if (parts.length === 0) return readings;
  const { nowMs, counters, signal } = question;
  const earliestMs = Math.min(...parts.map(({ baseline }) => baseline?.atMs ?? nowMs)) - LOOKBACK_MS;
  const recentMs = Math.max(earliestMs, nowMs - REBUILD_MS);
  const recent = indexSeries(await source.samples(namesOfAll(parts), recentMs, nowMs, signal));
  for (const [baselineMs, group] of groupBy(parts, ({ baseline }) => baseline?.atMs ?? nowMs)) {
    const knownMs = await knownFrom(source, baselineMs, question);
    const old =
      baselineMs - LOOKBACK_MS < recentMs
        ? await source.samples(namesOfAll(group), baselineMs - LOOKBACK_MS, Math.min(baselineMs, recentMs), signal)
        : [];
    const past = indexSeries(old);
    for (const part of group) {
      const { baseline, key } = part;
      if (baseline === undefined) continue;
      const series = seriesOf(part, recent);
      const window = keptMs(part);
      const start = startCounter({ ...baseline, atMs: knownMs }, counters.get(key));
      const before = foldCounter(start, seriesOf(part, past), window);
      readings.set(part, { series, source: source.name, counter: foldCounter(takenOver(before, series), series, window) });
    }
  }
  return readings;
}

/**
 * Where the series of one name are gone and those of the next one measure the guarantee, a client may have exposed both: what the
 * next ones show first is no evidence when a former one had reached as much, only how they grow.
 */
function takenOver(counter: Counter, series: readonly Series[]): Counter {
  const names = new Set([...counter.series.keys()].map((key) => key.split('{', 1)[0]));
  if (series.some(({ name }) => names.has(name))) return counter;
  const reached = [...counter.series.values()].filter(({ value }) => value > 0).map(({ value }) => value);
  const added = series.flatMap((one) => {
    const first = one.samples.find(({ value }) => Number.isFinite(value));
    if (first === undefined || !reached.some((value) => value <= first.value)) return [];
    return [[seriesKey(one), { ...first, watermark: first.value }] as const];
  });
  return added.length === 0 ? counter : { ...counter, series: new Map([...counter.series, ...added]) };
}

/**
 * From when on the absence of a series means that there was none: the baseline, when the source was scraping then (`up` has
 * samples). Where its history begins later (it was down, it was lost, it is too long ago), what its first round of scrapes
 * shows may stem from before the baseline, and is no evidence. Without `up` nothing is known before now.
 */
async function knownFrom(source: MetricSource, baselineMs: number, { nowMs, signal }: Question): Promise<number> {
  const then = await source.samples(['up'], baselineMs - SCRAPED_MS, baselineMs, signal);
  if (then.some(({ samples }) => samples.length > 0)) return baselineMs;
  const later = await source.samples(['up'], Math.max(baselineMs, nowMs - REBUILD_MS), nowMs, signal);
  const firsts = later.flatMap(({ samples }) => samples.find(({ value }) => value === 1)?.atMs ?? []);
  const roundMs = Math.min(...firsts) + FIRST_ROUND_MS;
  return firsts.length === 0 ? nowMs : Math.max(...firsts.filter((atMs) => atMs <= roundMs));
}

function namesOfAll(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.flatMap(({ names }) => names))];
}

/** One series out of answers about the same one at several times. */
function merged(series: readonly Series[]): readonly Series[] {
  const [first] = series;
  if (first === undefined) return [];
  const samples = series.flatMap((one) => one.samples).sort((a, b) => a.atMs - b.atMs);
  return [{ ...first, samples }];
}
