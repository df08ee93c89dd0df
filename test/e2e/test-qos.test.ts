import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { have } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';

function qos(name: string, guarantee: object): object {
  const spec = { type: 'app', action: 'scale_out', scaleFactor: 2, guarantees: [{ name: 'promise', kind: 'gauge', ...guarantee }] };
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'QosTemplate', metadata: { name }, spec };
}

function task(name: string, templates: readonly string[]): object {
  const spec = { dock: 'class', qos: templates, containers: [{ image: 'nginx' }] };
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Task', metadata: { name }, spec };
}

describe.skipIf(!have('git', 'prometheus', 'pushgateway'))('test-qos, on a real Prometheus', () => {
  let monitoring: Monitoring;
  let city: City;

  beforeAll(async () => {
    monitoring = await startMonitoring();
    const body = 'latency_web 0.25\nqueue_length{task="web"} 3\n';
    await fetch(`${monitoring.pushgateway}/metrics/job/web`, { method: 'POST', body });
    await monitoring.scrapes(3);
    city = createCity();
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', { default: true, prometheus: { url: monitoring.prometheus } }),
      'qos/named.json': qos('named', { constraint: 'latency < 1' }),
      'qos/queried.json': qos('queried', { constraint: 'queue < 9', query: 'sum(queue_length{task="$task"})' }),
      'qos/mistyped.json': qos('mistyped', { constraint: 'latencyy < 1' }),
      'qos/elsewhere.json': qos('elsewhere', { constraint: 'queue < 9', query: 'sum(queue_lenght) by (task)' }),
      'qos/unlabelled.json': qos('unlabelled', { constraint: 'queue_length < 9' }),
      'tasks/web.json': task('web', ['named', 'queried']),
      'tasks/bad.json': task('bad', ['mistyped', 'elsewhere', 'unlabelled']),
    });
  });
  afterAll(async () => {
    await monitoring?.stop();
    city?.remove();
  });

  it('tells value, age and series of what answers', async () => {
    const { code, stdout } = await cli(['test-qos', 'web', ...city.args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^2 guarantees answered, 0 not$/m) });
    expect(stdout).toMatch(/^web_named +promise +0\.25 +\d+s ago +1 +prometheus http:/m);
    expect(stdout).toMatch(/^web_queried +promise +3 +\d+s ago +1 +prometheus http:/m);
  });

  it('fails on what answers nothing, with the nearest names', async () => {
    const { code, stdout } = await cli(['test-qos', ...city.args]);
    expect(code).toBe(1);
    expect(stdout).toContain('2 guarantees answered, 3 not');
    expect(stdout).toMatch(
      /^bad_mistyped promise: .*no recent samples of latencyy_bad.*\n {2}did you mean latency_web\?\n {2}\{__name__=~"latencyy_bad/m,
    );
    expect(stdout).toMatch(/^bad_elsewhere promise: .*\n {2}did you mean queue_length\?\n {2}sum\(queue_lenght\)/m);
    expect(stdout).toMatch(/^bad_unlabelled promise: .*\n {2}queue_length is there, but not with these labels/m);
  });

  it('prints JSON, and refuses tasks that there are none of', async () => {
    const told = JSON.parse((await cli(['test-qos', 'bad', ...city.args, '--json'])).stdout);
    expect(told[0]).toMatchObject({ agreement: 'bad_mistyped', series: 0, failed: expect.any(String), hint: 'did you mean latency_web?' });
    expect(await cli(['test-qos', 'none', ...city.args])).toMatchObject({ code: 2, stderr: expect.stringContaining('Cannot test none') });
  });
});
