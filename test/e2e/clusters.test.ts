import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import type { Status, TaskStatus } from '../../controller/status.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';
import { startProxy, through } from '../support/proxy.ts';
import { CLI, startWatchProcess, type WatchProcess } from '../support/watch.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A city with an infrastructure for each kubeconfig. */
function cityOn(kubeconfigs: Readonly<Record<string, string>>): City {
  const city = createCity();
  undo.push(() => city.remove());
  for (const [name, kubeconfig] of Object.entries(kubeconfigs)) city.secret(name, kubeconfig);
  city.commit(Object.fromEntries(Object.keys(kubeconfigs).map((name) => [`infrastructures/${name}.json`, infrastructure(name)])));
  return city;
}

async function watching(city: City): Promise<WatchProcess> {
  const watch = await startWatchProcess([...city.args], { cwd: city.directory });
  undo.push(() => watch.kill('SIGKILL'));
  return watch;
}

function web(infrastructures: readonly string[], version: string, more: object = {}): Readonly<Record<string, object>> {
  const containers = [{ image: `example/web:${version}` }];
  const spec = { infrastructures, containers, ...more };
  return { 'tasks/web.json': { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Task', metadata: { name: 'web' }, spec } };
}

const statusOf = async (watch: WatchProcess) => (await (await fetch(`${watch.url}/api/v1/status`)).json()) as Status;
const taskOf = async (watch: WatchProcess): Promise<TaskStatus | undefined> => (await statusOf(watch)).tasks[0];
const stateOf = async (watch: WatchProcess, name: string) =>
  (await statusOf(watch)).infrastructures.find((infrastructure) => infrastructure.name === name)?.state;

/** The version of the task that a cluster has. */
function versionOn(kubeconfig: string): () => Promise<string | undefined> {
  const cluster = createCluster({ name: 'look', kubeconfig, clock: systemClock });
  undo.push(() => cluster.close());
  return async () => {
    const found = await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' });
    const spec = found?.spec as { template: { spec: { containers: { image: string }[] } } } | undefined;
    return spec?.template.spec.containers[0]?.image.split(':')[1];
  };
}

async function runCli(args: readonly string[], cwd: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, output: stdout + stderr };
}

const eventually = { timeout: 30_000, interval: 50 };

describe('clusters that say nothing', () => {
  it('delay no other, and are back within seconds', async () => {
    const sandboxes = await Promise.all(Array.from({ length: 20 }, () => startSandbox({ readyDelayMs: 20 })));
    undo.push(() => Promise.all(sandboxes.map((sandbox) => sandbox.stop())));
    const proxies = await Promise.all(sandboxes.map(({ url }) => startProxy({ host: '127.0.0.1', port: Number(new URL(url).port) })));
    undo.push(() => Promise.all(proxies.map((proxy) => proxy.cut())));
    const [silent, others] = [proxies.slice(0, 2), sandboxes.slice(2)];
    const names = sandboxes.map((_, at) => `c${at}`);
    const kubeconfigs = sandboxes.map(({ kubeconfig }, at) => through(kubeconfig, proxies[at] as (typeof proxies)[number]));
    const city = cityOn(Object.fromEntries(names.map((name, at) => [name, kubeconfigs[at] ?? ''])));
    city.commit(web(names, '1'));
    const watch = await watching(city);
    for (const { kubeconfig } of sandboxes) await expect.poll(versionOn(kubeconfig), eventually).toBe('1');

    for (const proxy of silent) proxy.stall();
    city.commit(web(names, '2'));
    for (const { kubeconfig } of others) await expect.poll(versionOn(kubeconfig), eventually).toBe('2');

    await watch.until('infrastructure', ({ infrastructure: name, state }) => name === 'c0' && state === 'unreachable');
    await watch.until('infrastructure', ({ infrastructure: name, state }) => name === 'c1' && state === 'unreachable');
    for (const proxy of silent) proxy.flow();
    const from = performance.now();
    for (const { kubeconfig } of sandboxes.slice(0, 2)) await expect.poll(versionOn(kubeconfig), eventually).toBe('2');
    expect(performance.now() - from).toBeLessThan(10_000);
  });
});

describe('a secret', () => {
  it('that was refused is looked at again, one that changes is taken at once', async () => {
    const [first, second] = await Promise.all([startSandbox({ readyDelayMs: 20 }), startSandbox({ readyDelayMs: 20 })]);
    undo.push(() => Promise.all([first.stop(), second.stop()]));
    const city = cityOn({ a: first.kubeconfig.replace(/token: \w+/, 'token: expired') });
    city.commit(web(['a'], '1'));
    const watch = await watching(city);
    await expect.poll(() => stateOf(watch, 'a'), eventually).toBe('failed');
    city.secret('a', first.kubeconfig);
    await expect.poll(versionOn(first.kubeconfig), { ...eventually, timeout: 10_000 }).toBe('1');
    city.secret('a', second.kubeconfig);
    await expect.poll(versionOn(second.kubeconfig), { ...eventually, timeout: 10_000 }).toBe('1');
  });
});

describe('rollout: ordered', () => {
  it('places a task on the next infrastructure when it runs on the one before', async () => {
    const [slow, fast] = await Promise.all([startSandbox({ readyDelayMs: 1_500 }), startSandbox({ readyDelayMs: 20 })]);
    undo.push(() => Promise.all([slow.stop(), fast.stop()]));
    const city = cityOn({ a: slow.kubeconfig, b: fast.kubeconfig });
    city.commit(web(['a', 'b'], '1', { rollout: 'ordered' }));
    const watch = await watching(city);
    await expect.poll(versionOn(slow.kubeconfig), eventually).toBe('1');
    expect(await versionOn(fast.kubeconfig)()).toBeUndefined();
    await expect.poll(async () => (await taskOf(watch))?.infrastructures?.[1]?.reason, eventually).toContain('waits for Infrastructure a');
    await expect.poll(async () => (await taskOf(watch))?.health, eventually).toBe('ready');
    expect(await versionOn(fast.kubeconfig)()).toBe('1');
    city.commit(web(['a', 'b'], '2', { rollout: 'ordered', replicas: 2 }));
    await expect.poll(versionOn(slow.kubeconfig), eventually).toBe('2');
    expect(await versionOn(fast.kubeconfig)()).toBe('1');
    await expect.poll(versionOn(fast.kubeconfig), eventually).toBe('2');
  });

  it('is made on one infrastructure after the other by apply, one each time', async () => {
    const [a, b] = await Promise.all([startSandbox({ readyDelayMs: 20 }), startSandbox({ readyDelayMs: 20 })]);
    undo.push(() => Promise.all([a.stop(), b.stop()]));
    const city = cityOn({ a: a.kubeconfig, b: b.kubeconfig });
    city.commit(web(['a', 'b'], '1', { rollout: 'ordered' }));
    const [onA, onB] = [versionOn(a.kubeconfig), versionOn(b.kubeconfig)];
    const first = await runCli(['apply', '--yes', ...city.args], city.directory);
    expect([first.code, await onA(), await onB()]).toEqual([1, '1', undefined]);
    expect(first.output).toContain('for Infrastructure a');
    const second = await runCli(['apply', '--yes', ...city.args], city.directory);
    expect([second.code, await onA(), await onB()]).toEqual([0, '1', '1']);
  });

  it.skipIf(!have('control plane'))('stops a change that turns unhealthy before it reaches the rest, also after a restart', async () => {
    const [a, b] = [startControlPlane(), startControlPlane()];
    undo.push(() => [a, b].map((controlPlane) => controlPlane.stop()));
    const city = cityOn({ a: a.kubeconfig, b: b.kubeconfig });
    city.commit(web(['a', 'b'], '1', { rollout: 'ordered' }));
    const first = await watching(city);
    await expect.poll(async () => (await taskOf(first))?.health, eventually).toBe('ready');

    city.commit(web(['a', 'b'], '2', { rollout: 'ordered', nodeSelector: { nowhere: 'yes' } }));
    await expect.poll(versionOn(a.kubeconfig), eventually).toBe('2');
    await expect.poll(async () => (await taskOf(first))?.infrastructures?.[1]?.reason, eventually).toContain('waits for Infrastructure a');
    await first.kill('SIGKILL');

    const second = await watching(city);
    await expect.poll(async () => (await taskOf(second))?.infrastructures?.[1]?.reason, eventually).toContain('waits for Infrastructure a');
    expect(await versionOn(b.kubeconfig)()).toBe('1');
    city.commit(web(['a', 'b'], '3', { rollout: 'ordered' }));
    await expect.poll(async () => (await taskOf(second))?.health, eventually).toBe('ready');
    expect([await versionOn(a.kubeconfig)(), await versionOn(b.kubeconfig)()]).toEqual(['3', '3']);
  });
});

describe.skipIf(!have('git', 'control plane', 'prometheus', 'pushgateway'))('promises on two infrastructures', () => {
  it('are judged each by the source of its own: a miss that one shows of both tasks scales only the one that runs there', async () => {
    const [a, b] = [startControlPlane(), startControlPlane()];
    undo.push(() => [a, b].map((controlPlane) => controlPlane.stop()));
    const [atA, atB] = await Promise.all([startMonitoring(), startMonitoring()]);
    undo.push(() => Promise.all([atA.stop(), atB.stop()]));
    const push = (at: Monitoring, misses: number) => {
      const body = ['on_a', 'on_b'].map((task) => `misses{task="${task}"} ${misses}\n`).join('');
      return fetch(`${at.pushgateway}/metrics/job/workflows`, { method: 'POST', body });
    };
    await Promise.all([push(atA, 0), push(atB, 0)]);
    const city = cityOn({ a: a.kubeconfig, b: b.kubeconfig });
    const native = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });
    const task = (name: string, place: string) =>
      native('Task', name, { infrastructures: [place], replicas: 2, containers: [{ image: 'example/web:1' }], qos: ['NoMisses'] });
    city.commit({
      'infrastructures/a.json': infrastructure('a', { prometheus: { url: atA.prometheus } }),
      'infrastructures/b.json': infrastructure('b', { prometheus: { url: atB.prometheus } }),
      'qos/no-misses.json': native('QosTemplate', 'NoMisses', {
        ...{ type: 'app', maxAllowed: 0, cooldown: '0s', action: 'scale_out', scaleFactor: 1.5 },
        guarantees: [{ name: 'misses', constraint: 'misses < 1', kind: 'counter' }],
      }),
      'tasks/on-a.json': task('on-a', 'a'),
      'tasks/on-b.json': task('on-b', 'b'),
    });
    const watch = await startWatchProcess([...city.args, '--evaluate-every', '1s'], { cwd: city.directory });
    undo.push(() => watch.kill('SIGKILL'));
    const known = ['on_a', 'on_b'].flatMap((id) =>
      ['ready', 'verdict'].map((event) => watch.until(event, ({ task: of, state }) => of === id && state !== 'unknown')),
    );
    await Promise.all(known);
    await push(atA, 1);
    expect(await watch.until('decision', ({ task: of }) => of === 'on_a')).toMatchObject({ from: 2, to: 3 });
    const decidedAt = new Date().toISOString();
    const onB = async () => (await statusOf(watch)).tasks.find(({ id }) => id === 'on_b');
    await expect.poll(async () => (await onB())?.agreements[0]?.evidenceAt, eventually).toSatisfy((at: string) => at > decidedAt);
    expect(await onB()).toMatchObject({
      replicas: { desired: 2 },
      agreements: [{ state: 'met', value: 0, source: `prometheus ${atB.prometheus}` }],
    });
    await watch.until('ready', ({ task: of, replicas }) => of === 'on_a' && replicas === 3);
    expect(watch.lines.filter(({ msg }) => msg === 'decision')).toHaveLength(1);
  });
});
