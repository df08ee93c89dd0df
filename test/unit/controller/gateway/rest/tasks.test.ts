import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Issue } from '../../../../../constructs/spec/issue.ts';
import { Failure, RefusedBranch } from '../../../../../controller/errors.ts';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { example } from '../../../../support/source-files.ts';

const TASK = {
  name: 'web',
  dock: 'class',
  replicas: 2,
  containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }],
};

const nativeTask = (name: string) => ({
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'Task',
  metadata: { name },
  spec: { containers: [{ image: 'nginx' }] },
});

let open: RestWorld | undefined;
const world = async (files?: Parameters<typeof restWorld>[0]) => {
  open = await restWorld(files);
  return open;
};

afterEach(() => open?.stop());

describe('A task by REST', () => {
  it('is created by a commit, and answered with what the original and its documents said of it', async () => {
    const { call, files, messages } = await world();
    const { status, json, headers } = await call('POST', '/tasks', TASK);
    expect(status).toBe(200);
    expect(json).toMatchObject({ resp: 'ok', method: 'deploy', message: 'Task deployed', caasversion: '1.2.3', id: 'web', url: '' });
    expect(json.task).toMatchObject({
      dbid: 'Task',
      id: 'web',
      name: 'web',
      nameSpace: 'class',
      type: 'default',
      agreementId: 'NO_SLA',
      clusterid: 'edge',
      clusterId: 'edge',
      pods: [],
    });
    expect(headers.location).toBe('/api/v1/tasks/web');
    expect(JSON.parse((await files())['tasks/web.json'] ?? '')).toEqual(TASK);
    expect((await messages()).at(-1)).toBe('Create task web\n');
  });

  it.each([
    ['/tasks', 'task-nginx-long.json', 'deploy', 'default'],
    ['/docks/tasks', 'task-nginx-long.json', 'deploy', 'default'],
    ['/docks/tasks-compss', 'task-nginx-long.json', 'deployCOMPSs', 'compss'],
    ['/docks/tasks-compss', 'task-compss-workflow.json', 'deployCOMPSs', 'compss'],
  ])('POST %s takes %s as %s', async (path, file, method, type) => {
    const { call } = await world({ 'infrastructures/edge.yaml': EDGE, 'qos/d.json': example('qos-deadlines-missed-1.json') });
    const body = { ...JSON.parse(example(file)), dock: 'class', cluster: 'edge', qos: undefined };
    const { json } = await call('POST', path, body);
    expect(json).toMatchObject({ resp: 'ok', method, task: { type } });
    expect(json.id).toMatch(/^[a-z][a-z0-9_]*$/);
    const again = await call('GET', `/docks/class/tasks/${json.id}`);
    expect(again.json).toMatchObject({ resp: 'ok', method: 'GetTask', task: { id: json.id, pods: [] } });
  });

  it('of COMPSs has at most as many workers as a cluster has ports for', async () => {
    const { call, messages } = await world();
    const refused = await call('POST', '/docks/tasks-compss', { ...TASK, replicas: 1_001 });
    expect(refused).toMatchObject({
      status: 400,
      json: { resp: 'error', issues: [{ message: 'Give a COMPSs task at most 1000 workers: 1001' }] },
    });
    expect(await messages()).toHaveLength(1);
    expect(await call('POST', '/docks/tasks-compss', { ...TASK, replicas: 1_000 })).toMatchObject({ status: 200 });
  });

  it('gets a suffix when its name is taken, however long it is', async () => {
    const { call } = await world();
    const long = `a${'b'.repeat(51)}`;
    const ids = [];
    for (const name of ['web', 'WEB', 'web', long, long]) ids.push((await call('POST', '/tasks', { ...TASK, name })).json.id);
    expect(ids).toEqual(['web', 'web_2', 'web_3', long, `a${'b'.repeat(49)}_2`]);
  });

  it.each([
    { name: 'Web_App', id: 'web_app', shown: 'Web_App' },
    { name: 'compss/test:2.6-x', id: 'compss_test_2_6_x', shown: 'compss-test-2-6-x' },
    { name: 'straße', id: 'strasse', shown: 'strasse' },
    { name: '1web', id: 'n_1web', shown: 'n-1web' },
    { name: '../../x', id: 'x', shown: 'x' },
    { name: `${'a'.repeat(51)}-${'b'.repeat(11)}`, id: 'a'.repeat(51), shown: 'a'.repeat(51) },
  ])('is called $shown with the id $id when it is posted as $name, and found by each', async ({ name, id, shown }) => {
    const { call, files } = await world();
    const containers = [{ ...TASK.containers[0], name, volumes: [{ name, mountPath: '/data' }] }];
    const { status, json } = await call('POST', '/docks/tasks-compss', { ...TASK, name, containers });
    expect({ status, json }).toMatchObject({ status: 200, json: { id, task: { id, name: shown, clusterid: 'edge' } } });
    expect(json.warnings.some(({ message }: { message: string }) => message.startsWith('Read the name '))).toBe(name !== shown);
    for (const spelled of [id, id.replaceAll('_', '-'), shown]) {
      expect(await call('GET', `/tasks/${spelled}`)).toMatchObject({ status: 200, json: { id, task: { name: shown } } });
      expect(await call('PUT', `/tasks/${spelled}`, { ...TASK, name: 'other' })).toMatchObject({ json: { task: { id, name: shown } } });
    }
    const again = (await call('POST', '/tasks', { ...TASK, name })).json.id;
    expect(again).toMatch(/^[a-z][a-z0-9_]{0,51}$/);
    expect(again.endsWith('_2')).toBe(true);
    expect(await call('DELETE', `/docks/class/tasks/${shown}`)).toMatchObject({ status: 200, json: { id } });
    expect(Object.keys(await files()).filter((path) => path.startsWith('tasks/'))).toHaveLength(1);
  });

  it('of any name gets an id, or is refused with what to do', async () => {
    const { call } = await world();
    const names = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), fc.string({ minLength: 1, maxLength: 80 }));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const { status, json } = await call('POST', '/tasks', { ...TASK, name, containers: [{ name, image: 'nginx' }] });
        if (status === 200) expect(json.id).toMatch(/^[a-z][a-z0-9_]{0,51}$/);
        else expect({ status, message: json.message }).toEqual({ status: 400, message: expect.stringMatching(/: write |Write /) });
      }),
      { numRuns: 50 },
    );
  });

  it('and one that all objects of JavaScript have is one like any other', async () => {
    const { call } = await world();
    const made = await call('POST', '/tasks', { ...TASK, name: 'constructor', dock: 'constructor' });
    expect(made).toMatchObject({ status: 200, json: { id: 'constructor', task: { dock: 'constructor' } } });
    const { objects } = (await call('GET', '/tasks/constructor/all')).json;
    expect(objects.map(({ manifest }: { manifest: { kind: string } }) => manifest.kind)).toContain('Deployment');
  });

  it.each([
    { reason: 'by the route', path: '/docks/tasks-compss', body: TASK },
    { reason: 'by its type', path: '/tasks', body: { ...TASK, type: 'compss' } },
    { reason: 'in the simple format', path: '/tasks', body: { name: 'web', dock: 'class', image: 'nginx', ports: [80] } },
    { reason: 'with QoS that says nothing', path: '/docks/tasks-compss', body: { ...TASK, qos: { name: '', description: '' } } },
  ])('of COMPSs that says no QoS has the agreement of the original: $reason', async ({ path, body }) => {
    const { call } = await world();
    expect((await call('POST', path, body)).json).toMatchObject({ id: 'web', task: { agreementId: 'web_deadlines_missed' } });
    expect((await call('GET', '/sla/v1/agreements/web_deadlines_missed')).json).toMatchObject({
      state: 'started',
      details: { client: { id: 'web' }, guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed_web < 2' }] },
    });
    const { json } = await call('PUT', '/tasks/web', { ...body, type: 'compss', replicas: 3 });
    const { taskDefinition, compssTaskDefinition } = json.task;
    for (const definition of [taskDefinition, compssTaskDefinition]) {
      const again = await call('PUT', '/tasks/web', definition);
      expect(again).toMatchObject({ status: 200, json: { task: { agreementId: 'web_deadlines_missed', taskDefinition } } });
    }
  });

  it.each([
    { reason: 'it names a template', path: '/docks/tasks-compss', qos: { name: 'DeadlinesMissed_1' }, agreement: 'web_DeadlinesMissed_1' },
    { reason: 'it wants none', path: '/docks/tasks-compss', qos: { name: 'None' }, agreement: 'NO_SLA' },
    { reason: 'it is no workflow', path: '/tasks', qos: undefined, agreement: 'NO_SLA' },
  ])('has no such agreement when $reason', async ({ path, qos, agreement }) => {
    const { call } = await world();
    expect((await call('POST', path, { ...TASK, qos })).json.task.agreementId).toBe(agreement);
  });

  it('is listed by dock, infrastructure and page, with the fields asked for', async () => {
    const { call } = await world();
    for (const name of ['a', 'b', 'c']) await call('POST', '/tasks', { ...TASK, name, dock: name === 'c' ? 'other' : 'class' });
    const names = async (path: string) => (await call('GET', path)).json.tasks.map(({ id }: { id: string }) => id);
    expect(await names('/tasks')).toEqual(['a', 'b', 'c']);
    expect(await names('/docks/class/tasks')).toEqual(['a', 'b']);
    expect(await names('/tasks?dock=other')).toEqual(['c']);
    expect(await names('/tasks?infrastructure=none')).toEqual([]);
    expect(await names('/tasks?limit=1&offset=1')).toEqual(['b']);
    expect((await call('GET', '/tasks?fields=id,replicas&limit=1')).json).toMatchObject({
      message: '1 tasks retrieved',
      total: 3,
      tasks: [{ id: 'a', replicas: 2 }],
    });
    expect((await call('GET', '/tasks?limit=-1')).status).toBe(400);
  });

  it('is replaced when it is still what was read', async () => {
    const { call, files } = await world();
    const { headers } = await call('POST', '/tasks', TASK);
    const etag = String(headers.etag);
    const put = (replicas: number, ifMatch: string) => call('PUT', '/tasks/web', { ...TASK, replicas }, { 'if-match': ifMatch });
    expect(await put(3, etag)).toMatchObject({ status: 200, json: { method: 'UpdateTask', task: { replicas: 3 } } });
    expect(await put(4, etag)).toMatchObject({
      status: 412,
      json: { resp: 'error', message: 'Refused as task web has changed: read it again' },
    });
    expect(await put(4, '*')).toMatchObject({ status: 200 });
    expect(JSON.parse((await files())['tasks/web.json'] ?? '').replicas).toBe(4);
  });

  it('is deleted with the word that lets what runs go', async () => {
    const { call, files, messages } = await world();
    await call('POST', '/tasks', TASK);
    expect(await call('DELETE', '/docks/class/tasks/web')).toMatchObject({ status: 200, json: { resp: 'ok', content: 'ok' } });
    expect(Object.keys(await files())).toEqual(['infrastructures/edge.yaml']);
    expect((await messages()).at(-1)).toBe('Delete task web\n\nRotterdam-Allow-Prune: city/edge/web\n');
    expect(await call('DELETE', '/tasks/web')).toMatchObject({ status: 404, json: { resp: 'error' } });
  });

  it('is deleted with what is said of its agreements, of which the SLA API has a document of its own', async () => {
    const { call, files } = await world();
    await call('POST', '/docks/tasks-compss', TASK);
    await call('POST', '/tasks', { ...TASK, name: 'other', type: 'compss' });
    const before = await files();
    for (const id of ['web_deadlines_missed', 'other_deadlines_missed']) await call('PUT', `/sla/v1/agreements/${id}/stop`);
    expect(Object.keys(await files())).toHaveLength(Object.keys(before).length + 2);
    expect(await call('DELETE', '/docks/class/tasks/web')).toMatchObject({ status: 200, json: { content: 'ok' } });
    const left = (await call('GET', '/sla/v1/agreements')).json.map(({ id, state }: { id: string; state: string }) => [id, state]);
    expect(left).toEqual([['other_deadlines_missed', 'stopped']]);
  });

  it('that shares its file leaves the others', async () => {
    const native = (name: string) =>
      `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: ${name}}\nspec: {containers: [{image: nginx}]}\n`;
    const { call, files } = await world({ 'infrastructures/edge.yaml': EDGE, 'tasks/all.yaml': `${native('a')}---\n${native('b')}` });
    expect(await call('PUT', '/tasks/a', { ...TASK, name: 'a' })).toMatchObject({ status: 200, json: { task: { replicas: 2 } } });
    expect(await files()).toMatchObject({
      'tasks/all.yaml': `---\n${native('b')}`,
      'tasks/a.json': expect.stringContaining('"name": "a"'),
    });
    expect(await call('DELETE', '/tasks/b')).toMatchObject({ status: 200 });
    expect(Object.keys(await files()).sort()).toEqual(['infrastructures/edge.yaml', 'tasks/a.json']);
  });
});

