import { z } from 'zod';
import { infrastructure, qosDefinition, serverlessFunction, status, versions, written } from './answers.ts';
import { clusterBody, configBody, functionBody, infrastructureBody, qosBody, violationBody } from './bodies.ts';
import { envelope, type Operation, READ_ERRORS, WRITE_ERRORS } from './operation.ts';

const get = { headers: ['prefer'], errors: READ_ERRORS, form: 'envelope' } as const;
const getOne = { ...get, errors: [404, ...READ_ERRORS] } as const;
const create = { headers: ['prefer', 'key'], errors: WRITE_ERRORS, form: 'envelope' } as const;
const change = { headers: ['prefer', 'key', 'match'], errors: [404, ...WRITE_ERRORS], form: 'envelope' } as const;

export const QOS: readonly Operation[] = [
  {
    ...get,
    at: 'GET /api/v1/qos/definitions',
    tag: 'qos',
    id: 'GetQoSDefs',
    summary: 'All templates, the built-in ones too',
    answers: { 200: envelope({ qosdefs: z.array(qosDefinition) }) },
  },
  {
    ...create,
    headers: ['prefer', 'key', 'match'],
    at: 'POST /api/v1/qos/definitions',
    tag: 'qos',
    id: 'PostQoSDefs',
    summary: 'Add one template or a list, or take the places of those of the same names; no other goes',
    body: qosBody,
    answers: { 200: envelope({ qosdefs: z.array(qosDefinition), qosdef: qosDefinition, ...written }) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/qos/definitions/{name}',
    tag: 'qos',
    id: 'GetQoSDef',
    summary: 'One template',
    etag: true,
    answers: { 200: envelope({ qosdef: qosDefinition }) },
  },
  {
    at: 'POST /api/v1/sla/tasks/{id}/guarantee/{guarantee}',
    tag: 'qos',
    id: 'processSLAViolation',
    summary: 'Report a violation that others saw',
    body: violationBody,
    answers: { 200: null },
    errors: [400, 404, 413, 415, 503],
    form: 'envelope',
  },
];

const one = { imecversion: z.string(), id: z.string(), infr: infrastructure, infrs: z.array(infrastructure) };
const cluster = z.object({ type: z.string(), state: z.enum(['waiting', 'none']), reason: z.string() });

export const IMEC: readonly Operation[] = [
  {
    ...get,
    at: 'GET /api/v1/imec',
    tag: 'imec',
    id: 'getAllInfrastructures',
    summary: 'All infrastructures; secrets are `***`',
    answers: { 200: envelope({ imecversion: z.string(), infrs: z.array(infrastructure) }) },
  },
  {
    ...create,
    at: 'POST /api/v1/imec',
    tag: 'imec',
    id: 'createInfrastructure',
    summary: 'Create an infrastructure; its secrets are kept, and get into no document',
    body: infrastructureBody,
    answers: { 200: envelope({ ...one, ...written }) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/imec/{id}',
    tag: 'imec',
    id: 'getInfrastructure',
    summary: 'One infrastructure',
    etag: true,
    answers: { 200: envelope(one) },
  },
  {
    ...change,
    at: 'PUT /api/v1/imec/{id}',
    tag: 'imec',
    id: 'updateInfrastructure',
    summary: "Replace an infrastructure's document; `***` keeps a secret",
    body: infrastructureBody,
    answers: { 200: envelope({ ...one, ...written }) },
  },
  {
    ...change,
    at: 'DELETE /api/v1/imec/{id}',
    tag: 'imec',
    id: 'deleteInfrastructure',
    summary: 'Remove an infrastructure, unless tasks are placed there',
    answers: { 200: envelope({ imecversion: z.string(), id: z.string(), revision: z.string() }) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/imec/{id}/status',
    tag: 'imec',
    id: 'getInfrastructureStatus',
    summary: '`ok`, or 404 `Not-Found`',
    answers: { 200: envelope(one) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/imec/{id}/cluster',
    tag: 'imec',
    id: 'getInfrastructureCluster',
    summary: 'Whether a cluster is asked for',
    answers: { 200: envelope({ ...one, cluster }) },
  },
  {
    ...change,
    at: 'POST /api/v1/imec/{id}/cluster',
    tag: 'imec',
    id: 'createInfrastructureCluster',
    summary: 'Ask for a cluster',
    body: clusterBody,
    answers: { 200: envelope({ ...one, cluster, ...written }) },
  },
  {
    ...change,
    at: 'DELETE /api/v1/imec/{id}/cluster',
    tag: 'imec',
    id: 'deleteInfrastructureCluster',
    summary: 'Withdraw that',
    answers: { 200: envelope({ ...one, revision: z.string() }) },
  },
];

const faasversion = z.string();
const functionAnswer = { faasversion, id: z.string(), task: serverlessFunction };

export const FUNCTIONS: readonly Operation[] = [
  {
    ...get,
    at: 'GET /api/v1/functions',
    tag: 'function',
    id: 'getAllFunctions',
    summary: 'All functions',
    answers: { 200: envelope({ faasversion, tasks: z.array(serverlessFunction) }) },
  },
  {
    ...create,
    at: 'POST /api/v1/functions',
    tag: 'function',
    id: 'createFunction',
    summary: 'Create a function: it waits until something runs it',
    body: functionBody,
    answers: { 200: envelope({ ...functionAnswer, ...written }) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/functions/{id}',
    tag: 'function',
    id: 'getFunction',
    summary: 'One function',
    answers: { 200: envelope(functionAnswer) },
  },
  {
    ...getOne,
    at: 'POST /api/v1/functions/{id}',
    tag: 'function',
    id: 'callFunction',
    summary: 'Call a function: 503 with the reason until something runs functions',
    answers: {},
    errors: [404, 413, 503],
  },
  {
    ...change,
    at: 'DELETE /api/v1/functions/{id}',
    tag: 'function',
    id: 'deleteFunction',
    summary: 'Remove a function',
    answers: { 200: envelope({ faasversion, id: z.string(), content: z.literal('ok'), revision: z.string() }) },
  },
];

const text = z.string();
const config = envelope({
  ...versions,
  content: z.object({
    CaaSVersion: text,
    FaaSVersion: text,
    RulesEngineVersion: text,
    RestApiVersion: text,
    IMECVersion: text,
    SLALiteVersion: text,
    Clusters: z.array(
      z.object({
        ID: text,
        Name: text,
        Description: text,
        DefaultDock: text,
        Type: text,
        SO: text,
        HostIP: text,
        HostPort: z.int(),
        User: text,
        Password: text,
        OpenshiftOauthToken: text,
        PrometheusPushgatewayEndPoint: text,
        PrometheusEndPoint: text,
      }),
    ),
    Tasks: z.object({
      MaxReplicas: z.int(),
      MinReplicas: z.int(),
      MaxAllowed: z.int(),
      ScaleFactor: z.number(),
      Value: z.number(),
      Comparator: text,
      Action: text,
    }),
  }),
  revision: z.string().optional(),
});

export const STATUS: readonly Operation[] = [
  {
    ...get,
    at: 'GET /',
    tag: 'status',
    id: 'getStatus',
    summary: 'Versions, and where the API is',
    errors: [],
    answers: { 200: envelope(versions) },
  },
  {
    ...get,
    at: 'GET /api/v1/version',
    tag: 'status',
    id: 'getVersion',
    summary: 'Versions',
    errors: [],
    answers: { 200: envelope(versions) },
  },
  {
    ...get,
    at: 'GET /api/v1/status',
    tag: 'status',
    id: 'getStatus2',
    summary: 'What the controller has seen',
    errors: [],
    answers: { 200: envelope({ ...versions, ...status }) },
  },
  {
    ...get,
    at: 'GET /api/v1/config',
    tag: 'status',
    id: 'getConfiguration',
    summary: 'Defaults under `Tasks`, infrastructures under `Clusters`; secrets are `***`',
    etag: true,
    answers: { 200: config },
  },
  {
    ...create,
    headers: ['prefer', 'key', 'match'],
    at: 'PUT /api/v1/config',
    tag: 'status',
    id: 'updateConfig',
    summary: 'Set Defaults',
    etag: true,
    body: configBody,
    answers: { 200: config },
  },
  {
    ...get,
    at: 'GET /api/v1/caas/config',
    tag: 'status',
    deprecated: true,
    id: 'getCaaSConfiguration',
    summary: 'As GET /config',
    etag: true,
    answers: { 200: config },
  },
  {
    ...get,
    at: 'GET /api/v1/rules-engine/config',
    tag: 'status',
    deprecated: true,
    id: 'getRulesEngineConfiguration',
    summary: 'As GET /config',
    etag: true,
    answers: { 200: config },
  },
  {
    at: 'GET /api/v1/events',
    tag: 'status',
    id: 'getEvents',
    summary: 'What happens, as server-sent events; `Last-Event-ID` goes on from there',
    query: z.object({ kept: z.int().min(0).optional().describe('Begins with so many of those that are kept.') }),
    answers: { 200: 'text/event-stream' },
    errors: [400],
    form: 'envelope',
  },
  {
    at: 'POST /api/v1/reconcile',
    tag: 'status',
    id: 'reconcile',
    summary: 'Look at the branch and the clusters now, and answer the status afterwards',
    body: {
      schema: z.strictObject({ infrastructures: z.array(z.string()).max(10_000).optional() }),
      examples: { all: {}, one: { infrastructures: ['modena'] } },
    },
    answers: { 200: z.object(status) },
    errors: [400, 413, 415, 503],
    form: 'envelope',
  },
  {
    at: 'GET /healthz',
    tag: 'status',
    id: 'getHealth',
    summary: '`ok` while the process lives',
    answers: { 200: 'text/plain' },
    errors: [],
    form: 'plain',
  },
  {
    at: 'GET /readyz',
    tag: 'status',
    id: 'getReadiness',
    summary: '`ok`, or 503 with the reason',
    answers: { 200: 'text/plain', 503: 'text/plain' },
    errors: [],
    form: 'plain',
  },
  {
    at: 'GET /metrics',
    tag: 'status',
    id: 'getMetrics',
    summary: "The controller's own metrics, for Prometheus",
    answers: { 200: 'text/plain' },
    errors: [],
    form: 'plain',
  },
];

const samples = { schema: z.string(), type: 'text/plain', examples: { 'one counter': 'deadlines_missed_compss_workflow 1\n' } };
const push = { tag: 'status', answers: { 202: null }, errors: [400, 413, 415, 503], form: 'plain' } as const;

/** What others call: whoever pushes metrics, and git hosts. */
export const CALLED: readonly Operation[] = [
  {
    ...push,
    at: 'POST /metrics/job/{job}',
    id: 'pushAdd',
    summary: 'Push metrics of a group; those of other names stay. More of its labels may follow: `/task/web`',
    body: samples,
  },
  { ...push, at: 'PUT /metrics/job/{job}', id: 'push', summary: 'Push metrics of a group in place of all that it has', body: samples },
  { ...push, at: 'DELETE /metrics/job/{job}', id: 'deleteGroup', summary: 'Forget a group' },
  {
    at: 'POST /api/v1/hooks/git',
    tag: 'status',
    id: 'pushHook',
    summary: 'Tell that the branch may have moved, as GitHub, Gitea, Forgejo and GitLab do: signed with the secret of `--hook-secret`',
    body: { schema: z.looseObject({}), examples: { anything: {} } },
    answers: { 202: null },
    errors: [403, 404, 409, 413, 415, 429, 503],
    form: 'plain',
  },
];
