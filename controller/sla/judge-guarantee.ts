import { evaluate, type Outcome, type Shown } from '../../constructs/spec/constraint/evaluate.ts';
import { type Comparison, compare, type Leaf, leavesOf } from '../../constructs/spec/constraint/expression.ts';
import { conditionOf } from '../../constructs/spec/constraint.ts';
import { reachOf } from '../../constructs/spec/query.ts';
import type { Guarantee } from '../../synth/environment.ts';
import type { Growth } from './counter.ts';
import { type Look, look, lookBack } from './look.ts';
import type { Member } from './member.ts';
import type { Reading, Readings } from './reading.ts';
import { type Measured, slotOf, type Terms } from './terms.ts';
import { type Evidence, unknown } from './verdict.ts';

const UNKNOWN_SINCE = 'The history of its documents does not show when it was made';

/** Judges what the parts of a guarantee show now, and counts in how many slots of the window it was violated. Pure. */
export function judgeGuarantee(member: Member, readings: Readings, terms: Terms): Measured {
  const quiet = judgeQuiet(member, readings, terms);
  if (quiet !== undefined) return quiet;
  const { guarantee, parts, baseline } = member;
  const failed = readings.find((reading) => reading !== undefined && 'failed' in reading);
  if (baseline === undefined && failed === undefined) return { verdict: unknown(UNKNOWN_SINCE), violations: 0 };
  const looks = new Map(parts.map((part, at) => [part.leaf.text, look(part, readings[at], terms)]));
  const outcome = evaluate(conditionOf(guarantee.constraint), ({ text }) => shown(looks.get(text)));
  if (outcome.holds === undefined) return { verdict: unknown(outcome.reason), violations: 0 };
  const state = outcome.holds ? 'met' : 'violated';
  const verdict = { state, ...evidenceOf(outcome, looks, member, terms) } as const;
  return { verdict, violations: violatedSlots(member, readings, terms, outcome) };
}

/** As {@link judgeGuarantee} does, in fewer steps, for what most guarantees are, most of the time; undefined for all else. */
function judgeQuiet(member: Member, readings: Readings, terms: Terms): Measured | undefined {
  const { guarantee, parts, baseline } = member;
  const [part, another] = parts;
  const { comparator, limit, expression } = guarantee.constraint;
  if (part === undefined || another !== undefined || expression !== undefined || baseline === undefined) return undefined;
  if (guarantee.query !== undefined) return undefined;
  const one = look(part, readings[0], terms);
  if ('unknown' in one || !Number.isFinite(one.value) || !compare(comparator, one.value, limit)) return undefined;
  if (!wasQuiet(member, readings, Math.max(terms.sinceMs, terms.nowMs - terms.windowMs))) return undefined;
  return { verdict: { state: 'met', value: one.value, limit, evidenceAtMs: one.atMs, source: one.source }, violations: 0 };
}

function shown(one: Look | undefined): Shown {
  if (one === undefined) return 'It was not read';
  return 'unknown' in one ? one.unknown : one.value;
}

type Decided = Extract<Outcome, { holds: boolean }>;

function evidenceOf(
  { by, value, limit, restsOn }: Decided,
  looks: ReadonlyMap<string, Look>,
  { guarantee }: Member,
  { nowMs }: Terms,
): Evidence {
  const reachMs = reachOver(restsOn, guarantee);
  const rests = looks.size === 1 ? [...looks.values()] : leavesIn(restsOn).map(({ text }) => looks.get(text));
  const known = rests.flatMap((one) => (one === undefined || 'unknown' in one ? [] : [one]));
  const evidence = {
    value,
    limit,
    evidenceAtMs: Math.min(...known.map(({ atMs }) => atMs)),
    source: [...new Set(known.map(({ source }) => source))].join(', '),
    ...(reachMs === 0 ? {} : { beginsAtMs: nowMs - reachMs }),
  };
  if (guarantee.constraint.expression === undefined) return evidence;
  const shows = Object.fromEntries([...looks].map(([text, one]) => [text, shown(one)]));
  return { ...evidence, compared: by.text, comparator: by.comparator, shows };
}

