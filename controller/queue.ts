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
  readonly clock: Clock;
}

/**
 * The queue of one target. Level, not edge: `look()` only says that something may have changed. One run at a time; asked again
 * meanwhile, it runs once more. A failed run is repeated: transient ones after 1 s, 2 s, 4 s … 60 s, waiting ones when they said,
 * terminal ones every 60 s, as what mends them (a secret, a permission) may lie outside git.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #ended = new AbortController();
  #run: Promise<void> | undefined;
  #interrupt = new AbortController();
  #pending = false;
  #waiting: (() => void)[] = [];
  #wake = new AbortController();
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
      const againAfterMs = await this.#once(AbortSignal.any([this.#ended.signal, this.#interrupt.signal]));
      if (this.#interrupt.signal.aborted) this.#waiting.push(...waiting);
      else this.#tell(waiting);
      if (this.#pending) continue;
      if (againAfterMs === undefined) return;
      await this.#sleep(againAfterMs);
    }
  }

  #tell(waiting: readonly (() => void)[]): void {
    for (const resolve of waiting) resolve();
  }

  async #once(signal: AbortSignal): Promise<number | undefined> {
    try {
      const againAfterMs = await this.#options.work(signal);
      this.#failures = 0;
      return againAfterMs;
    } catch (error) {
      if (signal.aborted) return undefined;
      const outcome = outcomeOf(error);
      const againAfterMs = this.#backoff(outcome, error);
      this.#options.failed({ outcome, reason: sentence(error), againAfterMs, error });
      return againAfterMs;
    }
  }

  #backoff(outcome: Outcome, error: unknown): number {
    const said = error instanceof Error && 'afterMs' in error && typeof error.afterMs === 'number' ? error.afterMs : undefined;
    if (outcome === 'terminal') return LONGEST_BACKOFF_MS;
    if (outcome === 'waiting') return said ?? FIRST_BACKOFF_MS;
    this.#failures += 1;
    return Math.max(said ?? 0, Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#failures - 1)));
  }

  async #sleep(durationMs: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#pending || this.#ended.signal.aborted) return;
    await this.#options.clock.sleep(durationMs, this.#wake.signal).catch(() => undefined);
  }
}
