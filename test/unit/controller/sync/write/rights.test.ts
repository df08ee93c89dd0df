import { describe, expect, it } from 'vitest';
import { inventoryRights, isGranted, printRights, type Right, rightsFor } from '../../../../../controller/sync/write/rights.ts';

const patch: Right = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'class' };

describe('isGranted', () => {
  it.each([
    { reason: 'as it is', rule: { verbs: ['get', 'patch'], apiGroups: ['apps'], resources: ['deployments'] }, granted: true },
    { reason: 'everything', rule: { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, granted: true },
    { reason: 'another verb', rule: { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'] }, granted: false },
    { reason: 'another group', rule: { verbs: ['*'], apiGroups: ['extensions'], resources: ['deployments'] }, granted: false },
    { reason: 'a part of it', rule: { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments/scale'] }, granted: false },
    { reason: 'some by name', rule: { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['web'] }, granted: false },
    { reason: 'no resource', rule: { verbs: ['*'] }, granted: false },
  ])('$granted by a rule for $reason', ({ rule, granted }) => {
    expect(isGranted(patch, [rule])).toBe(granted);
  });
});

describe('rightsFor', () => {
  const type = (kind: string, plural: string, namespaced = true) => ({ apiVersion: 'v1', kind, plural, namespaced, verbs: [] });
  const types = new Map([
    ['/ConfigMap', type('ConfigMap', 'configmaps')],
    ['/Namespace', type('Namespace', 'namespaces', false)],
  ]);

  it('sees a kind everywhere, writes it where its objects are, and needs none for a kind that is not served', () => {
    const targets = ['a', 'b', 'a'].map((namespace) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace }));
    const others = ['Namespace', 'Unknown'].map((kind) => ({ apiVersion: 'v1', kind, namespace: 'a' }));
    const rights = rightsFor([...targets, ...others], types, ['create']);
    expect(rights.map(({ verb, resource, namespace }) => `${verb} ${resource} ${namespace ?? '*'}`)).toEqual([
      'list configmaps *',
      'watch configmaps *',
      'create configmaps a',
      'create configmaps b',
      'list namespaces *',
      'watch namespaces *',
      'create namespaces *',
    ]);
  });
});

describe('inventoryRights', () => {
  it('to read it are few, and never to make its namespace', () => {
    expect(inventoryRights(false).map(({ verb }) => verb)).toEqual(['get', 'list', 'watch']);
    expect(inventoryRights(true).filter(({ unlessThere }) => unlessThere !== undefined).length).toBe(2);
  });
});

describe('printRights', () => {
  it('puts together verbs of one place, and places with the same verbs', () => {
    const at = (verb: string, namespace?: string): Right => {
      return { verb, group: 'apps', resource: 'deployments', ...(namespace === undefined ? {} : { namespace }) };
    };
    expect(printRights([at('list'), at('watch'), at('get', 'a'), at('patch', 'a'), at('get', 'b'), at('patch', 'b'), at('get', 'c')])).toBe(
      [
        'list, watch deployments.apps in the whole cluster',
        "get, patch deployments.apps in namespaces 'a', 'b'",
        "get deployments.apps in namespace 'c'",
      ].join('; '),
    );
  });
});
