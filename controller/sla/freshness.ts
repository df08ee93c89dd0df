import type { Series } from '../ports.ts';

/** Prometheus' own default interval between scrapes: what a single sample is taken to come with. */
const DEFAULT_SPACING_MS = 60_000;
/** What a scrape and its answer may take beyond its interval. */
const SCRAPE_MS = 5_000;

/** What says how old a sample may be. */
export interface Freshness {
  readonly evaluateEveryMs: number;
  /** As the guarantee says it; two evaluations and the interval between a series' samples when it doesn't. */
  readonly maxAgeMs: number | undefined;
}

/** Series whose newest sample is not too old at `nowMs`. */
export function current(series: readonly Series[], nowMs: number, freshness: Freshness): readonly Series[] {
  for (const one of series) if (!isCurrent(one, nowMs, freshness)) return series.filter((other) => isCurrent(other, nowMs, freshness));
  return series;
}

function isCurrent(series: Series, nowMs: number, freshness: Freshness): boolean {
  const lastMs = series.timesMs.at(-1);
  if (lastMs === undefined) return false;
  const ageMs = nowMs - lastMs;
  return ageMs <= (freshness.maxAgeMs ?? 2 * freshness.evaluateEveryMs) || ageMs <= oldestMs(series, freshness);
}

/** Whether a series that still counts has missed a scrape: it may have ended, so that a sum with it is in doubt. */
export function overdue(series: Series, nowMs: number): boolean {
  const lastMs = series.timesMs.at(-1);
  if (lastMs === undefined || nowMs - lastMs <= SCRAPE_MS) return false;
  const spacing = spacingMs(series.timesMs);
  return spacing !== undefined && nowMs - lastMs > 1.5 * spacing + SCRAPE_MS;
}

/**
 * Since when the samples of `series` after `fromMs` have come up to now without a gap: the oldest one of that time, or `fromMs` when
 * there is none either between the two. Undefined when there is no sample.
 */
export function gaplessSinceMs(series: readonly Series[], fromMs: number, freshness: Freshness): number | undefined {
  const timesMs = series
    .flatMap((one) => one.timesMs.filter((atMs, at) => atMs > fromMs && !Number.isNaN(one.values[at])))
    .sort((a, b) => a - b);
  // Of each alone: those of all together stand closer than any is scraped.
  const longestMs = series.reduce((longest, one) => Math.max(longest, oldestMs(one, freshness)), 0);
  const start = timesMs.findLastIndex((atMs, at) => atMs - (timesMs[at - 1] ?? fromMs) > longestMs);
  return start === -1 && timesMs.length > 0 ? fromMs : timesMs[start];
}

/** How old a series' newest sample may be; of a series without samples, when nobody knows their interval. */
export function oldestMs({ timesMs }: Pick<Series, 'timesMs'>, { evaluateEveryMs, maxAgeMs }: Freshness): number {
  return maxAgeMs ?? 2 * evaluateEveryMs + (spacingMs(timesMs) ?? DEFAULT_SPACING_MS);
}

/** The median interval between samples; undefined with fewer than three. */
function spacingMs(timesMs: readonly number[]): number | undefined {
  if (timesMs.length < 3) return undefined;
  const evenMs = gapMs(timesMs, 1);
  // Mostly all gaps are the same: nothing needs to be sorted then.
  for (let at = 2; at < timesMs.length; at += 1) if (gapMs(timesMs, at) !== evenMs) return medianGapMs(timesMs);
  return evenMs;
}

function medianGapMs(timesMs: readonly number[]): number | undefined {
  const gaps = timesMs.slice(1).map((_, index) => gapMs(timesMs, index + 1));
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
}

function gapMs(timesMs: readonly number[], at: number): number {
  return (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
}
