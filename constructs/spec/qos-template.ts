import { z } from 'zod';
import { actionFields, contradictions, type QosAction } from './action.ts';
import { ConstraintError, parseConstraint } from './constraint.ts';
import { labelName, promql } from './metric.ts';
import { duration, share } from './units.ts';

export const QOS_TYPES = ['app-compss', 'app', 'infr'] as const;

const constraint = z.string().superRefine((text, context) => {
  try {
    parseConstraint(text);
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    context.addIssue({ code: 'custom', message: error.message, params: { at: error.at } });
  }
});

/** What a violation costs, in the words of whoever agreed on it. The original's shape. */
export const penaltySpec = z.strictObject({
  type: z.string().min(1).describe('e.g. discount'),
  value: z.union([z.number(), z.string().min(1)]).describe('A number, also written as text.'),
  unit: z.string().default('').describe('e.g. % or EUR'),
});

export type Penalty = z.output<typeof penaltySpec>;

const DAY_MS = 86_400_000;

/** What the rest of the time is: the error budget. */
export const objectiveSpec = z.strictObject({
  target: share.describe('Share of the time in which the guarantees hold, e.g. 99.9%.'),
  window: duration
    .prefault('30d')
    .refine((windowMs) => windowMs >= DAY_MS && windowMs <= 90 * DAY_MS, 'Write a window of 1d to 90d')
    .describe('Of the last so many days.'),
});

export const fallbackSpec = z.strictObject({
  replicas: z.union([z.int().min(1), z.literal('current')]).describe('So many; `current` leaves them as they are.'),
  after: duration.prefault('3m').describe('How long nothing must have been known.'),
});

export const guaranteeSpec = z.strictObject({
  name: z.string().min(1).describe('Tells guarantees of a template apart.'),
  constraint: constraint.describe('The condition that must hold, e.g. `deadlines_missed < 1`.'),
  kind: z.enum(['counter', 'gauge']).optional().describe('Default: counter for app-compss, gauge for app and infr.'),
  aggregate: z.enum(['sum', 'max', 'min', 'avg']).default('sum').describe('How several series become one value.'),
  query: promql.optional().describe('PromQL that gives one value, with $task, $dock and $infrastructure.'),
  maxAge: duration.optional().describe('Samples that are older are no evidence. Default: two evaluation periods and the scrape interval.'),
  onUnknown: z
    .enum(['hold', 'fallback'])
    .optional()
    .describe('What is done while its value is unknown: nothing, or after a while what `fallback` says. Default: hold.'),
  fallback: fallbackSpec.optional().describe('What is fallen back to. It never takes replicas away.'),
  penalties: z.array(penaltySpec).max(100).optional().describe('What a violation costs.'),
  by: labelName.optional().describe("The `query` gives a series for each task: this label's value is its id. One query for all of them."),
  source: z.string().min(1).optional().describe("Name of the Source that is asked. Default: those of the task's infrastructure."),
});

/** Fields left undefined take the environment's Defaults when the template is bound to a task. */
export const qosTemplateSpec = z
  .strictObject({
    type: z.enum(QOS_TYPES).describe('What is measured: a COMPSs workflow, another task, or the infrastructure of the task.'),
    description: z.string().optional(),
    maxAllowed: z.int().min(0).optional().describe('Violations within the window that are let pass.'),
    window: duration.prefault('5m').describe('Violations are counted inside it.'),
    cooldown: duration
      .optional()
      .describe('Time after an action has settled before gauges are judged again. Default: 0s for counters, 60s for gauges.'),
    ...actionFields,
    importance: z
      .number()
      .min(0)
      .optional()
      .describe(
        'Where there is not room for all, the more important is served first, then the one whose violation costs more. Default: 1.',
      ),
    objective: objectiveSpec
      .optional()
      .describe(
        'How much of the time it is to be kept: recording rules and burn-rate alerts are generated for it, and its budget is shown.',
      ),
    guarantees: z.array(guaranteeSpec).min(1),
  })
  .superRefine((spec, context) => {
    for (const { path, message } of contradictions(spec)) context.addIssue({ code: 'custom', path: [...path], message });
  });

export type Objective = z.output<typeof objectiveSpec>;
export type QosTemplateInput = z.input<typeof qosTemplateSpec>;
/** `window` and `cooldown` are milliseconds. */
export type QosTemplateSpec = z.output<typeof qosTemplateSpec>;
export type GuaranteeSpec = z.output<typeof guaranteeSpec>;

/** Why a factor cannot act, or undefined when it can: `scale_out` must grow, `scale_in` must shrink. */
export function inertFactor(action: QosAction, factor: number): string | undefined {
  if (action === 'scale_out' && factor <= 1) return `scale_out needs a factor above 1: ${factor}`;
  if (action === 'scale_in' && factor >= 1) return `scale_in needs a factor between 0 and 1: ${factor}`;
  return undefined;
}
