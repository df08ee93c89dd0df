import { holds } from '../../constructs/spec/constraint.ts';
import type { Series } from '../ports.ts';
import { type Counter, newSince } from './counter.ts';
import { current, newest } from './freshness.ts';
import { seriesKey } from './measure.ts';
import { type Measured, slotOf, type Terms } from './terms.ts';
import { unknown } from './verdict.ts';

/**
 * Judges what is new since the watermarks. A slot of one evaluation period counts as a violation when the counter grew in it
 * and was violated then; one that stands violated without having grown inside the window counts once.
 * @param counter with `series` folded into it.
 */
export function judgeCounter(counter: Counter, series: readonly Series[], terms: Terms, source: string): Measured {
  const { guarantee, nowMs, evaluateEveryMs } = terms;
  const present = current(series, nowMs, evaluateEveryMs);
  if (present.length === 0) return { verdict: unknown(series.length === 0 ? terms.absent : terms.stale), violations: 0 };
  const broken = present.find((one) => !Number.isFinite(newest(one)?.value));
  if (broken !== undefined) {
    return { verdict: unknown(`The newest value of ${seriesKey(broken)} is no number: ${newest(broken)?.value}`), violations: 0 };
  }
  const value = newSince(counter);
  const state = holds(guarantee.constraint, value) ? 'met' : 'violated';
  const evidenceAtMs = counter.growths.at(-1)?.atMs ?? Math.max(...present.map((one) => newest(one)?.atMs ?? 0));
  const verdict = { state, value, limit: guarantee.constraint.limit, evidenceAtMs, source } as const;
  return { verdict, violations: violatedSlots(counter, terms, state === 'violated') };
}

function violatedSlots({ growths }: Counter, terms: Terms, violatedNow: boolean): number {
  const slots = new Map<number, boolean>();
  for (const { atMs, value } of growths) {
    if (atMs > terms.nowMs - terms.windowMs) slots.set(slotOf(atMs, terms), !holds(terms.guarantee.constraint, value));
  }
  const violated = [...slots.values()].filter(Boolean).length;
  return violated === 0 && violatedNow ? 1 : violated;
}
