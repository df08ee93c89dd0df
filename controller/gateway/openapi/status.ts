import { z } from 'zod';
import { status, versions, written } from './answers.ts';
import { configBody } from './bodies.ts';
import { envelope, type Operation, READ_ERRORS, WRITE_ERRORS } from './operation.ts';

const get = { headers: ['prefer'], errors: READ_ERRORS, form: 'envelope' } as const;
const create = { headers: ['prefer', 'key'], errors: WRITE_ERRORS, form: 'envelope' } as const;

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
    ServerPort: z.int(),
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
        KubernetesEndPoint: text,
        OpenshiftEndPoint: text,
        OpenshiftOauthToken: text,
        SLALiteEndPoint: text,
        PrometheusPushgatewayEndPoint: text,
        PrometheusEndPoint: text,
        KeyFile: text,
      }),
    ),
    SLAs: z.object({ CreationDate: text, ExpirationDate: text, DefaultInfrQoSRule: text }),
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
    answers: { 200: config.extend(written) },
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
