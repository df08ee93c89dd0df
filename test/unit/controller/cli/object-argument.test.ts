import { describe, expect, it } from 'vitest';
import { parseAsked, refIn } from '../../../../controller/cli/object-argument.ts';

const TYPES = [
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true, verbs: [] },
  { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false, verbs: [] },
];
const declaredIn = (namespace: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'hello', namespace } });
const HELLO = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' };

describe('the object that a command is asked about', () => {
  it.each([
    { reason: 'a kind', text: 'Deployment/hello', declared: ['dock'], ref: { ...HELLO, namespace: 'dock' } },
    { reason: 'a short name', text: 'deploy/hello', declared: ['dock'], ref: { ...HELLO, namespace: 'dock' } },
    { reason: 'plural and group', text: 'deployments.apps/hello', declared: ['dock'], ref: { ...HELLO, namespace: 'dock' } },
    { reason: 'what no document declares', text: 'deployment/hello', declared: [], ref: { ...HELLO, namespace: 'default' } },
    {
      reason: 'a namespace that is said',
      text: 'deployment/hello',
      namespace: 'b',
      declared: ['a', 'b'],
      ref: { ...HELLO, namespace: 'b' },
    },
    {
      reason: 'what has no namespace',
      text: 'ns/hello',
      declared: ['a', 'b'],
      ref: { apiVersion: 'v1', kind: 'Namespace', name: 'hello' },
    },
  ])('is found by $reason', ({ text, namespace, declared, ref }) => {
    expect(refIn(parseAsked(text, namespace), declared.map(declaredIn), 'default', TYPES)).toEqual(ref);
  });

  it.each([
    { reason: 'is of several docks', text: 'deployment/hello', says: /Say which deployment\/hello is meant: -n a, or -n b/ },
    { reason: 'has no kind', text: 'hello', says: /<kind>\/<name>/ },
    { reason: 'is of a kind that is not served', text: 'widget/hello', says: /no such kind/ },
  ])('is refused when it $reason', ({ text, says }) => {
    expect(() => refIn(parseAsked(text, undefined), ['a', 'b'].map(declaredIn), 'default', TYPES)).toThrow(says);
  });
});
