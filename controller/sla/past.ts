import { evaluate } from '../../constructs/spec/constraint/evaluate.ts';
import { conditionOf } from '../../constructs/spec/constraint.ts';
import { gaplessSinceMs } from './freshness.ts';
import { lookBack } from './look.ts';
import type { Member, Part } from './member.ts';
import { knownFromMs } from './newcomers.ts';
import type { Reading, Readings } from './reading.ts';
import { type Measured, slotOf, type Terms } from './terms.ts';
import type { Worth } from './verdict.ts';

/**
 * What a guarantee was worth inside its horizon, and since when that is known. Pure.
 * @param newcomers parts that were not there before: what is absent of them is known as well
 */
export function pastOf(
  member: Member,
  readings: Readings,
  newcomers: ReadonlySet<Part>,
  terms: Terms,
): Pick<Measured, 'past' | 'knownSinceMs'> {
  if (member.horizonMs === 0) return {};
  const fromMs = terms.nowMs - member.horizonMs;
  const startMs = knownFromMs(member, terms.nowMs);
  const starts = member.parts.map((part, at) => (newcomers.has(part) ? startMs : gaplessSinceMs(seriesIn(readings[at]), startMs, terms)));
  const knownSinceMs = starts.reduce((last, one) => (last === undefined || one === undefined ? undefined : Math.max(last, one)), startMs);
  const past = slotsOf(readings, fromMs, terms).flatMap((slot) =>
    worthAt(terms.nowMs - slot * terms.evaluateEveryMs, member, readings, terms),
  );
  return { past, knownSinceMs };
}

/**
 * When the violation began that a gauge shows now: its first sample after the last one with which it held. Undefined when all that was read is
 * violated. The same whenever it is asked, and by whom.
 */
export function violatedSinceMs(member: Member, readings: Readings, terms: Terms): number | undefined {
  const times = new Set(readings.flatMap((reading) => seriesIn(reading).flatMap(({ timesMs }) => timesMs)));
  let sinceMs: number | undefined;
  for (const atMs of [...times].filter((time) => time <= terms.nowMs).sort((a, b) => b - a)) {
    const [worth] = worthAt(atMs, member, readings, terms);
    if (worth?.holds) return sinceMs;
    if (worth !== undefined) sinceMs = atMs;
  }
  return undefined;
}

/** Those in which anything was sampled, oldest first. */
function slotsOf(readings: Readings, fromMs: number, terms: Terms): readonly number[] {
  const slots = new Set<number>();
  for (const reading of readings) {
    for (const { timesMs } of seriesIn(reading)) {
      for (const atMs of timesMs) if (atMs > fromMs && atMs <= terms.nowMs) slots.add(slotOf(atMs, terms));
    }
  }
  return [...slots].sort((a, b) => b - a);
}

/** Nothing where it isn't known, as that of a counter before its baseline. */
function worthAt(atMs: number, { guarantee, parts }: Member, readings: Readings, terms: Terms): readonly Worth[] {
  const outcome = evaluate(conditionOf(guarantee.constraint), ({ text }) => {
    const at = parts.findIndex(({ leaf }) => leaf.text === text);
    const [part, reading] = [parts[at], readings[at]];
    if (part === undefined || reading === undefined || 'failed' in reading) return 'It was not read';
    if (!part.isCounter) return lookBack(part, reading.series, atMs, Number.NEGATIVE_INFINITY, terms);
    if (reading.counter === undefined || atMs <= reading.counter.baseline.atMs) return 'It did not count yet';
    return reading.counter.growths.findLast((growth) => growth.atMs <= atMs)?.value ?? 0;
  });
  return outcome.holds === undefined ? [] : [{ atMs, value: outcome.value, holds: outcome.holds }];
}

function seriesIn(reading: Reading | undefined) {
  return reading !== undefined && 'series' in reading ? reading.series : [];
}
