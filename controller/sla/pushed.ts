import { formatDuration } from '../../constructs/spec/units.ts';
import type { MetricSource, Series } from '../ports.ts';
import { groupBy } from './group-by.ts';
import { LOOKBACK_MS } from './look-back.ts';
import type { Member } from './member.ts';
import type { Readings } from './reading.ts';
import type { Measured, Terms } from './terms.ts';
import { unknown } from './verdict.ts';

/** What a Pushgateway, and the embedded source, say of each group beside its metrics: when it was pushed last. */
export const PUSH_TIME = 'push_time_seconds';

interface Question {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Whether it matters when it was pushed: of a gauge that would be acted on once more, or that says how old it may be. */
export function mayBeStale({ guarantee, agreement, baseline }: Member, { verdict: { state } }: Measured): boolean {
  if (guarantee.kind !== 'gauge' || state === 'unknown') return false;
  if (guarantee.maxAge !== undefined) return true;
  return baseline?.acted === true && (state === 'violated' || agreement.template.action === 'target');
}

/**
 * When what gauges rest on was pushed: what stands in a Pushgateway is scraped again and again, and is no new evidence for that. Those
 * that weren't pushed are left out. Never rejects.
 */
export async function pushedAtMs(
  stale: readonly { readonly member: Member; readonly readings: Readings }[],
  { sources, nowMs, signal }: Question,
): Promise<ReadonlyMap<Member, number>> {
  if (stale.length === 0) return new Map();
  const ask = (source: MetricSource) => source.samples([PUSH_TIME], nowMs - LOOKBACK_MS, nowMs, signal).catch(() => []);
  const groups = (await Promise.all(sources.map(ask))).flat().filter(({ values }) => Number.isFinite(values.at(-1)));
  if (groups.length === 0) return new Map();
  const groupOf = groupFinder(groups);
  return new Map(
    stale.flatMap(({ member, readings }) => {
      const times = readings.flatMap((reading) => (reading !== undefined && 'series' in reading ? reading.series : []));
      const pushed = times.flatMap((one) => groupOf(one)?.values.at(-1) ?? []);
      return pushed.length === 0 ? [] : [[member, Math.min(...pushed) * 1000] as const];
    }),
  );
}

/** The evidence is no newer than it was pushed, and none when that was too long ago. */
export function asPushed(measured: Measured, atMs: number | undefined, { nowMs, maxAgeMs = Number.POSITIVE_INFINITY }: Terms): Measured {
  const { verdict } = measured;
  if (atMs === undefined || verdict.state === 'unknown' || atMs >= verdict.evidenceAtMs) return measured;
  if (nowMs - atMs <= maxAgeMs) return { ...measured, verdict: { ...verdict, evidenceAtMs: atMs } };
  const reason = `It was pushed ${formatDuration(nowMs - atMs)} ago, and counts for ${formatDuration(maxAgeMs)}`;
  return { ...measured, verdict: unknown(reason), violations: 0 };
}

/** The group of a series, all of whose labels it has: of several, that with the most. */
function groupFinder(groups: readonly Series[]): (series: Series) => Series | undefined {
  const kinds = [...groupBy(groups, ({ labels }) => JSON.stringify(Object.keys(labels).sort()))].map(([key, alike]) => {
    const names = JSON.parse(key) as readonly string[];
    return { names, byValues: new Map(alike.map((group) => [valuesOf(group, names), group])) };
  });
  kinds.sort((a, b) => b.names.length - a.names.length);
  return (series) => {
    for (const { names, byValues } of kinds) {
      const group = byValues.get(valuesOf(series, names));
      if (group !== undefined) return group;
    }
    return undefined;
  };
}

function valuesOf({ labels }: Series, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name]));
}
