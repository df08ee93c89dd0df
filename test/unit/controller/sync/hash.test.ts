import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../../controller/sync/hash.ts';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
};

describe('hashOf', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashOf(reversed(value))).toBe(hashOf(value));
      }),
    );
  });

  it('tells different values apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (value, more) => {
        expect(hashOf([value, more])).not.toBe(hashOf([value, '']));
        expect(hashOf({ [more]: value })).not.toBe(hashOf({ [`${more}x`]: value }));
      }),
    );
  });

  it.each([
    ['an undefined field and none', { a: 1, b: undefined }, { a: 1 }, true],
    ['null and none', { a: 1, b: null }, { a: 1 }, false],
    ['1 and "1"', [1], ['1'], false],
    ['the order of a list', [1, 2], [2, 1], false],
  ])('%s', (_, a, b, same) => {
    expect(hashOf(a) === hashOf(b)).toBe(same);
  });
});
