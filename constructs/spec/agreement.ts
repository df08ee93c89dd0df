import { z } from 'zod';
import { qosTemplateSpec } from './qos-template.ts';

export const AGREEMENT_STATES = ['started', 'stopped', 'terminated'] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** Of an agreement: it stands in paths of REST calls. Longer than a task's and a template's name together. */
export const AGREEMENT_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** A moment, RFC 3339. */
export const moment = z.iso.datetime({ offset: true, error: 'Write a time like 2027-01-31T00:00:00Z' });

export const agreementSpec = z
  .strictObject({
    task: z.string().min(1).describe('Name of the task whose promise it is.'),
    template: z.string().min(1).optional().describe('Name of the QosTemplate that says what is promised.'),
    terms: qosTemplateSpec.optional().describe('In place of `template`: what is promised, as the spec of a QosTemplate.'),
    state: z
      .enum(AGREEMENT_STATES)
      .default('started')
      .describe('`stopped`: not judged, and nothing is decided on it. `terminated`: the same, for good.'),
    expiration: moment
      .optional()
      .describe('From this time on it is terminated. Default: `agreements.lifetime` of the Defaults after its creation.'),
    importance: z.number().min(0).optional().describe("In place of the template's."),
  })
  .refine(({ template, terms }) => (template === undefined) !== (terms === undefined), {
    error: 'Write either template or terms',
    path: ['template'],
  });

export type AgreementSpec = z.output<typeof agreementSpec>;

/** An Agreement's spec in which texts may hold `{{.name}}`: what stands there is known when an agreement is made of it. */
export const agreementTemplateSpec = z.strictObject({
  description: z.string().optional(),
  agreement: z
    .record(z.string(), z.json())
    .describe('The spec of an Agreement. Any text in it may hold placeholders, `{{.task}}` or `{{.limits.latency}}`.'),
});

export type AgreementTemplateSpec = z.output<typeof agreementTemplateSpec>;
