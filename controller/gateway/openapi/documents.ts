import { z } from 'zod';
import { infrastructure, qosDefinition, serverlessFunction, written } from './answers.ts';
import { clusterBody, functionBody, infrastructureBody, qosBody, violationBody } from './bodies.ts';
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
    etag: true,
    location: true,
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
    etag: true,
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
    etag: true,
    location: true,
    answers: { 200: envelope({ ...functionAnswer, ...written }) },
  },
  {
    ...getOne,
    at: 'GET /api/v1/functions/{id}',
    tag: 'function',
    id: 'getFunction',
    summary: 'One function',
    etag: true,
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
