import { evaluate } from '../../constructs/spec/constraint/evaluate.ts';
import { conditionOf } from '../../constructs/spec/constraint.ts';
import type { MetricSource } from '../ports.ts';
import { gaplessSinceMs } from './freshness.ts';
import { lookBack } from './look.ts';
import { LOOKBACK_MS } from './look-back.ts';
import { namesOf, SeriesIndex } from './measure.ts';
import type { Member } from './member.ts';
import { type Asker, alone, createAsker, readPast } from './read-query.ts';
import type { Question as Asked } from './reading.ts';
import type { Terms } from './terms.ts';

interface Question extends Asked {
  readonly termsOf: (member: Member) => Terms;
}

/**
 * Until when guarantees of which nothing is known now were known last, by what their sources have; as far back as matters to what they
 * fall back to. One of which there is nothing at all counts from when its source began to look (`up` has samples). While a source doesn't
 * answer, nothing is known. Never rejects.
 */
export async function knownUntil(unknown: readonly Member[], question: Question): Promise<ReadonlyMap<Member, number>> {
  if (unknown.length === 0) return new Map();
  const { sources, nowMs, signal } = question;
  const longestMs = unknown.reduce((longest, { guarantee }) => Math.max(longest, guarantee.fallback?.after ?? 0), 0);
  const fromMs = nowMs - longestMs - LOOKBACK_MS;
  const names = [...new Set(['up', ...unknown.flatMap(({ parts }) => parts.flatMap(namesOf))])];
  const ask = (source: MetricSource) => source.samples(names, fromMs, nowMs, signal);
  const series = await Promise.all(sources.map(ask)).catch(() => undefined);
  if (series === undefined) return new Map();
  const index = new SeriesIndex(series.flat());
  const askers = sources.map((source) => createAsker(source, question));
  const found = unknown.map(async (member) => {
    const atMs =
      member.guarantee.query === undefined ? lastKnown(member, index, fromMs, question) : await lastGiven(member, askers, fromMs, question);
    return atMs === undefined ? [] : [[member, atMs ?? sinceUp(index, fromMs, question.termsOf(member))] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

/** When it was known last, null when it wasn't. */
function lastKnown(member: Member, index: SeriesIndex, fromMs: number, { termsOf }: Question): number | null {
  const terms = termsOf(member);
  const { nowMs, evaluateEveryMs } = terms;
  const series = new Map(member.parts.map((part) => [part.leaf.text, { part, all: index.of(part) }]));
  const isKnown = (atMs: number) =>
    evaluate(conditionOf(member.guarantee.constraint), ({ text }) => {
      const found = series.get(text);
      return found === undefined ? 'It was not read' : lookBack(found.part, found.all, atMs, fromMs, terms);
    }).holds !== undefined;
  for (let atMs = nowMs - evaluateEveryMs; atMs > fromMs; atMs -= evaluateEveryMs) if (isKnown(atMs)) return atMs;
  return null;
}

/** When its query last gave one value, null when it didn't; undefined when no source takes it. */
async function lastGiven(member: Member, askers: readonly Asker[], fromMs: number, question: Question): Promise<number | null | undefined> {
  const [part] = member.parts;
  for (const asker of askers) {
    const past = part && (await readPast(asker, part, question.nowMs - fromMs, question).catch(() => undefined));
    if (past !== undefined) return alone(past).findLast(({ atMs, value }) => atMs < question.nowMs && Number.isFinite(value))?.atMs ?? null;
  }
  return undefined;
}

function sinceUp(index: SeriesIndex, fromMs: number, terms: Terms): number {
  return gaplessSinceMs(index.named('up'), fromMs, terms) ?? terms.nowMs;
}
