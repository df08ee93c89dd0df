import { describe, expect, it } from 'vitest';
import { definedKinds, Kinds } from '../../../../controller/sandbox/kinds.ts';
import { fieldsOf } from '../../../../controller/sandbox/structure.ts';

const route = {
  spec: {
    group: 'route.openshift.io',
    scope: 'Namespaced',
    names: { plural: 'routes', kind: 'Route' },
    versions: [
      {
        name: 'v1',
        served: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            properties: {
              spec: {
                properties: {
                  to: { properties: { name: { type: 'string' } } },
                  backends: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: { properties: {} },
                  },
                  hosts: { type: 'array', 'x-kubernetes-list-type': 'set' },
                  target: { 'x-kubernetes-map-type': 'atomic' },
                  extra: { additionalProperties: { properties: { a: {} } } },
                },
              },
            },
          },
        },
      },
      { name: 'v0', served: false },
    ],
  },
};

describe('Kinds', () => {
  it.each([
    ['networking.k8s.io', 'v1', 'ingresses', 'Ingress'],
    ['networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'],
    ['', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'],
    ['autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'],
  ])('finds %s/%s %s', (group, version, plural, kind) => expect(new Kinds().find(group, version, plural)?.kind).toBe(kind));

  it('serves a defined kind until it is withdrawn', () => {
    const kinds = new Kinds();
    kinds.define('route.openshift.io', 'routes', definedKinds(route));
    expect(kinds.find('route.openshift.io', 'v1', 'routes')).toMatchObject({ kind: 'Route', singular: 'route', subresources: ['status'] });
    expect(kinds.find('route.openshift.io', 'v0', 'routes')).toBeUndefined();
    kinds.define('route.openshift.io', 'routes', []);
    expect(kinds.find('route.openshift.io', 'v1', 'routes')).toBeUndefined();
  });
});

describe('definedKinds', () => {
  it('merges as the schema says', () => {
    const [kind] = definedKinds(route);
    const spec = { to: { name: 'a' }, backends: [{ name: 'b' }], hosts: ['h'], target: { x: 1 }, extra: { k: { a: 1 } } };
    expect(kind && fieldsOf({ spec }, kind.shape)).toEqual({
      'f:spec': {
        'f:to': { 'f:name': {} },
        'f:backends': { 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
        'f:hosts': { 'v:"h"': {} },
        'f:target': {},
        'f:extra': { 'f:k': { '.': {}, 'f:a': {} } },
      },
    });
  });
});
