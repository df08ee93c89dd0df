import { z } from 'zod';
import { AGREEMENT_STATES } from '../../../constructs/spec/agreement.ts';
import { penaltySpec } from '../../../constructs/spec/qos-template.ts';

/** Schemas of what is answered. Those that are named become components of the document. */
export const issue = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
});

export const time = z.string().describe('RFC 3339');
const revision = z.string().describe('A commit.');

/** Of what was written. */
export const written = {
  revision,
  warnings: z.array(issue).optional().describe('What was left out of the body, or is doubtful.'),
};

export const versions = {
  faasversion: z.string(),
  rulesengineversion: z.string(),
  restapi: z.string(),
  slalite: z.string(),
  imec: z.string(),
  imecversion: z.string(),
};

export const worker = z.object({
  name: z.string(),
  ip: z.string().describe('Where a master reaches it.'),
  hostIp: z.string(),
  podIp: z.string(),
  status: z.string(),
  protocol: z.string(),
  port: z.int(),
  targetPort: z.int(),
});

/** A template by its name, or all of one that is the task's own. */
const qosElement = z.object({
  qosid: z.string(),
  metric: z.string().optional(),
  comparator: z.string().optional(),
  value: z.number().optional(),
  action: z.string().optional(),
  maxallowed: z.int().optional(),
  scalefactor: z.number().optional(),
  minreplicas: z.int().optional(),
  maxreplicas: z.int().optional(),
});

const container = z.object({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.object({ containerPort: z.int(), hostPort: z.int(), protocol: z.string() })),
  environment: z.array(z.object({ name: z.string(), value: z.string() })),
  command: z.array(z.string()),
  args: z.array(z.string()),
});

export const task = z.object({
  dbid: z.literal('Task'),
  id: z.string(),
  name: z.string(),
  nameSpace: z.string(),
  dock: z.string(),
  type: z.string(),
  description: z.string(),
  url: z.string(),
  status: z.string(),
  health: z.string(),
  reason: z.string().optional(),
  agreementId: z.string().describe('The first of its agreements, or NO_SLA.'),
  replicas: z.int(),
  readyReplicas: z.int(),
  deployment: z.string(),
  clusterid: z.string(),
  clusterId: z.string(),
  containers: z.array(container),
  taskDefinition: z.object({
    name: z.string(),
    dock: z.string(),
    cluster: z.string(),
    type: z.string(),
    replicas: z.int(),
    containers: z.array(container),
    qos: z.object({ name: z.string(), description: z.string() }).optional().describe('The first template, as COMPSs reads it.'),
    qoscompss: z.array(qosElement).describe('The other templates.'),
  }),
  compssTaskDefinition: z
    .object({
      name: z.string(),
      dock: z.string(),
      cluster: z.string(),
      type: z.literal('compss'),
      replicas: z.int(),
      image: z.string(),
      ports: z.array(z.int()),
      command: z.array(z.string()),
      args: z.array(z.string()),
      qos: z.array(qosElement),
    })
    .partial()
    .describe('A COMPSs workflow in the simple format, where that can say all of it.'),
  functionDefinition: z.object({}),
  pods: z.array(worker).describe("All of a COMPSs task's workers, ready; none before."),
  created: z.string(),
  revision,
});

export const decision = z.union([
  z.object({ kind: z.literal('hold'), reason: z.string() }),
  z.object({ kind: z.literal('scale'), from: z.int(), to: z.int(), reason: z.string(), limitedBy: z.string().optional() }),
]);

const judged = z.enum(['met', 'violated', 'unknown', 'stopped', 'terminated']);

export const agreementStatus = z.object({
  id: z.string(),
  guarantee: z.string(),
  state: judged,
  value: z.number().optional(),
  limit: z.number().optional(),
  evidenceAt: time.optional(),
  source: z.string().optional(),
  shows: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  budgetRemaining: z.number().optional(),
  violations: z.int().optional(),
  maxAllowed: z.int().optional(),
  decision: decision.optional(),
  ineffective: z.literal(true).optional(),
  reason: z.string().optional(),
});

const place = z.object({ name: z.string(), ready: z.int(), health: z.string(), reason: z.string().optional() });

export const taskStatus = z.object({
  id: z.string(),
  name: z.string(),
  dock: z.string(),
  infrastructure: z.string(),
  infrastructures: z.array(place).optional(),
  replicas: z.object({ desired: z.int(), ready: z.int() }),
  health: z.string(),
  scaledBy: z.string().optional(),
  reason: z.string().optional(),
  url: z.string().optional(),
  workers: z.array(worker).optional(),
  agreements: z.array(agreementStatus),
  decision: decision.optional(),
});

export const infrastructureState = z.enum([
  'ready',
  'progressing',
  'degraded',
  'held',
  'suspended',
  'waiting',
  'removing',
  'unreachable',
  'failed',
  'unknown',
]);

