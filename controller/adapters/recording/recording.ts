import { Failure, sentence } from '../../errors.ts';
import type { MetricSource, Series } from '../../ports.ts';
import { between, samplesOf, seriesOf } from '../../series.ts';
import { type Answer, readResult } from '../prometheus/answer.ts';
import { readCsv, separatorOf } from './csv.ts';
import { readOpenMetrics } from './openmetrics.ts';

/**
 * The series of a recording: an answer of Prometheus' `query_range` or `query` as it came, OpenMetrics or Prometheus text with timestamps, or CSV with
 * a time in the first column. Samples oldest first.
 * @param name for messages: the file's.
 * @throws terminal Failure that says what can't be read.
 */
export function readRecording(text: string, name: string): readonly Series[] {
  try {
    return merged(seriesIn(text, name));
  } catch (error) {
    throw new Failure('terminal', `Cannot read the recording ${name}: ${sentence(error)}`, { cause: error });
  }
}

function seriesIn(text: string, name: string): readonly Series[] {
  if (text.trimStart().startsWith('{')) {
    const answer = JSON.parse(text) as Answer;
    if (answer.status === 'error') throw new Error(`it is an error: ${answer.error ?? answer.errorType}`);
    return readResult(answer.data, name);
  }
  const separator = separatorOf(text);
  return separator === undefined ? readOpenMetrics(text) : readCsv(text, separator);
}

/** One for each name and labels, however many files have it; of two samples of one time the last. */
export function merged(series: readonly Series[]): readonly Series[] {
  const bySeries = new Map<string, { readonly one: Series; readonly byTime: Map<number, number> }>();
  for (const one of series) {
    const key = JSON.stringify([one.name, Object.entries(one.labels).sort()]);
    const known = bySeries.get(key) ?? { one, byTime: new Map() };
    for (const { atMs, value } of samplesOf(one)) known.byTime.set(atMs, value);
    bySeries.set(key, known);
  }
  return [...bySeries.values()].map(({ one, byTime }) => {
    const samples = [...byTime].map(([atMs, value]) => ({ atMs, value }));
    return seriesOf(
      one,
      samples.sort((a, b) => a.atMs - b.atMs),
    );
  });
}

/** As if a source had scraped it then. It was looking from the first sample to the last; what it is asked in PromQL, `ask` answers. */
export function recordedSource(series: readonly Series[], name: string, ask?: MetricSource['instant']): MetricSource {
  const firstMs = series.reduce((first, { timesMs }) => Math.min(first, timesMs[0] ?? first), Number.POSITIVE_INFINITY);
  const lastMs = series.reduce((last, { timesMs }) => Math.max(last, timesMs.at(-1) ?? last), Number.NEGATIVE_INFINITY);
  const looking = (fromMs: number, toMs: number): readonly Series[] => {
    const [beginMs, endMs] = [Math.max(firstMs, fromMs + 1), Math.min(lastMs, toMs)];
    const timesMs = beginMs < endMs ? [beginMs, endMs] : [endMs];
    return beginMs > endMs ? [] : [{ name: 'up', labels: {}, timesMs, values: timesMs.map(() => 1) }];
  };
  const hasUp = series.some((one) => one.name === 'up');
  return {
    name,
    samples: async (names, fromMs, toMs) => {
      const found = series.filter((one) => names.includes(one.name)).map((one) => between(one, fromMs, toMs));
      return [...found.filter(({ timesMs }) => timesMs.length > 0), ...(names.includes('up') && !hasUp ? looking(fromMs, toMs) : [])];
    },
    instant:
      ask ??
      (async (expression) => {
        throw new Failure('terminal', `A recording knows no PromQL: ${expression}`);
      }),
    names: async () => [...new Set(series.map((one) => one.name))],
  };
}
