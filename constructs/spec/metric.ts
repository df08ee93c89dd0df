import { z } from 'zod';
import { problemIn } from './query.ts';

/** A metric's name as Prometheus takes it: it stands in constraints. */
export const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'Write the name of a label');

/** A PromQL expression, as far as that is seen without a Prometheus. */
export const promql = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = text === '' ? undefined : problemIn(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem.message, params: { at: problem.at } });
  });

/** One query for the agreements of many tasks. */
export const metricSpec = z.strictObject({
  description: z.string().optional(),
  query: promql.describe('PromQL that gives one series for each task; $dock and $infrastructure stand for its place.'),
  by: labelName.default('task').describe("The label whose value is the task's id, with `_` or `-`: tells whose series is whose."),
});

export type MetricInput = z.input<typeof metricSpec>;
export type MetricSpec = z.output<typeof metricSpec>;
