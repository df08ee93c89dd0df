import type { Clock, Log } from '../ports.ts';

/** Decisions wait for somebody to merge them, were refused for good, or come too often. */
export type ConditionType = 'WaitsForMerge' | 'WriteRefused' | 'ManyCommits';

export interface Condition {
  readonly type: ConditionType;
  readonly reason: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What holds of the writing of decisions and somebody should know. The log tells when one begins, changes and ends. */
export class Conditions {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #holding = new Map<ConditionType, Condition>();

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Without a reason it doesn't hold. */
  set(type: ConditionType, reason: string | undefined): void {
    const known = this.#holding.get(type);
    if (known?.reason === reason) return;
    if (reason === undefined) {
      this.#holding.delete(type);
      this.#log.info({ condition: type }, 'condition over');
      return;
    }
    this.#holding.set(type, { type, reason, since: known?.since ?? new Date(this.#clock.now()).toISOString() });
    this.#log.warn({ condition: type, reason }, 'condition');
  }

  get all(): readonly Condition[] {
    return [...this.#holding.values()];
  }
}
