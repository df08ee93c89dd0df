import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKubernetesName, kubernetesName, nearestName, taskId, taskIdForms } from '../../../../constructs/spec/names.ts';

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

  it.each([
    ['Web_App', 'web-app'],
    ['a--b', 'a--b'],
    ['example/c:2.6', 'example-c-2-6'],
    ['straße', 'strasse'],
    ['Ünïcödé 1', 'unicode-1'],
    ['_-web-_', 'web'],
    ['1web', 'n-1web'],
    ['--', ''],
    ['日本', ''],
    ['日本 web', 'web'],
    [`${'a'.repeat(62)}.b`, 'a'.repeat(62)],
  ])('nearestName of %j is %j', (name, expected) => {
    expect(nearestName(name)).toBe(expected);
  });

  it('nearestName of any text is empty or a name that stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(52, 63), (text, max) => {
        const name = nearestName(text, max);
        expect(name === '' || isKubernetesName(name, max)).toBe(true);
        expect(nearestName(name, max)).toBe(name);
      }),
    );
  });

  it('taskId and its two forms', () => {
    expect(taskId('compss-workflow')).toBe('compss_workflow');
    expect(taskIdForms('compss-work_flow')).toEqual(['compss_work_flow', 'compss-work-flow']);
    expect(taskIdForms('redis')).toEqual(['redis']);
  });
});
