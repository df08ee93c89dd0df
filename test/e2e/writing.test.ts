import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import type { Status } from '../../controller/status.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { run } from '../support/parts.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const DOCUMENTS = {
  'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class', pushgateway: { url: 'embedded' } }),
  'qos/deadlines-missed-1.json': DEADLINES_MISSED,
  'tasks/compss-workflow.json': WORKFLOW,
};
const BRANCH = 'rotterdam/decisions';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Remote {
  readonly city: City;
  readonly sandbox: Sandbox;
  readonly origin: string;
  git(...args: string[]): string;
}

/** A city whose branch is watched on a remote, and a sandbox for its infrastructure. */
async function remoteCity(): Promise<Remote> {
  const sandbox = await startSandbox({ readyDelayMs: 50 });
  undo.push(() => sandbox.stop());
  const city = createCity();
  undo.push(() => city.remove());
  city.secret('modena', sandbox.kubeconfig);
  city.commit(DOCUMENTS);
  const origin = join(city.directory, 'origin.git');
  run('git', ['clone', '--quiet', '--bare', city.repository, origin]);
  return { city, sandbox, origin, git: (...args) => run('git', ['-C', origin, ...args]).trim() };
}

async function watching({ city, origin }: Remote, name: string): Promise<WatchProcess> {
  const state = join(city.directory, name);
  const place = ['--environment', 'city', '--repository', `file://${origin}`, '--state', state, '--secrets', join(city.state, 'secrets')];
  const watch = await startWatchProcess([...place, '--evaluate-every', '1s', '--interval', '500ms'], { cwd: city.directory });
  undo.push(() => watch.kill('SIGKILL'));
  await watch.until('ready', ({ replicas }) => replicas === 4);
  return watch;
}

async function push(watch: WatchProcess, missed: number): Promise<void> {
  const text = `deadlines_missed_compss_workflow ${missed}\n`;
  const reply = await fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body: text });
  expect(reply.status).toBe(202);
}

const statusOf = async (watch: WatchProcess) => (await (await fetch(`${watch.url}/api/v1/status`)).json()) as Status;
const metricsOf = async (watch: WatchProcess) => (await fetch(`${watch.url}/metrics`)).text();
const decisionsOn = ({ git }: Remote, branch: string) => git('log', '--format=%B', branch).match(/^Rotterdam-Decision: /gm)?.length ?? 0;
const replicasOn = ({ git }: Remote, branch: string) =>
  JSON.parse(git('show', `${branch}:environments/city/tasks/compss-workflow.json`)).replicas as number;

