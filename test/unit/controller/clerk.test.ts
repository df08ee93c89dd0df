import { afterEach, describe, expect, it } from 'vitest';
import { Clerk } from '../../../controller/clerk.ts';
import { createServer } from '../../../controller/gateway/server.ts';
import { refuseEvidence } from '../../../controller/serve.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { gatewayOptions } from '../../support/gateway.ts';
import { memoryRepository } from '../../support/memory-repository.ts';
import { callsTo, EDGE } from '../../support/rest.ts';

const WORKFLOW = { name: 'workflow', image: 'compss/worker', replicas: 2, qos: [{ qosid: 'DeadlinesMissed_1' }] };
const STOPPED = {
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'Agreement',
  metadata: { name: 'workflow_DeadlinesMissed_1' },
  spec: { task: 'workflow', template: 'DeadlinesMissed_1', state: 'stopped' },
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The API as `serve` has it. */
async function serving(files: Readonly<Record<string, string>> = { 'infrastructures/edge.yaml': EDGE }) {
  const repository = memoryRepository();
  repository.add(files);
  const clock = fakeClock();
  const options = gatewayOptions({ clock });
  const clerk = new Clerk({ environment: 'city', repository, intervalMs: 5_000, clock, log: options.log });
  stops.push(() => clerk.stop());
  const server = createServer({
    ...options,
    status: () => clerk.status(),
    view: () => clerk.view(),
    write: (change) => clerk.write(change),
    notReady: () => clerk.notReady(),
    lookNow: (names) => clerk.lookNow(names),
    pushes: { push: refuseEvidence },
    report: refuseEvidence,
  });
  await clock.settle();
  return { clerk, repository, clock, server, call: callsTo(server) };
}

describe('Clerk', () => {
  it('writes commits, and says of what it wrote that nobody looks at it here', async () => {
    const { call, repository } = await serving();
    expect(await call('POST', '/docks/tasks-compss', WORKFLOW)).toMatchObject({
      status: 200,
      json: { resp: 'ok', id: 'workflow', task: { health: 'unknown', status: 'Deploying', replicas: 2, readyReplicas: 0, pods: [] } },
    });
    expect(repository.log().map(({ message }) => message.split('\n')[0])).toContain('Create task workflow');
    expect((await call('GET', '/tasks/workflow')).json.task.reason).toMatch(/^Not looked at here.*: ask the watch$/);
    expect((await call('GET', '/imec/edge')).json).toMatchObject({ infr: { status: '', state: 'unknown' } });
    expect((await call('GET', '/status')).json).toMatchObject({
      environment: 'city',
      infrastructures: [{ name: 'edge', state: 'unknown' }],
      tasks: [{ id: 'workflow', health: 'unknown' }],
    });
  });

  it('knows how agreements stand by their documents, and judges none', async () => {
    const { call } = await serving({
      'infrastructures/edge.yaml': EDGE,
      'tasks/w.json': JSON.stringify(WORKFLOW),
      'tasks/v.json': JSON.stringify({ ...WORKFLOW, name: 'other' }),
      'sla/w.json': JSON.stringify(STOPPED),
    });
    const { json } = await call('GET', '/sla/v1/agreements');
    expect(json).toMatchObject([
      { id: 'other_DeadlinesMissed_1', state: 'started' },
      { id: 'workflow_DeadlinesMissed_1', state: 'stopped' },
    ]);
    const { json: all } = await call('GET', '/tasks/workflow/all');
    expect(all.agreements).toMatchObject([{ state: 'stopped', reason: 'Stopped in environments/city/sla/w.json' }]);
    const { json: other } = await call('GET', '/tasks/other/all');
    expect(other.agreements).toMatchObject([{ state: 'unknown', reason: expect.stringMatching(/ask the watch$/) }]);
  });

  it('refuses at once to wait for what it never sees, and commits nothing', async () => {
    const { call, repository } = await serving();
    const before = repository.log().length;
    const asked = await call('POST', '/tasks?wait=ready', WORKFLOW);
    expect([asked.status, asked.json.message]).toEqual([
      400,
      'Cannot wait for what runs: Not looked at here, where documents are read and written only: ask the watch, or leave out wait',
    ]);
    expect(repository.log()).toHaveLength(before);
  });

  it('takes no evidence, and looks at no infrastructure', async () => {
    const { call, server } = await serving();
    const pushed = await server.inject({ method: 'POST', url: '/metrics/job/compss', headers: { host: 'localhost' }, payload: 'm 1\n' });
    expect({ status: pushed.statusCode, body: pushed.json() }).toMatchObject({ status: 503, body: { message: /to the watch/ } });
    expect(await call('POST', '/reconcile', { infrastructures: ['edge'] })).toMatchObject({ status: 400 });
    expect(await call('POST', '/reconcile', {})).toMatchObject({ status: 200 });
  });

  it('is ready once a revision is valid, and sees what others commit', async () => {
    const { clerk, repository, clock, call } = await serving({ 'tasks/bad.json': '{' });
    expect(clerk.notReady()).toBe("No revision of 'city' is valid yet");
    repository.add({ 'infrastructures/edge.yaml': EDGE, 'tasks/w.json': JSON.stringify(WORKFLOW) });
    await clock.advance(5_000);
    expect(clerk.notReady()).toBeUndefined();
    expect((await call('GET', '/tasks')).json.tasks).toHaveLength(1);
  });
});
