import { afterEach, describe, expect, it } from 'vitest';
import { createFeed } from '../../../../../controller/feed.ts';
import type { GatewayOptions } from '../../../../../controller/gateway/server.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { bearer, hold } from '../../../../support/tokens.ts';

const ADMIN = hold('ada', 'admin');
const WRITER = hold('writer', 'write');
const READER = hold('class-reader', 'read', ['class']);
const OWNER = hold('class-owner', 'write', ['class']);
const GRANTS = [ADMIN, WRITER, READER, OWNER].map(({ grant }) => grant);

const task = (name: string, dock: string, qos: object = {}) => JSON.stringify({ name, dock, containers: [{ image: 'nginx' }], ...qos });
const PROMISED = { qos: { name: 'Latency' } };
const LATENCY = JSON.stringify({
  guaranteeName: 'Latency',
  type: 'app',
  action: 'scale_out',
  guarantees: [{ name: 'L', constraint: '[latency] < 5' }],
});
const CITY = {
  'infrastructures/edge.yaml': EDGE,
  'qos/latency.json': LATENCY,
  'tasks/web.json': task('web', 'class', PROMISED),
  'tasks/bank.json': task('bank', 'money', PROMISED),
  'functions/one.json': JSON.stringify({ name: 'one', dock: 'class', runtime: 'python3.7', function: 'def f(): pass' }),
  'functions/two.json': JSON.stringify({ name: 'two', dock: 'money', runtime: 'python3.7', function: 'def f(): pass' }),
};

let open: RestWorld | undefined;
afterEach(() => open?.stop());

