import type { Shown } from '../../constructs/spec/constraint/evaluate.ts';
import type { Over } from '../../constructs/spec/constraint/expression.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { Guarantee } from '../../synth/environment.ts';
import type { Sample, Series } from '../ports.ts';
import { between, samplesOf } from '../series.ts';
import { aggregated } from './aggregate.ts';
import { groupBy } from './group-by.ts';

/** How long before a window the sample may lie that growth in it is counted from. */
const LOOKBACK_MS = 300_000;

/**
 * A function over the samples in (toMs - windowMs, toMs]; those that aren't finite are passed over. Of every series alone, then aggregated
 * as the guarantee says; but `count` counts, and `quantile` ranks, the samples of all of them. In words why there is no value.
 * @param series all that the metric has; `present` are those of them that haven't ended, and `rate`, `increase`, `count` and `quantile`
 * look at the others as well, for what they showed inside the window.
 */
export function overWindow(
  over: Over,
  series: { readonly all: readonly Series[]; readonly present: readonly Series[] },
  toMs: number,
  aggregate: Guarantee['aggregate'],
): Shown {
  const { how, windowMs } = over;
  const cut = (some: readonly Series[]) => some.map((one) => slice(one, toMs - windowMs, toMs));
  if (how === 'rate' || how === 'increase') {
    const grown = cut(series.all).flatMap((one) => growthOf(one) ?? []);
    if (grown.length === 0) return `There are fewer than two samples within ${formatDuration(windowMs)}`;
    return aggregated(
      aggregate,
      grown.map(({ growth, seconds }) => (how === 'rate' ? growth / seconds : growth)),
    );
  }
  if (how === 'quantile') return quantileOf(over.quantile ?? Number.NaN, cut(series.all), windowMs);
  if (how === 'count') return cut(series.all).reduce((sum, { inside }) => sum + inside.length, 0);
  const shown = cut(series.present).filter(({ inside }) => inside.length > 0);
  if (shown.length === 0) return `There are no samples within ${formatDuration(windowMs)}`;
  return aggregated(
    aggregate,
    shown.map(({ inside }) => folded(how, inside)),
  );
}

interface Slice {
  readonly labels: Series['labels'];
  readonly name: string;
  /** The newest sample before the window. */
  readonly before: Sample | undefined;
  readonly inside: readonly Sample[];
}

function slice(series: Series, fromMs: number, toMs: number): Slice {
  const { name, labels } = series;
  const known = samplesOf(between(series, fromMs - LOOKBACK_MS, toMs)).filter(({ value }) => Number.isFinite(value));
  const first = known.findIndex(({ atMs }) => atMs > fromMs);
  const inside = first < 0 ? [] : known.slice(first);
  return { name, labels, before: first < 0 ? known.at(-1) : known[first - 1], inside };
}

function folded(how: 'avg' | 'max' | 'min' | 'sum' | 'last', inside: readonly Sample[]): number {
  if (how === 'last') return inside.at(-1)?.value ?? Number.NaN;
  return aggregated(
    how,
    inside.map(({ value }) => value),
  );
}

/**
 * What a counter grew by: no estimate, as PromQL's is, but the sum of its steps. A value below the one before begins again at 0.
 * Undefined with less than two samples, the one before the window counted in.
 */
function growthOf({ before, inside }: Slice): { readonly growth: number; readonly seconds: number } | undefined {
  const steps = before === undefined ? inside : [before, ...inside];
  const [first, last] = [steps[0], steps.at(-1)];
  if (inside.length === 0 || first === undefined || last === undefined || first === last) return undefined;
  let growth = 0;
  let value = first.value;
  for (const step of steps.slice(1)) {
    growth += step.value < value ? step.value : step.value - value;
    value = step.value;
  }
  return { growth, seconds: (last.atMs - first.atMs) / 1000 };
}

function quantileOf(quantile: number, slices: readonly Slice[], windowMs: number): Shown {
  const isHistogram = slices.some(({ name, labels }) => name.endsWith('_bucket') && labels.le !== undefined);
  if (isHistogram) return ofBuckets(quantile, slices) ?? `Its histogram has no observations within ${formatDuration(windowMs)}`;
  const values = slices.flatMap(({ inside }) => inside.map(({ value }) => value)).sort((a, b) => a - b);
  if (values.length === 0) return `There are no samples within ${formatDuration(windowMs)}`;
  const rank = quantile * (values.length - 1);
  const [low = 0, high = 0] = [values[Math.floor(rank)], values[Math.ceil(rank)]];
  return low + (high - low) * (rank - Math.floor(rank));
}

/** As PromQL's `histogram_quantile`: linear inside a bucket, from 0 in the first one, and no more than the greatest finite bound. */
function ofBuckets(quantile: number, slices: readonly Slice[]): number | undefined {
  const byBound = groupBy(slices, ({ labels }) => boundOf(labels.le));
  const bounds = [...byBound.keys()].filter((bound) => !Number.isNaN(bound)).sort((a, b) => a - b);
  let sum = 0;
  const counts = bounds.map((bound) => {
    const growth = (byBound.get(bound) ?? []).reduce((total, one) => total + (growthOf(one)?.growth ?? 0), 0);
    // Buckets may have been scraped in different moments of one observation.
    sum = Math.max(sum, growth);
    return sum;
  });
  const total = counts.at(-1) ?? 0;
  if (bounds.length < 2 || bounds.at(-1) !== Number.POSITIVE_INFINITY || total === 0) return undefined;
  const rank = quantile * total;
  const at = counts.findIndex((count) => count >= rank);
  const upper = bounds[at] ?? 0;
  if (at === bounds.length - 1) return bounds[at - 1];
  if (at === 0 && upper <= 0) return upper;
  const [lower, below] = at === 0 ? [0, 0] : [bounds[at - 1] ?? 0, counts[at - 1] ?? 0];
  return lower + ((upper - lower) * (rank - below)) / ((counts[at] ?? 0) - below);
}

function boundOf(le: string | undefined): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}
