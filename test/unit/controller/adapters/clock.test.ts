import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../controller/adapters/clock.ts';

afterEach(() => vi.useRealTimers());

describe('systemClock', () => {
  it('tells milliseconds since 1970', () => {
    vi.useFakeTimers({ now: 1_700_000_000_123 });
    expect(systemClock.now()).toBe(1_700_000_000_123);
  });

  it.each([
    { durationMs: 50, early: 49, reason: 'an ordinary wait' },
    { durationMs: 2 ** 40, early: 2 ** 31 - 2, reason: 'a timer above 2^31 ms would fire at once' },
  ])('sleep waits as long as asked: $reason', async ({ durationMs, early }) => {
    vi.useFakeTimers();
    let woke = false;
    const slept = systemClock.sleep(durationMs).then(() => {
      woke = true;
    });
    await vi.advanceTimersByTimeAsync(early);
    expect(woke).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
  });

  it('sleep rejects with the reason when aborted, and leaves no timer', async () => {
    vi.useFakeTimers();
    const stop = new AbortController();
    const slept = systemClock.sleep(1000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
    await expect(systemClock.sleep(1000, stop.signal)).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });
});
