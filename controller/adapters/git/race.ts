import { ConflictError } from '../../errors.ts';

const LONGEST_MS = 10_000;

export interface Machine {
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Milliseconds from any start. */
  readonly now: () => number;
}

/**
 * Runs one attempt after the other to move a branch that others move as well. Who loses is told how long to wait before the next: any time
 * up to what the attempt took, up to twice that when the one before was lost too, and so on, so that writers who met don't meet again.
 */
export function createRace({ random, now }: Machine = { random: Math.random, now: () => performance.now() }) {
  let lost = 0;
  return async <T>(attempt: () => Promise<T>): Promise<T> => {
    const startMs = now();
    try {
      const result = await attempt();
      lost = 0;
      return result;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const afterMs = Math.round(random() * Math.min(LONGEST_MS, (now() - startMs) * 2 ** lost));
      lost += 1;
      throw new ConflictError(error.message, { cause: error.cause, afterMs });
    }
  };
}
