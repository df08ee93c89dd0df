import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inStages, stageOf } from '../../../../controller/sync/order.ts';
import { refOf } from '../../../../synth/manifest.ts';
import { manifest } from './samples.ts';

const IN_ORDER = [
  ['v1', 'Namespace'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['v1', 'ConfigMap'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['example.com/v1', 'Thing'],
] as const;

const ref = ([apiVersion, kind]: readonly [string, string]) => refOf(manifest(apiVersion, kind, 'x'));

describe('stageOf', () => {
  it('puts what others stand on first', () => {
    const stages = IN_ORDER.map((kind) => stageOf(ref(kind)));
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
    expect(new Set(stages).size).toBe(IN_ORDER.length);
  });

  it('goes by group: a Service of Knative is a custom resource', () => {
    expect(stageOf(ref(['serving.knative.dev/v1', 'Service']))).toBe(stageOf(ref(['example.com/v1', 'Thing'])));
  });

  it('does not care about the version', () => {
    expect(stageOf(ref(['apps/v1beta1', 'Deployment']))).toBe(stageOf(ref(['apps/v1', 'Deployment'])));
  });
});

describe('inStages', () => {
  it('keeps every item, lowest stage first', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...IN_ORDER)), (kinds) => {
        const flat = inStages(kinds.map(ref), (item) => item).flat();
        expect(flat.map(stageOf)).toEqual(kinds.map((kind) => stageOf(ref(kind))).sort((a, b) => a - b));
      }),
    );
  });
});
