import { scalingRulesOf } from '../../constructs/spec/behavior.ts';
import type { QosTemplate } from '../../synth/environment.ts';

/** Factors are binary fractions: 50 × 1.1 is a little more than 55, 100 × 0.57 a little less than 57. */
const EPSILON = 1e-9;

export type Action = Pick<
  QosTemplate,
  'action' | 'scaleFactor' | 'targetValue' | 'step' | 'setTo' | 'behavior' | 'minReplicas' | 'maxReplicas'
>;

export interface Scaled {
  readonly to: number;
  readonly limitedBy?: string;
}

/**
 * The replicas that an action wants in place of `from`, whatever its limits. At least one step for a violation, but for `set`;
 * `target` takes `value` for its measure: {@link targetReplicas}. `none` wants no others.
 */
export function wantedReplicas(from: number, action: Action, value: number): number {
  const { scaleFactor, targetValue = value, step = 0, setTo = from } = action;
  switch (action.action) {
    case 'scale_out':
      return from === 0 ? Math.max(1, action.minReplicas) : Math.max(from + 1, Math.ceil(from * scaleFactor - EPSILON));
    case 'scale_in':
      return Math.min(from - 1, Math.floor(from * scaleFactor + EPSILON));
    case 'step':
      return from + step;
    case 'set':
      return setTo;
    case 'target':
      return targetReplicas(from, value / targetValue, action);
    case 'none':
      return from;
  }
}

/**
 * `from` × ratio, rounded up; `from` itself while the ratio is within the tolerance of its direction. After replica_calculator.go of
 * kube-controller-manager: from 0 replicas there is no tolerance, as otherwise nothing would lead away from them.
 */
export function targetReplicas(from: number, ratio: number, template: Pick<Action, 'action' | 'behavior'>): number {
  if (ratio < 0 || Number.isNaN(ratio)) return from;
  if (from === 0) return Math.max(0, Math.ceil(ratio - EPSILON));
  const out = scalingRulesOf(template, 'scaleOut').tolerance;
  const into = scalingRulesOf(template, 'scaleIn').tolerance;
  if (ratio >= 1 - into - EPSILON && ratio <= 1 + out + EPSILON) return from;
  return Math.max(0, Math.ceil(from * ratio - EPSILON));
}

/**
 * `wanted` within minReplicas and maxReplicas. What wants more never gets less than `from`, what wants less never gets more: a limit on the
 * wrong side of `from` leaves it as it is.
 */
export function limitedReplicas(
  from: number,
  wanted: number,
  { minReplicas: min, maxReplicas: max }: Pick<Action, 'minReplicas' | 'maxReplicas'>,
): Scaled {
  if (wanted === from) return { to: from };
  if (wanted < from) return wanted >= min ? { to: wanted } : { to: Math.min(from, min), limitedBy: `minReplicas ${min}` };
  if (wanted > max) return { to: Math.max(from, max), limitedBy: `maxReplicas ${max}` };
  return wanted < min ? { to: min, limitedBy: `minReplicas ${min}` } : { to: wanted };
}
