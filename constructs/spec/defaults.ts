import { z } from 'zod';
import { DEFAULT_ACTIONS } from './action.ts';
import { adaptationSpec } from './adaptation.ts';
import { COMPARATORS } from './constraint.ts';
import { notificationSpec } from './notification.ts';
import { duration } from './units.ts';

/** The original's configuration file had these under Tasks; the values are its own. */
export const defaultsSpec = z.strictObject({
  infrastructure: z.string().optional().describe('Tasks that name none go here.'),
  dock: z.string().optional().describe('Tasks that name none, on an infrastructure that has no default either, go here.'),
  maxAllowed: z.int().min(0).default(2).describe('Violations within the window that are let pass.'),
  maxReplicas: z.int().min(1).default(30).describe('No action goes above.'),
  minReplicas: z.int().min(0).default(1).describe('No action goes below.'),
  scaleFactor: z.number().positive().default(1.25).describe('Replicas are multiplied by it.'),
  comparator: z.enum(COMPARATORS).default('<').describe("Of inline QoS in Rotterdam's JSON that says none."),
  value: z.number().default(2).describe("The limit of inline QoS in Rotterdam's JSON that says none."),
  notifications: z.array(notificationSpec).max(20).default([]).describe('Who is told of violations and decisions.'),
  agreements: z
    .strictObject({
      lifetime: duration.describe('After its creation an agreement is terminated, unless a document of its own says another expiration.'),
    })
    .optional()
    .describe('Without it agreements last until they are terminated.'),
  action: z.enum(DEFAULT_ACTIONS).default('scale_out').describe('What is done about violations.'),
  adaptation: adaptationSpec.prefault({}).describe('What limits decisions beside their templates, and how they are written.'),
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
