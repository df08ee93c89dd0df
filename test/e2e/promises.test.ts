import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have, run } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const EVALUATE_EVERY_MS = 1_000;
const SCRAPE_MS = 1_000;

/** As the built-in one, but for its window: all of it must be seen before anything is scaled in. */
const TOO_MANY_PODS = {
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'QosTemplate',
  metadata: { name: 'KubeletTooManyPods' },
  spec: {
    type: 'infr',
    maxAllowed: 2,
    window: '10s',
    action: 'scale_in',
    scaleFactor: 0.5,
    guarantees: [{ name: 'kubelet_running_pod_count', constraint: 'kubelet_running_pod_count < 50' }],
  },
};

function qos(name: string, spec: object) {
  return {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'QosTemplate',
    metadata: { name },
    spec: { type: 'app', maxAllowed: 0, cooldown: '1s', ...spec },
  };
}

/** Of a task that has replicas in a dock of its own. */
function task(name: string, replicas: number, template: string) {
  const containers = [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80, protocol: 'tcp' }] }];
  return { name, dock: 'small', qos: { name: template }, replicas, containers };
}

/** The scenarios of the mission, on a real API server, Prometheus, Pushgateway and git. */
describe.skipIf(!have('git', 'control plane', 'prometheus', 'pushgateway', 'kubectl'))('promises on real parts', () => {
  let cluster: ControlPlane;
  let monitoring: Monitoring;
  let city: City;
  let watch: WatchProcess;

  const replicas = (kind: string, namespace: string, name: string) => {
    const format = '{.spec.replicas}/{.status.readyReplicas}';
    return run('kubectl', ['--kubeconfig', cluster.kubeconfigFile, '-n', namespace, 'get', kind, name, '-o', `jsonpath=${format}`]);
  };
  const push = async (text: string, job = 'compss') => {
    const reply = await fetch(`${monitoring.pushgateway}/metrics/job/${job}`, { method: 'POST', body: text });
    expect(reply.status).toBe(200);
  };
  const modena = () => infrastructure('modena', { default: true, defaultDock: 'class', prometheus: { url: monitoring.prometheus } });

  beforeAll(async () => {
    cluster = startControlPlane();
    monitoring = await startMonitoring();
    city = createCity();
    city.secret('modena', cluster.kubeconfig);
  });
  afterAll(async () => {
    await watch?.kill('SIGTERM');
    await monitoring?.stop();
    cluster?.stop();
    city?.remove();
  });

  it('a missed deadline scales the workflow 4 → 6 once, and a second one 6 → 9', async () => {
    city.commit({
      'infrastructures/modena.json': modena(),
      'qos/deadlines-missed-1.json': DEADLINES_MISSED,
      'tasks/compss-workflow.json': WORKFLOW,
    });
    watch = await startWatchProcess([...city.args, '--evaluate-every', '1s'], { cwd: city.directory });
    await watch.until('ready', ({ replicas: ready }) => ready === 4);
    expect(replicas('statefulset', 'class', 'compss-workflow')).toBe('4/4');

    await push('# TYPE deadlines_missed_compss_workflow counter\ndeadlines_missed_compss_workflow 0\n');
    await watch.until('verdict', ({ state }) => state === 'met');
    const startMs = performance.now();
    await push('# TYPE deadlines_missed_compss_workflow counter\ndeadlines_missed_compss_workflow 1\n');
    await watch.until('decision', ({ from, to }) => from === 4 && to === 6);
    await watch.until('synced', ({ revision }) => revision === city.git('rev-parse', 'main').trim());
    expect(performance.now() - startMs).toBeLessThan(SCRAPE_MS + EVALUATE_EVERY_MS + 1_000);
    await watch.until('ready', ({ replicas: ready }) => ready === 6);
    expect(replicas('statefulset', 'class', 'compss-workflow')).toBe('6/6');

    const scraped = await monitoring.scrapes(5);
    expect(scraped).toBeGreaterThanOrEqual(5);
    expect(watch.lines.filter(({ msg }) => msg === 'decision')).toHaveLength(1);

    await push('# TYPE deadlines_missed_compss_workflow counter\ndeadlines_missed_compss_workflow 2\n');
    await watch.until('ready', ({ replicas: ready }) => ready === 9);
    expect(replicas('statefulset', 'class', 'compss-workflow')).toBe('9/9');
    const [second = '', first = ''] = city.git('log', '--format=%an%n%B%x00', '-2', 'main').split('\0');
    expect(first).toContain('Rotterdam-Decision: {');
    expect(second).toMatch(/^\s*rotterdam-sync\n/);
    expect(city.git('status', '--porcelain')).toBe('');
  });

  it('explains each step of it, from the promise to the rollout', async () => {
    const { code, stdout } = await cli(['explain', 'compss-workflow', ...city.args]);
    const [second, first] = city.git('log', '--format=%h', '--abbrev=10', '-2', 'main').split('\n');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^compss-workflow in city, 9 replicas\n/) });
    for (const line of [
      /evidence +0 new, .* in prometheus http:\/\/127\.0\.0\.1:\d+, 1 series\n {2}verdict +met$/m,
      new RegExp(`rollout +modena: 9 of 9 ready, ready at revision ${second}, as it is since \\d{4}-`),
      new RegExp(`^6 → 9 (.*\n)+? {2}commit +${second} by rotterdam-sync .*\n {2}rollout +modena: applied at \\d{4}-`, 'm'),
      new RegExp(`^4 → 6 (.*\n)+? {2}commit +${first} by rotterdam-sync .*\n {2}rollout +modena: applied at \\d{4}-`, 'm'),
      /consumed deadlines_missed_compss_workflow\{.*job="compss"\} 1$/m,
    ])
      expect(stdout).toMatch(line);
  });

  it('simulates the same decisions from what Prometheus has of them', async () => {
    const from = `${city.git('log', '--reverse', '--format=%ct', 'main').split('\n')[0]}`;
    const recorded = ['--prometheus', monitoring.prometheus, '--task', 'compss_workflow', '--from', from];
    const paced = ['--replicas', '4', '--step', '1s', '--settle', '1s'];
    const { stdout } = await cli(['simulate', 'DeadlinesMissed_1', city.repository, ...recorded, ...paced, '--json']);
    const [told] = JSON.parse(stdout);
    expect(told.decisions).toMatchObject([
      { from: 4, to: 6 },
      { from: 6, to: 9 },
    ]);
  });

  it('too many pods halve nginx, 55 → 27, although scaling out ends at 30', async () => {
    city.commit({
      'qos/too-many-pods.json': TOO_MANY_PODS,
      'tasks/nginx.json': {
        name: 'nginx-app',
        dock: 'class',
        qos: { name: 'KubeletTooManyPods' },
        replicas: 55,
        containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }],
      },
    });
    await watch.until('ready', ({ replicas: ready, task }) => task === 'nginx_app' && ready === 55);
    // In one push, so that it is never seen half.
    const nodes = ['a', 'b', 'c', 'd'].map((node) => `kubelet_running_pod_count{node="${node}"} 20\n`);
    await push(`# TYPE kubelet_running_pod_count gauge\n${nodes.join('')}`, 'kubelet');
    await watch.until('verdict', ({ task, state, value }) => task === 'nginx_app' && state === 'violated' && value === 80);
    await watch.until('decision', ({ task, from, to }) => task === 'nginx_app' && from === 55 && to === 27);
    await watch.until('ready', ({ replicas: ready, task }) => task === 'nginx_app' && ready === 27);
    expect(replicas('deployment', 'class', 'nginx-app')).toBe('27/27');
  });

  it('a target is kept as far as the quota of the dock has room, and what brings nothing ends', async () => {
    const bad = { guarantees: [{ name: 'latency', constraint: 'latency < 1', kind: 'gauge' }] };
    city.commit({
      'docks/small.json': {
        apiVersion: 'rotterdam.dev/v1alpha1',
        kind: 'Dock',
        metadata: { name: 'small' },
        spec: { quota: { pods: '7' } },
      },
      'qos/kept.json': qos('Kept', {
        action: 'target',
        targetValue: 10,
        guarantees: [{ name: 'load', constraint: 'load < 100', kind: 'gauge' }],
      }),
      'qos/futile.json': qos('Futile', { action: 'step', step: 1, expectWithin: '2s', ineffectiveAfter: 1, ...bad }),
      'tasks/shop.json': task('shop', 2, 'Kept'),
      'tasks/slow.json': task('slow', 1, 'Futile'),
    });
    for (const name of ['shop', 'slow']) await watch.until('ready', ({ task: of }) => of === name);
    // What was acted on is no evidence again until it is pushed again.
    const pushing = setInterval(() => push('# TYPE latency gauge\nlatency{task="slow"} 9\n', 'slow'), 500);
    await watch.until('decision', ({ task: of, from, to }) => of === 'slow' && from === 1 && to === 2);
    await watch.until('hold', ({ task: of, reason }) => of === 'slow' && /^Ineffective/.test(`${reason}`));
    clearInterval(pushing);
    await push('# TYPE load gauge\nload{task="shop"} 40\n', 'shop');
    await watch.until('decision', ({ task: of, from, to }) => of === 'shop' && from === 2 && to === 5);
    await watch.until('ready', ({ replicas: ready, task: of }) => of === 'shop' && ready === 5);
    expect(replicas('deployment', 'small', 'shop')).toBe('5/5');
    expect(city.git('log', '-1', '--format=%B', 'main')).toContain("quota pods 7 of dock 'small'");
    expect(replicas('deployment', 'small', 'slow')).toBe('2/2');
    const { stdout } = await cli(['explain', 'slow', ...city.args, '--json']);
    expect(JSON.parse(stdout).actions).toMatchObject([
      { from: 1, to: 2, decision: { queries: [expect.stringContaining('latency')], effect: 'none' } },
    ]);
  });

  it('SIGTERM ends the watch within 2 s', async () => {
    const { code, durationMs } = await watch.kill('SIGTERM');
    expect(code).toBe(0);
    expect(durationMs).toBeLessThan(2_000);
  });
});
