import { z } from 'zod';
import { duration } from './units.ts';

const HOUR_MS = 3_600_000;
const upToAnHour = duration.refine((durationMs) => durationMs <= HOUR_MS, 'Write at most 1h');

const scalingPolicy = z.strictObject({
  type: z.enum(['Pods', 'Percent']).describe('What value counts: replicas, or percent of those at the beginning of the period.'),
  value: z.int().min(1),
  period: upToAnHour.refine((durationMs) => durationMs > 0, 'Write a period above 0s').describe('Decisions made within it count.'),
});

const scalingRules = z.strictObject({
  stabilizationWindow: upToAnHour
    .optional()
    .describe('The most careful replicas that were right at any time within it are taken. Default: 5m for target scaling in, else 0s.'),
  policies: z.array(scalingPolicy).max(20).default([]).describe('How much may change within a period. Without any: as much as wanted.'),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']).default('Max').describe('The policy that allows most or least; Disabled: not this way.'),
  tolerance: z.number().min(0).max(1).optional().describe('For target: part of targetValue by which the value may be off. Default: 0.1.'),
});

/** After `behavior` of autoscaling/v2: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior. */
export const behavior = z.strictObject({
  scaleOut: scalingRules.optional().describe('When replicas are added.'),
  scaleIn: scalingRules.optional().describe('When replicas are taken away.'),
});

export type Behavior = z.output<typeof behavior>;
export type ScalingPolicy = z.output<typeof scalingPolicy>;
/** Windows and periods are milliseconds. */
export interface ScalingRules extends Omit<z.output<typeof scalingRules>, 'stabilizationWindow' | 'tolerance'> {
  readonly stabilizationWindow: number;
  readonly tolerance: number;
}

const TOLERANCE = 0.1;
const SCALE_IN_WINDOW_MS = 300_000;

/** The rules of one direction, with a HorizontalPodAutoscaler's own where nothing is said; only its policies are none here. */
export function scalingRulesOf(
  { action, behavior: said }: { readonly action?: string | undefined; readonly behavior?: Behavior | undefined },
  direction: keyof Behavior,
): ScalingRules {
  const rules: Partial<z.output<typeof scalingRules>> = said?.[direction] ?? {};
  const windowMs = action === 'target' && direction === 'scaleIn' ? SCALE_IN_WINDOW_MS : 0;
  return {
    policies: rules.policies ?? [],
    selectPolicy: rules.selectPolicy ?? 'Max',
    stabilizationWindow: rules.stabilizationWindow ?? windowMs,
    tolerance: rules.tolerance ?? TOLERANCE,
  };
}