async function world(given: Partial<GatewayOptions> = {}) {
  open = await restWorld(CITY, undefined, { grants: () => GRANTS, ...given });
  const { call } = open;
  const as = (token: string) => (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    call(method, path, body, bearer(token));
  return { ...open, as };
}

describe('A token of a dock reads', () => {
  it.each([
    { path: '/tasks', shown: ['web'] },
    { path: '/docks', shown: ['class'] },
    { path: '/docks/tasks', shown: ['web'] },
    { path: '/docks/tasksqos', shown: ['web_Latency'] },
    { path: '/functions', shown: ['one'] },
    { path: '/status', shown: ['web', 'one'] },
    { path: '/sla/v1/agreements', shown: ['web_Latency'] },
    { path: '/decisions', shown: [] },
  ])('only what is of that dock at $path', async ({ path, shown }) => {
    const { as } = await world();
    const { status, json } = await as(READER.token)('GET', path);
    expect(status).toBe(200);
    const text = JSON.stringify(json);
    for (const name of shown) expect(text).toContain(`"${name}"`);
    expect(text).not.toMatch(/bank|money|"two"/);
  });

  it.each([
    '/tasks/bank',
    '/tasks/bank/all',
    '/tasks/bank/story',
    '/docks/money',
    '/docks/money/tasks/bank',
    '/functions/two',
    '/sla/v1/agreements/bank_Latency',
    '/sla/v1/agreements/bank_Latency/details',
  ])('of others not even that it is there: %s', async (path) => {
    const { as } = await world();
    const { status, json } = await as(READER.token)('GET', path);
    const none = await as(READER.token)('GET', path.replaceAll(/bank|money|two/g, 'x'));
    expect([status, JSON.stringify(json).replaceAll(/bank|money|two/g, 'x')]).toEqual([404, JSON.stringify(none.json)]);
  });

  it.each(['/config', '/imec', '/imec/edge', '/commits/0000', '/sla/v1/sources/prometheus'])(
    'nothing of what is of all: %s',
    async (path) => {
      const { as } = await world();
      expect((await as(READER.token)('GET', path)).status).toBe(403);
      expect((await as(WRITER.token)('GET', path)).status).toBeOneOf([200, 404]);
    },
  );

  it('and sees of its own what others see', async () => {
    const { as } = await world();
    for (const path of ['/tasks/web', '/tasks/web/all', '/functions/one', '/sla/v1/agreements/web_Latency'])
      expect((await as(READER.token)('GET', path)).json).toEqual((await as(ADMIN.token)('GET', path)).json);
  });
});

describe('A token of a dock writes', () => {
  const plain = (name: string, dock: string) => ({ name, dock, containers: [{ image: 'nginx' }] });
  const agreement = (of: string) => ({
    id: `own-${of}`,
    name: 'own',
    state: 'started',
    details: {
      id: `own-${of}`,
      type: 'agreement',
      name: 'own',
      provider: { id: 'p', name: 'p' },
      client: { id: of, name: of },
      guarantees: [{ name: 'L', constraint: 'latency < 5' }],
    },
  });

  it.each([
    { reason: 'a task there', method: 'POST' as const, path: '/tasks', body: plain('new', 'class'), status: 200 },
    { reason: 'a workflow there', method: 'POST' as const, path: '/docks/tasks-compss', body: plain('flow', 'class'), status: 200 },
    { reason: 'over a task there', method: 'PUT' as const, path: '/tasks/web', body: plain('web', 'class'), status: 200 },
    { reason: 'a task there away', method: 'DELETE' as const, path: '/tasks/web', status: 200 },
    { reason: 'a function there', method: 'POST' as const, path: '/functions', body: JSON.parse(CITY['functions/one.json']), status: 200 },
    { reason: 'a promise of its task', method: 'POST' as const, path: '/sla/v1/agreements', body: agreement('web'), status: 201 },
    { reason: 'what a promise of its task is', method: 'PUT' as const, path: '/sla/v1/agreements/web_Latency/stop', status: 204 },
    { reason: 'no task elsewhere', method: 'POST' as const, path: '/tasks', body: plain('new', 'money'), status: 403 },
    { reason: 'no task into a dock of its own making', method: 'POST' as const, path: '/tasks', body: plain('new', 'mine'), status: 403 },
    { reason: 'no task out of the dock', method: 'PUT' as const, path: '/tasks/web', body: plain('web', 'money'), status: 403 },
    { reason: 'over no task elsewhere', method: 'PUT' as const, path: '/tasks/bank', body: plain('bank', 'class'), status: 404 },
    { reason: 'no task elsewhere away', method: 'DELETE' as const, path: '/docks/money/tasks/bank', status: 404 },
    {
      reason: 'no function elsewhere',
      method: 'POST' as const,
      path: '/functions',
      body: JSON.parse(CITY['functions/two.json']),
      status: 403,
    },
    { reason: 'no function elsewhere away', method: 'DELETE' as const, path: '/functions/two', status: 404 },
    { reason: 'no promise of others', method: 'POST' as const, path: '/sla/v1/agreements', body: agreement('bank'), status: 403 },
    { reason: 'what no promise of others is', method: 'PUT' as const, path: '/sla/v1/agreements/bank_Latency/terminate', status: 404 },
    {
      reason: 'no QoS definition, which all docks use',
      method: 'POST' as const,
      path: '/qos/definitions',
      body: JSON.parse(LATENCY),
      status: 403,
    },
    { reason: 'no configuration', method: 'PUT' as const, path: '/config', body: { Tasks: { MaxReplicas: 3 } }, status: 403 },
    { reason: 'no infrastructure', method: 'POST' as const, path: '/imec', body: { name: 'x', type: 'Kubernetes' }, status: 403 },
  ])('$reason: $status', async ({ method, path, body, status }) => {
    const { as, messages } = await world();
    const before = await messages();
    const answer = await as(OWNER.token)(method, path, body);
    expect(answer.status, JSON.stringify(answer.json)).toBe(status);
    expect((await messages()).length - before.length).toBe(status < 300 ? 1 : 0);
  });

  it('with its name as the author', async () => {
    const { as, repository } = await world();
    await as(OWNER.token)('POST', '/tasks', plain('new', 'class'));
    const [commit] = (await repository.history(await repository.head(), undefined, '')).slice(-1);
    expect(commit?.author).toEqual({ name: 'class-owner', email: 'class-owner@localhost' });
  });

  it('what one of all docks may, too: QoS definitions; and an admin the rest', async () => {
    const { as } = await world();
    expect((await as(WRITER.token)('POST', '/qos/definitions', JSON.parse(LATENCY))).status).toBe(200);
    expect((await as(WRITER.token)('PUT', '/config', { Tasks: { MaxReplicas: 3 } })).status).toBe(403);
    expect((await as(ADMIN.token)('PUT', '/config', { Tasks: { MaxReplicas: 3 } })).status).toBe(200);
  });

  it('and reads of faults in the documents those of its docks, and that there are others', async () => {
    const { as, repository, controller } = await world();
    const bad = (name: string, dock: string) => task(name, dock).replace('"image"', '"imgae"');
    const break_ = async (files: object) => {
      repository.add({ ...CITY, ...files });
      await controller.lookNow(undefined);
      return as(OWNER.token)('POST', '/tasks', plain('new', 'class'));
    };
    const others = await break_({ 'tasks/bank.json': bad('bank', 'money') });
    expect([others.status, others.json]).toEqual([
      409,
      expect.objectContaining({
        message: 'Refused as the documents are not valid already, for what is of other docks: who has them, or an admin, can mend it',
      }),
    ]);
    expect(others.json.issues).toBeUndefined();
    const both = await break_({ 'tasks/bank.json': bad('bank', 'money'), 'tasks/web.json': bad('web', 'class') });
    expect([both.status, both.json.issues.map(({ file }: { file: string }) => file)]).toEqual([409, ['environments/city/tasks/web.json']]);
    expect(both.json.message).toMatch(/tasks\/web.json.*\(and there are others, of other docks\)$/);
    expect(JSON.stringify([others.json, both.json])).not.toMatch(/bank|money/);
    const seen = await as(ADMIN.token)('POST', '/tasks', plain('new', 'class'));
    expect(JSON.stringify(seen.json.issues)).toContain('bank.json');
    const own = await as(OWNER.token)('POST', '/tasks', { ...plain('new', 'class'), replicas: 1, infrastructure: 'nowhere' });
    expect(JSON.stringify(own.json)).not.toMatch(/bank|money/);
  });

  it('with others at once, each no more than it may', async () => {
    const { as } = await world();
    const asked = [
      as(OWNER.token)('POST', '/tasks', plain('a', 'class')),
      as(OWNER.token)('POST', '/tasks', plain('b', 'money')),
      as(WRITER.token)('POST', '/tasks', plain('c', 'money')),
      as(READER.token)('POST', '/tasks', plain('d', 'class')),
    ];
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 403, 200, 403]);
  });
});

