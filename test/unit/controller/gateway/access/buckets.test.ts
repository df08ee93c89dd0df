import { describe, expect, it } from 'vitest';
import { createBuckets } from '../../../../../controller/gateway/access/buckets.ts';

function bucket() {
  let nowMs = 0;
  const waitOf = createBuckets({ perSecond: 2, atOnce: 3 }, { now: () => nowMs });
  return { waitOf, pass: (ms: number) => (nowMs += ms) };
}

describe('A bucket', () => {
  it('lets some pass at once, then so many a second, and says how long to wait', () => {
    const { waitOf, pass } = bucket();
    expect([1, 2, 3, 4].map(() => waitOf('a'))).toEqual([0, 0, 0, 1]);
    pass(500);
    expect([1, 2].map(() => waitOf('a'))).toEqual([0, 1]);
    pass(60_000);
    expect([1, 2, 3, 4].map(() => waitOf('a'))).toEqual([0, 0, 0, 1]);
  });

  it('is its own for each key', () => {
    const { waitOf } = bucket();
    for (const _ of [1, 2, 3]) waitOf('a');
    expect([waitOf('a'), waitOf('b')]).toEqual([1, 0]);
  });

  it('is forgotten when there are too many, the one of longest ago first', () => {
    const { waitOf } = bucket();
    for (const _ of [1, 2, 3]) waitOf('a');
    for (let at = 0; at < 10_000; at += 1) waitOf(String(at));
    expect(waitOf('a')).toBe(0);
  });
});
