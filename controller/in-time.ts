import type { Clock } from './ports.ts';

/** Resolves when `work` is done, or takes longer; rejects as it does before that. */
export async function inTime(work: Promise<unknown>, clock: Pick<Clock, 'sleep'>, longestMs: number): Promise<void> {
  const done = new AbortController();
  // Never settles once the work has: it would be ahead of why that failed.
  const late = new Promise<void>((resolve) => void clock.sleep(longestMs, done.signal).then(resolve, () => undefined));
  await Promise.race([work.finally(() => done.abort()), late]);
}