/**
 * A slot of one evaluation period counts when the guarantee was violated at its end, by something that it showed: a gauge or a window
 * that had samples, a counter that grew (one that didn't shows 0: nothing new). All that a window looked at must be newer than the
 * last action. A counter that stands violated without having grown inside the window counts once.
 */
function violatedSlots({ guarantee, parts }: Member, readings: Readings, terms: Terms, now: Decided): number {
  const { nowMs, evaluateEveryMs } = terms;
  const fromMs = Math.max(terms.sinceMs, nowMs - terms.windowMs);
  const condition = conditionOf(guarantee.constraint);
  const growths = readings.map((reading) => growthsBySlot(reading, terms));
  const slots = new Set(
    parts.flatMap(({ isCounter }, at) => (isCounter ? [...(growths[at]?.keys() ?? [])] : sampled(readings[at], fromMs, terms))),
  );
  const byText = new Map(parts.map((part, at) => [part.leaf.text, at]));
  let violated = 0;
  for (const slot of slots) {
    const endMs = nowMs - slot * evaluateEveryMs;
    const outcome = evaluate(condition, ({ text }) => {
      const at = byText.get(text) ?? -1;
      const [part, reading] = [parts[at], readings[at]];
      if (part === undefined || reading === undefined || 'failed' in reading) return 'It was not read';
      if (part.isCounter) return growths[at]?.get(slot)?.value ?? 0;
      return lookBack(part, reading.series, endMs, fromMs, terms);
    });
    if (outcome.holds !== false) continue;
    const reachMs = reachOver(outcome.restsOn, guarantee);
    if (reachMs === 0 || endMs - reachMs >= terms.sinceMs) violated += 1;
  }
  const counted = leavesIn(now.restsOn).some(({ text }) => parts[byText.get(text) ?? -1]?.isCounter);
  return violated === 0 && now.holds === false && counted ? 1 : violated;
}

const NOTHING = { timesMs: [], values: [] };

/** A counter that never grew, or a series none of whose samples violates it: no slot need be looked at. */
function wasQuiet({ guarantee, parts }: Member, readings: Readings, fromMs: number): boolean {
  const [part] = parts;
  const { comparator, limit } = guarantee.constraint;
  const [reading] = readings;
  if (reading === undefined || 'failed' in reading) return false;
  if (part?.isCounter) return reading.counter === undefined || reading.counter.growths.length === 0;
  const [series, second] = reading.series;
  if (second !== undefined) return false;
  const { timesMs, values } = series ?? NOTHING;
  for (let at = values.length - 1; at >= 0 && (timesMs[at] ?? 0) > fromMs; at -= 1)
    if (!compare(comparator, values[at] ?? 0, limit)) return false;
  return true;
}

function growthsBySlot(reading: Reading | undefined, terms: Terms): ReadonlyMap<number, Growth> {
  const growths = reading !== undefined && 'series' in reading ? (reading.counter?.growths ?? []) : [];
  return new Map(growths.flatMap((growth) => (growth.atMs > terms.nowMs - terms.windowMs ? [[slotOf(growth.atMs, terms), growth]] : [])));
}

function sampled(reading: Reading | undefined, fromMs: number, terms: Terms): readonly number[] {
  if (reading === undefined || 'failed' in reading) return [];
  return reading.series.flatMap(({ timesMs }) =>
    timesMs.flatMap((atMs) => (atMs > fromMs && atMs <= terms.nowMs ? [slotOf(atMs, terms)] : [])),
  );
}

/** How far before its time what comparisons rest on may lie: by the windows of functions, or the ranges of a query. */
function reachOver(comparisons: readonly Comparison[], { query }: Guarantee): number {
  if (query !== undefined) return reachOf(query);
  return leavesIn(comparisons).reduce((longest, { over }) => Math.max(longest, over?.windowMs ?? 0), 0);
}

function leavesIn(comparisons: readonly Comparison[]): readonly Leaf[] {
  return comparisons.flatMap(leavesOf);
}
