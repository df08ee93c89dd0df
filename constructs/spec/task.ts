import { z } from 'zod';
import { labels } from './dock.ts';
import { durationText } from './units.ts';

export const SECURITY_LEVELS = ['restricted', 'baseline', 'privileged'] as const;

/** Of one container. A Service with more is none that anybody reads. */
export const MAX_PORTS = 1_000;
/** Of a COMPSs task: each may have a Service of its own, and a cluster has 2,768 node ports. */
export const MAX_WORKERS = 1_000;

const portNumber = z.int().min(1).max(65535);
const quantity = z.union([
  z.string().regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/, 'Write a quantity like 500m, 0.5 or 128Mi'),
  z.number().min(0),
]);

export const portSpec = z.strictObject({
  containerPort: portNumber,
  hostPort: portNumber
    .optional()
    .describe(
      "The port that the task is reached under: its Service's port, and one of its pods' nodes where the infrastructure says `expose: hostPort`. Default: containerPort.",
    ),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
  name: z
    .string()
    .regex(/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/, 'Write a port name of at most 15 small letters, digits and dashes')
    .optional(),
  host: z.string().optional().describe('A host name that leads to this port: a Route on OpenShift, an Ingress elsewhere.'),
});

const keyOf = z.strictObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() });

export const envSpec = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({ name: z.string(), secret: keyOf.describe('A key of a Secret in the dock.') }),
  z.strictObject({ name: z.string(), configMap: keyOf.describe('A key of a ConfigMap in the dock.') }),
  z.strictObject({ name: z.string(), field: z.string().describe("A field of the pod, e.g. 'status.podIP'.") }),
]);

const probe = z.strictObject({
  httpGet: z
    .strictObject({ path: z.string().default('/'), port: z.union([portNumber, z.string()]), scheme: z.enum(['HTTP', 'HTTPS']).optional() })
    .optional(),
  tcpSocket: z.strictObject({ port: z.union([portNumber, z.string()]) }).optional(),
  exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  initialDelaySeconds: z.int().min(0).optional(),
  periodSeconds: z.int().min(1).optional(),
  timeoutSeconds: z.int().min(1).optional(),
  failureThreshold: z.int().min(1).optional(),
  successThreshold: z.int().min(1).optional(),
});

export const volumeSpec = z.strictObject({
  name: z.string(),
  mountPath: z.string(),
  subPath: z.string().optional(),
  readOnly: z.boolean().optional(),
  emptyDir: z.strictObject({ sizeLimit: quantity.optional(), medium: z.enum(['', 'Memory']).optional() }).optional(),
  configMap: z.string().optional().describe('Name of a ConfigMap in the dock.'),
  secret: z.string().optional().describe('Name of a Secret in the dock.'),
  persistentVolumeClaim: z.string().optional().describe('Name of a PersistentVolumeClaim in the dock.'),
});

export const containerSpec = z.strictObject({
  name: z.string().optional().describe("Default: the task's name."),
  image: z.string().min(1),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  ports: z.array(portSpec).max(MAX_PORTS).default([]),
  env: z.array(envSpec).max(10_000).default([]),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  resources: z
    .strictObject({ requests: z.record(z.string(), quantity).optional(), limits: z.record(z.string(), quantity).optional() })
    .optional(),
  volumes: z.array(volumeSpec).max(1_000).default([]),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
});

export const taskSpec = z.strictObject({
  dock: z.string().optional().describe("Default: the infrastructure's defaultDock."),
  infrastructure: z.string().optional().describe('Default: the one marked `default`.'),
  infrastructures: z
    .array(z.string())
    .min(1)
    .max(1_000)
    .optional()
    .describe('In place of `infrastructure`: the same objects, with as many replicas, on each.'),
  rollout: z
    .enum(['parallel', 'ordered'])
    .optional()
    .describe(
      '`ordered`: a change goes on to the next of `infrastructures` when the task runs as wanted on those before. Default: `parallel`.',
    ),
  type: z.enum(['default', 'compss']).default('default').describe('`compss`: replicas are workers of a COMPSs master, with stable names.'),
  replicas: z.int().min(0).max(100_000).default(1),
  healthTimeout: durationText
    .optional()
    .describe('How long a change may take until its pods are ready; from then on the task is degraded. Default: 10m.'),
  suspend: z
    .boolean()
    .default(false)
    .describe('Its objects are left as they are, neither applied nor deleted, and its agreements decide nothing.'),
  containers: z.array(containerSpec).min(1).max(100),
  imagePullSecrets: z.array(z.string()).default([]),
  nodeSelector: labels.optional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        operator: z.enum(['Exists', 'Equal']).optional(),
        value: z.string().optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
        tolerationSeconds: z.int().optional(),
      }),
    )
    .default([]),
  security: z.enum(SECURITY_LEVELS).default('restricted').describe('Pod security level that the pod template passes.'),
  qos: z.array(z.string()).default([]).describe('Names of QosTemplates that the task is bound to.'),
});

export type ContainerSpec = z.output<typeof containerSpec>;
export type PortSpec = z.output<typeof portSpec>;
export type TaskInput = z.input<typeof taskSpec>;
export type TaskSpec = z.output<typeof taskSpec>;
