import type { Point, Simulated } from './simulate.ts';
import { maximum, minimum } from './sums.ts';

/** A stretch of time as a chart shows it. */
export interface Column {
  /** Undefined where it is unknown. */
  readonly value: number | undefined;
  readonly state: 'met' | 'violated' | 'unknown';
}

/** One value after the other, with what it is held against. */
export interface Panel {
  readonly guarantee: string;
  readonly columns: readonly Column[];
  /** Undefined where it was never known, or isn't a number. */
  readonly limit: number | undefined;
  readonly least: number;
  readonly most: number;
}

/** Each guarantee over time, in `count` columns: a violation is shown where one was, else the last value. Pure. */
export function panelsOf(simulated: Simulated, count: number): readonly Panel[] {
  const stretches = stretchesOf(simulated, count);
  const names = new Set(simulated.points.flatMap(({ verdicts }) => verdicts.map(({ guarantee }) => guarantee)));
  return [...names].map((guarantee) => {
    const columns = stretches.map((points) => columnOf(points, guarantee));
    const limit = limitOf(simulated.points, guarantee);
    const shown = [0, ...columns.flatMap(({ value }) => value ?? []), ...(limit === undefined ? [] : [limit])];
    return { guarantee, columns, limit, least: minimum(shown), most: maximum(shown) };
  });
}

/** Replicas at the end of each column. */
export function replicasOf(simulated: Simulated, count: number): readonly number[] {
  return stretchesOf(simulated, count).map((points) => points.at(-1)?.replicas ?? 0);
}

/** The column that a time is in. */
export function columnAt({ fromMs, toMs }: Simulated, atMs: number, count: number): number {
  return Math.min(count - 1, Math.floor(((atMs - fromMs) / Math.max(1, toMs - fromMs)) * count));
}

/** The points of each column; of an empty one the last before it. */
function stretchesOf(simulated: Simulated, count: number): readonly (readonly Point[])[] {
  const stretches: Point[][] = Array.from({ length: count }, () => []);
  for (const point of simulated.points) stretches[columnAt(simulated, point.atMs, count)]?.push(point);
  let last: readonly Point[] = simulated.points.slice(0, 1);
  return stretches.map((points) => {
    const shown = points.length === 0 ? last : points;
    last = shown.slice(-1);
    return shown;
  });
}

function columnOf(points: readonly Point[], guarantee: string): Column {
  const verdicts = points.flatMap((point) => point.verdicts.flatMap((one) => (one.guarantee === guarantee ? [one.verdict] : [])));
  const shown = verdicts.findLast(({ state }) => state === 'violated') ?? verdicts.at(-1);
  if (shown === undefined || shown.state === 'unknown') return { value: undefined, state: 'unknown' };
  return { value: Number.isFinite(shown.value) ? shown.value : undefined, state: shown.state };
}

function limitOf(points: readonly Point[], guarantee: string): number | undefined {
  for (const { verdicts } of points) {
    const verdict = verdicts.find((one) => one.guarantee === guarantee)?.verdict;
    if (verdict !== undefined && verdict.state !== 'unknown') return Number.isFinite(verdict.limit) ? verdict.limit : undefined;
  }
  return undefined;
}
