import { describe, expect, it } from 'vitest';
import { BUILTIN_QOS } from '../../../synth/builtin-qos.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { cityFiles } from '../../support/source-files.ts';

/** As a task that is bound to all of them gets them. */
function bound() {
  const task = {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'Task',
    metadata: { name: 'a' },
    spec: { containers: [{ image: 'x' }], qos: [...BUILTIN_QOS.keys()] },
  };
  return loadEnvironment('city', cityFiles({ 'infrastructures/e.json': { name: 'edge', type: 'kubernetes' }, 'tasks/a.json': task }));
}

describe('BUILTIN_QOS', () => {
  it('holds the templates of the original, with no issue', () => {
    const { issues, tasks } = bound();
    expect(issues).toEqual([]);
    const rows = tasks.get('a')?.qos.map(({ name, type, maxAllowed, action, scaleFactor, minReplicas, maxReplicas, guarantees }) => {
      const judged = guarantees.map(
        ({ name: guarantee, kind, constraint: { metric, comparator, limit } }) => `${guarantee}: ${metric} ${comparator} ${limit} ${kind}`,
      );
      return `${name} ${type} ${maxAllowed} ${action} ${scaleFactor} ${minReplicas}-${maxReplicas} | ${judged.join('; ')}`;
    });
    expect(rows).toEqual([
      'Infr_Mem_2GB infr 1 scale_out 1 1-30 | node_memory_MemAvailable_bytes: node_memory_MemAvailable_bytes > 2048000000 gauge',
      'bar_metric infr 3 scale_out 1.5 1-30 | bar_metric: bar_metric > 1 gauge',
      'Default_COMPSs app-compss 0 scale_out 1.5 1-30 | deadlines_missed: deadlines_missed < 1 counter',
      'DeadlinesMissed_1 app-compss 0 scale_out 1.5 1-30 | deadlines_missed: deadlines_missed < 1 counter',
      'DeadlinesMissed_2 app-compss 0 scale_out 1.5 1-30 | deadlines_missed_1: deadlines_missed < 5 counter; deadlines_missed_2: deadlines_missed < 2 counter',
      'ManyDeadlines infr 2 scale_out 1.5 1-30 | deadlines_missed: deadlines_missed <= 1 counter',
      'KubeletTooManyPods infr 2 scale_in 0.5 1-30 | kubelet_running_pod_count: kubelet_running_pod_count < 50 gauge',
      'KubeletPodsLessThan100 infr 2 scale_in 0.5 1-30 | kubelet_running_pod_count: kubelet_running_pod_count < 100 gauge',
      'KubeletTooFewPods infr 2 scale_out 1.5 1-30 | kubelet_running_pod_count: kubelet_running_pod_count > 50 gauge',
      'Test_Prometheus_01 infr 3 scale_out 1.5 1-30 | go_memstats_frees_total: go_memstats_frees_total < 100000 counter',
    ]);
  });

  it('marks the one whose factor changes nothing as never acted on', () => {
    const inert = bound()
      .tasks.get('a')
      ?.qos.filter((template) => template.inert !== undefined);
    expect(inert?.map(({ name }) => name)).toEqual(['Infr_Mem_2GB']);
  });
});
