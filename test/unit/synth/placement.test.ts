import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../synth/manifest.ts';
import { placements } from '../../../synth/placement.ts';
import { environmentOf, type Holding } from '../../support/environment.ts';

const containers = [{ image: 'redis' }];

function raw(apiVersion: string, kind: string, namespace?: string): Manifest {
  return { apiVersion, kind, metadata: { name: 'x', ...(namespace === undefined ? {} : { namespace }) } };
}

function placed(holding: Holding) {
  return placements(environmentOf(holding)).map(({ infrastructure, docks, tasks, manifests }) => ({
    at: infrastructure.name,
    docks: docks.map(({ name }) => name),
    tasks: tasks.map(({ name }) => name),
    manifests: manifests.map(({ manifest }) => manifest),
  }));
}

const two = { modena: { type: 'openshift' }, 'edge-1': { type: 'microk8s' } } as const;

describe('placements', () => {
  it('sorts infrastructures, docks and tasks', () => {
    const tasks = { b: { dock: 'z', containers }, a: { dock: 'y', containers } };
    expect(placed({ infrastructures: two, tasks }).map(({ at, docks, tasks }) => ({ at, docks, tasks }))).toEqual([
      { at: 'edge-1', docks: [], tasks: [] },
      { at: 'modena', docks: ['y', 'z'], tasks: ['a', 'b'] },
    ]);
  });

  it.each<[string, Holding, string[], string[]]>([
    ['a declared dock is everywhere', { docks: { class: {} } }, ['class'], ['class']],
    ['a declared dock is where it says', { docks: { class: { infrastructures: ['modena'] } } }, [], ['class']],
    ['a dock is where a task uses it', { tasks: { a: { dock: 'class', infrastructure: 'edge-1', containers } } }, ['class'], []],
    [
      'a dock is where a function uses it',
      { functions: { f: { dock: 'class', infrastructure: 'edge-1', runtime: 'r', source: 's' } } },
      ['class'],
      [],
    ],
    [
      'a dock is where an object without a namespace goes',
      { manifests: [{ manifest: raw('v1', 'ConfigMap'), infrastructures: ['modena'] }] },
      [],
      ['default'],
    ],
    ['an object with a namespace makes no dock', { manifests: [{ manifest: raw('v1', 'ConfigMap', 'kube-system') }] }, [], []],
  ])('%s', (_, holding, edge, modena) => {
    expect(placed({ infrastructures: two, ...holding }).map(({ docks }) => docks)).toEqual([edge, modena]);
  });

  it.each([
    ['a namespaced kind', raw('v1', 'ConfigMap'), 'class'],
    ['a namespaced kind of OpenShift', raw('route.openshift.io/v1', 'Route'), 'class'],
    ['a namespaced kind with a namespace', raw('v1', 'ConfigMap', 'other'), 'other'],
    ['a cluster-scoped kind', raw('rbac.authorization.k8s.io/v1', 'ClusterRole'), undefined],
    ['a kind that is defined here as namespaced', raw('example.com/v1', 'Car'), 'class'],
    ['a kind that is defined here as cluster-scoped', raw('example.com/v1', 'Road'), undefined],
    ['a kind that nobody here knows', raw('example.org/v1', 'Car'), undefined],
  ])('puts %s where it belongs', (_, manifest, namespace) => {
    const crd = (kind: string, scope: string): Manifest => ({
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: kind } },
      spec: { group: 'example.com', names: { kind }, scope },
    });
    const manifests = [manifest, crd('Car', 'Namespaced'), crd('Road', 'Cluster')].map((each) => ({ manifest: each }));
    const [modena] = placed({ infrastructures: { modena: { type: 'openshift', defaultDock: 'class' } }, manifests });
    expect(modena?.manifests[0]?.metadata.namespace).toBe(namespace);
  });

  it('puts a task and its dock on each of its infrastructures', () => {
    const tasks = { web: { infrastructures: ['modena', 'edge-1'], dock: 'class', containers } };
    const infrastructures = { ...two, city: { type: 'kubernetes' } } as const;
    expect(placed({ infrastructures, tasks }).map(({ at, docks, tasks }) => ({ at, docks, tasks }))).toEqual([
      { at: 'city', docks: [], tasks: [] },
      { at: 'edge-1', docks: ['class'], tasks: ['web'] },
      { at: 'modena', docks: ['class'], tasks: ['web'] },
    ]);
  });

  it('leaves raw manifests as they are otherwise, where they are wanted', () => {
    const manifest = raw('v1', 'Node');
    const [edge, modena] = placed({ infrastructures: two, manifests: [{ manifest, infrastructures: ['modena'] }] });
    expect([edge?.manifests, modena?.manifests]).toEqual([[], [manifest]]);
    expect(modena?.manifests[0]).toBe(manifest);
  });
});
