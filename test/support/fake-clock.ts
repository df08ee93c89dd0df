import type { Clock } from '../../controller/ports.ts';

export interface FakeClock extends Clock {
  /** Moves time, waking sleepers in order and letting what they started run. */
  advance(durationMs: number): Promise<void>;
  /** Lets everything run that needs no time to pass. */
  settle(): Promise<void>;
}

/** A clock that only moves when it is told to. */
export function fakeClock(startMs = 1_700_000_000_000): FakeClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const give = () => {
          if (sleepers.delete(sleeper)) reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener('abort', give);
          resolve();
        };
        const sleeper = { atMs: nowMs + durationMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', give);
      }),
    settle,
    advance: async (durationMs) => {
      const untilMs = nowMs + durationMs;
      await settle();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        nowMs = Math.max(nowMs, next.atMs);
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}
