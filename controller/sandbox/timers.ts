import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (durationMs, signal) => delay(durationMs, undefined, signal === undefined ? {} : { signal }),
};

/** The one place that waits, so that stopping leaves nothing behind. */
export class Timers {
  private readonly clock: Clock;
  private readonly waiting = new Set<AbortController>();
  private readonly soon = new Set<NodeJS.Immediate>();
  private stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  /** Runs once after `delayMs`. Returns what calls it off. */
  after(delayMs: number, run: () => void): () => void {
    if (this.stopped) return () => {};
    const controller = new AbortController();
    this.waiting.add(controller);
    const done = this.clock.sleep(delayMs, controller.signal).then(
      () => true,
      () => false,
    );
    void done.then((elapsed) => {
      this.waiting.delete(controller);
      if (elapsed && !this.stopped) run();
    });
    return () => controller.abort();
  }

  /** Runs once this turn's writes are done. */
  next(run: () => void): void {
    if (this.stopped) return;
    const handle = setImmediate(() => {
      this.soon.delete(handle);
      run();
    });
    this.soon.add(handle);
  }

  stop(): void {
    this.stopped = true;
    for (const controller of this.waiting) controller.abort();
    for (const handle of this.soon) clearImmediate(handle);
  }
}
