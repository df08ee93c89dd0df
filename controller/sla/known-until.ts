import { evaluate } from '../../constructs/spec/constraint/evaluate.ts';
import { conditionOf } from '../../constructs/spec/constraint.ts';
import type { MetricSource } from '../ports.ts';
import { gaplessSinceMs } from './freshness.ts';
import { lookBack } from './look.ts';
import { LOOKBACK_MS } from './look-back.ts';
import { namesOf, SeriesIndex } from './measure.ts';
import type { Member } from './member.ts';
import type { Terms } from './terms.ts';

interface Question {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly signal: AbortSignal | undefined;
  readonly termsOf: (member: Member) => Terms;
}

/**
 * Until when guarantees of which nothing is known now were known last, by what their sources have; as far back as matters to what they
 * fall back to. One of which there is nothing at all counts from when its source began to look (`up` has samples). Of those that a `query`
 * asks for, and while a source doesn't answer, nothing is known. Never rejects.
 */
export async function knownUntil(unknown: readonly Member[], question: Question): Promise<ReadonlyMap<Member, number>> {
  const asked = unknown.filter(({ guarantee }) => guarantee.query === undefined);
  if (asked.length === 0) return new Map();
  const { sources, nowMs, signal } = question;
  const longestMs = asked.reduce((longest, { guarantee }) => Math.max(longest, guarantee.fallback?.after ?? 0), 0);
  const fromMs = nowMs - longestMs - LOOKBACK_MS;
  const names = [...new Set(['up', ...asked.flatMap(({ parts }) => parts.flatMap(namesOf))])];
  const ask = (source: MetricSource) => source.samples(names, fromMs, nowMs, signal);
  const series = await Promise.all(sources.map(ask)).catch(() => undefined);
  if (series === undefined) return new Map();
  const index = new SeriesIndex(series.flat());
  return new Map(asked.map((member) => [member, knownUntilMs(member, index, fromMs, question.termsOf(member))]));
}

function knownUntilMs(member: Member, index: SeriesIndex, fromMs: number, terms: Terms): number {
  const { nowMs, evaluateEveryMs } = terms;
  const series = new Map(member.parts.map((part) => [part.leaf.text, { part, all: index.of(part) }]));
  const isKnown = (atMs: number) =>
    evaluate(conditionOf(member.guarantee.constraint), ({ text }) => {
      const found = series.get(text);
      return found === undefined ? 'It was not read' : lookBack(found.part, found.all, atMs, fromMs, terms);
    }).holds !== undefined;
  for (let atMs = nowMs - evaluateEveryMs; atMs > fromMs; atMs -= evaluateEveryMs) if (isKnown(atMs)) return atMs;
  return gaplessSinceMs(index.named('up'), fromMs, terms) ?? nowMs;
}
