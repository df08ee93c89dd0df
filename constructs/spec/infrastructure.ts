import { z } from 'zod';
import { httpUrl } from './url.ts';

export const INFRASTRUCTURE_TYPES = ['kubernetes', 'openshift', 'microk8s'] as const;
export const EXPOSURES = ['clusterIP', 'nodePort', 'loadBalancer', 'hostPort', 'gateway', 'externalIP', 'ingress'] as const;

/** The name of a file in the secrets directory: never a path. */
export const secretName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'Name a file of the secrets directory, without a path');

export const infrastructureSpec = z.strictObject({
  type: z.enum(INFRASTRUCTURE_TYPES).describe('What runs there.'),
  description: z.string().optional(),
  default: z.boolean().default(false).describe('Tasks that name no infrastructure go here.'),
  suspend: z.boolean().default(false).describe('Nothing is applied or deleted there, and the agreements of its tasks decide nothing.'),
  credentials: z
    .strictObject({ secret: secretName.describe('A kubeconfig: the file of this name in the secrets directory.') })
    .optional()
    .describe('How to reach its API server. Without them nothing is applied there and its state is waiting.'),
  defaultDock: z.string().optional().describe('Tasks that name no dock go here.'),
  sync: z
    .strictObject({
      takeOver: z
        .array(z.string().min(1))
        .optional()
        .describe(
          'Field managers (as `managedFields` names them) whose fields are taken from them. Those of all others are left to them, and said.',
        ),
      maxPrune: z
        .int()
        .min(0)
        .max(100)
        .default(30)
        .describe('Percent of its objects that one revision may delete, beside any 3, without a word for it (`Rotterdam-Allow-Prune`).'),
      onRemoval: z
        .enum(['keep', 'prune'])
        .default('keep')
        .describe('What becomes of its objects when this document is removed. The last one counts.'),
    })
    .optional()
    .describe('How its objects are kept as the documents say.'),
  prometheus: z.strictObject({ url: httpUrl }).optional().describe('Where its metrics are asked for.'),
  pushgateway: z
    .strictObject({ url: z.union([z.literal('embedded'), httpUrl]) })
    .optional()
    .describe("Where its tasks push metrics; `embedded` is the controller's own push source."),
  sources: z
    .array(z.string().min(1))
    .optional()
    .describe('Names of Sources that its metrics are asked for, in this order, after `pushgateway: embedded` and `prometheus`.'),
  expose: z
    .enum(EXPOSURES)
    .default('clusterIP')
    .describe(
      'How ports of tasks are reached from outside. `hostPort`: at the node that the pod runs on, so that a node has one pod of each port. `gateway`: at node ports that a machine outside the cluster, `address`, forwards.',
    ),
  host: z.string().optional().describe('Name or address of the device, for SSH.'),
  address: z.string().optional().describe('Address under which tasks are reached.'),
  domain: z.string().optional().describe('Host names of tasks end in it.'),
  device: z
    .strictObject({
      operatingSystem: z.string().optional().describe('e.g. ubuntu18'),
      port: z.int().min(1).max(65535).default(22).describe('Of SSH.'),
      user: z.string().optional().describe('For SSH.'),
      credentials: z.strictObject({ secret: secretName }).optional().describe('A private key for SSH, by the name of its secret.'),
      install: z.enum(['microk8s']).optional().describe('What is to be installed there. Nothing when absent.'),
    })
    .optional()
    .describe('The device itself, reached over SSH.'),
});

/** What an Infrastructure document says under `spec`. */
export type InfrastructureInput = z.input<typeof infrastructureSpec>;
/** The same with every default filled in. */
export type InfrastructureSpec = z.output<typeof infrastructureSpec>;
