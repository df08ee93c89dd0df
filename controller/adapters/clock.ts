import type { Clock } from '../ports.ts';

/** The longest a timer of the platform can wait; asked for more, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
        Math.min(durationMs, LONGEST_MS),
      );
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