/** What the controller has seen. */
export const status = {
  environment: z.string(),
  revision: z.union([revision, z.null()]),
  tip: z.union([revision, z.null()]),
  reason: z.string().optional(),
  conditions: z.array(z.object({ type: z.string(), reason: z.string(), since: time })),
  issues: z.array(issue),
  infrastructures: z.array(
    z.object({
      name: z.string(),
      state: infrastructureState,
      revision: z.union([revision, z.null()]),
      appliedAt: time.optional(),
      reason: z.string().optional(),
    }),
  ),
  tasks: z.array(taskStatus),
  functions: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      dock: z.string(),
      infrastructure: z.string(),
      state: z.literal('waiting'),
      reason: z.string(),
    }),
  ),
};

export const qosDefinition = z.object({
  type: z.string(),
  guaranteeName: z.string(),
  maxAllowed: z.int(),
  action: z.string(),
  scaleFactor: z.number().optional(),
  minReplicas: z.int(),
  maxReplicas: z.int(),
  guarantees: z.array(z.object({ name: z.string(), constraint: z.string() })),
});

export const infrastructure = z.object({
  id: z.string(),
  tableid: z.literal('Infrastructure'),
  name: z.string(),
  description: z.string(),
  type: z.enum(['Kubernetes', 'Openshift', 'MicroK8s']),
  so: z.string(),
  defaultDock: z.string(),
  hostIP: z.string(),
  hostPort: z.int(),
  user: z.string(),
  password: z.string().describe('`***` where there is one.'),
  keyFile: z.string(),
  openshiftOauthToken: z.string().describe('`***` where there is one.'),
  kubernetesEndPoint: z.string(),
  openshiftEndPoint: z.string(),
  slaliteEndPoint: z.string(),
  prometheusPushgatewayEndPoint: z.string(),
  prometheusEndPoint: z.string(),
  status: z.enum(['', 'DEPLOYING', 'RUNNING', 'ERROR']),
  state: infrastructureState,
  reason: z.string().optional(),
  revision: z.union([revision, z.null()]),
});

export const serverlessFunction = z.object({
  dbid: z.literal('Task'),
  id: z.string(),
  name: z.string(),
  nameSpace: z.string(),
  type: z.literal('function'),
  url: z.string(),
  status: z.string(),
  reason: z.string(),
  agreementId: z.string(),
  replicas: z.int(),
  clusterid: z.string(),
  functionDefinition: z.object({
    name: z.string(),
    dock: z.string(),
    cluster: z.string(),
    type: z.literal('function'),
    runtime: z.string(),
    handler: z.string(),
    timeout: z.string(),
    functionType: z.string(),
    function: z.string(),
  }),
  pods: z.array(z.never()),
  created: z.string(),
});

const party = z.object({ id: z.string(), name: z.string() });

export const provider = party;

export const agreementDetails = z.object({
  id: z.string(),
  type: z.literal('agreement'),
  name: z.string(),
  provider: party,
  client: party,
  creation: time.optional(),
  expiration: time.optional(),
  guarantees: z.array(z.object({ name: z.string(), constraint: z.string(), penalties: z.array(penaltySpec).optional() })),
});

export const agreement = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(AGREEMENT_STATES),
  details: agreementDetails,
  assessment: z.object({
    guarantees: z.record(
      z.string(),
      z.object({
        last_execution: time.optional(),
        state: judged,
        reason: z.string().optional(),
        last_values: z.record(z.string(), z.object({ key: z.string(), value: z.number(), datetime: time.optional() })),
      }),
    ),
  }),
});

export const agreementTemplate = z.looseObject({ id: z.string() });

/** Errors of the original's API, of its SLA Manager's, and of everything else. */
export const errors = {
  envelope: z.object({
    resp: z.literal('error'),
    method: z.string(),
    message: z.string(),
    caasversion: z.string(),
    issues: z.array(issue).optional().describe('What is wrong in the body, or stands in the way, with its place.'),
  }),
  sla: z.object({ code: z.string(), message: z.string(), issues: z.array(issue).optional() }),
  plain: z.object({ message: z.string() }),
};

/** By the names that they have as components. */
export const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  Issue: issue,
  Worker: worker,
  Container: container,
  Task: task,
  Decision: decision,
  AgreementStatus: agreementStatus,
  TaskStatus: taskStatus,
  QosDefinition: qosDefinition,
  Infrastructure: infrastructure,
  Function: serverlessFunction,
  Agreement: agreement,
  AgreementDetails: agreementDetails,
  AgreementTemplate: agreementTemplate,
  Provider: provider,
  Error: errors.envelope,
  SlaError: errors.sla,
  Message: errors.plain,
};
