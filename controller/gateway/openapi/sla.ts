import { z } from 'zod';
import { agreement, agreementDetails, agreementTemplate, provider } from './answers.ts';
import { agreementBody, createAgreementBody, predictBody, sourceBody, stateBody, templateBody } from './bodies.ts';
import { type Operation, READ_ERRORS, WRITE_ERRORS } from './operation.ts';

const get = { tag: 'sla', errors: READ_ERRORS, form: 'sla' } as const;
const getOne = { ...get, errors: [404, ...READ_ERRORS] } as const;
const write = { tag: 'sla', headers: ['key'], errors: WRITE_ERRORS, form: 'sla' } as const;
const change = { ...write, errors: [404, ...WRITE_ERRORS] } as const;
const matched = { ...change, headers: ['key', 'match'] } as const;

const names = z.array(z.string());
const help = z.record(z.string(), z.object({ Method: z.string(), Path: z.string(), Help: z.string(), Version: z.string() }));
const active = z.object({ active: z.string().optional().describe('Anything: only those that are started.') });
const filled = z.object({ template_id: z.string(), agreement_id: z.string(), parameters: z.record(z.string(), z.unknown()) });

export const SLA: readonly Operation[] = [
  { ...get, at: 'GET /sla/v1/', id: 'getSla', summary: 'What there is', errors: [], answers: { 200: help } },
  {
    ...get,
    at: 'GET /sla/v1/agreements',
    id: 'getAgreements',
    summary: 'All agreements',
    query: active,
    answers: { 200: z.array(agreement) },
  },
  {
    ...write,
    at: 'POST /sla/v1/agreements',
    id: 'createAgreement',
    summary: 'Create an agreement: a document of its own',
    body: agreementBody,
    location: true,
    answers: { 201: agreement },
  },
  {
    ...getOne,
    at: 'GET /sla/v1/agreements/{id}',
    id: 'getAgreement',
    summary: 'One agreement, with how its guarantees were judged last',
    etag: true,
    answers: { 200: agreement },
  },
  {
    ...getOne,
    at: 'GET /sla/v1/agreements/{id}/details',
    id: 'getAgreementDetails',
    summary: 'What it promises',
    answers: { 200: agreementDetails },
  },
  {
    ...matched,
    at: 'PUT /sla/v1/agreements/{id}',
    id: 'updateAgreement',
    summary: 'Set its `state`, and nothing else',
    body: stateBody,
    etag: true,
    answers: { 200: agreement },
  },
  { ...matched, at: 'PUT /sla/v1/agreements/{id}/start', id: 'startAgreement', summary: 'Judge it again', answers: { 204: null } },
  {
    ...matched,
    at: 'PUT /sla/v1/agreements/{id}/stop',
    id: 'stopAgreement',
    summary: 'Judge it no more, until it is started',
    answers: { 204: null },
  },
  {
    ...matched,
    at: 'PUT /sla/v1/agreements/{id}/terminate',
    id: 'terminateAgreement',
    summary: 'End it, for good',
    answers: { 204: null },
  },
  {
    ...matched,
    at: 'DELETE /sla/v1/agreements/{id}',
    id: 'deleteAgreement',
    summary: 'Remove it, unless it follows from a task',
    answers: { 204: null },
  },
  {
    ...get,
    at: 'GET /sla/v1/templates',
    id: 'getTemplates',
    summary: 'All templates of agreements',
    answers: { 200: z.array(agreementTemplate) },
  },
  {
    ...write,
    at: 'POST /sla/v1/templates',
    id: 'createTemplate',
    summary: 'Create a template',
    body: templateBody,
    location: true,
    answers: { 201: agreementTemplate },
  },
  {
    ...getOne,
    at: 'GET /sla/v1/templates/{id}',
    id: 'getTemplate',
    summary: 'One template',
    etag: true,
    answers: { 200: agreementTemplate },
  },
  {
    ...change,
    at: 'POST /sla/v1/create-agreement',
    id: 'createAgreementOfTemplate',
    summary: 'Create an agreement of a template and values; values stay values',
    body: createAgreementBody,
    location: true,
    answers: { 201: filled },
  },
  { ...get, at: 'GET /sla/v1/providers', id: 'getProviders', summary: 'Who promises', answers: { 200: z.array(provider) } },
  { ...getOne, at: 'GET /sla/v1/providers/{id}', id: 'getProvider', summary: 'One of them', answers: { 200: provider } },
  {
    ...write,
    at: 'POST /sla/v1/providers',
    id: 'createProvider',
    summary: 'Refused: providers are those that agreements name',
    errors: [400, 409, 410, 413, 415, 503],
    answers: {},
  },
  {
    ...write,
    at: 'DELETE /sla/v1/providers/{id}',
    id: 'deleteProvider',
    summary: 'Refused: it goes with the last agreement that names it',
    errors: [404, 409, 413, 503],
    answers: {},
  },
  {
    ...write,
    at: 'PUT /sla/v1/sla-predict',
    id: 'predict',
    summary: 'How many workers it takes: `-1`, none, as no predictor is asked',
    body: predictBody,
    errors: [400, 413, 415],
    answers: { 200: z.object({ id: z.string(), numWorkers: z.string(), executionTime: z.string(), result: z.string() }) },
  },
  { ...get, at: 'GET /sla/v1/metrics', id: 'getMetricNames', summary: 'What the agreements are judged by', answers: { 200: names } },
  {
    ...get,
    at: 'POST /sla/v1/metrics/{id}',
    id: 'createMetric',
    summary: 'The same: nothing is to be registered',
    errors: [404, 413, ...READ_ERRORS],
    answers: { 200: names },
  },
  {
    ...get,
    at: 'DELETE /sla/v1/metrics/{id}',
    id: 'deleteMetric',
    summary: 'The same: nothing is forgotten',
    errors: [404, 413, ...READ_ERRORS],
    answers: { 200: names },
  },
  { ...get, at: 'GET /sla/v1/sources/prometheus', id: 'getSources', summary: 'Where it is measured', answers: { 200: names } },
  {
    ...write,
    at: 'POST /sla/v1/sources/prometheus',
    id: 'createSource',
    summary: 'Create a Source; it is asked once an infrastructure names it',
    body: sourceBody,
    location: true,
    answers: { 201: names },
  },
  {
    ...change,
    at: 'DELETE /sla/v1/sources/prometheus/{id}',
    id: 'deleteSource',
    summary: 'Remove it, by its name',
    answers: { 204: null },
  },
  {
    ...write,
    at: 'POST /sla/v1/endpoints/{id}',
    id: 'createEndpoint',
    summary: 'Refused: use POST /sources/prometheus',
    deprecated: true,
    errors: [410, 413],
    answers: {},
  },
  {
    ...change,
    at: 'DELETE /sla/v1/endpoints/{id}',
    id: 'deleteEndpoint',
    summary: 'As DELETE /sources/prometheus/{id}',
    deprecated: true,
    answers: { 200: names },
  },
  {
    ...get,
    at: 'GET /sla/v1/endpoints',
    id: 'getEndpoints',
    summary: 'As GET /sources/prometheus',
    deprecated: true,
    answers: { 200: names },
  },
];
