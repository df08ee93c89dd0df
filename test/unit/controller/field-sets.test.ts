import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Fields,
  givenBy,
  intersect,
  isEmpty,
  isMember,
  NOTHING,
  node,
  paths,
  subtract,
  union,
  withParents,
} from '../../../controller/field-sets.ts';

const part = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"');
const { fields } = fc.letrec<{ fields: Fields }>((tie) => ({
  fields: fc
    .dictionary(part, fc.tuple(fc.boolean(), fc.oneof({ maxDepth: 3 }, fc.constant(NOTHING), tie('fields'))), { maxKeys: 3 })
    .map((entries) =>
      Object.fromEntries(Object.entries(entries).map(([key, [member, children]]) => [key, node(member, children) ?? NOTHING])),
    ),
}));

describe('sets of fields', () => {
  it('union is commutative and holds both', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        expect(union(a, b)).toEqual(union(b, a));
        expect(subtract(a, union(a, b))).toEqual({});
      }),
    );
  });
  it('what is subtracted is shared no more, and what is left was there', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        expect(intersect(subtract(a, b), b)).toEqual({});
        expect(union(subtract(a, b), intersect(a, b))).toEqual(union(a, {}));
      }),
    );
  });
  it('a set with its parents holds the set', () => {
    fc.assert(
      fc.property(fields, (a) => {
        expect(subtract(a, withParents(a))).toEqual({});
      }),
    );
  });
  it.each<[reason: string, Fields, boolean]>([
    ['a node without children', {}, true],
    ['one that says so', { '.': {}, 'f:a': {} }, true],
    ['one that only leads to others', { 'f:a': {} }, false],
  ])('isMember: %s', (_, value, expected) => expect(isMember(value)).toBe(expected));
});

describe('withParents', () => {
  it.each<[reason: string, Fields, Fields]>([
    ['a field comes with the fields that hold it', { 'f:a': { 'f:b': {} } }, { 'f:a': { '.': {}, 'f:b': {} } }],
    ['an item does not come with what it holds', { 'f:a': { 'k:{}': { 'f:b': {} } } }, { 'f:a': { '.': {}, 'k:{}': { 'f:b': {} } } }],
  ])('%s', (_, value, expected) => expect(withParents(value)).toEqual(expected));
});

describe('paths', () => {
  it.each<[Fields, string[]]>([
    [{}, []],
    [{ 'f:spec': { 'f:replicas': {} } }, ['.spec.replicas']],
    [{ 'f:labels': { '.': {}, 'f:a.b/c': {} } }, ['.labels', '.labels.a.b/c']],
    [
      { 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } } },
      ['.ports[containerPort=80,protocol="TCP"]', '.ports[containerPort=80,protocol="TCP"].name'],
    ],
    [{ 'f:finalizers': { 'v:"x/y"': {} } }, ['.finalizers[="x/y"]']],
  ])('prints %j', (value, expected) => expect(paths(value)).toEqual(expected));
});

describe('node', () => {
  it('is undefined when nothing is in it', () => expect(node(false, {})).toBeUndefined());
  it('isEmpty tells sets without a part', () => expect([isEmpty({}), isEmpty({ 'f:a': {} })]).toEqual([true, false]));
});

describe('givenBy', () => {
  const value = { a: 1, none: null, list: [{ port: 80 }, { port: 81, protocol: 'UDP' }], set: ['x'] };

  it.each<[string, Fields, Fields]>([
    ['a field that is there', { 'f:a': {}, 'f:b': {} }, { 'f:a': {} }],
    ['not one without a value', { 'f:none': {} }, {}],
    [
      'what holds it only when it is in the set',
      { 'f:list': { '.': {}, 'k:{"port":80}': { 'f:port': {} } } },
      { 'f:list': { '.': {}, 'k:{"port":80}': { 'f:port': {} } } },
    ],
    [
      'an item that leaves a key to its default',
      { 'f:list': { 'k:{"port":80,"protocol":"TCP"}': {} } },
      { 'f:list': { 'k:{"port":80,"protocol":"TCP"}': {} } },
    ],
    ['no item with another key', { 'f:list': { 'k:{"port":81,"protocol":"TCP"}': {} } }, {}],
    ['a value of a set', { 'f:set': { 'v:"x"': {}, 'v:"y"': {} } }, { 'f:set': { 'v:"x"': {} } }],
  ])('keeps %s', (_, from, kept) => {
    expect(givenBy(value, from)).toEqual(kept);
  });

  it('is a part of the set, and all of what it already kept', () => {
    fc.assert(
      fc.property(fields, fc.object({ key: fc.constantFrom('a', 'b'), maxDepth: 3 }), (of, any) => {
        const kept = givenBy(any, of);
        expect(subtract(kept, of)).toEqual(NOTHING);
        expect(givenBy(any, kept)).toEqual(kept);
      }),
    );
  });
});
