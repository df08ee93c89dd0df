import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parentRef } from '../../../../../controller/sync/inventory/applyset.ts';
import {
  EMPTY,
  type Entry,
  type Inventory,
  readInventory,
  sameInventory,
  writeInventory,
} from '../../../../../controller/sync/inventory/inventory.ts';
import { identity } from '../../../../../synth/manifest.ts';
import { liveObject } from '../samples.ts';

const parent = parentRef({ environment: 'city', infrastructure: 'modena', syncId: 'root' });
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const entry: fc.Arbitrary<Entry> = fc.record(
  {
    ref: fc.record({
      apiVersion: fc.constantFrom('v1', 'apps/v1'),
      kind: fc.constantFrom('Service', 'Deployment'),
      namespace: word,
      name: word,
    }),
    uid: word,
    hash: word,
    fields: word,
    kept: fc.dictionary(word, fc.record({ managers: fc.array(word), value: word }), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    letGo: fc.constant(true as const),
  },
  { requiredKeys: ['ref'] },
);
const entries = fc.array(entry).map((list) => new Map(list.map((one) => [identity(one.ref), one])));
const holding = (some: Inventory['entries'], more: Partial<Inventory> = {}) => ({ ...EMPTY, entries: some, ...more, revision: 'abc' });

describe('inventory', () => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const written = holding(some, { words: ['w1', 'w2'], divergedFrom: 'old' });
        const read = readInventory(liveObject(writeInventory(parent, written).manifest)).inventory;
        expect({ ...read, entries: Object.fromEntries(read.entries) }).toEqual({ ...written, entries: Object.fromEntries(some) });
        expect(sameInventory(read, written)).toBe(true);
      }),
    );
  });

  it('is the same text whatever the order of its entries', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const text = (of: ReadonlyMap<string, Entry>) => JSON.stringify(writeInventory(parent, holding(of)));
        expect(text(new Map([...some].reverse()))).toBe(text(some));
      }),
    );
  });

  it.each([{ uid: 'other' }, { hash: 'other' }, { fields: 'other' }, { letGo: true as const }])(
    'with %j it is another inventory',
    (change) => {
      const one: Entry = { ref: parent, uid: 'u', hash: 'h', fields: 'f' };
      const same = (other: Inventory['entries']) => sameInventory(holding(new Map([['x', one]])), holding(other));
      expect(same(new Map([['x', { ...one, ...change }]]))).toBe(false);
      expect(same(new Map([['x', { ...one }]]))).toBe(true);
      expect(same(new Map())).toBe(false);
    },
  );

  it.each([{ words: ['w'] }, { divergedFrom: 'old' }])('with %j it is another', (more) => {
    expect(sameInventory(holding(new Map()), holding(new Map(), more))).toBe(false);
  });

  it.each([
    ['not JSON', '{'],
    ['no list', '7'],
    ['rows of something else', '[7]'],
  ])('refuses to guess what %s holds', (_, text) => {
    const written = writeInventory(parent, holding(new Map())).manifest;
    const broken = liveObject({ ...written, data: { revision: 'a', entries: text } });
    expect(() => readInventory(broken)).toThrow(/^Cannot read the inventory in ConfigMap rotterdam-system\//);
  });
});
