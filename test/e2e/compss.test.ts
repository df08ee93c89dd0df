import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity, DEADLINES_MISSED, infrastructure } from '../support/city.ts';
import { type Deployed, deployWorkflow } from '../support/compss-master.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have, run } from '../support/parts.ts';
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

/** Masters speak REST and nothing else, on a real API server and git. */
describe.skipIf(!have('git', 'control plane', 'kubectl'))('COMPSs masters by REST', () => {
  let cluster: ControlPlane;
  let city: City;
  let watch: WatchProcess;
  let one: Deployed;
  let two: Deployed;

  const kubectl = (...args: string[]) => run('kubectl', ['--kubeconfig', cluster.kubeconfigFile, '-n', 'class', ...args]);
  const nodePort = (worker: string) => Number(kubectl('get', 'service', worker, '-o', 'jsonpath={.spec.ports[0].nodePort}'));
  const startTimes = () =>
    kubectl(
      'get',
      'pods',
      '-l',
      'rotterdam.dev/task=compss-app',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}',
    );

  beforeAll(async () => {
    cluster = startControlPlane();
    city = createCity();
    city.secret('modena', cluster.kubeconfig);
    const exposed = {
      default: true,
      defaultDock: 'class',
      expose: 'nodePort',
      address: 'modena.example',
      pushgateway: { url: 'embedded' },
    };
    city.commit({ 'infrastructures/modena.json': infrastructure('modena', exposed), 'qos/deadlines-missed-1.json': DEADLINES_MISSED });
    watch = await startWatchProcess([...city.args, '--evaluate-every', '1s'], { cwd: city.directory });
  });
  afterAll(async () => {
    await watch?.kill('SIGTERM');
    cluster?.stop();
    city?.remove();
  });

  it('two workflows of one name are two tasks, and each master gets all of its workers at once', async () => {
    [one, two] = await Promise.all([deployWorkflow(watch.url, WORKFLOW), deployWorkflow(watch.url, WORKFLOW)]);
    expect([one.id, two.id].sort()).toEqual(['compss_app', 'compss_app_2']);
    if (one.id !== 'compss_app') [one, two] = [two, one];
    const workers = await one.workers();
    expect(workers.map(({ name }) => name)).toEqual([0, 1, 2, 3].map((ordinal) => `compss-app-${ordinal}`));
    for (const { name, port } of workers) expect(port).toBe(nodePort(name.replace(/-(\d+)$/, '-w$1')));
    await two.workers();
    expect([one.sizes.at(-1), two.sizes.at(-1)]).toEqual([4, 4]);
    expect([...one.sizes, ...two.sizes].filter((size) => size !== 0 && size !== 4)).toEqual([]);
  });

  it('one missed deadline gives that workflow alone two workers more, and those that stay are the same', async () => {
    const before = await one.workers();
    const pods = startTimes().trim().split('\n');
    await one.miss();
    const after = await one.workers(6);
    expect(after.slice(0, 4)).toEqual(before);
    expect(startTimes().trim().split('\n').slice(0, 4)).toEqual(pods.slice(0, 4));
    expect(one.sizes.filter((size) => ![0, 4, 6].includes(size))).toEqual([]);
    expect((await two.workers()).length).toBe(4);
  });

  it('scaling in takes the newest, and asks nobody for their Services', async () => {
    const before = await one.workers();
    const reply = await fetch(`${watch.url}/api/v1/tasks/${one.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...WORKFLOW, type: 'compss', replicas: 1 }),
    });
    expect(reply.status).toBe(200);
    expect(await one.workers(1)).toEqual(before.slice(0, 1));
    await expect
      .poll(() => kubectl('get', 'services', '-o', 'name', '-l', 'rotterdam.dev/task=compss-app').trim().split('\n').sort(), {
        timeout: 10_000,
      })
      .toEqual(['service/compss-app', 'service/compss-app-w0', 'service/compss-app-workers']);
  });

  it('a workflow that is removed leaves nothing, and the other one runs on', async () => {
    await one.remove();
    await expect
      .poll(() => kubectl('get', 'statefulsets,services', '-o', 'name', '-l', 'rotterdam.dev/task=compss-app').trim(), { timeout: 10_000 })
      .toBe('');
    expect((await two.workers()).length).toBe(4);
    expect(city.git('status', '--porcelain')).toBe('');
  });
});
