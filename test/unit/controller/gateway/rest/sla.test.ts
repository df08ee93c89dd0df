import { afterEach, describe, expect, it } from 'vitest';
import { createSlaServer } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { callsTo, EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';

const TASK = JSON.stringify({
  name: 'workflow-1',
  dock: 'class',
  image: 'compss/worker',
  replicas: 2,
  qos: [{ qosid: 'DeadlinesMissed_1' }],
});
const GENERATED = 'workflow_1_DeadlinesMissed_1';

const agreement = (id: string, constraint = 'deadlines_missed_workflow_1 < 1') => ({
  id,
  name: id,
  state: 'started',
  details: {
    id,
    type: 'agreement',
    name: id,
    provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
    client: { id: 'workflow_1', name: 'compss_task_workflow_1' },
    creation: '2019-01-01T00:00:00Z',
    guarantees: [{ name: 'deadlines_missed', constraint }],
  },
});

const template = {
  id: 'for-tasks',
  name: 'For tasks',
  details: {
    type: 'template',
    name: 'Agreement of {{.task}}',
    provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
    client: { id: '{{.task}}', name: 'task {{.task}}' },
    guarantees: [{ name: 'm', constraint: 'deadlines_missed_workflow_1 < 2' }],
  },
};

let open: RestWorld | undefined;
const world = async (files: Readonly<Record<string, string>> = {}) => {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, 'tasks/w.json': TASK, ...files });
  const { call } = open;
  const sla = (method: Parameters<typeof call>[0], path: string, body?: unknown) => call(method, `/sla/v1${path}`, body);
  return { ...open, sla };
};

afterEach(() => open?.stop());

describe('Agreements by REST', () => {
  it('follow from tasks and templates, in the shape of the original', async () => {
    const { sla } = await world();
    const { status, json } = await sla('GET', '/agreements');
    expect(status).toBe(200);
    expect(json).toMatchObject([
      {
        id: GENERATED,
        state: 'started',
        details: {
          id: GENERATED,
          type: 'agreement',
          provider: { id: 'CLASSProvider' },
          client: { id: 'workflow_1', name: 'compss_task_workflow_1' },
          guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed_workflow_1 < 1' }],
        },
        assessment: { guarantees: { deadlines_missed: { state: 'unknown' } } },
      },
    ]);
    expect((await sla('GET', `/agreements/${GENERATED}/details`)).json).toEqual(json[0].details);
    expect((await sla('GET', '/agreements/none')).json).toEqual({ code: '404', message: 'There is no agreement none' });
    expect((await sla('GET', '/agreements/none/details')).status).toBe(404);
  });

  it.each([
    { verb: 'stop', state: 'stopped' },
    { verb: 'terminate', state: 'terminated' },
  ])('$verb is a commit, answered with 204', async ({ verb, state }) => {
    const { sla, messages } = await world();
    expect(await sla('PUT', `/agreements/${GENERATED}/${verb}`)).toMatchObject({ status: 204, json: undefined });
    expect((await sla('GET', `/agreements/${GENERATED}`)).json.state).toBe(state);
    expect((await sla('GET', '/agreements?active=true')).json).toEqual([]);
    expect((await messages()).at(-1)).toBe(`Make agreement ${GENERATED} ${state}\n`);
    expect((await sla('PUT', `/agreements/${GENERATED}/start`)).status).toBe(state === 'terminated' ? 400 : 204);
  });

  it('a PUT changes the state and nothing else, and only to one that there is', async () => {
    const { sla } = await world();
    expect(await sla('PUT', `/agreements/${GENERATED}`, { state: 'stopped', name: 'x' })).toMatchObject({
      status: 200,
      json: { state: 'stopped', id: GENERATED },
    });
    for (const [state, shown] of [
      ['stopped', 'stopped'],
      ['started', 'unknown'],
      ['terminated', 'terminated'],
    ]) {
      const { json } = await sla('PUT', `/agreements/${GENERATED}`, { state });
      const assessed = Object.values(json.assessment.guarantees as Readonly<Record<string, { readonly state: string }>>);
      expect([json.state, assessed.map((one) => one.state)]).toEqual([state, [shown]]);
    }
    expect(await sla('PUT', `/agreements/${GENERATED}`, { state: 'paused' })).toMatchObject({ status: 400, json: { code: '400' } });
    expect(await sla('PUT', '/agreements/none/stop')).toMatchObject({ status: 404 });
  });

  it('are created as they are sent, once, and deleted', async () => {
    const { sla, files } = await world();
    expect(await sla('POST', '/agreements', agreement('agreement_1'))).toMatchObject({
      status: 201,
      json: { id: 'agreement_1', state: 'started' },
    });
    expect(await sla('POST', '/agreements', agreement('agreement_1'))).toMatchObject({ status: 409, json: { code: '409' } });
    expect(Object.keys(await files())).toContain('sla/agreement-1.json');
    expect(await sla('DELETE', '/agreements/agreement_1')).toMatchObject({ status: 204 });
    expect(await sla('DELETE', '/agreements/agreement_1')).toMatchObject({ status: 404 });
    expect(await sla('DELETE', `/agreements/${GENERATED}`)).toMatchObject({ status: 409 });
  });

  it.each([
    { reason: 'a constraint that is none', body: agreement('a', '1 + 1') },
    {
      reason: 'no guarantee name',
      body: { ...agreement('a'), details: { ...agreement('a').details, guarantees: [{ constraint: 'a < 1' }] } },
    },
    {
      reason: 'a task that is not there',
      body: { ...agreement('a'), details: { ...agreement('a').details, client: { id: 'none', name: 'none' } } },
    },
  ])('with $reason are refused, and nothing is committed', async ({ body }) => {
    const { sla, messages } = await world();
    expect(await sla('POST', '/agreements', body)).toMatchObject({ status: 400, json: { code: '400' } });
    expect(await messages()).toHaveLength(1);
  });
});