describe('A token of a dock pushes', () => {
  const METRIC = '# TYPE deadlines_missed_web counter\ndeadlines_missed_web 1.0\n';

  it.each([
    { reason: 'a metric named for its task, as COMPSs does', path: 'job/compss', body: METRIC, status: 202 },
    { reason: 'a counter, as newer clients end its name', path: 'job/compss', body: 'deadlines_missed_web_total 1\n', status: 202 },
    { reason: 'a metric with a label', path: 'job/a', body: 'latency{a="}",task="web"} 1\n', status: 202 },
    { reason: 'into a group of its task', method: 'PUT' as const, path: 'job/a/task/web', body: 'latency 1\n', status: 202 },
    { reason: 'nothing, to delete a group of its task', method: 'DELETE' as const, path: 'job/a/task/web', body: '', status: 202 },
    { reason: 'no metric named for another', path: 'job/compss', body: METRIC.replaceAll('web', 'bank'), status: 403 },
    { reason: 'none of another beside its own', path: 'job/compss', body: `${METRIC}deadlines_missed_bank 1\n`, status: 403 },
    { reason: 'none of another under its own label', path: 'job/a', body: 'latency_bank{task="web"} 1\n', status: 403 },
    { reason: 'none with the label of another', path: 'job/a', body: 'latency{task="bank"} 1\n', status: 403 },
    { reason: 'none with both labels', path: 'job/a', body: 'latency{task="web",task="bank"} 1\n', status: 403 },
    { reason: 'none whose label is in another', path: 'job/a', body: 'latency{a=",task=\\"web\\""} 1\n', status: 403 },
    { reason: 'none of nobody, that infrastructures are judged by', path: 'job/a', body: 'cpu_load 1\n', status: 403 },
    { reason: 'none into a group of another', path: 'job/a/task/bank', body: METRIC, status: 403 },
    { reason: 'none into a group of both', path: 'job/a/task/web/task/bank', body: 'latency 1\n', status: 403 },
    {
      reason: 'none into a group of another, in base64',
      path: `job/a/task@base64/${Buffer.from('bank').toString('base64url')}`,
      body: 'latency 1\n',
      status: 403,
    },
    {
      reason: 'none that the controller keeps',
      path: 'job/a/task/web',
      body: 'rotterdam_reported_violations{agreement="bank_Latency"} 9\n',
      status: 403,
    },
    { reason: 'nothing over a group that others share', method: 'PUT' as const, path: 'job/compss', body: METRIC, status: 403 },
    { reason: 'nothing to delete one', method: 'DELETE' as const, path: 'job/compss', body: '', status: 403 },
  ])('$reason: $status', async ({ method = 'POST', path, body, status }) => {
    const pushed: unknown[] = [];
    const { server } = await world({ pushes: { push: async (...push) => void pushed.push(push) } });
    const reply = await server.inject({ method, url: `/metrics/${path}`, headers: bearer(OWNER.token), payload: body });
    expect(reply.statusCode, reply.body).toBe(status);
    expect(pushed).toHaveLength(status === 202 ? 1 : 0);
  });

  it('and one of all docks whatever it likes', async () => {
    const { server } = await world();
    const reply = await server.inject({ method: 'PUT', url: '/metrics/job/a', headers: bearer(WRITER.token), payload: 'cpu_load 1\n' });
    expect(reply.statusCode).toBe(202);
  });

  it.each([
    { task: 'web', body: {}, status: 200 },
    { task: 'bank', body: {}, status: 403 },
    { task: 'web', body: { Client_id: 'bank' }, status: 403 },
  ])('tells of violations of its tasks alone: $task $body $status', async ({ task, body, status }) => {
    const { as } = await world();
    expect((await as(OWNER.token)('POST', `/api/v1/sla/tasks/${task}/guarantee/L`, body)).status).toBe(status);
  });
});

describe('Events', () => {
  it('that one of a dock is told are of its tasks, those of before and those to come', async () => {
    const feed = createFeed(gatewayOptions().log, fakeClock());
    const { server } = await world({ feed });
    const tell = () => {
      for (const task of ['web', 'bank']) feed.log.info({ task, to: 6 }, 'decision');
      feed.log.error({ revision: 'a1', tip: 'b2', reason: 'bank is wrong' }, 'revision');
      feed.log.warn({ infrastructure: 'edge', reason: 'bank fails' }, 'workers');
    };
    tell();
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const reply = await fetch(`${url}/api/v1/events?kept=100`, { headers: bearer(READER.token) });
    const reader = (reply.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (count: number) => {
      while (text.split('event: revision').length <= count) text += (await reader.read()).value ?? '';
    };
    await until(1);
    tell();
    await until(2);
    await reader.cancel();
    expect(text.match(/event: .*/g)).toEqual(['event: decision', 'event: revision', 'event: decision', 'event: revision']);
    expect(text).not.toContain('bank');
  });
});
