import type { Clock } from '../../ports.ts';

export interface BucketOptions {
  readonly perSecond: number;
  /** At once, after a while of silence. */
  readonly atOnce: number;
}

/** Beyond so many the one that was asked for longest ago is forgotten: nobody fills the memory by asking from many addresses. */
const MOST_BUCKETS = 10_000;

/** Limits how often something may be done: a bucket of tokens for each key. Returns 0 when it may, else the seconds to wait. */
export function createBuckets({ perSecond, atOnce }: BucketOptions, clock: Pick<Clock, 'now'>): (key: string) => number {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  return (key) => {
    const nowMs = clock.now();
    const { left: before, atMs } = buckets.get(key) ?? { left: atOnce, atMs: nowMs };
    const left = Math.min(atOnce, before + ((nowMs - atMs) / 1_000) * perSecond);
    const isFull = left < 1;
    buckets.delete(key);
    buckets.set(key, { left: isFull ? left : left - 1, atMs: nowMs });
    for (const oldest of buckets.keys()) {
      if (buckets.size <= MOST_BUCKETS) break;
      buckets.delete(oldest);
    }
    return isFull ? Math.ceil((1 - left) / perSecond) : 0;
  };
}
