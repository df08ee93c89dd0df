import type { Clock } from '../ports.ts';

/** A source that takes longer is not waited for: what it answers counts in the next evaluation. */
const PATIENCE_MS = 2_000;

interface Lane<Answer> {
  pending: Promise<void> | undefined;
  /** Finished, and given to nobody yet. */
  done: (({ readonly answer: Answer } | { readonly error: unknown }) & { readonly atMs: number }) | undefined;
  slow: boolean;
}

export interface Lanes<Answer> {
  /**
   * Starts `work` unless the lane's last one still runs, and waits for it, but not for long, and not at all when the last one
   * was slow. Gives the newest answer that nobody has had, or undefined; rejects as `work` did. An answer that nobody asked for while
   * it was fresh is dropped, and the lane waited for again.
   */
  run(lane: string, work: () => Promise<Answer>): Promise<Answer | undefined>;
}

/**
 * One lane per source, so that one that hangs delays no other.
 * @param freshMs how old a late answer may be.
 */
export function createLanes<Answer>(clock: Clock, freshMs: number): Lanes<Answer> {
  const lanes = new Map<string, Lane<Answer>>();
  return {
    run: async (name, work) => {
      const lane = lanes.get(name) ?? { pending: undefined, done: undefined, slow: false };
      lanes.set(name, lane);
      if (lane.done !== undefined && clock.now() - lane.done.atMs > freshMs) {
        lane.done = undefined;
        lane.slow = false;
      }
      lane.pending ??= start(lane, work, clock);
      if (!lane.slow) await patiently(lane.pending, clock);
      const { done } = lane;
      lane.done = undefined;
      lane.slow ||= done === undefined;
      if (done !== undefined && 'error' in done) throw done.error;
      return done?.answer;
    },
  };
}

async function start<Answer>(lane: Lane<Answer>, work: () => Promise<Answer>, clock: Clock): Promise<void> {
  const startMs = clock.now();
  try {
    const answer = await work();
    lane.done = { answer, atMs: clock.now() };
  } catch (error) {
    lane.done = { error, atMs: clock.now() };
  }
  lane.slow = clock.now() - startMs > PATIENCE_MS;
  lane.pending = undefined;
}

async function patiently(pending: Promise<void>, clock: Clock): Promise<void> {
  const enough = new AbortController();
  const patience = clock.sleep(PATIENCE_MS, enough.signal).catch(() => undefined);
  await Promise.race([pending, patience]);
  enough.abort();
}
