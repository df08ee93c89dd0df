import type { Sample, Series } from './ports.ts';

/** @param samples oldest first. */
export function seriesOf({ name, labels }: Pick<Series, 'name' | 'labels'>, samples: readonly Sample[]): Series {
  return { name, labels, timesMs: samples.map(({ atMs }) => atMs), values: samples.map(({ value }) => value) };
}

/** Oldest first. */
export function samplesOf({ timesMs, values }: Pick<Series, 'timesMs' | 'values'>): readonly Sample[] {
  return timesMs.map((atMs, at) => ({ atMs, value: values[at] ?? Number.NaN }));
}

/** With its samples in (fromMs, toMs] alone. */
export function between(series: Series, fromMs: number, toMs: number): Series {
  const { timesMs, values } = series;
  const [first, end] = [firstAfter(timesMs, fromMs), firstAfter(timesMs, toMs)];
  if (first === 0 && end === timesMs.length) return series;
  return { ...series, timesMs: timesMs.slice(first, end), values: values.slice(first, end) };
}

/** The place of the first of the times after `atMs`. */
function firstAfter(timesMs: readonly number[], atMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
