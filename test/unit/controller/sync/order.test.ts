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
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['example.com/v1', 'Thing'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
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

  it.each([
    ['storage.k8s.io/v1', 'StorageClass'],
    ['networking.k8s.io/v1', 'IngressClass'],
    ['scheduling.k8s.io/v1', 'PriorityClass'],
    ['gateway.networking.k8s.io/v1', 'GatewayClass'],
    ['snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass'],
  ] as const)('%s %s comes with the classes', (apiVersion, kind) => {
    expect(stageOf(ref([apiVersion, kind]))).toBe(stageOf(ref(['node.k8s.io/v1', 'RuntimeClass'])));
    expect(stageOf(ref(['example.com/v1', 'FirstClass']))).toBe(stageOf(ref(['example.com/v1', 'Thing'])));
  });

  it('does not care about the version', () => {
    expect(stageOf(ref(['apps/v1beta1', 'Deployment']))).toBe(stageOf(ref(['apps/v1', 'Deployment'])));
  });
});

describe('inStages', () => {
  it('puts nothing before what it needs: namespaces, definitions, classes, rights, settings, workloads, then what leads to them', () => {
    const needs: readonly (readonly [needed: number, by: number])[] = IN_ORDER.flatMap((_, by) =>
      Array.from({ length: by }, (__, needed) => [needed, by] as const),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...IN_ORDER]), (kinds) => {
        const order = inStages(kinds, ref).flat();
        for (const [needed, by] of needs) {
          const [first, second] = [order.indexOf(IN_ORDER[needed] as never), order.indexOf(IN_ORDER[by] as never)];
          if (first !== -1 && second !== -1) expect(first).toBeLessThan(second);
        }
      }),
    );
  });

  it('keeps every item, lowest stage first', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...IN_ORDER)), (kinds) => {
        const flat = inStages(kinds.map(ref), (item) => item).flat();
        expect(flat.map(stageOf)).toEqual(kinds.map((kind) => stageOf(ref(kind))).sort((a, b) => a - b));
      }),
    );
  });
});
