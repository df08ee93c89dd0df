import { taskIdForms } from '../../constructs/spec/names.ts';
import { queryOf } from '../../constructs/spec/promql.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import { QueryError, sentence } from '../errors.ts';
import type { MetricSource, Sample, Series } from '../ports.ts';
import { samplesOf, seriesOf } from '../series.ts';
import { createBatch, type Query } from './batch.ts';
import { foldCounter, startCounter } from './counter.ts';
import { oldestMs } from './freshness.ts';
import { groupBy } from './group-by.ts';
import { keptMs, lookedBackMs } from './look-back.ts';
import { placed, queriedName } from './measure.ts';
import { keyOf, type Part } from './member.ts';
import { knownFrom, type Question, REBUILD_MS, type Reading } from './reading.ts';

/** Reads guarantees that have a PromQL `query`. What several ask in the same words is asked once. In their order; never rejects. */
export async function readQueries(parts: readonly Part[], question: Question): Promise<readonly Reading[]> {
  const askers = question.sources.map((source) => createAsker(source, question));
  return Promise.all(parts.map((part) => readQuery(part, askers, question)));
}

/** A query's series, by the value of a label. */
type Ask = (query: Query, by: string | undefined) => Promise<ReadonlyMap<string, readonly Series[]>>;

export interface Asker {
  readonly source: MetricSource;
  readonly ask: Ask;
  readonly knownFrom: (baselineMs: number) => Promise<number>;
}

/** Asks a source the same once, and what is asked in the same words for several tasks together. */
export function createAsker(source: MetricSource, question: Question): Asker {
  const batch = createBatch(source, question.together, question.signal);
  const ask = remembering(batch);
  const labelled = remembering(async ([query, by]: Parameters<Ask>) =>
    groupBy(await ask(query), ({ labels }) => (by === undefined ? '' : (labels[by] ?? ''))),
  );
  const known = remembering((baselineMs: number) => knownFrom(source, baselineMs, question));
  return { source, ask: (...asked) => labelled(asked), knownFrom: known };
}

function remembering<Key, Answer>(ask: (key: Key) => Promise<Answer>): (key: Key) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (key) => {
    const text = JSON.stringify(key);
    const answer = asked.get(text) ?? ask(key);
    asked.set(text, answer);
    return answer;
  };
}

/** Of the first source that has it; the embedded push source knows no PromQL. */
async function readQuery(part: Part, askers: readonly Asker[], question: Question): Promise<Reading> {
  let last: Reading = { failed: 'No source to ask' };
  for (const asker of askers) {
    try {
      last = await readFrom(asker, part, question);
      question.suspects.delete(keyOf(part));
      if ('series' in last) return last;
    } catch (error) {
      last = { failed: sentence(error) };
      if (error instanceof QueryError) question.suspects.set(keyOf(part), { reason: last.failed, names: [] });
    }
  }
  return last;
}

async function readFrom(asker: Asker, part: Part, question: Question): Promise<Reading> {
  const { source, ask, knownFrom } = asker;
  const { agreement, guarantee, isCounter, baseline, known } = part;
  const { by, query: written = '' } = guarantee;
  const name = queriedName(agreement, guarantee);
  const maxAgeMs = maxAgeOf(part, question);
  const words = { words: written, expression: queryOf(agreement.task, written) };
  const own = async (at: Pick<Query, 'atMs' | 'maxAgeMs'>) => ownOf(part, await ask({ ...words, ...at }, by));
  const now = await own({ atMs: question.nowMs, maxAgeMs });
  if (now.length !== 1) {
    const which = by === undefined ? 'one series' : `one series with ${by} ${agreement.task.id}`;
    const how = now.length === 0 ? `, from samples of the last ${formatDuration(maxAgeMs)}` : '';
    return { failed: `Its query must give ${which}: ${now.length}${how}` };
  }
  const earlier = known.counter;
  const isBegun = !isCounter || baseline === undefined || earlier?.baseline.revision === baseline.revision;
  const from = isBegun ? undefined : { ...baseline, atMs: await knownFrom(baseline.atMs) };
  const sinceMs = from === undefined ? 0 : Math.min(question.nowMs - from.atMs, REBUILD_MS);
  const backMs = Math.max(lookedBackMs(part), sinceMs);
  const past = backMs === 0 ? [] : await readPast(asker, part, backMs, question);
  const series = merged(name, past, now);
  if (!isCounter || baseline === undefined) return { series, source: source.name };
  // A function keeps no name, and what it sums up falls when a part of it is gone.
  const counting = { keptMs: keptMs(part), mayFall: now[0]?.name === '' };
  if (from === undefined) return { series, source: source.name, counter: foldCounter(earlier ?? startCounter(baseline), series, counting) };
  const then = await own({ atMs: from.atMs });
  return {
    series,
    source: source.name,
    counter: foldCounter(startCounter(from, earlier), merged(name, [...then, ...past], now), counting),
  };
}

/** What a part's query gave over the last `backMs`, one value an evaluation period. */
export async function readPast({ ask }: Asker, part: Part, backMs: number, question: Question): Promise<readonly Series[]> {
  const { agreement, guarantee } = part;
  const { by, query: words = '' } = guarantee;
  const range = `[${backMs}ms:${question.evaluateEveryMs}ms]`;
  const query = { words, expression: queryOf(agreement.task, words), range, atMs: question.nowMs, maxAgeMs: maxAgeOf(part, question) };
  return ownOf(part, await ask(query, by));
}

function maxAgeOf({ guarantee }: Part, { evaluateEveryMs }: Question): number {
  return oldestMs({ timesMs: [] }, { evaluateEveryMs, maxAgeMs: guarantee.maxAge });
}

function ownOf({ agreement, guarantee: { by } }: Part, series: ReadonlyMap<string, readonly Series[]>): readonly Series[] {
  return placed(
    agreement,
    (by === undefined ? [''] : taskIdForms(agreement.task.id)).flatMap((form) => series.get(form) ?? []),
  );
}

/** When a query gave one value, and which. */
export function alone(series: readonly Series[]): readonly Sample[] {
  const samples = groupBy(series.flatMap(samplesOf), ({ atMs }) => atMs);
  return [...samples.values()].flatMap((all) => (all.length === 1 ? all : [])).sort((a, b) => a.atMs - b.atMs);
}

/** One series out of answers about the same one at several times. */
function merged(name: string, past: readonly Series[], now: readonly Series[]): readonly Series[] {
  const [first] = now.flatMap(samplesOf);
  const before = alone(past).filter(({ atMs }) => first === undefined || atMs < first.atMs);
  return [seriesOf({ name, labels: now[0]?.labels ?? {} }, first === undefined ? before : [...before, first])];
}
