import { describe, expect, it } from 'vitest';
import { inertFactor } from '../../../../constructs/spec/qos-template.ts';

describe('inertFactor', () => {
  it.each([
    ['scale_out', 1.01, undefined],
    ['scale_out', 1, 'scale_out needs a factor above 1: 1'],
    ['scale_in', 0.99, undefined],
    ['scale_in', 1, 'scale_in needs a factor between 0 and 1: 1'],
  ] as const)('%s by %d', (action, factor, expected) => {
    expect(inertFactor(action, factor)).toBe(expected);
  });
});
