import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import type { Status } from '../../controller/status.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { run } from '../support/parts.ts';
import { startProxy, through } from '../support/proxy.ts';
import { CLI, startWatchProcess, type WatchProcess } from '../support/watch.ts';

const METRIC = 'deadlines_missed_compss_workflow';
const MODENA = infrastructure('modena', { default: true, defaultDock: 'class', pushgateway: { url: 'embedded' } });
const DOCUMENTS = {
  'infrastructures/modena.json': MODENA,
  'qos/deadlines-missed-1.json': DEADLINES_MISSED,
  'tasks/compss-workflow.json': WORKFLOW,
};

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function city(documents: Readonly<Record<string, string | object | null>> = DOCUMENTS): Promise<{ city: City; sandbox: Sandbox }> {
  const sandbox = await startSandbox({ readyDelayMs: 50 });
  undo.push(() => sandbox.stop());
  const made = createCity();
  undo.push(() => made.remove());
  made.secret('modena', sandbox.kubeconfig);
  made.commit(documents);
  return { city: made, sandbox };
}

async function watching(made: City, args: readonly string[] = []): Promise<WatchProcess> {
  const watch = await startWatchProcess([...made.args, '--evaluate-every', '1s', ...args], { cwd: made.directory });
  undo.push(() => watch.kill('SIGKILL'));
  return watch;
}

async function push(watch: WatchProcess, missed: number): Promise<void> {
  const reply = await fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body: `${METRIC} ${missed}\n` });
  expect(reply.status).toBe(202);
}

const statusOf = async (watch: WatchProcess) => (await (await fetch(`${watch.url}/api/v1/status`)).json()) as Status;
const decisionsIn = (made: City) => made.git('log', '--format=%B').match(/^Rotterdam-Decision: /gm)?.length ?? 0;
const replicasIn = (made: City) => JSON.parse(made.git('show', 'main:environments/city/tasks/compss-workflow.json')).replicas as number;
const isReady = (replicas: number) => (line: Readonly<Record<string, unknown>>) => line.replicas === replicas;