describe('Templates by REST', () => {
  it('make agreements of values, which never become more than values', async () => {
    const { sla } = await world();
    expect(await sla('POST', '/templates', template)).toMatchObject({ status: 201, json: { id: 'for-tasks' } });
    expect((await sla('GET', '/templates')).json).toMatchObject([{ id: 'for-tasks' }]);
    const made = await sla('POST', '/create-agreement', { template_id: 'for-tasks', parameters: { task: 'workflow_1' } });
    expect(made).toMatchObject({ status: 201, json: { template_id: 'for-tasks', parameters: { task: 'workflow_1' } } });
    expect((await sla('GET', `/agreements/${made.json.agreement_id}`)).json).toMatchObject({
      name: 'Agreement of workflow_1',
      details: { client: { id: 'workflow_1' } },
    });
    const hostile = { task: 'workflow_1", "extra": "x' };
    expect(await sla('POST', '/create-agreement', { template_id: 'for-tasks', parameters: hostile })).toMatchObject({ status: 400 });
    expect(await sla('POST', '/create-agreement', { template_id: 'for-tasks', parameters: {} })).toMatchObject({ status: 400 });
    expect(await sla('POST', '/create-agreement', { template_id: 'none' })).toMatchObject({ status: 404 });
  });
});

it('what is measured, where and by whose promise follows from the documents', async () => {
  const { sla } = await world({
    'infrastructures/two.json': JSON.stringify({ name: 'two', type: 'kubernetes', prometheusEndPoint: 'http://prometheus.example:9090' }),
  });
  expect((await sla('GET', '/metrics')).json).toEqual(['deadlines_missed_workflow_1']);
  expect((await sla('POST', '/metrics/anything')).json).toEqual(['deadlines_missed_workflow_1']);
  expect((await sla('GET', '/sources/prometheus')).json).toEqual(['http://prometheus.example:9090']);
  expect((await sla('GET', '/endpoints')).json).toEqual(['http://prometheus.example:9090']);
  expect((await sla('GET', '/providers')).json).toEqual([{ id: 'CLASSProvider', name: 'CLASS Platform' }]);
  expect((await sla('GET', '/')).json.agreements).toMatchObject({ Method: 'GET', Path: '/agreements' });
});

describe('The SLA Manager at bare paths', () => {
  it('answers as below its prefix, places included', async () => {
    const { controller } = await world();
    const server = createSlaServer({
      ...gatewayOptions(),
      view: () => controller.view(),
      write: (change) => controller.write(change),
    });
    const bare = callsTo(server, '', '/sla/v1');
    expect((await bare('GET', '/agreements')).json).toMatchObject([{ id: GENERATED }]);
    expect(await bare('POST', '/agreements', agreement('sla-1'))).toMatchObject({
      status: 201,
      headers: { location: '/agreements/sla-1' },
    });
    expect(await bare('GET', '/metrics')).toMatchObject({ status: 200, json: expect.arrayContaining(['deadlines_missed_workflow_1']) });
    expect(await bare('GET', '/')).toMatchObject({ status: 200, json: { agreements: { Path: '/agreements' } } });
    expect(await bare('GET', '/tasks')).toMatchObject({ status: 404, json: { code: '404', message: expect.any(String) } });
    await server.close();
  });
});

