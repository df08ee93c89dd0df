import { z } from 'zod';
import { AGREEMENT_ID, AGREEMENT_STATES, moment } from '../../constructs/spec/agreement.ts';
import { INFRASTRUCTURE_TYPES, secretName } from '../../constructs/spec/infrastructure.ts';
import { penaltySpec } from '../../constructs/spec/qos-template.ts';
import { MAX_PORTS } from '../../constructs/spec/task.ts';

/**
 * Rotterdam's own JSON, as its REST API took it and its documents describe it. Servers added `id`, `created`, `status` and the like to what
 * they gave back: those are let pass.
 */
const fromServer = z.unknown().optional();
const port = z.int().min(0).max(65535);
const metric = z.string().regex(/^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/, 'Write the name of a metric');
const replicas = z.int().min(0).max(100_000).optional();
const ACTIONS = ['scale_out', 'scale_in', 'scale_up', 'scale_down'] as const;
const action = z.enum(['', ...ACTIONS]);
/** Rotterdam's releases differ in the letter case they took. No regular expression: JSON Schema has no flags. */
function inAnyCase(words: readonly string[], message: string) {
  return z.string().refine((text) => words.includes(text.toLowerCase()), message);
}
const comparator = z.enum(['', '<', '<=', '>', '>=', '==', '!=', '=']);

const simpleQos = z.strictObject({
  qosid: z.string().optional(),
  metric: metric.optional(),
  comparator: comparator.optional(),
  value: z.number().optional(),
  action: action.optional(),
  maxreplicas: z.int().min(0).optional(),
  minreplicas: z.int().min(0).optional(),
  scalefactor: z.number().min(0).optional(),
  maxallowed: z.int().min(0).optional(),
});

const customQos = z.strictObject({
  type: z.enum(['infr', 'task']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  guarantees: z
    .array(
      z.strictObject({
        metric: metric.min(1),
        condition: comparator.optional(),
        value: z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'Write a number')]),
      }),
    )
    .default([]),
  scalefactor: z.number().min(0).optional(),
  action: action.optional(),
  max: z.int().min(0).optional(),
  min: z.int().min(0).optional(),
});

export const taskQos = z.union([
  z.array(simpleQos),
  z.strictObject({ name: z.string().optional(), description: z.string().optional(), custom: z.array(customQos).optional() }),
]);

const task = {
  name: z.string().min(1),
  type: z.enum(['', 'default', 'compss']).optional(),
  dock: z.string().optional(),
  cluster: z.string().optional(),
  replicas,
  qos: taskQos.optional(),
  qoscompss: z.array(simpleQos).optional(),
  id: fromServer,
  created: fromServer,
};

const container = z.strictObject({
  name: z.string().optional(),
  image: z.string().min(1),
  ports: z
    .array(
      z.strictObject({
        containerPort: port.min(1),
        hostPort: port.optional(),
        protocol: inAnyCase(['', 'tcp', 'udp', 'sctp'], 'Write protocol as tcp, udp or sctp').optional(),
      }),
    )
    .max(MAX_PORTS)
    .default([]),
  volumes: z
    .array(z.strictObject({ name: z.string().min(1), mountPath: z.string().optional(), mounthPath: z.string().optional() }))
    .max(1_000)
    .default([]),
  environment: z
    .array(z.strictObject({ name: z.string().min(1), value: z.string().optional() }))
    .max(10_000)
    .default([]),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
});

export const longTask = z.strictObject({ ...task, containers: z.array(container).min(1).max(100) });

export const simpleTask = z.strictObject({
  ...task,
  image: z.string().min(1),
  ports: z.array(port.min(1)).max(MAX_PORTS).default([]),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
});

export const qosDefinition = z.strictObject({
  type: z.enum(['infr', 'app-compss', 'app']),
  guaranteeName: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, "Write at most 63 letters, digits, '_', '.' and '-'"),
  maxAllowed: z.int().min(0).optional(),
  action: action.optional(),
  scaleFactor: z.number().min(0).optional(),
  minReplicas: z.int().min(0).optional(),
  maxReplicas: z.int().min(0).optional(),
  guarantees: z.array(z.strictObject({ name: z.string().min(1), constraint: z.string().min(1) })).min(1),
});

const endpoint = z.string().optional();
/** In a document the name of a secret; a text is for REST, which keeps it and writes the reference. */
const secret = z.union([z.string(), z.strictObject({ secret: secretName })]).optional();

export const infrastructure = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  type: inAnyCase(INFRASTRUCTURE_TYPES, 'Write type as Kubernetes, Openshift or MicroK8s'),
  so: z.string().optional(),
  defaultDock: z.string().optional(),
  hostIP: z.string().optional(),
  hostPort: port.optional(),
  user: z.string().optional(),
  password: secret,
  keyFile: z.string().optional(),
  openshiftOauthToken: secret,
  kubernetesEndPoint: endpoint,
  openshiftEndPoint: endpoint,
  slaliteEndPoint: endpoint,
  prometheusPushgatewayEndPoint: endpoint,
  prometheusEndPoint: endpoint,
  id: fromServer,
  tableid: fromServer,
  status: fromServer,
  created: fromServer,
});

export const clusterRequest = z.strictObject({
  type: inAnyCase(['microk8s'], 'Write type as MicroK8s: nothing else can be installed'),
  apiPort: z.unknown().optional(),
  apiport: z.unknown().optional(),
});

export const serverlessFunction = z.strictObject({
  name: z.string().min(1),
  dock: z.string().optional(),
  cluster: z.string().optional(),
  type: z.enum(['', 'function']).optional(),
  runtime: z.string().min(1),
  timeout: z.union([z.int().min(1), z.string().regex(/^[1-9]\d*$/, 'Write seconds, e.g. "180"')]).optional(),
  handler: z.string().optional(),
  functionType: z.enum(['', 'text']).optional(),
  function: z.string().min(1),
  id: fromServer,
  created: fromServer,
  replicas: fromServer,
});

const party = z.strictObject({ id: z.string().min(1), name: z.string().min(1) });

/** SLALite's own. */
export const slaAgreement = z.strictObject({
  id: z.string().regex(AGREEMENT_ID, "Write at most 128 letters, digits, '_', '.' and '-'"),
  name: z.string().min(1),
  state: z.enum(AGREEMENT_STATES).default('started'),
  location: fromServer,
  assessment: fromServer,
  details: z.strictObject({
    id: z.string().optional(),
    type: z.literal('agreement').optional(),
    name: z.string().optional(),
    provider: party,
    client: party,
    creation: fromServer,
    expiration: moment.optional(),
    variables: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          metric: z.string().min(1),
          aggregation: z.strictObject({ type: z.string(), window: z.int().min(0).default(0) }).optional(),
        }),
      )
      .default([]),
    guarantees: z.array(
      z.strictObject({
        name: z.string().min(1),
        constraint: z.string().min(1),
        scope: fromServer,
        schedule: z.unknown().optional(),
        warning: z.unknown().optional(),
        penalties: z.array(penaltySpec).optional(),
      }),
    ),
  }),
});

/** The same with placeholders: what it says is checked when an agreement is made of it. */
export const slaTemplate = z.strictObject({
  id: z.string().regex(AGREEMENT_ID, "Write at most 128 letters, digits, '_', '.' and '-'"),
  name: z.string().min(1),
  details: z.looseObject({ type: z.literal('template') }),
});

/** Every one of them, for editors. */
export const original = z.union([
  longTask,
  simpleTask,
  qosDefinition,
  z.array(qosDefinition),
  infrastructure,
  clusterRequest,
  serverlessFunction,
  slaAgreement,
  slaTemplate,
]);
