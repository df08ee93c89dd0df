import type { Counter, Growth } from './counter.ts';
import { isFound, type Reading } from './reading.ts';

/** What several sources show of one metric, as if one did: its series have keys of their own, and a counter is the sum of all. */
export function mergedReading(readings: readonly (Reading | undefined)[]): Reading {
  const found = readings.filter(isFound);
  const series = found.flatMap((reading) => reading.series);
  const source = [...new Set(found.map((reading) => reading.source))].join(', ');
  const counter = mergedCounter(found.flatMap((reading) => reading.counter ?? []));
  return { series, source, ...(counter === undefined ? {} : { counter }) };
}

function mergedCounter(counters: readonly Counter[]): Counter | undefined {
  const [first, ...others] = counters;
  if (first === undefined || others.length === 0) return first;
  return {
    baseline: first.baseline,
    series: new Map(counters.flatMap(({ series }) => [...series])),
    growths: mergedGrowths(counters.map(({ growths }) => growths)),
  };
}

/** After each growth of any, what is new in all; of one that hasn't grown yet inside what is remembered, nothing. */
function mergedGrowths(all: readonly (readonly Growth[])[]): readonly Growth[] {
  const reached = all.map(() => 0);
  const growths = all.flatMap((own, of) => own.map((growth) => ({ ...growth, of }))).sort((a, b) => a.atMs - b.atMs);
  return growths.map(({ atMs, value, of }) => {
    reached[of] = value;
    return { atMs, value: reached.reduce((sum, one) => sum + one, 0) };
  });
}