describe('A list of tasks', () => {
  it.each([
    { query: 'state=unknown', status: 200, ids: ['web'] },
    { query: 'state=Deploying', status: 200, ids: ['web'] },
    { query: 'state=Deployed', status: 200, ids: [] },
    { query: 'state=done', status: 400, says: 'Cannot read state: "done": known are ready, ' },
    { query: 'state=ready&state=unknown', status: 400, says: 'Cannot read state: ' },
    { query: 'fields=id,colour', status: 400, says: 'Cannot read fields: "colour": known are dbid, id, ' },
    { query: 'fields=id&fields=reason', status: 200, ids: ['web'] },
    { query: 'fields=', status: 400, says: 'Cannot read fields: "": ' },
    { query: 'dock=class&dock=class', status: 200, ids: [] },
  ])('?$query: $status', async ({ query, status, ids, says = '' }) => {
    const { call } = await world();
    await call('POST', '/tasks', TASK);
    const answer = await call('GET', `/tasks?${query}`);
    expect([answer.status, answer.json.tasks?.map(({ id }: { id: string }) => id)]).toEqual([status, ids]);
    expect(answer.json.message).toContain(says);
  });

  it('has a workflow in the simple format, too, where that can say all of it', async () => {
    const { call } = await world();
    const flow = { name: 'flow', type: 'compss', dock: 'class', replicas: 3, image: 'img', ports: [43001], command: ['sh'], args: ['-c'] };
    await call('POST', '/docks/tasks-compss', { ...flow, qos: [{ qosid: 'DeadlinesMissed_1' }] });
    const { compssTaskDefinition } = (await call('GET', '/tasks/flow')).json.task;
    expect(compssTaskDefinition).toEqual({ ...flow, cluster: 'edge', qos: [{ qosid: 'DeadlinesMissed_1' }] });
    expect((await call('POST', '/docks/tasks-compss', compssTaskDefinition)).json.task.compssTaskDefinition).toEqual({
      ...compssTaskDefinition,
      name: 'flow-2',
    });
    await call('POST', '/tasks', TASK);
    expect((await call('GET', '/tasks/web')).json.task.compssTaskDefinition).toEqual({});
  });

  it('and what was made of a body says each warning once', async () => {
    const { call } = await world();
    const volumes = [{ name: 'v', mounthPath: '/v' }];
    const containers = [
      { name: 'a', image: 'nginx', volumes, colour: 'red' },
      { name: 'b', image: 'nginx', volumes, colour: 'red' },
    ];
    const made = await call('POST', '/tasks', { ...TASK, containers });
    const said = made.json.warnings.map(({ file, column, message }: Issue) => [file, column, message].join(' '));
    expect(new Set(said).size).toBe(said.length);
    expect(said.filter((one: string) => one.startsWith('body ') && one.includes("'colour'"))).toHaveLength(2);
    const texts = made.json.warnings.map(({ file, message }: Issue) => [file === 'body', message]);
    for (const [isBody, text] of texts) if (!isBody) expect(texts).not.toContainEqual([true, text]);
  });
});

