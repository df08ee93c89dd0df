import { describe, expect, it } from 'vitest';
import type { LiveObject, ManagedFields } from '../../../../../controller/ports.ts';
import { takenFromKubectl } from '../../../../../controller/sync/write/kubectl.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const entry = (manager: string, fields: object, operation: 'Apply' | 'Update' = 'Update', subresource?: string): ManagedFields => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsV1: fields as Record<string, unknown>,
  ...(subresource === undefined ? {} : { subresource }),
});
const data = (...keys: readonly string[]) => ({ 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });
const object = (managedFields: readonly ManagedFields[], applied = '{"data":{"a":"1","b":"2"}}'): LiveObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'x',
    uid: 'u',
    resourceVersion: '7',
    annotations: { note: 'n', [LAST_APPLIED]: applied },
    managedFields,
  },
});
describe('takenFromKubectl', () => {
  it.each<{ reason: string; entries: readonly ManagedFields[]; applied?: string; owners: unknown }>([
    {
      reason: 'all of what kubectl apply holds',
      entries: [entry('kubectl-client-side-apply', data('a', 'c'))],
      owners: [['rotterdam-sync', 'Apply', data('a', 'c')]],
    },
    {
      reason: 'with what is ours already',
      entries: [entry('rotterdam-sync', data('z'), 'Apply'), entry('kubectl-client-side-apply', data('a'))],
      owners: [['rotterdam-sync', 'Apply', data('a', 'z')]],
    },
    {
      reason: 'of what kubectl create made, what was applied last',
      entries: [entry('kubectl-create', data('a', 'c'))],
      owners: [
        ['kubectl-create', 'Update', data('c')],
        ['rotterdam-sync', 'Apply', data('a')],
      ],
    },
    {
      reason: 'nothing of anybody else',
      entries: [entry('kubectl-client-side-apply', data('a')), entry('kubectl-edit', data('b')), entry('argo', data('b'), 'Apply')],
      owners: [
        ['kubectl-edit', 'Update', data('b')],
        ['argo', 'Apply', data('b')],
        ['rotterdam-sync', 'Apply', data('a')],
      ],
    },
    { reason: 'nothing where it holds nothing', entries: [entry('kubectl-edit', data('a'))], owners: undefined },
    { reason: 'nothing of a status', entries: [entry('kubectl-create', data('a'), 'Update', 'status')], owners: undefined },
    {
      reason: 'what it holds, with an annotation that cannot be read',
      entries: [entry('kubectl-client-side-apply', data('a')), entry('kubectl-create', data('b'))],
      applied: '{',
      owners: [
        ['kubectl-create', 'Update', data('b')],
        ['rotterdam-sync', 'Apply', data('a')],
      ],
    },
  ])('takes $reason', ({ entries, applied, owners }) => {
    const taken = takenFromKubectl(object(entries, applied));
    expect(taken?.metadata.managedFields?.map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1])).toEqual(owners);
  });

  it('takes nothing without its annotation', () => {
    const { metadata, ...rest } = object([entry('kubectl-client-side-apply', data('a'))]);
    expect(takenFromKubectl({ ...rest, metadata: { ...metadata, annotations: { note: 'n' } } })).toBeUndefined();
  });

  it('writes that very version of it, without the annotation', () => {
    const taken = takenFromKubectl(object([entry('kubectl-client-side-apply', data('a'))]));
    expect(taken?.metadata).toMatchObject({ uid: 'u', resourceVersion: '7', annotations: { note: 'n' } });
    expect(taken?.metadata.annotations).not.toHaveProperty(LAST_APPLIED);
  });
});
