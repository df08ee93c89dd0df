import { ApiObject, App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterChart, Dock, Infrastructure, Task } from '../../../constructs/index.ts';

function chartIn(app: App, id = 'city-modena'): ClusterChart {
  return new ClusterChart(app, id, {
    environment: 'city',
    infrastructure: new Infrastructure(app, `${id}-infrastructure`, { type: 'kubernetes' }),
  });
}

function fill(chart: ClusterChart): void {
  const dock = new Dock(chart, 'class');
  for (const name of ['redis', 'nginx']) new Task(dock, name, { containers: [{ image: name, ports: [{ containerPort: 80 }] }] });
}

describe('ClusterChart', () => {
  it('gives what cdk8s gives', () => {
    const chart = chartIn(new App());
    fill(chart);
    expect(chart.toJson()).toEqual(Chart.prototype.toJson.call(chart));
  });

  it('resolves nothing but itself, however many charts there are', () => {
    const app = new App();
    const chart = chartIn(app);
    fill(chart);
    const visits: string[] = [];
    const other = chartIn(app, 'other');
    other.node.addValidation({ validate: () => visits.splice(0, visits.length, 'validated') });
    chart.toJson();
    expect(visits).toEqual([]);
    expect(() => other.toJson()).not.toThrow();
    expect(visits).toEqual(['validated']);
  });

  it("leaves a nested chart's objects to it", () => {
    const chart = chartIn(new App());
    new ApiObject(new Chart(chart, 'inner'), 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(chart.toJson()).toEqual([]);
  });

  it('refuses two objects with one identity', () => {
    const chart = chartIn(new App());
    const dock = new Dock(chart, 'class');
    new Task(dock, 'redis', { containers: [{ image: 'redis' }] });
    new ApiObject(chart, 'mine', { apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata: { name: 'redis', namespace: 'class' } });
    expect(() => chart.toJson()).toThrow(
      'Make an object once: Deployment class/redis is made by city-modena/class/redis/Resource and by city-modena/mine',
    );
  });

  it('tells itself from other charts', () => {
    const app = new App();
    expect([chartIn(app) instanceof ClusterChart, new Chart(app, 'other') instanceof ClusterChart, {} instanceof ClusterChart]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('refuses a name of an environment that no label can hold', () => {
    const app = new App();
    const infrastructure = new Infrastructure(app, 'modena', { type: 'kubernetes' });
    expect(() => new ClusterChart(app, 'chart', { environment: 'My City', infrastructure })).toThrow("a letter first: 'My City'");
  });
});
