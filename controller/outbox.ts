import { Failure, sentence } from './errors.ts';
import type { Clock, Log, Notice, Notifier } from './ports.ts';
import { Queue } from './queue.ts';

/** What a notifier that doesn't answer may have waiting; beyond it the oldest is dropped. */
const MAX_WAITING = 1_000;

export interface OutboxOptions {
  readonly notifier: Notifier;
  readonly notified: (notifier: string, outcome: 'sent' | 'dropped') => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one notifier is to be told, in order, one at a time, again and again after pauses until it takes it. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Notice[] = [];
  readonly #queue: Queue;
  #reason: string | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#queue = new Queue({
      work: (signal) => this.#sendAll(signal),
      failed: ({ reason, againAfterMs }) => this.#failed(reason, againAfterMs),
      clock: options.clock,
    });
  }

  /** Never waits, and keeps no more than 1,000. */
  add(notice: Notice): void {
    this.#waiting.push(notice);
    if (this.#waiting.length > MAX_WAITING) this.#drop(`more than ${MAX_WAITING} wait for ${this.#options.notifier.name}`);
    // More work doesn't end the pause after a failure.
    if (this.#waiting.length === 1) this.#queue.look();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  async #sendAll(signal: AbortSignal): Promise<undefined> {
    const { notifier, notified } = this.#options;
    for (let notice = this.#waiting[0]; notice !== undefined; notice = this.#waiting[0]) {
      try {
        await notifier.send(notice, signal);
      } catch (error) {
        if (!(error instanceof Failure) || error.outcome !== 'terminal') throw error;
        if (this.#waiting[0] === notice) this.#drop(sentence(error));
        continue;
      }
      this.#reason = undefined;
      if (this.#waiting[0] === notice) this.#waiting.shift();
      notified(notifier.name, 'sent');
    }
  }

  #drop(reason: string): void {
    const { notifier, notified, log } = this.#options;
    const { id, kind, task } = this.#waiting.shift() ?? {};
    log.error({ notifier: notifier.name, id, kind, task, reason }, 'notice dropped');
    notified(notifier.name, 'dropped');
  }

  #failed(reason: string, againAfterMs: number): void {
    if (reason !== this.#reason) this.#options.log.warn({ notifier: this.#options.notifier.name, reason, againAfterMs }, 'notice delayed');
    this.#reason = reason;
  }
}
