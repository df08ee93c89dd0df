import { ConflictError } from '../../errors.ts';

const FIRST_MS = 50;
const LONGEST_MS = 3_000;

/**
 * Runs one attempt after the other to move a branch that others move as well. Who loses is told how long to wait before the next: any time
 * below a limit that doubles with each race lost in a row, so that writers who met don't meet again.
 */
export function createRace(random = Math.random): <T>(attempt: () => Promise<T>) => Promise<T> {
  let lost = 0;
  return async (attempt) => {
    try {
      const result = await attempt();
      lost = 0;
      return result;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      lost += 1;
      const afterMs = Math.round(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (lost - 1)));
      throw new ConflictError(error.message, { cause: error.cause, afterMs });
    }
  };
}
