import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../../controller/errors.ts';
import { immutableCauses, isRecreatable } from '../../../../../controller/sync/write/immutable.ts';

const invalid = (message: string, reason = 'FieldValueInvalid', field: string | undefined = 'spec') =>
  new ApiError('no', { status: 422, reason: 'Invalid', causes: [{ message, reason, ...(field === undefined ? {} : { field }) }] });

describe('immutableCauses', () => {
  it.each([
    ['a selector', 'Invalid value: {"a":"b"}: field is immutable', true],
    ['a StatefulSet', "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden", true],
    ['a Pod', 'Forbidden: pod updates may not change fields other than `spec.containers[*].image`', true],
    ['a cluster IP', 'Invalid value: ["10.0.0.2"]: may not change once set', true],
    ['a role', 'Invalid value: {"name":"b"}: cannot change roleRef', true],
    ['a ConfigMap', 'Forbidden: field is immutable when `immutable` is set', true],
    ['a negative number', 'Invalid value: -1: must be greater than or equal to 0', false],
    ['a name', 'Invalid value: "A": a lowercase RFC 1123 label must consist of', false],
  ])('%s: %s', (_, message, counts) => {
    expect(immutableCauses(invalid(message)).length).toBe(Number(counts));
  });

  it.each([
    { reason: 'a policy that says so', error: invalid('field is immutable', '', undefined) },
    { reason: 'a value that is missing', error: invalid('it is immutable', 'FieldValueRequired') },
    { reason: 'another status', error: new ApiError('field is immutable', { status: 409, reason: 'Conflict' }) },
  ])('none for $reason', ({ error }) => {
    expect(immutableCauses(error)).toEqual([]);
  });
});

describe('isRecreatable', () => {
  it.each([
    ['v1', 'Namespace', false],
    ['v1', 'PersistentVolumeClaim', false],
    ['v1', 'PersistentVolume', false],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', false],
    ['apps/v1', 'Deployment', true],
    ['a.example/v1', 'Namespace', true],
  ])('%s %s: %s', (apiVersion, kind, expected) => {
    expect(isRecreatable({ apiVersion, kind, name: 'x' })).toBe(expected);
  });
});
