import type { Point, Simulated } from './simulate.ts';

/** What a simulation comes to. */
export interface Sums {
  /** Time with a promise broken, and time in which one was unknown and none broken. */
  readonly violatedMs: number;
  readonly unknownMs: number;
  readonly replicaHours: number;
  readonly scaledOut: number;
  readonly scaledIn: number;
  readonly replicas: { readonly least: number; readonly most: number; readonly end: number };
}

/** Each evaluation stands for the time until the next one. Pure. */
export function sumsOf({ points, decisions, toMs }: Simulated): Sums {
  let [violatedMs, unknownMs, replicaMs] = [0, 0, 0];
  for (const [at, point] of points.entries()) {
    const durationMs = (points[at + 1]?.atMs ?? toMs) - point.atMs;
    replicaMs += point.replicas * durationMs;
    const state = stateOf(point);
    if (state === 'violated') violatedMs += durationMs;
    if (state === 'unknown') unknownMs += durationMs;
  }
  const replicas = points.map((point) => point.replicas);
  return {
    violatedMs,
    unknownMs,
    replicaHours: replicaMs / 3_600_000,
    scaledOut: decisions.filter(({ from, to }) => to > from).length,
    scaledIn: decisions.filter(({ from, to }) => to < from).length,
    replicas: { least: minimum(replicas), most: maximum(replicas), end: replicas.at(-1) ?? 0 },
  };
}

/** Of all guarantees together: the worst. */
export function stateOf({ verdicts }: Point): 'met' | 'violated' | 'unknown' {
  const states = verdicts.map(({ verdict }) => verdict.state);
  if (states.includes('violated')) return 'violated';
  return states.includes('unknown') || states.length === 0 ? 'unknown' : 'met';
}

/** A recording may have more points than a call takes arguments. */
export function maximum(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY);
}

export function minimum(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY);
}
