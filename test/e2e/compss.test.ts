import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity, DEADLINES_MISSED, infrastructure } from '../support/city.ts';
import { type Deployed, deployWorkflow, greet } from '../support/compss-master.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { openNodePorts } from '../support/node-ports.ts';
import { have, run } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const WORKFLOW = {
  name: 'compss-app',
  dock: 'class',
  qos: { name: 'DeadlinesMissed_1', description: 'no deadline missed' },
  replicas: 4,
  containers: [
    {
      name: 'compss-app',
      image: 'example/compss-test',
      ports: [{ containerPort: 43001, hostPort: 43001, protocol: 'tcp' }],
      command: ['/bin/sh', '-c'],
      args: ['mkdir -p WD/jobs && sleep 3600'],
    },
  ],
};
const IMAGE = 'example/compss:2.6-1f3a';
const LONGEST = `a${'b'.repeat(50)}c`;
const eventually = { timeout: 20_000, interval: 50 };

/** Masters speak REST without a token and nothing else; two real API servers, git, and one Pushgateway that Prometheus scrapes. */
describe.skipIf(!have('git', 'control plane', 'kubectl', 'prometheus', 'pushgateway'))('COMPSs masters by REST', () => {
  let modena: ControlPlane;
  let edge: ControlPlane;
  let monitoring: Monitoring;
  let ports: { close(): void };
  let city: City;
  let watch: WatchProcess;
  let one: Deployed;
  let two: Deployed;
  const held: { name: string; socket: Socket }[] = [];

  const on = (plane: ControlPlane, ...args: string[]) => run('kubectl', ['--kubeconfig', plane.kubeconfigFile, '-n', 'class', ...args]);
  const podsOf = (plane: ControlPlane, task: string) => {
    const line = '{.metadata.name} {.metadata.uid}{"\\n"}';
    return on(plane, 'get', 'pods', '-l', `rotterdam.dev/task=${task}`, '-o', `jsonpath={range .items[*]}${line}{end}`).trim().split('\n');
  };
  const leftOf = (plane: ControlPlane, task: string) =>
    on(plane, 'get', 'statefulsets,services', '-o', 'name', '-l', `rotterdam.dev/task=${task}`).trim();
  const deploy = (more: object = {}) => deployWorkflow(watch.url, monitoring.pushgateway, { ...WORKFLOW, ...more });
  const scale = async ({ id }: Deployed, replicas: number, more: object = {}) => {
    const body = JSON.stringify({ ...WORKFLOW, ...more, type: 'compss', replicas });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${watch.url}/api/v1/tasks/${id}`, { method: 'PUT', headers, body })).status).toBe(200);
  };
  /** As a cloud's controller would. */
  const balance = (service: string, ip: string) =>
    on(
      edge,
      'patch',
      'service',
      service,
      '--subresource=status',
      '-p',
      JSON.stringify({ status: { loadBalancer: { ingress: [{ ip }] } } }),
    );

  beforeAll(async () => {
    modena = startControlPlane();
    edge = startControlPlane({ nodes: 2 });
    monitoring = await startMonitoring();
    ports = await openNodePorts(modena.kubeconfig, '127.0.0.1');
    city = createCity();
    for (const [name, { kubeconfig }] of Object.entries({ modena, edge })) city.secret(name, kubeconfig);
    const exposed = {
      default: true,
      defaultDock: 'class',
      expose: 'gateway',
      address: '127.0.0.1',
      prometheus: { url: monitoring.prometheus },
    };
    const atEdge = (name: string, expose: string) => infrastructure(name, { credentials: { secret: 'edge' }, expose });
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', exposed),
      'infrastructures/edge.json': infrastructure('edge', { expose: 'loadBalancer', pushgateway: { url: 'embedded' } }),
      'infrastructures/devices.json': atEdge('devices', 'hostPort'),
      'infrastructures/inside.json': atEdge('inside', 'clusterIP'),
      'qos/deadlines-missed-1.json': DEADLINES_MISSED,
    });
    const tokens = join(city.directory, 'tokens.yaml');
    const masters = { name: 'masters', scope: 'write', docks: ['class', 'field', 'lab'], networks: ['127.0.0.0/8'] };
    // YAML is a superset of JSON.
    writeFileSync(tokens, JSON.stringify({ grants: [masters] }), { mode: 0o600 });
    watch = await startWatchProcess([...city.args, '--evaluate-every', '1s', '--tokens', tokens], { cwd: city.directory });
  });
  afterAll(async () => {
    for (const { socket } of held) socket.destroy();
    await watch?.kill('SIGTERM');
    await monitoring?.stop();
    ports?.close();
    for (const plane of [modena, edge]) plane?.stop();
    city?.remove();
  });

  it('two workflows of one name are two tasks, and each master gets all of its workers at once', async () => {
    [one, two] = await Promise.all([deploy(), deploy()]);
    expect([one.id, two.id].sort()).toEqual(['compss_app', 'compss_app_2']);
    if (one.id !== 'compss_app') [one, two] = [two, one];
    const workers = await one.workers();
    expect(workers.map(({ name }) => name)).toEqual([0, 1, 2, 3].map((ordinal) => `compss-app-${ordinal}`));
    for (const worker of [...workers, ...(await two.workers())]) {
      const greeted = await greet(worker);
      expect(greeted.name).toBe(worker.name);
      held.push(greeted);
    }
    expect([one.sizes.at(-1), two.sizes.at(-1)]).toEqual([4, 4]);
    expect([...one.sizes, ...two.sizes].filter((size) => size !== 0 && size !== 4)).toEqual([]);
  });

  it('a deadline missed, pushed to the group of all, gives that workflow alone two workers more, and those that stay are the same', async () => {
    const [before, others, pods] = [await one.workers(), await two.workers(), podsOf(modena, 'compss-app')];
    await one.miss();
    const after = await one.workers(6);
    expect(after.slice(0, 4)).toEqual(before);
    expect(podsOf(modena, 'compss-app').slice(0, 4)).toEqual(pods);
    expect(one.sizes.filter((size) => ![0, 4, 6].includes(size))).toEqual([]);
    expect(await two.workers()).toEqual(others);
    await two.miss();
    expect((await two.workers(6)).slice(0, 4)).toEqual(others);
    expect(await one.workers()).toEqual(after);
    const group = await (await fetch(`${monitoring.pushgateway}/metrics`)).text();
    for (const { id } of [one, two]) expect(group).toContain(`deadlines_missed_${id}{instance="",job="compss"} 1\n`);
    expect(held.filter(({ socket }) => socket.destroyed)).toEqual([]);
  });

  it('on another cluster, by a load balancer and the push source, a workflow of the longest name is scaled by itself', async () => {
    const [here, there] = [await one.workers(), await two.workers()];
    const three = await deployWorkflow(watch.url, watch.url, { ...WORKFLOW, name: LONGEST, cluster: 'edge' } as typeof WORKFLOW);
    expect(three.id).toBe(LONGEST);
    await expect.poll(() => on(edge, 'get', 'services', '-o', 'name'), eventually).toContain(`/${LONGEST}-w3`);
    for (const ordinal of [0, 1, 2]) balance(`${LONGEST}-w${ordinal}`, `192.0.2.${ordinal}`);
    await watch.until('workers', ({ reason }) => reason === `worker ${LONGEST}-3 has no address yet`);
    expect(three.sizes.filter((size) => size !== 0)).toEqual([]);
    balance(`${LONGEST}-w3`, '192.0.2.3');
    const workers = await three.workers();
    expect(workers.map(({ ip, port }) => `${ip}:${port}`)).toEqual([0, 1, 2, 3].map((ordinal) => `192.0.2.${ordinal}:43001`));
    await three.miss();
    await expect.poll(() => on(edge, 'get', 'services', '-o', 'name'), eventually).toContain(`/${LONGEST}-w5`);
    for (const ordinal of [4, 5]) balance(`${LONGEST}-w${ordinal}`, `192.0.2.${ordinal}`);
    expect((await three.workers(6)).slice(0, 4)).toEqual(workers);
    expect([await one.workers(), await two.workers()]).toEqual([here, there]);
  });

  it('workers are reached at their nodes, one each, or in the cluster at their pods, in docks that nobody declared', async () => {
    const containers = WORKFLOW.containers.map((container) => ({ ...container, name: IMAGE }));
    const [atNodes, atPods] = await Promise.all([
      deploy({ name: 'devices', dock: 'field', cluster: 'devices', replicas: 2, qos: undefined }),
      deploy({ name: IMAGE, dock: 'lab', cluster: 'inside', replicas: 2, qos: undefined, containers }),
    ]);
    const nodes = await atNodes.workers();
    expect(nodes.map(({ ip, port }) => `${ip}:${port}`).sort()).toEqual(['127.0.1.1:43001', '127.0.1.2:43001']);
    // The original's starter makes the name of a workflow, and of its container, of the image.
    expect(atPods.id).toBe('example_compss_2_6_1f3a');
    for (const { ip, port } of await atPods.workers()) expect(`${ip}:${port}`).toMatch(/^10\.0\.0\.\d+:43001$/);
    await scale(atNodes, 3, { name: 'devices', dock: 'field', cluster: 'devices', qos: undefined });
    await expect
      .poll(async () => [await atNodes.workers(), atNodes.reason()], eventually)
      .toEqual([nodes, expect.stringContaining("didn't have free ports")]);
  });

  it('on two clusters, a workflow has the workers of both, at once', async () => {
    const containers = WORKFLOW.containers.map(({ image, command, args }) => ({ image, command, args, ports: [{ containerPort: 43001 }] }));
    const spec = { dock: 'class', infrastructures: ['modena', 'inside'], type: 'compss', replicas: 2, containers };
    const own = { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Task', metadata: { name: 'both' }, spec };
    const both = await deployWorkflow(watch.url, watch.url, own);
    const before = await both.workers();
    expect(before.map(({ name }) => name)).toEqual(['both-0', 'both-0', 'both-1', 'both-1']);
    expect(new Set(before.map(({ ip, port }) => `${ip}:${port}`)).size).toBe(4);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...own, spec: { ...spec, replicas: 3 } });
    expect((await fetch(`${watch.url}/api/v1/tasks/both`, { method: 'PUT', headers, body })).status).toBe(200);
    expect((await both.workers(6)).slice(0, 4)).toEqual(before);
    expect(both.sizes.filter((size) => ![0, 4, 6].includes(size))).toEqual([]);
    await both.remove();
  });

  it('a task of one service is told with the URL that only the cluster knew', async () => {
    const tasks = `${watch.url}/api/v1/tasks`;
    const body = JSON.stringify({ name: 'shop', dock: 'class', containers: [{ image: 'nginx', ports: [{ containerPort: 80 }] }] });
    await fetch(tasks, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const told = async () => ((await (await fetch(`${tasks}/shop`)).json()) as { task: { url: string } }).task.url;
    await expect.poll(told, eventually).toMatch(/^http:/);
    const nodePort = on(modena, 'get', 'service', 'shop', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    expect(await told()).toBe(`http://127.0.0.1:${nodePort}`);
    expect((await fetch(`${tasks}/shop`, { method: 'DELETE' })).status).toBe(200);
  });

  it('scaling in takes the newest, and asks nobody for their Services', async () => {
    const before = await one.workers();
    await scale(one, 2);
    expect(await one.workers(2)).toEqual(before.slice(0, 2));
    await expect
      .poll(
        () =>
          leftOf(modena, 'compss-app')
            .split('\n')
            .filter((name) => name.startsWith('service/'))
            .sort(),
        eventually,
      )
      .toEqual(['service/compss-app', 'service/compss-app-w0', 'service/compss-app-w1', 'service/compss-app-workers']);
    await expect.poll(() => podsOf(modena, 'compss-app').length, eventually).toBe(2);
    await expect
      .poll(
        () =>
          held
            .filter(({ socket }) => socket.destroyed)
            .map(({ name }) => name)
            .sort(),
        eventually,
      )
      .toEqual(['compss-app-2', 'compss-app-3']);
  });

  it('a set with a worker that can not run is withdrawn with the reason, and is back the same', async () => {
    const before = await one.workers();
    on(modena, 'cordon', 'node-0');
    on(modena, 'delete', 'pod', 'compss-app-1', '--wait=false');
    expect(await one.workers(0)).toEqual([]);
    await expect.poll(async () => (await one.workers(0)) && one.reason(), eventually).toContain('pod compss-app-1');
    on(modena, 'uncordon', 'node-0');
    expect((await one.workers()).map(({ name, ip, port }) => ({ name, ip, port }))).toEqual(
      before.map(({ name, ip, port }) => ({ name, ip, port })),
    );
  });

  it('a workflow that is removed, or while it is made, leaves nothing, and the other one runs on', async () => {
    const four = await deploy({ name: 'short-lived' });
    await Promise.all([one.remove(), four.remove()]);
    for (const task of ['compss-app', 'short-lived']) await expect.poll(() => leftOf(modena, task), eventually).toBe('');
    expect((await two.workers()).length).toBe(6);
    expect(city.git('status', '--porcelain')).toBe('');
  });
});
