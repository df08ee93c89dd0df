import { z } from 'zod';
import { agreementTemplateSpec } from '../../../constructs/spec/agreement.ts';
import { documentSchema } from '../../../constructs/spec/document.ts';
import {
  clusterRequest,
  infrastructure,
  longTask,
  qosDefinition,
  serverlessFunction,
  simpleTask,
  slaAgreement,
  slaTemplate,
} from '../../../synth/original/schemas.ts';
import type { Body } from './operation.ts';

const own = {
  Task: documentSchema('Task'),
  QosTemplate: documentSchema('QosTemplate'),
  Infrastructure: documentSchema('Infrastructure'),
  Function: documentSchema('Function'),
  Agreement: documentSchema('Agreement'),
  AgreementTemplate: documentSchema('AgreementTemplate'),
};

/** By the names that they have as components: what validates bodies, as it stands. */
export const BODY_COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  LongTask: longTask,
  SimpleTask: simpleTask,
  OriginalQosDefinition: qosDefinition,
  OriginalInfrastructure: infrastructure,
  ClusterRequest: clusterRequest,
  OriginalFunction: serverlessFunction,
  SlaAgreement: slaAgreement,
  SlaTemplate: slaTemplate,
  ...Object.fromEntries(Object.entries(own).map(([kind, schema]) => [`${kind}Document`, schema])),
  Json: agreementTemplateSpec.shape.agreement.valueType,
};

const apiVersion = 'rotterdam.dev/v1alpha1';
const deadlines = [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }];

const long = {
  name: 'nginx-app',
  dock: 'class',
  replicas: 2,
  containers: [
    {
      name: 'nginx',
      image: 'nginx',
      ports: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      environment: [{ name: 'TEST_VALUE', value: '1.2.3' }],
    },
  ],
};

const workflow = {
  name: 'compss-workflow',
  dock: 'class',
  replicas: 4,
  qos: [{ qosid: 'DeadlinesMissed_1' }],
  image: 'example/compss-test',
  ports: [44240],
  command: ['/bin/sh'],
  args: ['-c', 'while true; do echo hello; sleep 10; done'],
};

export const taskBody: Body = {
  schema: z.union([longTask, simpleTask, own.Task]),
  examples: {
    'long format': long,
    'simple format, with a QoS of its own': {
      name: 'redis-app',
      dock: 'class',
      replicas: 4,
      image: 'redis',
      ports: [6379],
      qos: [
        {
          qosid: 'deadlines001',
          metric: 'missed_deadlines',
          comparator: '<',
          value: 2,
          action: 'scale_out',
          maxreplicas: 25,
          minreplicas: 2,
          scalefactor: 1.5,
          maxallowed: 2,
        },
      ],
    },
    document: { apiVersion, kind: 'Task', metadata: { name: 'web' }, spec: { dock: 'class', containers: [{ image: 'nginx' }] } },
  },
};

export const compssBody: Body = {
  schema: z.union([longTask, simpleTask]),
  examples: { 'simple format': workflow, 'long format': { ...long, name: 'workers' } },
};

const definition = {
  type: 'app-compss',
  guaranteeName: 'Deadlines',
  maxAllowed: 0,
  action: 'scale_out',
  scaleFactor: 1.5,
  guarantees: deadlines,
};

export const qosBody: Body = {
  schema: z.union([qosDefinition, z.array(qosDefinition).min(1), own.QosTemplate]),
  examples: {
    one: definition,
    several: [definition, { ...definition, guaranteeName: 'Deadlines_2', maxAllowed: 1 }],
    document: {
      apiVersion,
      kind: 'QosTemplate',
      metadata: { name: 'Pods' },
      spec: { type: 'infr', action: 'scale_in', scaleFactor: 0.5, guarantees: [{ name: 'pods', constraint: 'kubelet_running_pods < 50' }] },
    },
  },
};

