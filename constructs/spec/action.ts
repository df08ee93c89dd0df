import { z } from 'zod';
import { behavior } from './behavior.ts';
import { duration } from './units.ts';

export const ACTIONS = ['scale_out', 'scale_in', 'target', 'step', 'set', 'none'] as const;
export type QosAction = (typeof ACTIONS)[number];

/** Those that need nothing but a factor, which Defaults have as well. */
export const DEFAULT_ACTIONS = ['scale_out', 'scale_in', 'none'] as const satisfies readonly QosAction[];

/** What a template says of its action. Each action has fields of its own: {@link contradiction}. */
export const actionFields = {
  action: z
    .enum(ACTIONS)
    .optional()
    .describe(
      'What is done when more than maxAllowed are violated: replicas × scaleFactor, ± `step`, or to `setTo`; `none` only reports. `target` scales by value ÷ targetValue, violated or not.',
    ),
  scaleFactor: z
    .number()
    .positive()
    .optional()
    .describe('For scale_out and scale_in: replicas are multiplied by it, above 1 to scale out, below to scale in.'),
  targetValue: z.number().positive().optional().describe('For target: the value that so many replicas are wanted for. Gauges only.'),
  step: z
    .int()
    .refine((count) => count !== 0, 'Write a step other than 0')
    .optional()
    .describe('For step: replicas are changed by it; below 0 it scales in.'),
  setTo: z.int().min(0).optional().describe('For set: the replicas.'),
  minReplicas: z.int().min(0).optional().describe('No action goes below.'),
  maxReplicas: z.int().min(1).optional().describe('No action goes above.'),
  behavior: behavior.optional().describe("How fast it scales, as a HorizontalPodAutoscaler's."),
  expectWithin: duration
    .optional()
    .describe(
      'What a scale-out is to take effect within: until then no other follows while a gauge is violated, and one that had none counts.',
    ),
  ineffectiveAfter: z
    .int()
    .min(1)
    .optional()
    .describe('With expectWithin: after so many actions in a row without effect it scales no more. Default: 3.'),
};

type ActionFields = { readonly [Field in keyof typeof actionFields]?: z.output<(typeof actionFields)[Field]> | undefined };

const FACTORS: readonly QosAction[] = ['scale_out', 'scale_in'];
const OUT: readonly QosAction[] = ['scale_out', 'target', 'step', 'set'];
/** Where a field means something; those not listed go with every action but `none`. */
const GOES_WITH: { readonly [Field in keyof typeof actionFields]?: readonly QosAction[] } = {
  scaleFactor: FACTORS,
  targetValue: ['target'],
  step: ['step'],
  setTo: ['set'],
  expectWithin: OUT,
  ineffectiveAfter: OUT,
};
const NEEDS: { readonly [Action in QosAction]?: keyof typeof actionFields } = { target: 'targetValue', step: 'step', set: 'setTo' };

export interface Contradiction {
  readonly path: readonly string[];
  readonly message: string;
}

/** What of an action's fields is missing or means nothing beside it. An action left to the Defaults is one of {@link DEFAULT_ACTIONS}. */
export function contradictions(spec: ActionFields): readonly Contradiction[] {
  const { action } = spec;
  const needed = action && NEEDS[action];
  const missing = needed && spec[needed] === undefined ? [{ path: ['action'], message: `Give the action ${action} its ${needed}` }] : [];
  const given = (Object.keys(actionFields) as (keyof typeof actionFields)[]).filter(
    (field) => field !== 'action' && spec[field] !== undefined,
  );
  const idle = given.flatMap((field) => {
    const actions = GOES_WITH[field] ?? ACTIONS.filter((one) => one !== 'none');
    const fits = action === undefined ? actions.some((one) => FACTORS.includes(one)) : actions.includes(action);
    if (fits) return [];
    const message = `Remove ${field}, or write the action it is for (${actions.join(', ')}): ${action ?? 'none is written'}`;
    return [{ path: [field], message }];
  });
  return [...missing, ...idle, ...behaviorIssues(spec), ...effectIssues(spec)];
}

function behaviorIssues({ action, behavior }: ActionFields): readonly Contradiction[] {
  if (behavior === undefined || action === 'target') return [];
  return (['scaleOut', 'scaleIn'] as const).flatMap((direction) =>
    behavior[direction]?.tolerance === undefined
      ? []
      : [{ path: ['behavior', direction, 'tolerance'], message: `Remove tolerance, or write the action it is for (target)` }],
  );
}

function effectIssues({ expectWithin, ineffectiveAfter }: ActionFields): readonly Contradiction[] {
  if (ineffectiveAfter === undefined || expectWithin !== undefined) return [];
  return [{ path: ['ineffectiveAfter'], message: 'Give ineffectiveAfter an expectWithin: effects are judged within it' }];
}
