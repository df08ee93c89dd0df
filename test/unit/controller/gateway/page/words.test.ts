import { describe, expect, it } from 'vitest';
import { ago, breakable, count, decided, number } from '../../../../../controller/gateway/page/words.js';

it.each([
  [-5_000, 'just now'],
  [1_000, 'just now'],
  [12_000, '12 s ago'],
  [119_000, '119 s ago'],
  [120_000, '2 m ago'],
  [3 * 3_600_000, '3 h ago'],
  [49 * 3_600_000, '2 d ago'],
])('ago of %d ms: %s', (ms, expected) => {
  expect(ago(0, ms)).toBe(expected);
});

it.each([
  [0, '0'],
  [1234, '1,234'],
  [143.36510053851902, '143.4'],
  [0.000012345, '0.000012'],
  [1e21, '1e+21'],
  [undefined, '–'],
])('number of %s: %s', (value, expected) => {
  expect(number(value)).toBe(expected);
});

describe('Words', () => {
  it('say one and many', () => expect([count(1, 'task'), count(2_000, 'task')]).toEqual(['1 task', '2,000 tasks']));
  it('say what is decided', () => {
    expect(decided({ kind: 'scale', from: 4, to: 6, limitedBy: 'maxReplicas 6' })).toBe('4 → 6, limited by maxReplicas 6');
    expect(decided({ kind: 'hold', reason: 'all is well' })).toBe('all is well');
    expect(decided(undefined)).toBe('');
  });
  it('let long names break, and change no letter of them', () => {
    expect(breakable('a_b.c/d').replaceAll('\u200b', '')).toBe('a_b.c/d');
    expect(breakable('a_b.c/d').split('\u200b')).toEqual(['a_', 'b.', 'c/', 'd']);
  });
});
