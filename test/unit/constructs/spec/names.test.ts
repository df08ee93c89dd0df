import { describe, expect, it } from 'vitest';
import { isKubernetesName, kubernetesName, taskId, taskIdForms } from '../../../../constructs/spec/names.ts';

describe('names', () => {
  it.each([
    ['a', true],
    ['a-1', true],
    ['1a', false],
    ['-a', false],
    ['a-', false],
    ['A', false],
    ['a_b', false],
    ['a.b', false],
    ['', false],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['a\n', false],
  ])('isKubernetesName %j is %s', (name, expected) => {
    expect(isKubernetesName(name)).toBe(expected);
  });

  it('kubernetesName maps the spelling of the original', () => {
    expect(kubernetesName('Microk8s_1')).toBe('microk8s-1');
  });

  it('taskId and its two forms', () => {
    expect(taskId('compss-workflow')).toBe('compss_workflow');
    expect(taskIdForms('compss-work_flow')).toEqual(['compss_work_flow', 'compss-work-flow']);
    expect(taskIdForms('redis')).toEqual(['redis']);
  });
});
