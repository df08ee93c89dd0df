import { Failure, sentence } from '../../errors.ts';
import type { MetricSource, Sample, Series } from '../../ports.ts';
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
  const bySeries = new Map<string, { readonly one: Series; readonly samples: Map<number, Sample> }>();
  for (const one of series) {
    const key = JSON.stringify([one.name, Object.entries(one.labels).sort()]);
    const known = bySeries.get(key) ?? { one, samples: new Map() };
    for (const sample of one.samples) known.samples.set(sample.atMs, sample);
    bySeries.set(key, known);
  }
  return [...bySeries.values()].map(({ one, samples }) => ({ ...one, samples: [...samples.values()].sort((a, b) => a.atMs - b.atMs) }));
}

/** As if a source had scraped it then. It was looking from the first sample to the last; what it is asked in PromQL, `ask` answers. */
export function recordedSource(series: readonly Series[], name: string, ask?: MetricSource['instant']): MetricSource {
  const firstMs = series.reduce((first, { samples }) => Math.min(first, samples[0]?.atMs ?? first), Number.POSITIVE_INFINITY);
  const lastMs = series.reduce((last, { samples }) => Math.max(last, samples.at(-1)?.atMs ?? last), Number.NEGATIVE_INFINITY);
  const looking = (fromMs: number, toMs: number): readonly Series[] => {
    const [beginMs, endMs] = [Math.max(firstMs, fromMs + 1), Math.min(lastMs, toMs)];
    const times = beginMs < endMs ? [beginMs, endMs] : [endMs];
    return beginMs > endMs ? [] : [{ name: 'up', labels: {}, samples: times.map((atMs) => ({ atMs, value: 1 })) }];
  };
  const hasUp = series.some((one) => one.name === 'up');
  return {
    name,
    samples: async (names, fromMs, toMs) => {
      const found = series
        .filter((one) => names.includes(one.name))
        .map((one) => ({ ...one, samples: between(one.samples, fromMs, toMs) }));
      return [...found.filter(({ samples }) => samples.length > 0), ...(names.includes('up') && !hasUp ? looking(fromMs, toMs) : [])];
    },
    instant:
      ask ??
      (async (expression) => {
        throw new Failure('terminal', `A recording knows no PromQL: ${expression}`);
      }),
    names: async () => [...new Set(series.map((one) => one.name))],
  };
}

/** In (fromMs, toMs]. */
function between(samples: readonly Sample[], fromMs: number, toMs: number): readonly Sample[] {
  return samples.slice(after(samples, fromMs), after(samples, toMs));
}

/** The place of the first sample after a time. */
function after(samples: readonly Sample[], atMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
