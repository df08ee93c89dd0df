/** How often `tick` is called while anything is outstanding. */
export const TICK_MS = 1000;
/** Ticks without a byte before the peer is asked for a sign of life: sooner while somebody waits for an answer. */
const PATIENCE = { requests: 2, watches: 10 };
/** Ticks that the sign may take. */
const ANSWER = 3;

/** Whether a connection still leads anywhere. Counts ticks, not time: a process that was busy takes no peer for dead. */
export interface Pulse {
  /** What to do now. `bytesRead` is all that was ever read, `requests` how many of them wait for an answer. */
  tick(bytesRead: number, requests: number): 'nothing' | 'ask' | 'give up';
  /** Somebody stopped waiting without having heard anything: the next tick asks. */
  doubt(): void;
  /** It is to be ticked even when nothing is outstanding. */
  readonly isUneasy: boolean;
  /** A sign was asked for, and there is none yet. */
  readonly isDoubtful: boolean;
}

export function createPulse(): Pulse {
  let read = 0;
  let silence = 0;
  let waited: number | undefined;

  return {
    tick(bytesRead, requests) {
      if (bytesRead !== read) {
        read = bytesRead;
        silence = 0;
        waited = undefined;
        return 'nothing';
      }
      silence += 1;
      if (waited !== undefined) {
        waited += 1;
        return waited < ANSWER ? 'nothing' : 'give up';
      }
      // What never answered is not even known to be there.
      if (read > 0 && silence < (requests > 0 ? PATIENCE.requests : PATIENCE.watches)) return 'nothing';
      waited = 0;
      return 'ask';
    },
    doubt() {
      silence = PATIENCE.watches;
    },
    get isUneasy() {
      return waited !== undefined || silence >= PATIENCE.watches;
    },
    get isDoubtful() {
      return waited !== undefined && waited > 0;
    },
  };
}
