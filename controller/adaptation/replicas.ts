import type { QosTemplate } from '../../synth/environment.ts';

/** Factors are binary fractions: 50 × 1.1 is a little more than 55, 100 × 0.57 a little less than 57. */
const EPSILON = 1e-9;

export interface Scaled {
  readonly to: number;
  readonly limitedBy?: string;
}

/**
 * Replicas after the template's action on `from` replicas. At least one step; within minReplicas and maxReplicas, but scale_out
 * never shrinks and scale_in never grows: a limit on the wrong side of `from` leaves it as it is.
 */
export function scaledReplicas(
  from: number,
  template: Pick<QosTemplate, 'action' | 'scaleFactor' | 'minReplicas' | 'maxReplicas'>,
): Scaled {
  const { action, scaleFactor, minReplicas: min, maxReplicas: max } = template;
  if (action === 'scale_in') {
    const step = Math.min(from - 1, Math.floor(from * scaleFactor + EPSILON));
    if (step >= min) return { to: step };
    return { to: Math.min(from, min), limitedBy: `minReplicas ${min}` };
  }
  const step = from === 0 ? Math.max(1, min) : Math.max(from + 1, Math.ceil(from * scaleFactor - EPSILON));
  if (step > max) return { to: Math.max(from, max), limitedBy: `maxReplicas ${max}` };
  if (step < min) return { to: min, limitedBy: `minReplicas ${min}` };
  return { to: step };
}
