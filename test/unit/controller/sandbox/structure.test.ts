import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subtract } from '../../../../controller/field-sets.ts';
import type { Shape } from '../../../../controller/sandbox/shapes.ts';
import { compare, fieldsOf, merge, remove } from '../../../../controller/sandbox/structure.ts';

const SHAPE: Shape = {
  fields: {
    items: { keys: ['name'], item: { fields: { ports: { keys: ['port', 'protocol'] } } } },
    tags: { set: true },
    whole: { atomic: true },
    open: { open: true },
  },
};
const name = fc.constantFrom('a', 'b', 'c', 'd');
const item = fc.record({ name, value: fc.integer() }, { requiredKeys: ['name'] });
const value = fc.record(
  {
    items: fc.uniqueArray(item, { selector: ({ name }) => name, minLength: 1 }),
    tags: fc.uniqueArray(name, { minLength: 1 }),
    whole: fc.record({ x: fc.integer() }),
    plain: fc.record({ a: fc.integer(), b: fc.string() }, { requiredKeys: ['a'] }),
    list: fc.array(fc.integer(), { minLength: 1 }),
    open: fc.dictionary(name, fc.integer(), { minKeys: 1 }),
  },
  { requiredKeys: [] },
);

describe('the structured merge', () => {
  it('has every field of the configuration, with its value', () => {
    fc.assert(
      fc.property(value, value, (live, config) => {
        const merged = merge(live, config, SHAPE);
        expect(subtract(fieldsOf(config, SHAPE), fieldsOf(merged, SHAPE))).toEqual({});
        expect(merge(merged, config, SHAPE)).toEqual(merged);
      }),
    );
  });
  it('changes nothing when the configuration is what is there', () => {
    fc.assert(
      fc.property(value, (live) => {
        expect(merge(live, live, SHAPE)).toEqual(live);
      }),
    );
  });
  it('adds nothing to a value but what was not there, and modifies nothing else', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const { added, modified, removed } = compare(before, after, SHAPE);
        const [was, is] = [fieldsOf(before, SHAPE), fieldsOf(after, SHAPE)];
        expect(subtract(added, is)).toEqual({});
        expect(subtract(modified, is)).toEqual({});
        expect(subtract(subtract(is, was), added)).toEqual({});
        expect(subtract(subtract(was, is), removed)).toEqual({});
      }),
    );
  });
  it('compares equal values as the same, whatever the order of their fields', () => {
    expect(compare({ a: 1, whole: { x: 1, y: 2 } }, { whole: { y: 2, x: 1 }, a: 1 }, SHAPE)).toEqual({
      added: {},
      modified: {},
      removed: {},
    });
  });
  it('leaves nothing when all fields are removed', () => {
    fc.assert(
      fc.property(value, (live) => {
        expect(remove(live, fieldsOf(live, SHAPE), SHAPE) ?? {}).toEqual({});
      }),
    );
  });
});

describe('fieldsOf', () => {
  it.each<[reason: string, unknown, object]>([
    ['fields are leaves', { a: 1, b: { c: 'x' } }, { 'f:a': {}, 'f:b': { 'f:c': {} } }],
    ['an empty object is a field', { a: {} }, { 'f:a': {} }],
    ['a list without keys is one field', { list: [{ a: 1 }] }, { 'f:list': {} }],
    ['an atomic object is one field', { whole: { x: 1 } }, { 'f:whole': {} }],
    [
      'items are named by key and owned themselves',
      { items: [{ name: 'a' }] },
      { 'f:items': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } },
    ],
    [
      'a key field that is left out has its default',
      { items: [{ name: 'a', ports: [{ port: 1 }] }] },
      {
        'f:items': {
          'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:ports': { 'k:{"port":1,"protocol":"TCP"}': { '.': {}, 'f:port': {} } } },
        },
      },
    ],
    ['a set is owned by value', { tags: ['x'] }, { 'f:tags': { 'v:"x"': {} } }],
    ['without a schema what holds others is owned too', { open: { a: { b: 1 } } }, { 'f:open': { 'f:a': { '.': {}, 'f:b': {} } } }],
  ])('%s', (_, object, expected) => expect(fieldsOf(object, SHAPE)).toEqual(expected));
});

describe('merge', () => {
  const items = (...names: string[]) => ({ items: names.map((name) => ({ name })) });
  it.each<[reason: string, string[], string[], string[]]>([
    ['what only the configuration has comes last', ['a'], ['b'], ['a', 'b']],
    ['the configuration’s order counts', ['a', 'b'], ['b', 'a'], ['b', 'a']],
    ['others stay before the next that both have', ['x', 'a', 'y', 'b'], ['a', 'b'], ['x', 'a', 'y', 'b']],
    ['an item that moves is no place to stop at', ['a', 'b', 'c'], ['d', 'c', 'a'], ['b', 'd', 'c', 'a']],
    ['nothing is lost at the end', ['a', 'x', 'y'], ['a'], ['a', 'x', 'y']],
  ])('%s', (_, live, config, expected) => expect(merge(items(...live), items(...config), SHAPE)).toEqual(items(...expected)));

  it('keeps what the configuration leaves empty, but for atomic values', () => {
    const live = { plain: { a: 1 }, items: [{ name: 'a' }], whole: { x: 1 }, list: [1] };
    expect(merge(live, { plain: {}, items: [], whole: {}, list: [] }, SHAPE)).toEqual({ ...live, whole: {}, list: [] });
  });
});

describe('remove', () => {
  it('takes what is empty once its fields are gone, and nothing else', () => {
    const live = { plain: { a: 1 }, empty: {}, items: [{ name: 'a' }, { name: 'b' }] };
    const gone = { 'f:plain': { 'f:a': {} }, 'f:items': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } };
    expect(remove(live, gone, SHAPE)).toEqual({ empty: {}, items: [{ name: 'b' }] });
  });
});