describe('Sources by REST', () => {
  const world = async () => {
    open = await restWorld({ 'infrastructures/edge.yaml': EDGE, 'tasks/w.json': TASK }, undefined, {
      allowedHosts: ['prometheus.example'],
    });
    const { call } = open;
    return { ...open, sla: (method: Parameters<typeof call>[0], path: string, body?: unknown) => call(method, `/sla/v1${path}`, body) };
  };
  const URL = 'https://prometheus.example/metrics';

  it('are documents, of hosts that the operator allowed', async () => {
    const { sla, files } = await world();
    expect(await sla('POST', '/sources/prometheus', { url: URL, name: 'street' })).toMatchObject({
      status: 201,
      headers: { location: '/sla/v1/sources/prometheus/street' },
      json: [URL],
    });
    expect(JSON.parse((await files())['sla/street.json'] ?? '')).toMatchObject({ kind: 'Source', spec: { type: 'prometheus', url: URL } });
    expect(await sla('POST', '/sources/prometheus', { url: URL })).toMatchObject({ status: 409, json: { code: '409' } });
    expect(await sla('POST', '/sources/prometheus', { url: 'https://other.example' })).toMatchObject({ status: 403 });
    expect(await sla('GET', '/sources/prometheus')).toMatchObject({ json: [URL] });
    expect(await sla('DELETE', '/sources/prometheus/street')).toMatchObject({ status: 204 });
    expect(Object.keys(await files())).not.toContain('sla/street.json');
    expect(await sla('DELETE', '/sources/prometheus/street')).toMatchObject({ status: 404, json: { code: '404' } });
  });

  it.each([
    { reason: 'no URL', body: {}, status: 400 },
    { reason: 'a URL that is none', body: { url: 'prometheus' }, status: 400 },
    { reason: 'another scheme', body: { url: 'file:///etc/passwd' }, status: 400 },
    { reason: 'a password in it', body: { url: 'https://a:b@prometheus.example' }, status: 400 },
    { reason: 'a name that is none', body: { url: URL, name: '../x' }, status: 400 },
  ])('are refused with $reason', async ({ body, status }) => {
    const { sla, messages } = await world();
    expect(await sla('POST', '/sources/prometheus', body)).toMatchObject({ status });
    expect(await messages()).toHaveLength(1);
  });

  it('that an infrastructure names are not removed, and at the old path they go by their names', async () => {
    const source = { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Source', spec: { type: 'prometheus', url: URL } };
    const named = (name: string) => JSON.stringify({ ...source, metadata: { name } });
    const edge = EDGE.replace('defaultDock: class', 'defaultDock: class, sources: [used]');
    open = await restWorld({ 'infrastructures/edge.yaml': edge, 'sla/used.json': named('used'), 'sla/free.json': named('free') });
    const { call } = open;
    expect(await call('DELETE', '/sla/v1/sources/prometheus/used')).toMatchObject({ status: 409 });
    expect(await call('DELETE', '/sla/v1/endpoints/free')).toMatchObject({ status: 200, json: [URL] });
    expect(await call('POST', '/sla/v1/endpoints/free')).toMatchObject({ status: 410, json: { code: '410' } });
  });
});

it('Providers are those of agreements, and no predictor is asked', async () => {
  const { sla } = await world();
  const provider = { id: 'CLASSProvider', name: 'CLASS Platform' };
  expect(await sla('POST', '/providers', provider)).toMatchObject({ status: 409 });
  expect(await sla('POST', '/providers', { id: 'other', name: 'Other' })).toMatchObject({ status: 410, json: { code: '410' } });
  expect(await sla('POST', '/providers', { id: 'other' })).toMatchObject({ status: 400 });
  expect(await sla('DELETE', '/providers/CLASSProvider')).toMatchObject({ status: 409 });
  expect(await sla('DELETE', '/providers/other')).toMatchObject({ status: 404 });
  const asked = { id: 'workflow_1', numWorkers: '4', executionTime: '100' };
  expect(await sla('PUT', '/sla-predict', asked)).toMatchObject({ status: 200, json: { ...asked, result: '-1' } });
});
