import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../controller/sandbox/object.ts';
import { applyFields, type Manager, updateFields } from '../../../../controller/sandbox/ownership.ts';
import { shapeOf } from '../../../../controller/sandbox/shapes.ts';

const SHAPE = shapeOf('ConfigMap');
const IDENTITY = { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
const config = (data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...metadata },
  data,
});
const live = (data: object, metadata: object = {}): KubeObject => ({ ...config(data), metadata: { ...IDENTITY, ...metadata } });
const by = (manager: string, time = '2026-01-01T00:00:00Z'): Manager => ({ manager, operation: 'Apply', apiVersion: 'v1', time });
const entry = (who: Manager, fieldsV1: object) => ({ ...who, fieldsType: 'FieldsV1', fieldsV1 });

describe('applyFields', () => {
  it('lets an object without managers belong to who was before', () => {
    expect(() => applyFields(live({ a: '1' }), config({ a: '2' }), by('one'), SHAPE, false)).toThrow(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
  });
  it('gives an entry the time of its last change, of a value too', () => {
    const first = live({ a: '1' }, { managedFields: [entry(by('one', '2026-01-01T00:00:01Z'), { 'f:data': { 'f:a': {} } })] });
    const again = applyFields(first, config({ a: '3' }), by('one', '2026-01-01T00:00:09Z'), SHAPE, false);
    expect(again.metadata.managedFields?.map(({ time }) => time)).toEqual(['2026-01-01T00:00:09Z']);
    const more = applyFields(first, config({ a: '1', b: '1' }), by('one', '2026-01-01T00:00:09Z'), SHAPE, false);
    expect(more.metadata.managedFields?.map(({ time }) => time)).toEqual(['2026-01-01T00:00:09Z']);
  });
  it('tells status and spec of one manager apart', () => {
    const first = live({ a: '1' }, { managedFields: [entry({ ...by('one'), subresource: 'status' }, { 'f:data': { 'f:a': {} } })] });
    expect(() => applyFields(first, config({ a: '2' }), by('one'), SHAPE, false)).toThrow(
      'conflict with "one" with subresource "status": .data.a',
    );
  });
  it('treats null as absent', () => {
    expect(applyFields(undefined, config({ a: '1', b: null }), by('one'), SHAPE, false).data).toEqual({ a: '1' });
  });
  it('drops a manager that is left with nothing', () => {
    const first = live({ a: '1' }, { managedFields: [entry(by('one'), { 'f:data': { 'f:a': {} } })] });
    const taken = applyFields(first, config({ a: '2' }), by('two'), SHAPE, true);
    expect(taken.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['two']);
  });
});

describe('updateFields', () => {
  const update = { ...by('human'), operation: 'Update' as const };
  it('owns what it changes and no more', () => {
    const next = updateFields(live({ a: '1', b: '1' }), config({ a: '2', b: '1' }), update, SHAPE);
    expect(next.metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1)).toEqual([{ 'f:data': { 'f:a': {} } }]);
  });
  it('takes what is removed from every owner', () => {
    const first = live({ a: '1', b: '1' }, { managedFields: [entry(by('one'), { 'f:data': { 'f:a': {}, 'f:b': {} } })] });
    const next = updateFields(first, config({ b: '1' }), update, SHAPE);
    expect(next.metadata.managedFields?.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['one', { 'f:data': { 'f:b': {} } }],
    ]);
  });
  it('forgets all managers when told so with an empty entry', () => {
    const first = live({ a: '1' }, { managedFields: [entry(by('one'), { 'f:data': { 'f:a': {} } })] });
    const next = updateFields(first, config({ a: '1' }, { managedFields: [{}] }), update, SHAPE);
    expect(next.metadata.managedFields).toBeUndefined();
  });
});
