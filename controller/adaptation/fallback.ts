import { formatDuration } from '../../constructs/spec/units.ts';
import { baselineOf } from '../sla/baseline.ts';
import type { Judgement, TaskFacts } from '../sla/judge.ts';
import type { Decision } from './decision.ts';
import { limitedReplicas } from './replicas.ts';

/**
 * What is done about a guarantee of which nothing is known: nothing, or, when it has been so for a while, once what it falls back to.
 * That never takes replicas away, and stands back for a human's number and for other decisions made meanwhile. Pure.
 */
export function fallBack(judgement: Judgement, facts: TaskFacts | undefined, nowMs: number): Decision {
  const { verdict, agreement, guarantee, unknownSinceMs = nowMs, since, history } = judgement;
  const unknown = `${guarantee} is unknown: ${verdict.state === 'unknown' ? verdict.reason : ''}`;
  const hold = (reason?: string): Decision => ({ kind: 'hold', reason: reason === undefined ? unknown : `${unknown}: ${reason}` });
  const { onUnknown, fallback } = agreement.guarantees.find(({ name }) => name === guarantee) ?? {};
  const { template } = agreement;
  if (onUnknown !== 'fallback' || fallback === undefined || template.inert !== undefined || template.action === 'none') return hold();
  const leftMs = unknownSinceMs + fallback.after - nowMs;
  if (leftMs > 0) return hold(`falls back to ${named(fallback.replicas)} in ${formatDuration(leftMs)}`);
  if (fallback.replicas === 'current') return hold('keeps the current replicas');
  if (facts?.scaledBy !== undefined) return hold(`${facts.scaledBy} scales it`);
  if (facts?.settledAtMs === undefined || facts.unsettledReason !== undefined) return hold('it does not run as wanted');
  const baseline = since && baselineOf(history, since);
  if (baseline === undefined || (baseline.acted && baseline.atMs > unknownSinceMs)) return hold('its replicas were set since');
  const from = facts.desired;
  const { to, limitedBy } = limitedReplicas(from, Math.max(from, fallback.replicas), template);
  if (to === from) return hold(`${from} replicas are no fewer than it falls back to`);
  const reason = `${unknown}, for ${formatDuration(nowMs - unknownSinceMs)}: falls back to ${named(to)}`;
  return { kind: 'scale', from, to, reason, ...(limitedBy === undefined ? {} : { limitedBy }) };
}

function named(replicas: number | 'current'): string {
  return replicas === 'current' ? 'the current replicas' : `${replicas} replicas`;
}
