import { queryOf } from '../../constructs/spec/promql.ts';
import { groupBy } from './group-by.ts';
import { judgeGuarantee } from './judge-guarantee.ts';
import type { Member } from './member.ts';
import { mergedReading } from './merged-reading.ts';
import { pastOf } from './past.ts';
import type { Readings } from './reading.ts';
import type { Measured, Terms } from './terms.ts';
import { type Judgement, unknown } from './verdict.ts';

/** A judgement by what one of the infrastructures of a task shows. */
export interface PlacedJudgement extends Judgement {
  /** What it was made of; there when the task is on several infrastructures, and its source has answered. */
  readonly seen?: Seen;
}

export interface Seen {
  readonly member: Member;
  readonly readings: Readings;
  readonly terms: Terms;
}

/**
 * One judgement of each guarantee, by what all infrastructures of its task show; `placed` has the first one's first. Counters are summed: while one
 * is unknown, the rest is violated when that alone is too much, else unknown. A gauge is violated when it is so on any of them, but where
 * that scales in when it is so on all; what a target is set against is the greatest value.
 */
export function overPlaces(placed: readonly PlacedJudgement[]): readonly Judgement[] {
  return [...groupBy(placed, ({ agreement, guarantee }) => `${agreement.id} ${guarantee}`).values()].flatMap((all) => {
    const [first, ...others] = all;
    if (first === undefined) return [];
    return others.length === 0 ? [withoutSeen(first)] : [together(first, all)];
  });
}

function together(first: PlacedJudgement, all: readonly PlacedJudgement[]): Judgement {
  // Two infrastructures may be told of by one source.
  const own = all.filter((one, at) => sourceOf(one) === undefined || all.findIndex((other) => sourceOf(other) === sourceOf(one)) === at);
  const judged = own.length === 1 ? first : first.kind === 'counter' ? summed(own) : chosen(own);
  const base = withoutSeen({ ...first, ...judged, agreement: first.agreement });
  return {
    ...base,
    series: own.reduce((sum, { series }) => sum + series, 0),
    counted: all.flatMap(({ counted }) => counted),
  };
}

/** Where its evidence is from, and by which query; undefined when there is none. */
function sourceOf({ verdict, seen }: PlacedJudgement): string | undefined {
  if (verdict.state === 'unknown') return undefined;
  const { agreement, guarantee } = seen?.member ?? {};
  return JSON.stringify([verdict.source, agreement && guarantee?.query && queryOf(agreement.task, guarantee.query)]);
}

function withoutSeen({ seen: _, ...judgement }: PlacedJudgement): Judgement {
  return judgement;
}

function summed(own: readonly PlacedJudgement[]): Measured {
  const known = own.flatMap(({ seen, verdict }) => (seen === undefined || verdict.state === 'unknown' ? [] : [seen]));
  const missing = own.find(({ verdict }) => verdict.state === 'unknown');
  const [first] = known;
  if (first === undefined) return nothingKnown(own);
  const { member } = first;
  const readings = member.parts.map((_, at) => mergedReading(known.map((seen) => seen.readings[at])));
  const terms = { ...first.terms, nowMs: Math.max(...known.map((seen) => seen.terms.nowMs)) };
  const { past } = pastOf(member, readings, new Set(), terms);
  const knownSinceMs = latest(own.map((one) => one.knownSinceMs));
  const judged = { ...judgeGuarantee(member, readings, terms), ...(past && { past, knownSinceMs }) };
  if (missing === undefined || (judged.verdict.state === 'violated' && onlyGrows(member))) return judged;
  return nothingKnown([missing]);
}

/** What is not known yet can only make it worse: nothing takes away from what has been counted. */
function onlyGrows({ guarantee: { constraint }, parts }: Member): boolean {
  return parts.every(({ isCounter }) => isCounter) && constraint.expression === undefined && constraint.comparator.startsWith('<');
}

function chosen(own: readonly PlacedJudgement[]): Measured {
  const merged = {
    past: own.flatMap(({ past = [] }) => past).sort((a, b) => a.atMs - b.atMs),
    knownSinceMs: latest(own.map(({ knownSinceMs }) => knownSinceMs)),
  };
  const { verdict, violations, violatedSinceMs } = deciding(own);
  return { ...merged, verdict, violations, violatedSinceMs };
}

function deciding(own: readonly PlacedJudgement[]): Measured {
  const template = own[0]?.agreement.template;
  if (template?.action === 'target') return greatest(own, template.targetValue ?? Number.POSITIVE_INFINITY);
  const of = (state: Judgement['verdict']['state']) => own.filter(({ verdict }) => verdict.state === state);
  const violated = of('violated').sort((a, b) => a.violations - b.violations);
  const [met] = of('met');
  const isKnown = of('unknown').length === 0;
  const scalesIn = template?.action === 'scale_in' || (template?.step ?? 0) < 0;
  const decides = scalesIn ? (met ?? (isKnown ? violated[0] : undefined)) : (violated.at(-1) ?? (isKnown ? met : undefined));
  return decides ?? nothingKnown(own);
}

/** One that isn't known could want less, never fewer replicas than another one needs. */
function greatest(own: readonly PlacedJudgement[], target: number): Measured {
  const [most] = own.filter(({ verdict }) => verdict.state !== 'unknown').sort((a, b) => valueIn(b) - valueIn(a));
  const isKnown = own.every(({ verdict }) => verdict.state !== 'unknown');
  return most !== undefined && (isKnown || valueIn(most) > target) ? most : nothingKnown(own);
}

function valueIn({ verdict }: Judgement): number {
  return verdict.state === 'unknown' ? Number.NaN : verdict.value;
}

function nothingKnown(own: readonly Judgement[]): Measured {
  const missing = own.find(({ verdict }) => verdict.state === 'unknown');
  const reason = missing?.verdict.state === 'unknown' ? missing.verdict.reason : 'It was not read';
  const until = own.flatMap(({ knownUntilMs }) => knownUntilMs ?? []);
  const verdict = unknown(`${missing?.agreement.task.infrastructure}: ${reason}`);
  return { verdict, violations: 0, ...(until.length === 0 ? {} : { knownUntilMs: Math.min(...until) }) };
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((last, atMs) => (last === undefined || atMs === undefined ? undefined : Math.max(last, atMs)));
}
