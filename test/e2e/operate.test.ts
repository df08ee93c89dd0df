import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have, run } from '../support/parts.ts';
import { startProxy, through } from '../support/proxy.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const MODENA = infrastructure('modena', { default: true, defaultDock: 'class' });
const HELLO = task('hello', 2);
const DOCK = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Dock\nmetadata: {name: new}\nspec: {}\n';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function task(name: string, replicas: number, more = ''): string {
  const spec = `{dock: class, replicas: ${replicas}, containers: [{image: redis, ports: [{containerPort: 8080}]}]${more}}`;
  return `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

async function city(options: { readonly readyDelayMs?: number } = {}): Promise<{ city: City; sandbox: Sandbox }> {
  const sandbox = await startSandbox({ readyDelayMs: 50, ...options });
  undo.push(() => sandbox.stop());
  const made = createCity();
  undo.push(() => made.remove());
  made.secret('modena', sandbox.kubeconfig);
  made.commit({ 'infrastructures/modena.json': MODENA, 'tasks/hello.yaml': HELLO });
  return { city: made, sandbox };
}

async function watching(made: City, args: readonly string[] = []): Promise<WatchProcess> {
  const watch = await startWatchProcess([...made.args, '--interval', '1h', ...args], { cwd: made.directory });
  undo.push(() => watch.kill('SIGKILL'));
  return watch;
}

function remoteOf(made: City): string {
  const remote = join(made.directory, 'remote.git');
  run('git', ['clone', '--quiet', '--bare', made.repository, remote]);
  made.git('remote', 'add', 'origin', remote);
  return `file://${remote}`;
}

describe('wait', () => {
  it('ends when the tip of that moment is applied and ready', async () => {
    const { city: made } = await city({ readyDelayMs: 500 });
    await watching(made);
    const tip = made.commit({ 'tasks/hello.yaml': task('hello', 3) });
    const { code, stdout } = await cli(['wait', '--state', made.state]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`city at ${tip.slice(0, 10)} is ready`) });
    const { tasks } = JSON.parse((await cli(['status', '--state', made.state, '--json'])).stdout);
    expect(tasks[0]).toMatchObject({ name: 'hello', health: 'ready', replicas: { desired: 3, ready: 3 } });
  });

  it('ends with exit code 1 after the timeout and says what is missing', async () => {
    const { city: made } = await city({ readyDelayMs: 60_000 });
    await watching(made);
    const { code, stderr } = await cli(['wait', 'hello', '--timeout', '1s', '--state', made.state]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/missing after 1s:\ntask hello on modena is progressing: .*0 of 2/),
    });
  });

  it('says that no watch runs', async () => {
    const { city: made } = await city();
    const { code, stderr } = await cli(['wait', '--state', made.state]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Name the address of a running watch') });
  });
});

describe('reconcile', () => {
  it('fetches the branch of a remote, applies it, and shows what came of it', async () => {
    const { city: made } = await city();
    const watch = await watching(made, ['--repository', remoteOf(made)]);
    await watch.until('ready');
    const tip = made.commit({ 'tasks/hello.yaml': task('hello', 3) });
    made.git('push', '--quiet', 'origin', 'main');
    const { code, stdout } = await cli(['reconcile', '--state', made.state, '--json']);
    expect({ code, seen: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      seen: { revision: tip, tip, infrastructures: [{ name: 'modena', revision: tip }] },
    });
  });

  it('looks at once at a cluster that it backed off from', async () => {
    const { city: made, sandbox } = await city();
    const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(sandbox.url).port) });
    undo.push(() => proxy.cut());
    made.secret('modena', through(sandbox.kubeconfig, proxy));
    await proxy.cut();
    const watch = await watching(made);
    await watch.until('infrastructure', ({ state }) => state === 'unreachable');
    const away = await cli(['reconcile', '--state', made.state]);
    expect({ code: away.code, stdout: away.stdout }).toEqual({ code: 1, stdout: expect.stringContaining('unreachable') });
    await proxy.restore();
    const back = await cli(['reconcile', '--infrastructure', 'modena', '--state', made.state]);
    expect({ code: back.code, stdout: back.stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/modena +(progressing|ready)/) });
  });

  it('refuses an infrastructure that is not looked after, and names those that are', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    await watch.until('ready');
    const { code, stderr } = await cli(['reconcile', '--infrastructure', 'edge', '--state', made.state]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Cannot look at edge: infrastructures looked after here are modena\n' });
  });
});

