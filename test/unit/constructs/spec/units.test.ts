import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, formatDuration, parseDuration } from '../../../../constructs/spec/units.ts';

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
  ])('parseDuration %s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '5', 'm', '-5m', '1.5h', '5 m', '5w', '5m '])('parseDuration refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow('Write a duration like 30s, 5m or 1h30m');
  });

  it('formatDuration gives what parseDuration reads back', () => {
    expect(formatDuration(90_000)).toBe('1m30s');
    fc.assert(fc.property(fc.nat(1_000_000_000), (durationMs) => parseDuration(formatDuration(durationMs)) === durationMs));
  });

  it('duration takes a bare 0 and no other number', () => {
    expect(duration.parse(0)).toBe(0);
    expect(duration.safeParse(5).success).toBe(false);
  });
});