describe('watch', () => {
  it.each(['listening', 'revision', 'synced', 'ready', 'pushed', 'verdict', 'decision', 'commit', 'scaled'])(
    'killed with -9 at %s and started again ends in the same state',
    async (point) => {
      const { city: made } = await city();
      const first = await watching(made);
      if (!['listening', 'revision', 'synced'].includes(point)) {
        await first.until('ready', isReady(4));
        await push(first, 0);
        await push(first, 1);
      }
      if (point === 'scaled') await first.until('ready', isReady(6));
      else if (point === 'verdict') await first.until('verdict', ({ state }) => state === 'violated');
      else if (point !== 'pushed') await first.until(point);
      await first.kill('SIGKILL');

      const second = await watching(made);
      if (['listening', 'revision', 'synced'].includes(point)) {
        await second.until('ready', isReady(4));
        await push(second, 0);
        await push(second, 1);
      }
      await second.until('ready', isReady(6));
      await push(second, 1);
      await second.until('verdict', ({ reason }) => String(reason).startsWith('nothing new'));
      expect({ decisions: decisionsIn(made), replicas: replicasIn(made) }).toEqual({ decisions: 1, replicas: 6 });
      expect(made.git('status', '--porcelain')).toBe('');
    },
  );

  it('applies what changed and prunes what was removed, as soon as the branch moves', async () => {
    const { city: made } = await city();
    const watch = await watching(made, ['--interval', '1h']);
    await watch.until('ready', isReady(4));
    made.commit({ 'tasks/compss-workflow.json': null, 'tasks/other.json': { ...WORKFLOW, name: 'other', replicas: 2 } });
    await watch.until('ready', ({ task, replicas }) => task === 'other' && replicas === 2);
    await watch.until('synced', ({ delete: deleted }) => Number(deleted) > 0);
    expect((await statusOf(watch)).tasks.map(({ name }) => name)).toEqual(['other']);
  });

  it('keeps the newest valid revision in force, shows every issue of the tip, and goes on scaling', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    await watch.until('ready', isReady(4));
    const valid = made.git('rev-parse', 'main').trim();
    made.commit({
      'tasks/broken.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: broken}\nspec: {containers: 3}\n',
    });
    await watch.until('invalid revision');
    const seen = await statusOf(watch);
    expect(seen.revision).toBe(valid);
    expect(seen.issues).toContainEqual(
      expect.objectContaining({ file: 'environments/city/tasks/broken.yaml', line: 4, severity: 'error' }),
    );
    await push(watch, 0);
    await push(watch, 1);
    await watch.until('ready', isReady(6));
    expect(replicasIn(made)).toBe(6);
    made.commit({ 'tasks/broken.yaml': null });
    await watch.until('revision', ({ revision }) => revision === made.git('rev-parse', 'main').trim());
    expect(decisionsIn(made)).toBe(1);
  });

  it('decides again when a human was faster, and loses nothing of either', async () => {
    const { city: made } = await city();
    const watch = await watching(made, ['--interval', '1h']);
    await watch.until('ready', isReady(4));
    await push(watch, 0);
    const pushed = push(watch, 1);
    const human = made.commit(
      { 'docks/class.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Dock\nmetadata: {name: class}\nspec: {}\n' },
      'Declare the dock',
    );
    await pushed;
    await watch.until('ready', isReady(6));
    expect(made.git('log', '--format=%H', 'main').split('\n')).toContain(human);
    expect({ decisions: decisionsIn(made), replicas: replicasIn(made) }).toEqual({ decisions: 1, replicas: 6 });
  });

  it('pushes its decisions to a remote, through the hands of a human who is faster', async () => {
    const { city: made } = await city();
    const remote = join(made.directory, 'remote.git');
    run('git', ['clone', '--quiet', '--bare', made.repository, remote]);
    made.git('remote', 'add', 'origin', remote);
    const watch = await watching(made, ['--repository', `file://${remote}`, '--interval', '1h']);
    await watch.until('ready', isReady(4));
    await push(watch, 0);
    const human = made.commit({
      'docks/class.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Dock\nmetadata: {name: class}\nspec: {}\n',
    });
    made.git('push', '--quiet', 'origin', 'main');
    await push(watch, 1);
    await watch.until('ready', isReady(6));
    made.git('fetch', '--quiet', 'origin');
    expect(made.git('log', '--format=%H', 'origin/main').split('\n')[1]).toBe(human);
    expect(made.git('show', 'origin/main:environments/city/tasks/compss-workflow.json')).toContain('"replicas": 6');
  });

  it('holds a decision while its file has uncommitted changes, says so, and makes it afterwards', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    await watch.until('ready', isReady(4));
    await push(watch, 0);
    const file = join(made.repository, 'environments/city/tasks/compss-workflow.json');
    const committed = readFileSync(file, 'utf8');
    writeFileSync(file, `${committed}\n`);
    await push(watch, 1);
    const { reason } = await watch.until('evaluation failed');
    expect(reason).toContain('compss-workflow.json');
    expect((await statusOf(watch)).reason).toBe(reason);
    expect(readFileSync(file, 'utf8')).toBe(`${committed}\n`);
    writeFileSync(file, committed);
    await watch.until('ready', isReady(6));
    expect({ decisions: decisionsIn(made), status: made.git('status', '--porcelain') }).toEqual({ decisions: 1, status: '' });
  });

  it('makes one decision where two controllers follow one branch', async () => {
    const { city: made } = await city();
    const one = await watching(made);
    const two = await watching(made, ['--state', `${made.directory}/second`, '--secrets', `${made.state}/secrets`]);
    await Promise.all([one, two].map((watch) => watch.until('ready', isReady(4))));
    await Promise.all([one, two].map((watch) => push(watch, 0)));
    await Promise.all([one, two].map((watch) => push(watch, 1)));
    await Promise.all([one, two].map((watch) => watch.until('ready', isReady(6))));
    await Promise.all([one, two].map((watch) => watch.until('verdict', ({ reason }) => String(reason).startsWith('nothing new'))));
    expect({ decisions: decisionsIn(made), replicas: replicasIn(made) }).toEqual({ decisions: 1, replicas: 6 });
  });

  it('is delayed by no cluster that does not answer, and goes on when that one is back', async () => {
    const { city: made, sandbox } = await city({
      ...DOCUMENTS,
      'infrastructures/edge.json': infrastructure('edge'),
      'tasks/edge.json': { name: 'edge-task', cluster: 'edge', dock: 'class', image: 'redis', type: 'default', replicas: 1 },
    });
    const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(sandbox.url).port) });
    undo.push(() => proxy.cut());
    const other = await startSandbox({ readyDelayMs: 50 });
    undo.push(() => other.stop());
    await proxy.cut();
    const edge = await startProxy({ host: '127.0.0.1', port: Number(new URL(other.url).port) });
    undo.push(() => edge.cut());
    await edge.cut();
    made.secret('edge', through(other.kubeconfig, edge));
    const watch = await watching(made);
    await watch.until('infrastructure', ({ infrastructure: name, state }) => name === 'edge' && state === 'unreachable');
    await watch.until('ready', isReady(4));
    await edge.restore();
    await watch.until('ready', ({ task }) => task === 'edge_task');
    const seen = watch.lines.length;
    await edge.cut();
    await watch.until('infrastructure', ({ infrastructure: name, state }) => name === 'edge' && state === 'unreachable', seen);
    expect((await statusOf(watch)).infrastructures).toContainEqual(expect.objectContaining({ name: 'edge', state: 'unreachable' }));
    made.commit({ 'tasks/edge.json': { name: 'edge-task', cluster: 'edge', dock: 'class', image: 'redis', type: 'default', replicas: 3 } });
    await edge.restore();
    await watch.until('ready', ({ task, replicas }) => task === 'edge_task' && replicas === 3);
  });

  it('decides nothing while the cluster is away, and keeps the promise when it is back', async () => {
    const { city: made, sandbox } = await city();
    const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(sandbox.url).port) });
    undo.push(() => proxy.cut());
    made.secret('modena', through(sandbox.kubeconfig, proxy));
    const watch = await watching(made);
    await watch.until('ready', isReady(4));
    await push(watch, 0);
    await proxy.cut();
    await watch.until('infrastructure', ({ state }) => state === 'unreachable');
    await push(watch, 1);
    await watch.until('hold');
    expect(decisionsIn(made)).toBe(0);
    await proxy.restore();
    await watch.until('ready', isReady(6));
    expect(decisionsIn(made)).toBe(1);
  });

  it.each([
    {
      reason: 'an exec plugin',
      change: (text: string) => text.replace(/token: \w+/, 'exec: {command: touch}'),
      said: /exec/,
    },
    {
      reason: 'a wrong token',
      change: (text: string) => text.replace(/token: \w+/, 'token: wrong'),
      said: /credentials|401|[Uu]nauthorized/,
    },
  ])('refuses a kubeconfig with $reason and names it', async ({ change, said }) => {
    const { city: made, sandbox } = await city();
    made.secret('modena', change(sandbox.kubeconfig));
    const watch = await watching(made);
    const { reason } = await watch.until('infrastructure', ({ state }) => state === 'failed');
    expect(reason).toMatch(said);
  });

  it('ends with exit code 1 when its address is taken', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    const taken = new URL(watch.url).host;
    const other = spawn(process.execPath, [CLI, 'watch', ...made.args, '--listen', taken], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [code]] = await Promise.all([text(other.stderr), once(other, 'exit')]);
    expect(said).toContain(`Cannot listen on ${taken}`);
    expect(code).toBe(1);
  });

  it('ends within 2 s on SIGTERM', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    await watch.until('ready', isReady(4));
    const { code, durationMs } = await watch.kill('SIGTERM');
    expect(code).toBe(0);
    expect(durationMs).toBeLessThan(2_000);
  });
});