describe('watch of a remote branch', () => {
  it('that is protected: the decision waits on a branch of its own, is shown, and is kept once it is merged', async () => {
    const remote = await remoteCity();
    const hook = join(remote.origin, 'hooks/pre-receive');
    writeFileSync(
      hook,
      '#!/bin/sh\nwhile read old new ref; do [ "$ref" = refs/heads/main ] && echo "main is protected" && exit 1; done; exit 0\n',
      {
        mode: 0o755,
      },
    );
    const watch = await watching(remote, 'one');
    await push(watch, 0);
    await push(watch, 1);
    await watch.until('decision', ({ branch, from, to }) => branch === BRANCH && from === 4 && to === 6);
    await watch.until('hold', ({ reason }) => String(reason).includes(`4 → 6 waits for a merge of ${BRANCH}`));
    expect((await statusOf(watch)).conditions).toMatchObject([
      { type: 'WaitsForMerge', reason: expect.stringMatching(/compss_workflow 4 → 6 waits .*main is protected/) },
    ]);
    expect(await metricsOf(watch)).toContain('rotterdam_condition{type="WaitsForMerge"} 1');
    expect([replicasOn(remote, 'main'), replicasOn(remote, BRANCH)]).toEqual([4, 6]);
    rmSync(hook);
    const { city } = remote;
    city.git('fetch', '--quiet', remote.origin, BRANCH);
    city.git('merge', '--quiet', '--no-ff', '--message', 'Merge what was decided', 'FETCH_HEAD');
    city.git('push', '--quiet', remote.origin, 'main');
    await watch.until('ready', ({ replicas }) => replicas === 6);
    await push(watch, 1);
    await watch.until('verdict', ({ reason }) => String(reason).startsWith('nothing new'));
    expect((await statusOf(watch)).conditions).toEqual([]);
    expect([decisionsOn(remote, 'main'), replicasOn(remote, 'main')]).toEqual([1, 6]);
  });

  it('that takes no decision at all: a condition, a metric, and an event on the workload', async () => {
    const remote = await remoteCity();
    writeFileSync(join(remote.origin, 'hooks/pre-receive'), '#!/bin/sh\necho "no robots"\nexit 1\n', { mode: 0o755 });
    const watch = await watching(remote, 'one');
    await push(watch, 0);
    await push(watch, 1);
    await watch.until('decision refused', ({ task, from, to }) => task === 'compss_workflow' && from === 4 && to === 6);
    expect((await statusOf(watch)).conditions).toMatchObject([
      { type: 'WriteRefused', reason: expect.stringMatching(/^compss_workflow 4 → 6: Cannot push .*no robots/) },
    ]);
    expect(await metricsOf(watch)).toContain('rotterdam_decisions_refused_total 1');
    const cluster = createCluster({ name: 'modena', kubeconfig: remote.sandbox.kubeconfig, clock: systemClock });
    undo.push(() => cluster.close());
    const type = (await cluster.resource('v1', 'Event')) ?? expect.fail('no Events');
    await expect
      .poll(async () => (await cluster.list(type, { namespace: 'class' })).items, { timeout: 10_000 })
      .toContainEqual(
        expect.objectContaining({
          type: 'Warning',
          reason: 'Failed',
          message: expect.stringContaining('no robots'),
          involvedObject: expect.objectContaining({ kind: 'StatefulSet', name: 'compss-workflow', uid: expect.any(String) }),
        }),
      );
  });

  it('whose decision is being committed while tasks are asked for by REST: all of it is there, each in a commit of its own kind', async () => {
    const remote = await remoteCity();
    const watch = await watching(remote, 'one');
    await push(watch, 0);
    const post = async (n: number) => {
      const document = { name: `task-${n}`, dock: 'class', replicas: 0, containers: [{ image: 'example/x' }] };
      const body = JSON.stringify(document);
      const reply = await fetch(`${watch.url}/api/v1/tasks`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return [reply.status, ((await reply.json()) as { id: string }).id];
    };
    const posting = async () => {
      const answers: unknown[] = [];
      for (let n = 0; n < 6; n += 1) answers.push(await post(n));
      return answers;
    };
    const [answers] = await Promise.all([posting(), push(watch, 1)]);
    await watch.until('decision', ({ from, to }) => from === 4 && to === 6);
    expect(answers).toEqual(Array.from({ length: 6 }, (_, n) => [200, `task_${n}`]));
    await expect.poll(() => replicasOn(remote, 'main'), { timeout: 10_000 }).toBe(6);
    expect(decisionsOn(remote, 'main')).toBe(1);
    expect(remote.git('ls-tree', '--name-only', 'main', 'environments/city/tasks/').match(/task-\d/g)).toHaveLength(6);
  });

  it('by two controllers: one action for one miss', async () => {
    const remote = await remoteCity();
    const both = [await watching(remote, 'one'), await watching(remote, 'two')];
    for (const missed of [0, 1]) await Promise.all(both.map((watch) => push(watch, missed)));
    await expect.poll(() => replicasOn(remote, 'main'), { timeout: 30_000 }).toBe(6);
    const revision = remote.git('rev-parse', 'main');
    await Promise.all(both.map((watch) => watch.until('revision', ({ tip }) => tip === revision)));
    // The one that is behind holds back: neither undoes what the other applied.
    await Promise.all(both.map((watch) => watch.until('ready', ({ replicas }) => replicas === 6)));
    for (const watch of both) {
      await push(watch, 1);
      await watch.until('verdict', ({ reason }) => String(reason).startsWith('nothing new'));
    }
    expect([decisionsOn(remote, 'main'), replicasOn(remote, 'main')]).toEqual([1, 6]);
  });
});
