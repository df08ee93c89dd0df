import { describe, expect, it } from 'vitest';
import { type Comparator, holds, parseConstraint } from '../../../../constructs/spec/constraint.ts';

describe('parseConstraint', () => {
  it.each([
    ['deadlines_missed < 1', 'deadlines_missed', '<', 1],
    ['  a>=-2.5e3 ', 'a', '>=', -2500],
    ['a:b != .5', 'a:b', '!=', 0.5],
    ['a==0', 'a', '==', 0],
  ])('reads %j', (text, metric, comparator, limit) => {
    expect(parseConstraint(text)).toEqual({ metric, comparator, limit });
  });

  it.each(['', 'a', 'a <', '< 1', 'a < b', 'a < 1 && b < 2', 'a = 1', '1 < a', 'a{x="1"} < 1', 'a < 0x1'])('refuses %j', (text) => {
    expect(() => parseConstraint(text)).toThrow("Write a constraint as 'metric comparator number'");
  });

  it("says what '=' should be", () => {
    expect(() => parseConstraint('a = 1')).toThrow("write '=='");
  });
});

describe('holds', () => {
  it.each<[Comparator, boolean[]]>([
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['>', [false, false, true]],
    ['>=', [false, true, true]],
    ['==', [false, true, false]],
    ['!=', [true, false, true]],
  ])('1, 2, 3 %s 2', (comparator, expected) => {
    expect([1, 2, 3].map((value) => holds({ metric: 'm', comparator, limit: 2 }, value))).toEqual(expected);
  });
});
