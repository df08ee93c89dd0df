import { z } from 'zod';

/** A metric's name as Prometheus takes it: it stands in constraints. */
export const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'Write the name of a label');

/** One query for the agreements of many tasks. */
export const metricSpec = z.strictObject({
  description: z.string().optional(),
  query: z.string().min(1).describe('PromQL that gives one series for each task; $dock and $infrastructure stand for its place.'),
  by: labelName.default('task').describe("The label whose value is the task's id, with `_` or `-`: tells whose series is whose."),
});

export type MetricInput = z.input<typeof metricSpec>;
export type MetricSpec = z.output<typeof metricSpec>;
