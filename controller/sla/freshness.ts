import type { Sample, Series } from '../ports.ts';

/** Prometheus' own default interval between scrapes: what a single sample is taken to come with. */
const DEFAULT_SPACING_MS = 60_000;
const MIN_AGE_MS = 60_000;
/** What a scrape and its answer may take beyond its interval. */
const SCRAPE_MS = 5_000;

/** What says how old a sample may be. */
export interface Freshness {
  readonly evaluateEveryMs: number;
  /** As the guarantee says it; two evaluations and the interval between a series' samples when it doesn't, at least a minute. */
  readonly maxAgeMs: number | undefined;
}

export function newest(series: Series): Sample | undefined {
  return series.samples.at(-1);
}

/** Series whose newest sample is not too old at `nowMs`. */
export function current(series: readonly Series[], nowMs: number, freshness: Freshness): readonly Series[] {
  for (const one of series) if (!isCurrent(one, nowMs, freshness)) return series.filter((other) => isCurrent(other, nowMs, freshness));
  return series;
}

function isCurrent(series: Series, nowMs: number, freshness: Freshness): boolean {
  const last = newest(series);
  if (last === undefined) return false;
  const ageMs = nowMs - last.atMs;
  return ageMs <= (freshness.maxAgeMs ?? MIN_AGE_MS) || ageMs <= oldestMs(series, freshness);
}

/** Whether a series that still counts has missed a scrape: it may have ended, so that a sum with it is in doubt. */
export function overdue(series: Series, nowMs: number): boolean {
  const last = newest(series);
  if (last === undefined || nowMs - last.atMs <= SCRAPE_MS) return false;
  const spacing = spacingMs(series);
  return spacing !== undefined && nowMs - last.atMs > 1.5 * spacing + SCRAPE_MS;
}

/**
 * Since when the samples of `series` after `fromMs` have come up to now without a gap: the oldest one of that time, or `fromMs` when
 * there is none either between the two. Undefined when there is no sample.
 */
export function gaplessSinceMs(series: readonly Series[], fromMs: number, freshness: Freshness): number | undefined {
  const samples = series
    .flatMap((one) => one.samples.filter(({ atMs, value }) => atMs > fromMs && !Number.isNaN(value)))
    .sort((a, b) => a.atMs - b.atMs);
  const gapMs = oldestMs({ name: '', labels: {}, samples }, freshness);
  const start = samples.findLastIndex(({ atMs }, at) => atMs - (samples[at - 1]?.atMs ?? fromMs) > gapMs);
  return start === -1 && samples.length > 0 ? fromMs : samples[start]?.atMs;
}

/** How old a series' newest sample may be. */
function oldestMs(series: Series, { evaluateEveryMs, maxAgeMs }: Freshness): number {
  return maxAgeMs ?? Math.max(MIN_AGE_MS, 2 * evaluateEveryMs + (spacingMs(series) ?? DEFAULT_SPACING_MS));
}

/** The median interval between samples; undefined with fewer than three. */
function spacingMs({ samples }: Series): number | undefined {
  if (samples.length < 3) return undefined;
  const evenMs = gapMs(samples, 1);
  // Mostly all gaps are the same: nothing needs to be sorted then.
  for (let at = 2; at < samples.length; at += 1) if (gapMs(samples, at) !== evenMs) return medianGapMs(samples);
  return evenMs;
}

function medianGapMs(samples: readonly Sample[]): number | undefined {
  const gaps = samples.slice(1).map((_, index) => gapMs(samples, index + 1));
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
}

function gapMs(samples: readonly Sample[], at: number): number {
  return (samples[at]?.atMs ?? 0) - (samples[at - 1]?.atMs ?? 0);
}
