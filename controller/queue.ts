import { type Outcome, outcomeOf, sentence } from './errors.ts';
import type { Clock } from './ports.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export interface QueueOptions {
  /** One look at the world; resolves with the time until the next look, or undefined to wait for `look()`. */
  readonly work: (signal: AbortSignal) => Promise<number | undefined>;
  /** Told once per failed run, with what happens next. */
  readonly failed: (failure: {
    readonly outcome: Outcome;
    readonly reason: string;
    readonly againAfterMs: number;
    readonly error: unknown;
  }) => void;
  /** How long to pause after so many failures in a row; `backoff` when absent. */
  readonly pauseMs?: (outcome: Outcome, failures: number, error: unknown) => number;
  readonly clock: Clock;
}

interface Pause {
  readonly durationMs: number;
  /** By the other side (`Retry-After`). */
  readonly asked: boolean;
}

/**
 * The queue of one target. Level, not edge: `look()` only says that something may have changed. One run at a time; asked again
 * meanwhile, it runs once more. A failed run is repeated after a pause, which `look()` ends, but for one that the
 * other side asked for: that only `lookNow()` does.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #ended = new AbortController();
  #run: Promise<void> | undefined;
  #interrupt = new AbortController();
  #pending = false;
  #waiting: (() => void)[] = [];
  #wake = new AbortController();
  #insist = new AbortController();
  #failures = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Runs the work soon. With `interrupt` the run under way is given up first. */
  look(options: { readonly interrupt?: boolean } = {}): void {
    if (this.#ended.signal.aborted) return;
    this.#pending = true;
    if (options.interrupt) this.#interrupt.abort(new Error('Given up for something newer'));
    this.#wake.abort();
    this.#run ??= this.#loop().finally(() => {
      this.#run = undefined;
      if (this.#pending) this.look();
    });
  }

  /** Runs the work now, with its failures forgotten. Resolves when a run that began later has ended, well or not, or the queue has. */
  async lookNow(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#failures = 0;
    const looked = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#insist.abort();
    this.look();
    await looked;
  }

  /** Ends the run under way and starts no other. */
  async stop(): Promise<void> {
    this.#pending = false;
    this.#ended.abort(new Error('Stopped'));
    this.#wake.abort();
    await this.#run;
    this.#tell(this.#waiting.splice(0));
  }

  async #loop(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      this.#pending = false;
      this.#interrupt = new AbortController();
      const waiting = this.#waiting.splice(0);
      const pause = await this.#once(AbortSignal.any([this.#ended.signal, this.#interrupt.signal]));
      if (this.#interrupt.signal.aborted) this.#waiting.push(...waiting);
      else this.#tell(waiting);
      if (pause?.asked) await this.#sleepUntilInsisted(pause.durationMs);
      if (this.#pending) continue;
      if (pause === undefined) return;
      if (!pause.asked) await this.#sleepUntilLook(pause.durationMs);
    }
  }

  #tell(waiting: readonly (() => void)[]): void {
    for (const resolve of waiting) resolve();
  }

  async #once(signal: AbortSignal): Promise<Pause | undefined> {
    try {
      const durationMs = await this.#options.work(signal);
      this.#failures = 0;
      return durationMs === undefined ? undefined : { durationMs, asked: false };
    } catch (error) {
      if (signal.aborted) return undefined;
      const outcome = outcomeOf(error);
      if (outcome !== 'waiting') this.#failures += 1;
      const { pauseMs = backoff, failed } = this.#options;
      const saidMs = outcome === 'transient' ? (saidBy(error) ?? 0) : 0;
      const durationMs = Math.max(saidMs, pauseMs(outcome, this.#failures, error));
      failed({ outcome, reason: sentence(error), againAfterMs: durationMs, error });
      return { durationMs, asked: saidMs > 0 };
    }
  }

  async #sleepUntilInsisted(durationMs: number): Promise<void> {
    this.#insist = new AbortController();
    await this.#sleep(durationMs, AbortSignal.any([this.#ended.signal, this.#insist.signal]));
  }

  async #sleepUntilLook(durationMs: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#pending || this.#ended.signal.aborted) return;
    await this.#sleep(durationMs, this.#wake.signal);
  }

  async #sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(durationMs, signal).catch(() => undefined);
  }
}

/**
 * After a transient failure 1 s, 2 s, 4 s … 60 s, after a waiting one when it said, after a terminal one 60 s, as what mends it (a secret,
 * a permission) may lie outside git.
 */
export function backoff(outcome: Outcome, failures: number, error: unknown): number {
  if (outcome === 'terminal') return LONGEST_BACKOFF_MS;
  if (outcome === 'waiting') return saidBy(error) ?? FIRST_BACKOFF_MS;
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
}

function saidBy(error: unknown): number | undefined {
  return error instanceof Error && 'afterMs' in error && typeof error.afterMs === 'number' ? error.afterMs : undefined;
}
