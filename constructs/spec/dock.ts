import { z } from 'zod';

export const labels = z.record(z.string(), z.string());

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
