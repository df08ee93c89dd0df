import { z } from 'zod';

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** Labels as Kubernetes takes them. */
export const labels = z.record(
  z.string().regex(KEY, 'Write the key of a label, e.g. app.kubernetes.io/name'),
  z.string().regex(VALUE, 'Write the value of a label: at most 63 letters, digits, _, . and -'),
);

export const dockSpec = z.strictObject({
  infrastructures: z.array(z.string()).optional().describe('Where the dock exists; everywhere when absent.'),
  labels: labels.default({}).describe('Labels of the namespace.'),
  quota: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('Hard limits of a ResourceQuota, e.g. `pods: 50`, `limits.cpu: "8"`.'),
});

export type DockInput = z.input<typeof dockSpec>;
export type DockSpec = z.output<typeof dockSpec>;
