import { z } from 'zod';

/** Source code run by a serverless engine. The engine comes with the Infrastructures Manager: until then a function is `waiting`. */
export const functionSpec = z.strictObject({
  infrastructure: z.string().optional(),
  dock: z.string().optional(),
  runtime: z.string().min(1).describe('e.g. python3.11'),
  handler: z.string().optional().describe('module.function; default: the only function of the source.'),
  timeout: z.int().min(1).default(180).describe('Seconds.'),
  source: z.string().min(1),
});

export type FunctionInput = z.input<typeof functionSpec>;
export type FunctionSpec = z.output<typeof functionSpec>;