export const infrastructureBody: Body = {
  schema: z.union([infrastructure, own.Infrastructure]),
  examples: {
    'a device that is to get MicroK8s': {
      name: 'edge-device-1',
      description: 'a bare Ubuntu device that gets MicroK8s at run time',
      type: 'microk8s',
      so: 'ubuntu18',
      defaultDock: 'default',
      hostIP: '192.168.1.12',
      hostPort: 22,
      user: 'user_name',
      password: 'user_password',
    },
    document: {
      apiVersion,
      kind: 'Infrastructure',
      metadata: { name: 'edge-2' },
      spec: { type: 'kubernetes', defaultDock: 'class', credentials: { secret: 'edge-2' } },
    },
  },
};

export const clusterBody: Body = { schema: clusterRequest, examples: { 'as documented': { type: 'microK8s', apiPort: 8001 } } };

export const functionBody: Body = {
  schema: z.union([serverlessFunction, own.Function]),
  examples: {
    'hello world': {
      name: 'helloworld',
      dock: 'class',
      runtime: 'python2.7',
      handler: 'helloget.foo',
      function: 'def foo(event, context):\n  return "hello world"\n',
    },
  },
};

/** Names are the original's, in its own letter case. */
const settings = z.strictObject({
  MaxReplicas: z.int().min(1).optional(),
  MinReplicas: z.int().min(0).optional(),
  MaxAllowed: z.int().min(0).optional(),
  ScaleFactor: z.number().positive().optional(),
  Value: z.number().optional(),
  Comparator: z.string().optional(),
  Action: z.string().optional(),
});

export const configBody: Body = {
  schema: z.object({ Tasks: settings.optional() }),
  examples: { 'fewer replicas': { Tasks: { MaxReplicas: 10, MinReplicas: 1 } } },
};

export const violationBody: Body = {
  schema: z.object({
    Agreement_id: z.string().optional(),
    Status: z.literal('violation').optional(),
    Client_id: z.string().optional(),
    Client_name: z.string().optional(),
    Guarantee: z.string().optional(),
  }),
  examples: {
    'as SLALite sends it': {
      Agreement_id: 'compss_workflow_DeadlinesMissed_1',
      Status: 'violation',
      Client_id: 'compss_workflow',
      Guarantee: 'deadlines_missed',
    },
  },
};

const party = (id: string, name: string) => ({ id, name });
const terms = { provider: party('CLASSProvider', 'CLASS Platform'), client: party('nginx_app', 'CLASS task nginx_app') };
const slow = [{ name: 'Latency', constraint: 'latency < 100' }];

export const agreementBody: Body = {
  schema: z.union([slaAgreement, own.Agreement]),
  examples: {
    'as SLALite has it': {
      id: 'nginx_app_Latency',
      name: 'nginx_app_Latency',
      state: 'started',
      details: { id: 'nginx_app_Latency', type: 'agreement', name: 'nginx_app_Latency', ...terms, guarantees: slow },
    },
  },
};

export const templateBody: Body = {
  schema: z.union([slaTemplate, own.AgreementTemplate]),
  examples: {
    'with placeholders': {
      id: 'Latency',
      name: 'Latency',
      details: {
        type: 'template',
        name: '{{.name}}',
        provider: terms.provider,
        client: party('{{.task}}', '{{.task}}'),
        guarantees: [{ name: 'Latency', constraint: 'latency < {{.limit}}' }],
      },
    },
  },
};

export const createAgreementBody: Body = {
  schema: z.object({ template_id: z.string(), parameters: z.record(z.string(), BODY_COMPONENTS.Json ?? z.unknown()).optional() }),
  examples: { values: { template_id: 'Latency', parameters: { name: 'web_Latency', task: 'nginx_app', limit: 100 } } },
};

export const sourceBody: Body = {
  schema: z.object({ url: z.string(), name: z.string().optional() }),
  examples: { 'a Prometheus': { url: 'https://prometheus.example', name: 'street' } },
};

export const predictBody: Body = {
  schema: z.object({ id: z.string().optional(), numWorkers: z.string().optional(), executionTime: z.string().optional() }),
  examples: { workers: { id: 'compss_workflow', numWorkers: '4', executionTime: '120' } },
};

export const stateBody: Body = {
  schema: z.object({ state: z.enum(['started', 'stopped', 'terminated']) }),
  examples: { 'judged no more, for now': { state: 'stopped' } },
};
