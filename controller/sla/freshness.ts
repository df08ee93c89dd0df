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
export function current(series: readonly Series[], nowMs: number, { evaluateEveryMs, maxAgeMs }: Freshness): readonly Series[] {
  return series.filter((one) => {
    const oldestMs = nowMs - (maxAgeMs ?? Math.max(MIN_AGE_MS, 2 * evaluateEveryMs + (spacingMs(one) ?? DEFAULT_SPACING_MS)));
    return (newest(one)?.atMs ?? Number.NEGATIVE_INFINITY) >= oldestMs;
  });
}

/** Whether a series that still counts has missed a scrape: it may have ended, so that a sum with it is in doubt. */
export function overdue(series: Series, nowMs: number): boolean {
  const spacing = spacingMs(series);
  const last = newest(series);
  return spacing !== undefined && last !== undefined && nowMs - last.atMs > 1.5 * spacing + SCRAPE_MS;
}

/** The median interval between samples; undefined with fewer than three. */
function spacingMs({ samples }: Series): number | undefined {
  if (samples.length < 3) return undefined;
  const gaps = samples.slice(1).map(({ atMs }, index) => atMs - (samples[index]?.atMs ?? atMs));
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
}
