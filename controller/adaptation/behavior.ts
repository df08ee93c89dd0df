import { type ScalingPolicy, type ScalingRules, scalingRulesOf } from '../../constructs/spec/behavior.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import { COMMIT_RESOLUTION_MS } from '../sla/baseline.ts';
import type { TaskHistory } from '../sla/history.ts';
import type { Recommendation } from './recommendations.ts';
import type { Scaled } from './replicas.ts';

export interface Past {
  readonly nowMs: number;
  readonly recommendations: readonly Recommendation[];
  readonly decisions: TaskHistory['decisions'];
}

/**
 * `wanted` as far as the template's behavior lets it now. After convertDesiredReplicasWithBehaviorRate and
 * stabilizeRecommendationWithBehaviors of kube-controller-manager, without memory: what it keeps in lists is read from `past`. Never
 * past `from` in the other direction, as its first versions went (kubernetes#98174).
 */
export function behavedReplicas(from: number, wanted: number, template: Pick<QosTemplate, 'action' | 'behavior'>, past: Past): Scaled {
  if (wanted === from) return { to: from };
  const direction = wanted > from ? 'scaleOut' : 'scaleIn';
  const rules = scalingRulesOf(template, direction);
  if (rules.selectPolicy === 'Disabled') return { to: from, limitedBy: `behavior.${direction}, which is Disabled` };
  const stable = stabilized(from, wanted, rules, past);
  const allowed = allowedReplicas(from, direction, rules, past);
  const isPast = direction === 'scaleOut' ? stable > allowed : stable < allowed;
  if (isPast) return { to: allowed, limitedBy: `behavior.${direction}.policies: ${rules.policies.map(printPolicy).join(', ')}` };
  return stable === wanted
    ? { to: wanted }
    : { to: stable, limitedBy: `behavior.${direction}.stabilizationWindow ${formatDuration(rules.stabilizationWindow)}` };
}

/** Out: the least that was recommended inside the window, in: the most; `from` where that lies on its other side. */
function stabilized(from: number, wanted: number, { stabilizationWindow }: ScalingRules, { nowMs, recommendations }: Past): number {
  // Whoever commits with a clock that is ahead must not freeze what has no window.
  const age = (atMs: number) => Math.max(0, nowMs - atMs);
  const recommended = recommendations.filter(({ atMs }) => age(atMs) < stabilizationWindow).map(({ replicas }) => replicas);
  return wanted > from ? Math.max(from, Math.min(wanted, ...recommended)) : Math.min(from, Math.max(wanted, ...recommended));
}

/** How far the policies let it go in one direction: counted from the replicas at the beginning of each one's period. */
function allowedReplicas(from: number, direction: 'scaleOut' | 'scaleIn', { policies, selectPolicy }: ScalingRules, past: Past): number {
  const isOut = direction === 'scaleOut';
  if (policies.length === 0) return isOut ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const limits = policies.map((policy) => policyLimit(policy, isOut, from - changedWithin(policy.period, past)));
  const most = isOut === (selectPolicy === 'Max');
  const limit = most ? Math.max(...limits) : Math.min(...limits);
  return isOut ? Math.max(from, limit) : Math.min(from, limit);
}

function policyLimit({ type, value }: ScalingPolicy, isOut: boolean, atStart: number): number {
  if (type === 'Pods') return isOut ? atStart + value : atStart - value;
  return isOut ? Math.ceil((atStart * (100 + value)) / 100) : Math.floor((atStart * (100 - value)) / 100);
}

/** What decisions have added inside the period, less what they took away; a human's changes don't count. */
function changedWithin(periodMs: number, { nowMs, decisions }: Past): number {
  return decisions
    .filter(({ atMs }) => nowMs - (atMs + COMMIT_RESOLUTION_MS) < periodMs)
    .reduce((changed, { from, to }) => changed + to - from, 0);
}

/** `4 Pods in 15s` */
function printPolicy({ type, value, period }: ScalingPolicy): string {
  return type === 'Pods' ? `${value} Pods in ${formatDuration(period)}` : `${value} % in ${formatDuration(period)}`;
}
