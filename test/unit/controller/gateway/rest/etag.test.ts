import { afterEach, describe, expect, it } from 'vitest';
import { type Call, EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { example } from '../../../../support/source-files.ts';

const CLUSTER = JSON.parse(example('cluster-microk8s.json'));
const DEVICE = { ...JSON.parse(example('infrastructure-edge-device.json')), name: 'dev' };
const qos = (guaranteeName: string, maxAllowed = 0) => ({
  ...[JSON.parse(example('qos-deadlines-missed-1.json'))].flat()[0],
  guaranteeName,
  maxAllowed,
});
const GENERATED = '/sla/v1/agreements/workflow_1_DeadlinesMissed_1';
const OWN = '/sla/v1/agreements/own';

const details = {
  id: 'own',
  type: 'agreement',
  name: 'own',
  provider: { id: 'p', name: 'p' },
  client: { id: 'workflow_1', name: 'w' },
  guarantees: [{ name: 'm', constraint: 'deadlines_missed_workflow_1 < 1' }],
};
const agreement = (id: string) => ({ id, name: id, state: 'started', details: { ...details, id, name: id } });
const template = (id: string) => ({ id, name: id, details: { ...details, name: id, type: 'template' } });

const FILES = {
  'infrastructures/edge.yaml': EDGE,
  'infrastructures/dev.json': JSON.stringify(DEVICE),
  'tasks/w.json': JSON.stringify({
    name: 'workflow-1',
    dock: 'class',
    image: 'compss/worker',
    replicas: 2,
    qos: [{ qosid: 'DeadlinesMissed_1' }],
  }),
  'qos/mine.json': JSON.stringify(qos('Mine')),
  'sla/own.json': JSON.stringify(agreement('own')),
  'sla/for-tasks.json': JSON.stringify(template('for-tasks')),
};

let open: RestWorld | undefined;
const world = async () => {
  open = await restWorld(FILES);
  return open;
};
const tagOf = async (call: Call, path: string) => String((await call('GET', path)).headers.etag);

afterEach(() => open?.stop());

type Write = readonly [method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown];

describe('If-Match', () => {
  it.each<{ read: string; write: Write; other?: Write }>([
    { read: GENERATED, write: ['PUT', GENERATED, { state: 'stopped' }] },
    { read: GENERATED, write: ['PUT', `${GENERATED}/stop`] },
    { read: GENERATED, write: ['PUT', `${GENERATED}/terminate`] },
    { read: OWN, write: ['PUT', `${OWN}/start`], other: ['PUT', `${OWN}/stop`] },
    { read: OWN, write: ['DELETE', OWN], other: ['PUT', `${OWN}/stop`] },
    { read: '/config', write: ['PUT', '/config', { Tasks: { MaxReplicas: 12 } }] },
    { read: '/imec/dev', write: ['POST', '/imec/dev/cluster', CLUSTER] },
    { read: '/qos/definitions/Mine', write: ['POST', '/qos/definitions', qos('Mine', 5)] },
    { read: '/qos/definitions/Default_COMPSs', write: ['POST', '/qos/definitions', qos('Default_COMPSs', 5)] },
  ])('of $read is kept by $write.0 $write.1', async ({ read, write: [method, path, body], other }) => {
    const { call, messages } = await world();
    const before = await tagOf(call, read);
    if (other !== undefined) await call(...other);
    const etag = await tagOf(call, read);
    expect(etag === before).toBe(other === undefined);
    const commits = (await messages()).length;
    const stale = other === undefined ? '"0000000000000000"' : before;
    expect(await call(method, path, body, { 'if-match': stale })).toMatchObject({
      status: 412,
      json: { message: expect.stringMatching(/has changed: read it again$/) },
    });
    expect(await messages()).toHaveLength(commits);
    expect((await call(method, path, body, { 'if-match': etag })).status).toBeLessThan(300);
    expect(await messages()).toHaveLength(commits + 1);
    expect(await tagOf(call, read)).not.toBe(etag);
  });

  it('of an infrastructure is kept when its cluster is withdrawn', async () => {
    const { call } = await world();
    const before = await tagOf(call, '/imec/dev');
    await call('POST', '/imec/dev/cluster', CLUSTER);
    expect(await call('DELETE', '/imec/dev/cluster', undefined, { 'if-match': before })).toMatchObject({ status: 412 });
    const etag = await tagOf(call, '/imec/dev');
    expect(await call('DELETE', '/imec/dev/cluster', undefined, { 'if-match': etag })).toMatchObject({ status: 200 });
  });

  it.each<{ write: Write; what: string }>([
    { write: ['POST', '/qos/definitions', [qos('Mine'), qos('B')]], what: 'a list of QoS definitions' },
    { write: ['POST', '/qos/definitions', qos('New')], what: 'a new QoS definition' },
    { write: ['POST', '/sla/v1/agreements', agreement('new')], what: 'a new agreement' },
    { write: ['POST', '/sla/v1/templates', template('new')], what: 'a new template' },
    { write: ['POST', '/sla/v1/create-agreement', { template_id: 'for-tasks' }], what: 'a new agreement' },
  ])('is refused with $what: $write.1', async ({ write: [method, path, body], what }) => {
    const { call, messages } = await world();
    expect(await call(method, path, body, { 'if-match': '*' })).toMatchObject({
      status: 400,
      json: { message: `Send no If-Match with ${what}: there is no one document that it could mean` },
    });
    expect(await messages()).toHaveLength(1);
    expect((await call(method, path, body)).status).toBeLessThan(300);
  });
});

describe('ETag', () => {
  const READ = ['/qos/definitions/Mine', GENERATED, OWN, '/sla/v1/templates/for-tasks', '/config'];

  it.each(READ)('of %s is of documents, not of what is observed, and not of where they stand', async (path) => {
    const tag = await tagOf((await world()).call, path);
    await open?.stop();
    const view = () => {
      const seen = open?.controller.view();
      const judged = { m: { state: 'violated' as const, last_execution: '2026-01-01T00:00:00Z', last_values: {} } };
      return (
        seen && {
          ...seen,
          agreements: () => seen.agreements().map((one) => ({ ...one, assessment: { guarantees: judged } })),
          infrastructureStatus: (name: string) => ({ name, state: 'unreachable' as const, reason: 'gone', revision: null }),
        }
      );
    };
    const moved = Object.entries(FILES).map(([file, text]) => [file.replace(/(\w[\w-]*)\.(json|yaml)$/, 'moved-$1.$2'), text]);
    open = await restWorld(Object.fromEntries(moved), undefined, { view });
    expect(tag).toMatch(/^"[0-9a-f]{16}"$/);
    expect(await tagOf(open.call, path)).toBe(tag);
  });
});