describe('the hook of git hosts', () => {
  it('makes a push to a remote seen at once', async () => {
    const { city: made } = await city();
    made.secret('hook', 'a secret of both sides\n');
    const watch = await watching(made, ['--repository', remoteOf(made), '--hook-secret', 'hook']);
    await watch.until('ready');
    const tip = made.commit({ 'tasks/hello.yaml': task('hello', 3) });
    made.git('push', '--quiet', 'origin', 'main');
    const body = JSON.stringify({ ref: 'refs/heads/main', after: tip });
    const signature = `sha256=${createHmac('sha256', 'a secret of both sides').update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature, 'x-gitea-delivery': 'one' };
    const call = () => fetch(`${watch.url}/api/v1/hooks/git`, { method: 'POST', headers, body });
    expect((await call()).status).toBe(202);
    await watch.until('synced', ({ revision }) => revision === tip);
    expect((await call()).status).toBe(409);
  });

  it('ends the watch at its start when there is no such secret', async () => {
    const { city: made } = await city();
    const { code, stderr } = await cli(['watch', ...made.args, '--listen', '127.0.0.1:0', '--hook-secret', 'hook']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Cannot read secret "hook"') });
  });
});

describe('tree and explain', () => {
  it('show a task down to its pods, and where its Deployment comes from, on the sandbox', async () => {
    const { city: made } = await city();
    await cli(['apply', ...made.args, '--yes'], made.directory);
    const { code, stdout } = await cli(['tree', 'hello', ...made.args]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^modena\n {2}hello\n {4}Deployment class\/hello {2}ready\n {6}ReplicaSet .*\n( {8}Pod .* ready\n){2} {4}Service class\/hello/,
    );
    const explained = await cli(['explain', 'deploy/hello', ...made.args]);
    expect(explained.stdout).toMatch(/declared +environments\/city\/tasks\/hello.yaml:1:1 in revision \w{10}/);
    expect(explained.stdout).toMatch(/changed .* by Engineer <engineer@city.example>: Change the city/);
    expect(explained.stdout).toMatch(/rotterdam-sync \(Apply, .*\n(.*\n)* {6}\.spec\.replicas\n/);
  });

  it('follow a pod to the document that it comes from, and say of what is not ours that it is not', async () => {
    const { city: made } = await city();
    await cli(['apply', ...made.args, '--yes'], made.directory);
    const pods = JSON.parse((await cli(['tree', 'hello', ...made.args, '--json'])).stdout);
    const pod = pods[0].tasks[0].objects[0].children[0].children[0].ref.name;
    const explained = await cli(['explain', `pod/${pod}`, ...made.args, '-n', 'class']);
    expect(explained.stdout).toMatch(/declared .*hello.yaml:1:1/);
    expect(explained.stdout).toMatch(/made by +ReplicaSet class\/hello-\w+, of Deployment class\/hello/);
    const foreign = await cli(['explain', 'ns/default', ...made.args]);
    expect(foreign.stdout).toContain('it is not ours');
    const nothing = await cli(['explain', 'cm/none', ...made.args]);
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('no document declares it') });
  });

  it.skipIf(!have('control plane', 'kubectl'))('tell of real ReplicaSets, of the other owners of fields, and of the decision', async () => {
    const plane = startControlPlane();
    undo.push(() => plane.stop());
    const made = createCity();
    undo.push(() => made.remove());
    made.secret('modena', plane.kubeconfig);
    made.commit({ 'infrastructures/modena.json': MODENA, 'tasks/hello.yaml': HELLO });
    const watch = await watching(made);
    await watch.until('ready');
    const edited = [
      '--kubeconfig',
      plane.kubeconfigFile,
      '-n',
      'class',
      'annotate',
      'deployment/hello',
      'seen=yes',
      '--field-manager=somebody',
    ];
    run('kubectl', edited);
    const record = {
      ...{ id: 'abc', environment: 'city', task: 'hello', agreement: 'hello/deadlines', guarantee: 'missed', from: 2, to: 3 },
      ...{ evidence: { value: 1, limit: 1, at: '2026-01-01T00:00:00Z', source: 'push', consumed: {} }, reason: 'missed 1, promised < 1' },
    };
    made.commit({ 'tasks/hello.yaml': task('hello', 3) }, `Scale hello 2 → 3\n\nRotterdam-Decision: ${JSON.stringify(record)}`);
    expect((await cli(['wait', '--state', made.state])).code).toBe(0);
    const { stdout } = await cli(['explain', 'deployment/hello', ...made.args, '--json']);
    const [told] = JSON.parse(stdout);
    expect(told).toMatchObject({
      declaredAt: 'environments/city/tasks/hello.yaml:1:1',
      changedBy: { subject: 'Scale hello 2 → 3' },
      decision: { from: 2, to: 3, reason: 'missed 1, promised < 1' },
      ours: true,
      health: 'ready',
    });
    const fieldsOf = (manager: string) => told.owners.find((owner: { manager: string }) => owner.manager === manager)?.fields;
    expect(told.owners[0].manager).toBe('rotterdam-sync');
    expect(fieldsOf('rotterdam-sync')).toEqual(
      expect.arrayContaining(['.spec.replicas', '.spec.template.spec.containers[name="hello"].image']),
    );
    expect(fieldsOf('somebody')).toEqual(['.metadata.annotations.seen']);
    const tree = await cli(['tree', ...made.args]);
    expect(tree.stdout).toMatch(
      /Deployment class\/hello {2}ready\n {6}ReplicaSet class\/hello-\w+ {2}ready\n( {8}Pod class\/hello-\S+ {2}ready\n){3}/,
    );
  });
});

describe('suspend and resume', () => {
  const suspended = {
    state: 'suspended',
    reason: expect.stringMatching(/^suspended by Operator <operator@city.example> at .* in \w{10}; 2 changes wait$/),
  };
  const asOperator = { GIT_AUTHOR_NAME: 'Operator', GIT_AUTHOR_EMAIL: 'operator@city.example' };

  it('an infrastructure is a commit of the caller; nothing is done there until it is resumed', async () => {
    const { city: made } = await city();
    const watch = await watching(made);
    await watch.until('ready');
    const { stdout } = await cli(['suspend', 'modena', ...made.args], made.directory, asOperator);
    expect(stdout).toMatch(/^Suspended infrastructure modena in environments\/city\/infrastructures\/modena.json, revision \w{10}\n$/);
    expect(made.git('log', '-1', '--format=%an <%ae>|%s')).toBe('Operator <operator@city.example>|Suspend infrastructure modena\n');
    await watch.until('infrastructure', ({ state }) => state === 'suspended');
    made.commit({ 'tasks/hello.yaml': task('hello', 3), 'docks/new.yaml': DOCK });
    const statusOf = async () => JSON.parse((await cli(['status', '--state', made.state, '--json'])).stdout);
    await expect.poll(async () => (await statusOf()).infrastructures[0]).toMatchObject(suspended);
    expect((await statusOf()).tasks[0]).toMatchObject({ health: 'suspended', replicas: { ready: 2 } });
    expect((await cli(['apply', '--yes', ...made.args])).stderr).toContain("Cannot apply to 'modena' as it is suspended");
    await cli(['resume', 'infrastructure/modena', ...made.args], made.directory, asOperator);
    await watch.until('ready', ({ replicas }) => replicas === 3);
    expect(made.git('status', '--porcelain')).toBe('');
  });

  it('a task leaves its objects as they are, while others are looked after', async () => {
    const { city: made } = await city();
    made.commit({ 'tasks/other.yaml': task('other', 1) });
    const watch = await watching(made);
    await watch.until('ready', (line) => line.task === 'other');
    await cli(['suspend', 'task/hello', ...made.args], made.directory, asOperator);
    made.commit({
      'tasks/hello.yaml': made.git('show', 'main:environments/city/tasks/hello.yaml').replace('replicas: 2', 'replicas: 5'),
      'tasks/other.yaml': task('other', 3),
    });
    await watch.until('ready', (line) => line.task === 'other' && line.replicas === 3);
    const { tasks } = JSON.parse((await cli(['status', '--state', made.state, '--json'])).stdout);
    expect(tasks[0]).toMatchObject({ name: 'hello', health: 'suspended', reason: 'it is suspended', replicas: { desired: 5, ready: 2 } });
    await cli(['resume', 'hello', ...made.args], made.directory, asOperator);
    await watch.until('ready', (line) => line.task === 'hello' && line.replicas === 5);
  });

  it('has the agreements of what is suspended judged, and decide nothing', async () => {
    const { city: made } = await city();
    const pushed = infrastructure('modena', { default: true, defaultDock: 'class', pushgateway: { url: 'embedded' } });
    made.commit({ 'infrastructures/modena.json': pushed, 'qos/missed.json': DEADLINES_MISSED, 'tasks/workflow.json': WORKFLOW });
    await cli(['suspend', 'modena', ...made.args], made.directory, asOperator);
    const watch = await watching(made, ['--evaluate-every', '1s']);
    await watch.until('infrastructure', ({ state }) => state === 'suspended');
    const push = (missed: number) =>
      fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body: `deadlines_missed_compss_workflow ${missed}\n` });
    await push(0);
    await push(1);
    const { reason } = await watch.until('hold');
    expect(reason).toContain('its infrastructure is suspended');
    expect(made.git('log', '--format=%B')).not.toContain('Rotterdam-Decision');
  });

  it('says what is wrong', async () => {
    const { city: made } = await city();
    made.commit({ 'tasks/broken.yaml': 'kind: [Task\n', 'tasks/old.json': { name: 'old', image: 'redis', dock: 'class' } });
    const failing = async (...args: string[]) => (await cli([...args, ...made.args], made.directory, asOperator)).stderr;
    expect(await failing('suspend', 'nobody')).toContain(
      "Cannot find 'nobody' in environment 'city': declared are infrastructure/modena, task/hello, task/old",
    );
    expect(await failing('suspend', 'old')).toContain("Rotterdam's own format has no such field");
    expect((await cli(['resume', 'modena', ...made.args])).stdout).toBe('infrastructure modena is not suspended\n');
  });
});

describe('stop and start', () => {
  it('an agreement: a commit of the caller, after which it is not judged until a commit starts it again', async () => {
    const { city: made } = await city();
    const pushed = infrastructure('modena', { default: true, defaultDock: 'class', pushgateway: { url: 'embedded' } });
    made.commit({ 'infrastructures/modena.json': pushed, 'qos/missed.json': DEADLINES_MISSED, 'tasks/workflow.json': WORKFLOW });
    const watch = await watching(made, ['--evaluate-every', '1s']);
    await watch.until('ready', ({ task }) => task === 'compss_workflow');
    const push = (missed: number) =>
      fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body: `deadlines_missed_compss_workflow ${missed}\n` });
    await push(0);
    const asOperator = { GIT_AUTHOR_NAME: 'Operator', GIT_AUTHOR_EMAIL: 'operator@city.example' };
    const agreements = async () => {
      const { tasks } = JSON.parse((await cli(['status', '--state', made.state, '--json'])).stdout);
      return tasks.flatMap((one: { agreements: readonly object[] }) => one.agreements);
    };
    await expect.poll(agreements).toMatchObject([{ state: 'met' }]);
    const [{ id }] = await agreements();
    const { stdout } = await cli(['stop', id, ...made.args], made.directory, asOperator);
    expect(stdout).toMatch(new RegExp(`^Stopped agreement ${id} in environments/city/sla/${id}.yaml, revision \\w{10}\n$`));
    expect(made.git('log', '-1', '--format=%an <%ae>|%s')).toBe(`Operator <operator@city.example>|Stop agreement ${id}\n`);
    expect(await watch.until('agreement')).toMatchObject({ agreement: id, state: 'stopped' });
    await push(1);
    await expect.poll(agreements).toMatchObject([{ id, state: 'stopped', reason: `Stopped in environments/city/sla/${id}.yaml` }]);
    await cli(['start', id, ...made.args], made.directory, asOperator);
    await expect.poll(agreements, { timeout: 20_000 }).toMatchObject([{ id, state: 'met', value: 0 }]);
    // A commit's time is whole seconds, and what grows within that second is no evidence.
    let missed = 1;
    await expect
      .poll(
        async () => {
          missed += 1;
          await push(missed);
          return made.git('log', '--format=%B').match(/Rotterdam-Decision: /g)?.length;
        },
        { timeout: 20_000, interval: 1_000 },
      )
      .toBe(1);
    expect((await cli(['start', id, ...made.args])).stdout).toBe(`agreement ${id} is started already\n`);
    expect((await cli(['stop', 'nobody', ...made.args])).stderr).toContain(`Cannot find agreement 'nobody': agreements are ${id}`);
  });
});

describe('Kubernetes Events', () => {
  it.skipIf(!have('control plane', 'kubectl'))(
    'tell of each change what commit made it, once, and kubectl describe shows them',
    async () => {
      const plane = startControlPlane();
      undo.push(() => plane.stop());
      const made = createCity();
      undo.push(() => made.remove());
      made.secret('modena', plane.kubeconfig);
      made.commit({ 'infrastructures/modena.json': MODENA, 'tasks/hello.yaml': HELLO }, 'Say hello');
      const watch = await watching(made);
      await watch.until('ready');
      const tip = made.commit({ 'tasks/hello.yaml': task('hello', 3) }, 'Say it louder');
      await watch.until('ready', ({ replicas }) => replicas === 3);
      const described = () => run('kubectl', ['--kubeconfig', plane.kubeconfigFile, '-n', 'class', 'describe', 'deployment/hello']);
      await expect.poll(described).toMatch(/Normal +Created .* rotterdam-sync +Created by revision \w{10} "Say hello": new/);
      await expect.poll(described).toContain(`Applied by revision ${tip.slice(0, 10)} "Say it louder": its document changed`);
      const ours = ['get', 'events', '-A', '-l', 'app.kubernetes.io/managed-by=rotterdam-sync', '-o', 'name'];
      const events = () =>
        run('kubectl', ['--kubeconfig', plane.kubeconfigFile, ...ours])
          .trim()
          .split('\n').length;
      const before = events();
      await cli(['reconcile', '--state', made.state]);
      expect(events()).toBe(before);
    },
  );

  it('are taken by the sandbox', async () => {
    const { city: made, sandbox } = await city();
    const watch = await watching(made);
    await watch.until('ready');
    const cluster = createCluster({ name: 'sandbox', kubeconfig: sandbox.kubeconfig, clock: systemClock });
    undo.push(() => cluster.close());
    const type = (await cluster.resource('v1', 'Event')) ?? expect.fail('no Events');
    const reasons = async () => (await cluster.list(type, { namespace: 'class' })).items.map(({ reason }) => reason);
    await expect.poll(reasons).toEqual(['Created', 'Created', 'Created']);
    expect(watch.lines.filter(({ msg }) => msg === 'events')).toEqual([]);
  });
});
