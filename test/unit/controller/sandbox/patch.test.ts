import { describe, expect, it } from 'vitest';
import { jsonPatch, mergePatch, strategicMergePatch } from '../../../../controller/sandbox/patch.ts';

describe('mergePatch', () => {
  it.each([
    ['sets, keeps and removes', { a: 1, b: 2 }, { b: null, c: 3 }, { a: 1, c: 3 }],
    ['goes into objects', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['replaces what is no object', { a: 'x' }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['drops nulls of what it adds', {}, { a: { b: null } }, { a: {} }],
  ])('%s', (_, value, patch, expected) => expect(mergePatch(value, patch)).toEqual(expected));
});

describe('strategicMergePatch', () => {
  const shape = { fields: { list: { keys: ['name', 'protocol'] }, set: { set: true } } } as const;
  const value = {
    list: [
      { name: 'a', v: 1 },
      { name: 'b', v: 2 },
    ],
    plain: [1],
    set: ['x', 'y'],
  };
  it.each([
    [
      'merges items by their first key',
      { list: [{ name: 'b', v: 3 }, { name: 'c' }] },
      { list: [{ name: 'a', v: 1 }, { name: 'b', v: 3 }, { name: 'c' }] },
    ],
    ['deletes an item', { list: [{ name: 'a', $patch: 'delete' }] }, { list: [{ name: 'b', v: 2 }] }],
    ['replaces all items', { list: [{ $patch: 'replace' }, { name: 'c' }] }, { list: [{ name: 'c' }] }],
    ['replaces lists without keys', { plain: [2] }, { plain: [2] }],
    ['adds to sets', { set: ['z', 'x'] }, { set: ['x', 'y', 'z'] }],
    ['deletes from sets', { '$deleteFromPrimitiveList/set': ['x'] }, { set: ['y'] }],
    ['reads over the order of elements', { '$setElementOrder/list': [{ name: 'b' }] }, {}],
  ])('%s', (_, patch, changed) => expect(strategicMergePatch(value, patch, shape)).toEqual({ ...value, ...changed }));
});

describe('jsonPatch', () => {
  const value = { a: { 'x/y': 1 }, list: [1, 2, 3] };
  it.each([
    ['add', { op: 'add', path: '/b', value: 2 }, { ...value, b: 2 }],
    ['add into a list', { op: 'add', path: '/list/1', value: 9 }, { ...value, list: [1, 9, 2, 3] }],
    ['add to the end', { op: 'add', path: '/list/-', value: 4 }, { ...value, list: [1, 2, 3, 4] }],
    ['replace', { op: 'replace', path: '/list/0', value: 7 }, { ...value, list: [7, 2, 3] }],
    ['remove', { op: 'remove', path: '/a/x~1y' }, { ...value, a: {} }],
    ['copy', { op: 'copy', from: '/list/2', path: '/c' }, { ...value, c: 3 }],
    ['move', { op: 'move', from: '/a', path: '/c' }, { list: [1, 2, 3], c: { 'x/y': 1 } }],
    ['test', { op: 'test', path: '/list', value: [1, 2, 3] }, value],
  ])('%s', (_, operation, expected) => expect(jsonPatch(value, [operation])).toEqual(expected));

  it.each([
    ['a test that fails', { op: 'test', path: '/a', value: 1 }],
    ['a path that is not there', { op: 'remove', path: '/nowhere' }],
    ['an operation that is none', { op: 'increase', path: '/a' }],
  ])('refuses %s', (_, operation) => expect(() => jsonPatch(value, [operation])).toThrow('the server rejected our request'));
});
