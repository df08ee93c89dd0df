import { z } from 'zod';
import { COMPARATORS } from './constraint.ts';
import { ACTIONS } from './qos-template.ts';

/** The original's configuration file had these under Tasks; the values are its own. */
export const defaultsSpec = z.strictObject({
  infrastructure: z.string().optional().describe('Tasks that name none go here.'),
  dock: z.string().optional().describe('Tasks that name none, on an infrastructure that has no default either, go here.'),
  maxAllowed: z.int().min(0).default(2),
  maxReplicas: z.int().min(1).default(30),
  minReplicas: z.int().min(0).default(1),
  scaleFactor: z.number().positive().default(1.25),
  comparator: z.enum(COMPARATORS).default('<'),
  value: z.number().default(2),
  action: z.enum(ACTIONS).default('scale_out'),
  sync: z
    .strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
        .max(40),
    })
    .optional()
    .describe("Tells this repository's objects from another's. Default: derived from the repository's first commit."),
});

export type DefaultsSpec = z.output<typeof defaultsSpec>;
