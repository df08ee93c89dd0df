import { ApiObject, App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterChart, Dock, Infrastructure } from '../../../constructs/index.ts';

function chart(): ClusterChart {
  const app = new App();
  return new ClusterChart(app, 'chart', { environment: 'city', infrastructure: new Infrastructure(app, 'modena', { type: 'kubernetes' }) });
}

describe('Dock', () => {
  it('is a Namespace with labels of its own and ours', () => {
    const dock = new Dock(chart(), 'class', { labels: { team: 'analytics' } });
    expect(ApiObject.of(dock).toJson()).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'class',
        labels: {
          team: 'analytics',
          'app.kubernetes.io/part-of': 'city',
          'app.kubernetes.io/managed-by': 'rotterdam-sync',
          'rotterdam.dev/environment': 'city',
        },
      },
    });
  });

  it('has a ResourceQuota when it has a quota', () => {
    const dock = new Dock(chart(), 'class', { quota: { pods: 50, 'limits.cpu': '8000m' } });
    expect(dock.chart.toJson()[1]).toMatchObject({
      kind: 'ResourceQuota',
      metadata: { name: 'class', namespace: 'class' },
      spec: { hard: { pods: '50', 'limits.cpu': '8' } },
    });
  });

  it.each(['default', 'kube-system'])("makes no Namespace of %s, which is the cluster's own", (name) => {
    expect(new Dock(chart(), name).chart.toJson()).toEqual([]);
  });

  it.each([
    ['Class', "Cannot make dock 'Class': name it with small letters"],
    ['1st', "Cannot make dock '1st': name it with small letters"],
  ])('refuses the name %s', (name, message) => {
    expect(() => new Dock(chart(), name)).toThrow(message);
  });

  it('refuses a scope that is in no ClusterChart', () => {
    expect(() => new Dock(new Chart(new App(), 'other'), 'class')).toThrow("Put 'other/class' into a ClusterChart: it is in none");
  });
});
