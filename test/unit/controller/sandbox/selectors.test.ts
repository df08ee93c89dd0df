import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../controller/sandbox/object.ts';
import { fieldSelector, labelSelector, matchesLabelSelector } from '../../../../controller/sandbox/selectors.ts';

const object = (labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'n', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels },
  spec: { nodeName: 'node-0' },
});

describe('labelSelector', () => {
  it.each([
    ['', {}, true],
    ['a', { a: '' }, true],
    ['a=', { a: '' }, true],
    ['a=1', { a: '1' }, true],
    ['a==1,b', { a: '1' }, false],
    ['a!=1', {}, true],
    ['!a', { a: '1' }, false],
    ['a in (1,2), b notin (3)', { a: '2' }, true],
    ['a notin (1)', { a: '1' }, false],
    ['rotterdam.dev/task=redis-app', { 'rotterdam.dev/task': 'redis-app' }, true],
  ])('%j on %j is %s', (selector, labels, expected) =>
    expect(labelSelector(selector)(object(labels as Record<string, string>))).toBe(expected),
  );

  it.each(['a b', '=1', 'a in 1', '!a=1', 'a,,b'])('refuses %j', (selector) =>
    expect(() => labelSelector(selector)).toThrow('unable to parse requirement'),
  );
});

describe('fieldSelector', () => {
  it.each([
    ['metadata.name=a', true],
    ['metadata.name==b', false],
    ['metadata.namespace!=n', false],
    ['metadata.name=a,spec.nodeName=node-0', true],
  ])('%s is %s', (selector, expected) => expect(fieldSelector(selector, 'Pod')(object({}))).toBe(expected));

  it('knows few fields', () => {
    expect(() => fieldSelector('spec.nodeName=a', 'ConfigMap')).toThrow('"spec.nodeName" is not a known field selector');
  });
});

describe('matchesLabelSelector', () => {
  it.each([
    ['In', ['1'], { a: '1' }, true],
    ['NotIn', ['1'], { a: '1' }, false],
    ['Exists', undefined, { a: '1' }, true],
    ['DoesNotExist', undefined, { a: '1' }, false],
  ])('%s', (operator, values, labels, expected) => {
    expect(matchesLabelSelector({ matchExpressions: [{ key: 'a', operator, values }] }, labels)).toBe(expected);
  });
});
