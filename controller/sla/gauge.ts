import { holds } from '../../constructs/spec/constraint.ts';
import type { Guarantee } from '../../synth/environment.ts';
import type { Series } from '../ports.ts';
import { current, newest, overdue } from './freshness.ts';
import { seriesKey } from './measure.ts';
import { type Measured, slotOf, type Terms } from './terms.ts';
import { unknown } from './verdict.ts';

/**
 * Judges the newest samples of a gauge's series, aggregated, and counts the slots of one evaluation period inside the
 * window in which it was violated, from `sinceMs` on.
 */
export function judgeGauge(series: readonly Series[], terms: Terms, source: string): Measured {
  const { guarantee, nowMs, evaluateEveryMs } = terms;
  const present = current(series, nowMs, evaluateEveryMs);
  if (present.length === 0) return { verdict: unknown(series.length === 0 ? terms.absent : terms.stale), violations: 0 };
  const late = present.find((one) => overdue(one, nowMs));
  if (late !== undefined) return { verdict: unknown(`${seriesKey(late)} has missed a scrape: it may have ended`), violations: 0 };
  const value = aggregate(guarantee.aggregate, newestValues(present));
  if (!Number.isFinite(value)) return { verdict: unknown(`Its newest value is no number: ${value}`), violations: 0 };
  const evidenceAtMs = Math.min(...present.map((one) => newest(one)?.atMs ?? nowMs));
  const state = holds(guarantee.constraint, value) ? 'met' : 'violated';
  const verdict = { state, value, limit: guarantee.constraint.limit, evidenceAtMs, source } as const;
  return { verdict, violations: violatedSlots(series, terms) };
}

function aggregate(how: Guarantee['aggregate'], values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (how) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'max':
      return Math.max(...values);
    case 'min':
      return Math.min(...values);
  }
}

/** A slot counts by the value at its end, when anything was sampled in it: scrapes of several series needn't be in step. */
function violatedSlots(series: readonly Series[], terms: Terms): number {
  const { guarantee, nowMs, evaluateEveryMs } = terms;
  const fromMs = Math.max(terms.sinceMs, nowMs - terms.windowMs);
  const counted = series.map((one) => ({ ...one, samples: one.samples.filter(({ atMs }) => atMs > fromMs && atMs <= nowMs) }));
  const slots = new Set(counted.flatMap(({ samples }) => samples.map(({ atMs }) => slotOf(atMs, terms))));
  const violated = [...slots].filter((slot) => {
    const endMs = nowMs - slot * evaluateEveryMs;
    const then = counted.map((one) => ({ ...one, samples: one.samples.filter(({ atMs }) => atMs <= endMs) }));
    const value = aggregate(guarantee.aggregate, newestValues(current(then, endMs, evaluateEveryMs)));
    return Number.isFinite(value) && !holds(guarantee.constraint, value);
  });
  return violated.length;
}

function newestValues(series: readonly Series[]): readonly number[] {
  return series.map((one) => newest(one)?.value ?? Number.NaN);
}
