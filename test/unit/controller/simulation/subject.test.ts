import { describe, expect, test } from 'vitest';
import { environmentFor, labelled, metricsOf, subjectOf, taskIn } from '../../../../controller/simulation/subject.ts';
import { infrastructure } from '../../../support/city.ts';
import { cityFiles } from '../../../support/source-files.ts';

const QOS = {
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'QosTemplate',
  metadata: { name: 'fast' },
  spec: { type: 'app', guarantees: [{ name: 'latency', constraint: 'latency < 1', query: 'max(latency{task="$task"})' }] },
};
const TASK = {
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'Task',
  metadata: { name: 'my-web' },
  spec: { replicas: 7, containers: [{ image: 'nginx' }] },
};
const FILES = cityFiles({
  'qos/fast.json': QOS,
  'tasks/my-web.json': TASK,
  'infrastructures/modena.json': infrastructure('modena', { default: true }),
  'tasks/b.json': { broken: true },
});
const series = (name: string, labels = {}) => ({ name, labels, timesMs: [], values: [] });

describe('subjectOf', () => {
  test('takes a template of the documents, whatever is wrong elsewhere; what was recorded stands for its query', () => {
    expect(subjectOf('fast', 'city', FILES, false).template.guarantees[0]).toMatchObject({ query: 'max(latency{task="$task"})' });
    expect(subjectOf('fast', 'city', FILES, true).template.guarantees[0]).not.toHaveProperty('query');
  });

  test('takes built-in templates, without any documents', () => {
    expect(subjectOf('DeadlinesMissed_1', 'simulation', [], true).template).toMatchObject({ scaleFactor: 1.5, maxReplicas: 30 });
  });

  test('names the nearest template of one that there is none of', () => {
    expect(() => subjectOf('DeadlineMissed_1', 'city', FILES, true)).toThrow(
      "Cannot simulate QoS 'DeadlineMissed_1': did you mean 'DeadlinesMissed_1'?",
    );
  });
});

describe('environmentFor', () => {
  const subject = subjectOf('fast', 'city', FILES, true);

  test('a declared task keeps its replicas, and has the template alone', () => {
    const { tasks } = environmentFor(subject, 'my_web', undefined);
    expect([...tasks.values()]).toMatchObject([{ id: 'my_web', name: 'my-web', spec: { replicas: 7 }, qos: [{ name: 'fast' }] }]);
  });

  test('another one begins with the replicas that are asked for, or one', () => {
    expect(environmentFor(subject, 'other', 3).tasks.get('other')).toMatchObject({ spec: { replicas: 3 } });
    expect(environmentFor(subject, 'other', undefined).tasks.get('other')).toMatchObject({ spec: { replicas: 1 } });
  });
});

describe('taskIn', () => {
  test.each([
    { of: 'a name', given: [series('missed_my_web')], task: 'my_web' },
    { of: 'a name with _total', given: [series('missed_my_web_total'), series('other')], task: 'my_web' },
    { of: 'a label', given: [series('missed', { task: 'my-web' })], task: 'my_web' },
    { of: 'neither', given: [series('missed')], task: undefined },
  ])('finds the task by $of', ({ given, task }) => {
    expect(taskIn(given, ['missed'])).toBe(task);
  });

  test('asks which one is meant', () => {
    expect(() => taskIn([series('missed_b'), series('missed_a')], ['missed'])).toThrow('Say which task is meant: --task a, or --task b');
  });
});

test('labelled gives series of no task to the one that is simulated', () => {
  const given = [series('missed_total', { job: 'x' }), series('missed', { task: 'other' }), series('up')];
  expect(labelled(given, ['missed'], 'my-web').map(({ labels }) => labels)).toEqual([{ job: 'x', task: 'my_web' }, { task: 'other' }, {}]);
});

test('metricsOf names each metric once', () => {
  expect(metricsOf(subjectOf('DeadlinesMissed_2', 'simulation', [], true).template)).toEqual(['deadlines_missed']);
});
