import { z } from 'zod';
import { duration } from './units.ts';

/** How decisions are written. */
export const adaptationSpec = z.strictObject({
  maxReplicasTotal: z
    .record(z.string(), z.int().min(1))
    .optional()
    .describe('By the name of an infrastructure: how many replicas decisions may make all its tasks have together.'),
  commitWindow: duration
    .prefault('500ms')
    .describe('At most one commit of decisions within it: the first at once, and what is decided meanwhile at its end.'),
  commitsPerHour: z.int().min(1).default(120).describe('More commits of decisions within an hour raise an alarm; nothing is held back.'),
  writeTo: z
    .enum(['auto', 'decisions'])
    .default('auto')
    .describe('`decisions`: always to the branch rotterdam/decisions, for somebody to merge. `auto`: there when the branch is refused.'),
});

export type AdaptationSpec = z.output<typeof adaptationSpec>;
