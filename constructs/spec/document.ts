import { z } from 'zod';
import { agreementSpec, agreementTemplateSpec } from './agreement.ts';
import { defaultsSpec } from './defaults.ts';
import { dockSpec } from './dock.ts';
import { functionSpec } from './function.ts';
import { infrastructureSpec } from './infrastructure.ts';
import { metricSpec } from './metric.ts';
import { qosTemplateSpec } from './qos-template.ts';
import { sourceSpec } from './source.ts';
import { taskSpec } from './task.ts';

export const API_VERSION = 'rotterdam.dev/v1alpha1';

/** One schema per kind of document: its TypeScript type, its JSON Schema and its validation. */
export const SPECS = {
  Infrastructure: infrastructureSpec,
  Dock: dockSpec,
  Task: taskSpec,
  QosTemplate: qosTemplateSpec,
  Function: functionSpec,
  Agreement: agreementSpec,
  AgreementTemplate: agreementTemplateSpec,
  Source: sourceSpec,
  Metric: metricSpec,
  Defaults: defaultsSpec,
} as const;

export type Kind = keyof typeof SPECS;

/** The kinds of documents that a folder of an environment holds; Defaults has a file of its own. */
export const FOLDERS: Readonly<Record<string, readonly Kind[]>> = {
  infrastructures: ['Infrastructure'],
  docks: ['Dock'],
  tasks: ['Task'],
  qos: ['QosTemplate'],
  functions: ['Function'],
  sla: ['Agreement', 'AgreementTemplate', 'Source', 'Metric'],
};

/** The schema of a whole document of `kind`. */
export function documentSchema<K extends Kind>(kind: K) {
  const name = z.strictObject({ name: z.string().min(1), annotations: z.record(z.string(), z.string()).default({}) });
  return z.strictObject({
    $schema: z.string().optional().describe('For editors.'),
    apiVersion: z.literal(API_VERSION),
    kind: z.literal(kind),
    metadata: kind === 'Defaults' ? name.partial().optional() : name,
    spec: SPECS[kind],
  });
}