describe('A write by REST', () => {
  it('is made once for each Idempotency-Key', async () => {
    const { call, messages } = await world();
    const key = { 'idempotency-key': 'k1' };
    const both = await Promise.all([call('POST', '/tasks', TASK, key), call('POST', '/tasks', TASK, key)]);
    expect(both.map(({ json }) => json.id)).toEqual(['web', 'web']);
    expect((await call('POST', '/tasks?wait=ready&timeout=0s', TASK, key)).json.id).toBe('web');
    expect(await messages()).toHaveLength(2);
    const other = await call('POST', '/tasks', { ...TASK, name: 'other' }, key);
    expect([other.status, other.json.message]).toEqual([400, 'Refused as another request had this Idempotency-Key: use a new one']);
    expect(await call('POST', '/tasks', TASK, { 'idempotency-key': 'k'.repeat(300) })).toMatchObject({ status: 400 });
  });

  it.each([
    { path: '/tasks', body: TASK, made: '/tasks/web' },
    { path: '/functions', body: { name: 'one', runtime: 'python3.7', function: 'def f(): pass' }, made: '/functions/one' },
    { path: '/imec', body: JSON.parse(example('infrastructure-edge-device.json')), made: '/imec/edge-device-1' },
  ])('is not made a second time when what it made is gone: $path', async ({ path, body, made }) => {
    const { call, messages } = await world();
    const key = { 'idempotency-key': 'k1' };
    const { json } = await call('POST', path, body, key);
    const removals = [await call('DELETE', made, undefined, { 'idempotency-key': 'k2' })];
    removals.push(await call('DELETE', made, undefined, { 'idempotency-key': 'k2' }));
    expect(removals.map((one) => [one.status, one.json.id])).toEqual(Array(2).fill([200, json.id]));
    const again = await call('POST', path, body, key);
    expect(again).toMatchObject({ status: 409 });
    expect(again.json.message).toMatch(/^Refused as '.+' was made by this request in [0-9a-f]{10}, and removed since: use another/);
    expect(await call('DELETE', made)).toMatchObject({ status: 404 });
    expect(await messages()).toHaveLength(3);
  });

  it.each([
    ['POST', '/tasks', TASK],
    ['POST', '/docks/tasks-compss', TASK],
    ['POST', '/imec', JSON.parse(example('infrastructure-edge-device.json'))],
  ] as const)('refuses a condition that nobody would look at: %s %s', async (method, path, body) => {
    const { call, messages } = await world();
    const before = await messages();
    expect(await call(method, path, body, { 'if-match': '"read"' })).toMatchObject({ status: 400, json: { resp: 'error' } });
    expect(await messages()).toEqual(before);
  });

  it('answers 202 with the place when asked to, and 200 to clients that know nothing else', async () => {
    const { call } = await world();
    expect(await call('POST', '/tasks', TASK, { prefer: 'respond-async' })).toMatchObject({
      status: 202,
      headers: { location: '/api/v1/tasks/web', 'preference-applied': 'respond-async' },
    });
    for (const [method, body] of [
      ['PUT', TASK],
      ['DELETE', undefined],
    ] as const) {
      expect(await call(method, '/tasks/web?wait=ready', body, { prefer: 'respond-async' })).toMatchObject({
        status: 202,
        headers: { location: '/api/v1/tasks/web' },
      });
    }
    expect(await call('DELETE', '/tasks/web', undefined, { prefer: 'respond-async' })).toMatchObject({ status: 404 });
    expect(await call('GET', '/tasks/none', undefined, { prefer: 'rotterdam-status=200' })).toMatchObject({
      status: 200,
      json: { resp: 'error' },
    });
  });

  it('is answered with 200 by a listener for such clients, but for those who prefer the true status', async () => {
    const server = createServer(gatewayOptions({ alwaysOk: true, view: () => undefined }));
    const call = async (url: string, prefer?: string) => {
      const reply = await server.inject({ url, headers: { host: 'localhost', ...(prefer === undefined ? {} : { prefer }) } });
      return { status: reply.statusCode, json: reply.json() };
    };
    expect(await call('/api/v1/tasks')).toMatchObject({
      status: 200,
      json: { resp: 'error', message: expect.stringMatching(/No revision/) },
    });
    expect(await call('/api/v1/tasks', 'rotterdam-status=true')).toMatchObject({ status: 503, json: { resp: 'error' } });
    expect(await call('/sla/v1/agreements')).toMatchObject({ status: 503, json: { code: '503' } });
    expect(await call('/api/v1/nothing')).toMatchObject({ status: 200, json: { resp: 'error' } });
    await server.close();
  });

  it('of one name at the same time makes two, and a DELETE that comes while one is made removes it or does not find it', async () => {
    const { call, files } = await world();
    const both = await Promise.all([call('POST', '/tasks', TASK), call('POST', '/tasks', TASK)]);
    expect(both.map(({ json }) => json.id).sort()).toEqual(['web', 'web_2']);
    const [made, gone] = await Promise.all([call('POST', '/tasks', { ...TASK, name: 'other' }), call('DELETE', '/tasks/other')]);
    expect(made).toMatchObject({ status: 200, json: { id: 'other' } });
    expect(gone.status).toBe(404);
    expect(await call('DELETE', '/tasks/other')).toMatchObject({ status: 200 });
    expect(
      Object.keys(await files())
        .filter((path) => path.startsWith('tasks/'))
        .sort(),
    ).toEqual(['tasks/web-2.json', 'tasks/web.json']);
  });

  it('tells what was left out', async () => {
    const { call, files } = await world();
    const { json } = await call('POST', '/tasks', { ...TASK, colour: 'red', containers: [{ image: 'nginx', speed: 3 }] });
    expect(json.warnings.map(({ message }: { message: string }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining("Unknown field 'colour'"), expect.stringContaining("Unknown field 'speed'")]),
    );
    expect((await files())['tasks/web.json']).not.toMatch(/colour|speed/);
  });

  it.each([
    { reason: 'nothing', body: '', status: 400 },
    { reason: 'no JSON', body: '{"name": ', status: 400 },
    { reason: 'a list', body: '[]', status: 400 },
    { reason: 'a text', body: '"web"', status: 400 },
    { reason: 'two documents', body: JSON.stringify([TASK, TASK]), status: 400 },
    { reason: 'a key twice', body: '{"name": "a", "name": "b", "containers": [{"image": "x"}]}', status: 400 },
    { reason: 'a deep nest', body: `${'['.repeat(5_000)}${']'.repeat(5_000)}`, status: 400 },
    { reason: 'negative replicas', body: JSON.stringify({ ...TASK, replicas: -1 }), status: 400 },
    { reason: 'huge replicas', body: JSON.stringify({ ...TASK, replicas: 1e12 }), status: 400 },
    { reason: 'replicas that are a text', body: JSON.stringify({ ...TASK, replicas: 'many' }), status: 400 },
    { reason: 'a name that is a number', body: JSON.stringify({ ...TASK, name: 5 }), status: 400 },
    { reason: 'containers that are none', body: JSON.stringify({ ...TASK, containers: 'nginx' }), status: 400 },
    { reason: 'a name without a letter of ASCII', body: JSON.stringify({ ...TASK, name: '日本' }), status: 400 },
    { reason: 'a name of ours that is none', body: JSON.stringify(nativeTask('wéb')), status: 400 },
    { reason: 'a name of ours that is too long', body: JSON.stringify(nativeTask('a'.repeat(53))), status: 400 },
    { reason: 'no name', body: JSON.stringify({ ...TASK, name: undefined }), status: 400 },
    { reason: 'another cluster', body: JSON.stringify({ ...TASK, cluster: 'none' }), status: 400 },
    { reason: 'a prototype', body: '{"__proto__": {"name": "x"}, "name": "web"}', status: 400 },
    { reason: 'more than 1 MiB', body: JSON.stringify({ ...TASK, name: 'x'.repeat(1_100_000) }), status: 413 },
  ])('refuses $reason, and nothing is committed', async ({ body, status }) => {
    const { call, messages } = await world();
    const answer = await call('POST', '/tasks', body);
    expect({ status: answer.status, resp: answer.json.resp }).toEqual({ status, resp: 'error' });
    expect(await messages()).toHaveLength(1);
  });

  it('refuses another type, so that no page in a browser may write unasked', async () => {
    const { call } = await world();
    expect(await call('POST', '/tasks', JSON.stringify(TASK), { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  });

  it('is answered with 503 while the repository is away, reads go on, and the same request is carried out once when it is back', async () => {
    const { call, repository, messages } = await world();
    const commit = repository.commit;
    const key = { 'idempotency-key': 'k1' };
    Object.assign(repository, { commit: () => Promise.reject(new Failure('transient', 'Cannot push main: the remote is away')) });
    expect(await call('POST', '/tasks', TASK, key)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      json: { resp: 'error', message: 'Cannot push main: the remote is away' },
    });
    expect(await call('GET', '/tasks')).toMatchObject({ status: 200, json: { tasks: [] } });
    Object.assign(repository, { commit });
    expect((await call('POST', '/tasks', TASK, key)).json.id).toBe('web');
    expect((await call('POST', '/tasks', TASK, key)).json.id).toBe('web');
    expect(await messages()).toHaveLength(2);
  });

  it('that was committed before the controller was killed is answered with what it made, not made again', async () => {
    const before = await restWorld();
    const key = { 'idempotency-key': 'k1' };
    await before.call('POST', '/tasks', TASK, key);
    await before.stop();
    open = await restWorld({}, before.repository);
    expect((await open.call('POST', '/tasks', TASK, key)).json.id).toBe('web');
    expect(await open.messages()).toHaveLength(2);
  });

  it('that the repository refuses is told with its reason', async () => {
    const { call, repository } = await world();
    Object.assign(repository, { commit: () => Promise.reject(new RefusedBranch('Cannot push main: protected branch')) });
    expect(await call('POST', '/tasks', TASK)).toMatchObject({ status: 403, json: { message: 'Cannot push main: protected branch' } });
  });

  it('is refused while the documents are not valid, with the place of the error', async () => {
    const { call, repository, controller } = await world();
    repository.add({ 'infrastructures/edge.yaml': EDGE, 'tasks/bad.json': '{' });
    await controller.lookNow([]);
    expect(await call('POST', '/tasks', TASK)).toMatchObject({
      status: 409,
      json: { message: expect.stringContaining('environments/city/tasks/bad.json:1') },
    });
    expect(await call('GET', '/tasks')).toMatchObject({ status: 200 });
  });
});

it('Nothing at a path is an error in the envelope', async () => {
  const { call } = await world();
  expect(await call('GET', '/nothing')).toMatchObject({ status: 404, json: { resp: 'error' } });
});
