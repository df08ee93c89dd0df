import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have, run } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const native = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });

const RESPONSE_TIME = native('QosTemplate', 'ResponseTime', {
  type: 'app',
  maxAllowed: 0,
  cooldown: '0s',
  action: 'scale_out',
  scaleFactor: 1.5,
  objective: { target: '99%', window: '7d' },
  guarantees: [{ name: 'p95', constraint: 'quantile(0.95, response_time_seconds, 10s) < 250ms' }],
});

const taskOf = (name: string) =>
  native('Task', name, { dock: 'class', replicas: 2, containers: [{ image: 'example/analytics' }], qos: ['ResponseTime'] });

/** The deliverable's promise of an analytics task, kept on real parts: real programs whose response times are scraped, or pushed. */
describe.skipIf(!have('git', 'control plane', 'prometheus', 'pushgateway', 'kubectl'))('a latency guarantee', () => {
  const programs: ChildProcess[] = [];
  let cluster: ControlPlane;
  let monitoring: Monitoring;
  let city: City;
  let watch: WatchProcess;
  let service: string;

  const start = (program: string, ...args: string[]) => {
    const started = spawn(process.execPath, [fileURLToPath(new URL(`../support/programs/${program}.mjs`, import.meta.url)), ...args]);
    programs.push(started);
    return started;
  };
  const replicas = (name: string) =>
    run('kubectl', ['--kubeconfig', cluster.kubeconfigFile, '-n', 'class', 'get', 'deployment', name, '-o', 'jsonpath={.spec.replicas}']);
  /** Asks the service, some requests at a time, until `reached` settles. */
  const busy = async <T>(ms: number, reached: Promise<T>): Promise<T> => {
    const state = { over: false };
    const end = () => {
      state.over = true;
    };
    void reached.then(end, end);
    const client = async () => {
      while (!state.over) await (await fetch(`${service}/work?ms=${ms}`)).text();
    };
    await Promise.all([client(), client(), client()]);
    return reached;
  };

  beforeAll(async () => {
    const [port] = await once(start('answers').stdout ?? process.stdin, 'data');
    const target = `127.0.0.1:${String(port).trim()}`;
    service = `http://${target}`;
    cluster = startControlPlane();
    monitoring = await startMonitoring([{ job: 'analytics', target, labels: { task: 'analytics' } }]);
    city = createCity();
    city.secret('modena', cluster.kubeconfig);
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', { default: true, prometheus: { url: monitoring.prometheus } }),
      'qos/response-time.json': RESPONSE_TIME,
      'tasks/analytics.json': taskOf('analytics'),
      'tasks/reports.json': taskOf('reports'),
    });
    watch = await startWatchProcess([...city.args, '--evaluate-every', '1s'], { cwd: city.directory });
  });
  afterAll(async () => {
    for (const program of programs) program.kill('SIGKILL');
    await watch?.kill('SIGTERM');
    await monitoring?.stop();
    cluster?.stop();
    city?.remove();
  });

  it('over a scraped histogram: kept, then broken, then more replicas by a commit', async () => {
    await busy(
      5,
      watch.until('verdict', ({ task, state, value }) => task === 'analytics' && state === 'met' && Number(value) < 0.25),
    );
    const broken = watch.until('decision', ({ task, from, to }) => task === 'analytics' && from === 2 && to === 3);
    expect(await busy(400, broken)).toMatchObject({
      reason: expect.stringMatching(/^p95: quantile\(0\.95, response_time_seconds, 10s\) 0\.[2-9]\d*, promised < 0\.25$/),
    });
    await watch.until('ready', ({ task, replicas: ready }) => task === 'analytics' && ready === 3);
    expect(replicas('analytics')).toBe('3');
    const message = city.git('log', '-1', '--format=%B', 'main', '--', 'environments/city/tasks/analytics.json');
    expect(message).toContain('Scale analytics 2 → 3: p95: quantile(0.95, response_time_seconds, 10s)');
    expect(message).toContain(`in prometheus ${monitoring.prometheus}`);
  });

  it('over pushed response times as well', async () => {
    const slow = start('pushes', monitoring.pushgateway, 'response_time_seconds_reports', '600');
    await watch.until('decision', ({ task, from, to }) => task === 'reports' && from === 2 && to === 3);
    slow.kill('SIGKILL');
    await watch.until('ready', ({ task, replicas: ready }) => task === 'reports' && ready === 3);
    expect(replicas('reports')).toBe('3');
  });
});
