import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { refOf } from '../../synth/manifest.ts';
import { actor } from '../contract/cluster-place.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { type Caught, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { have } from '../support/parts.ts';
import { onTerminal } from '../support/terminal.ts';
import { CLI } from '../support/watch.ts';

const task = (image: string, replicas = 1) => ({
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'Task',
  metadata: { name: 'hello' },
  spec: { dock: 'class', replicas, containers: [{ image }] },
});
const secret = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'key', namespace: 'default' },
  stringData: { key: value },
});
const maps = (count: number) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: Array.from({ length: count }, (_, index) => {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${index}`, namespace: 'default' }, data: { a: '1' } };
  }),
});

let city: City;
const run = (command: string, ...args: string[]) => cli([command, ...args, ...city.args], city.directory);
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeEach(() => {
  city = createCity();
});
afterEach(() => city.remove());

describe('plan and apply on two clusters', () => {
  const sandboxes: Sandbox[] = [];
  beforeAll(async () => {
    sandboxes.push(await startSandbox({ readyDelayMs: 50 }), await startSandbox({ readyDelayMs: 50 }));
  });
  afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.stop())));
  beforeEach(() => {
    city.secret('edge-1', sandboxes[0]?.kubeconfig ?? '');
    city.secret('modena', sandboxes[1]?.kubeconfig ?? '');
    city.commit({
      'infrastructures/edge-1.json': infrastructure('edge-1'),
      'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class' }),
      'tasks/hello.json': task('nginx:1'),
      'manifests/key.json': secret('hunter1'),
    });
  });

  it('are one table with counts of each, and say which cluster is not reached', async () => {
    city.secret('edge-1', (sandboxes[0]?.kubeconfig ?? '').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    const { code, stdout, stderr } = await run('plan');
    expect(stdout.split('\n')[0]).toMatch(/^Infrastructure +Namespace +Kind +Name +Op +Why +Waits for$/);
    expect(stdout).toMatch(/^modena +default +Secret +key +create +new/m);
    expect(stderr).toMatch(/^edge-1: not reached: Cannot reach/);
    expect(code).toBe(1);
  });

  it('tell each change field by field, apply it with a line each, and mask secrets', async () => {
    const first = await run('apply', '--yes');
    expect(first.stderr).toMatch(/^\d\d:\d\d:\d\d {2}\+ create {3}Deployment class\/hello on modena$/m);
    expect(first.stderr).toMatch(/= ready {4}all \d+ on modena/);
    expect(first.stdout).toMatch(/^modena: \d+ created; (\d+) of \1 are ready$/m);
    expect(`${first.stdout}${first.stderr}`).not.toContain('\u001b');
    expect(first.code).toBe(0);
    city.commit({ 'tasks/hello.json': task('nginx:2', 3), 'manifests/key.json': secret('hunter2') });
    const { code, stdout } = await run('plan', '--diff');
    expect(stdout).toMatch(
      /\n {4}\.spec\.replicas\n {6}- 1\n {6}\+ 3\n {4}\.spec\.template\.spec\.containers\[name="hello"\]\.image\n {6}- nginx:1\n/,
    );
    expect(stdout).toContain('    .data.key\n      - ***** (before)\n      + ***** (after)\n');
    expect(stdout).toMatch(/^edge-1: 0 create, 1 update, 0 delete, \d+ unchanged\nmodena: 0 create, 2 update/m);
    expect(stdout).not.toMatch(/hunter|aHVudGVy/);
    expect(code).toBe(3);
    const planned = JSON.parse((await run('plan', '--diff', '--json', '--infrastructure', 'modena')).stdout);
    expect(planned).toMatchObject({
      changes: expect.arrayContaining([
        {
          infrastructure: 'modena',
          op: 'update',
          ref: { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'key' },
          reason: 'its document changed',
          fields: [{ path: '.data.key', before: '***** (before)', after: '***** (after)' }],
        },
      ]),
      counts: { create: 0, update: 2, delete: 0 },
      infrastructures: [{ name: 'modena', counts: { update: 2 } }],
      failed: [],
      unseen: [],
    });
    const applied = await run('apply', '--yes', '--json');
    const events = json(applied.stdout);
    expect(events[0]).toMatchObject({ event: 'plan', counts: { update: 3 } });
    expect(events.filter(({ event, state }) => event === 'change' && state === 'done').length).toBe(3);
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      interrupted: false,
      infrastructures: [
        { name: 'edge-1', updated: 1, failed: 0, notDone: 0, said: [] },
        { name: 'modena', updated: 2, failed: 0, notDone: 0, said: [] },
      ],
    });
    expect(applied.stderr).toBe('');
  });

  it('leave to another manager what it applies, and say so, until apply is told to take it over', async () => {
    const [shared] = maps(1).items;
    if (shared === undefined) throw new Error('There is no ConfigMap');
    city.commit({ 'tasks/hello.json': null, 'manifests/key.json': null, 'manifests/shared.json': shared });
    const argo = actor(sandboxes[1] as Sandbox, 'argo');
    const valueNow = async () => ((await argo.edit(refOf(shared), {})) as { data?: unknown }).data;
    await argo.apply({ ...shared, data: { a: 'theirs' } });
    const left = await run('apply', '--yes', '--infrastructure', 'modena');
    expect(`${left.stdout}${left.stderr}`).toContain(
      'Left .data.a of ConfigMap default/m0 to argo: it is "theirs", the documents want "1"',
    );
    expect(await valueNow()).toEqual({ a: 'theirs' });
    const other = await run('apply', '--yes', '--infrastructure', 'modena', '--take-over', 'flux');
    expect([other.code, await valueNow()]).toEqual([0, { a: 'theirs' }]);
    const taken = await run('apply', '--yes', '--infrastructure', 'modena', '--take-over', 'flux', '--take-over', 'argo');
    expect(taken.stdout).toMatch(/^modena: 1 updated/m);
    expect([taken.code, await valueNow()]).toEqual([0, { a: '1' }]);
    expect((await run('plan', '--infrastructure', 'modena')).stdout).toContain('Nothing to change.');
  });
});

describe('diff', () => {
  it('tells what one revision changes against another, without a cluster', async () => {
    const first = city.commit({ 'infrastructures/modena.json': infrastructure('modena'), 'tasks/hello.json': task('nginx:1') });
    city.commit({ 'tasks/hello.json': task('nginx:2') });
    const { code, stdout } = await run('diff', first.slice(0, 10));
    expect(stdout).toMatch(/^modena +class +Deployment +hello +update +its document changed/m);
    expect(stdout).toContain('      - nginx:1\n      + nginx:2\n');
    expect(code).toBe(3);
    expect(await run('diff', 'main', 'HEAD')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing to change\./) });
    const back = JSON.parse((await run('diff', 'main', 'main~1', '--json')).stdout);
    expect(back).toMatchObject({
      changes: [{ infrastructure: 'modena', op: 'update', fields: [{ before: 'nginx:2', after: 'nginx:1' }] }],
      counts: { create: 0, update: 1, delete: 0 },
    });
  });

  it('says which revision is not valid, and why, and which there is none of', async () => {
    const first = city.commit({ 'infrastructures/modena.json': infrastructure('modena') });
    const bad = city.commit({ 'tasks/hello.json': { ...task('nginx:1'), spec: {} } });
    expect(await run('diff', first)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`not valid at ${bad.slice(0, 10)}:\nenvironments/city/tasks/hello.json:\\d+:\\d+`)),
    });
    expect(await run('diff', 'nowhere')).toMatchObject({ code: 1, stderr: expect.stringContaining('Cannot find revision "nowhere"') });
  });
});

describe.skipIf(!have('script'))('apply on a terminal', () => {
  let sandbox: Sandbox;
  let proxy: FaultProxy;
  let held: Caught[];
  const start = () => onTerminal([process.execPath, CLI, 'apply', ...city.args], city.directory);

  beforeEach(async () => {
    sandbox = await startSandbox();
    proxy = await startFaultProxy(sandbox);
    city.secret('modena', proxy.kubeconfig());
    city.commit({ 'infrastructures/modena.json': infrastructure('modena', { default: true }), 'manifests/many.json': maps(30) });
    held = [];
    let writes = 0;
    proxy.begin((caught) => {
      const isWrite = caught.method === 'PATCH' && caught.path.includes('/configmaps/') && ++writes > 10;
      if (isWrite) held.push(caught);
      else caught.forward();
    });
  });
  afterEach(async () => {
    await proxy.stop();
    await sandbox.stop();
  });

  it('asks, shows a clock and counts, and ends after the calls under way when interrupted', async () => {
    const terminal = start();
    await terminal.until(/Apply these changes\? \[y\/N\]/);
    terminal.type('y\r');
    await terminal.until(/\D0:0\d {2}10\/30 done/);
    terminal.type('\u0003');
    await terminal.until(/Stopping after the calls under way: Ctrl-C again to leave at once/);
    await expect.poll(() => held.length).toBe(16);
    for (const caught of held) caught.forward();
    expect(await terminal.ended).toBe(1);
    expect(terminal.shown()).toMatch(/modena: 26 created, 4 not done\r\nInterrupted: the next apply goes on from here\.\r\n$/);
    proxy.end();
    expect(await run('apply', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('modena: 4 created; 30 of 30 are ready'),
    });
  });

  it('leaves at once when it is interrupted twice, and says what was done', async () => {
    const terminal = start();
    await terminal.until(/\[y\/N\]/);
    terminal.type('y\r');
    await terminal.until(/10\/30 done/);
    await expect.poll(() => held.length).toBe(16);
    terminal.type('\u0003');
    await terminal.until(/Stopping/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(1);
    expect(terminal.shown()).toMatch(/modena: 10 created, 16 without an answer, 4 not done\r\nInterrupted/);
  });

  it.each([
    { answer: 'no', keys: 'n\r' },
    { answer: 'Ctrl-C', keys: '\u0003' },
    { answer: 'the end of the input', keys: '\u0004' },
  ])('does nothing when the answer is $answer', async ({ keys }) => {
    const terminal = start();
    await terminal.until(/\[y\/N\]/);
    terminal.type(keys);
    expect(await terminal.ended).toBe(1);
    expect(proxy.seen.filter((request) => /^(PATCH|PUT|DELETE)/.test(request))).toEqual([]);
  });
});
