import type { NotificationSpec } from '../constructs/spec/notification.ts';
import type { Environment } from '../synth/environment.ts';
import { Outbox } from './outbox.ts';
import type { Clock, Log, Notice, Notifier } from './ports.ts';
import type { History } from './sla/history.ts';
import type { Judgement } from './sla/judge.ts';
import { decisionNotice, violationNotice } from './sla/notice.ts';

/** A decision that was committed so long before the start is told once more then, under the same id: whoever committed it may not have got to it. */
const RETOLD_MS = 600_000;

export interface NoticesOptions {
  readonly notifierOf: (spec: NotificationSpec) => Notifier;
  /** One notice was taken, or never will be. */
  readonly notified: (notifier: string, outcome: 'sent' | 'dropped') => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells others of violations and decisions. A violation is told once while it stands, a decision when git has it, whoever made it. Ids
 * follow from what happened: a restarted or another controller tells the same under the same. Nobody waits for it.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #outboxes = new Map<string, Outbox>();
  /** By guarantee: the id of the violation that stands and was told. */
  readonly #standing = new Map<string, string>();
  #history: History | undefined;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Looks at what was judged and decided. @param all whether nothing but `judgements` stands. */
  observe(environment: Environment, history: History, judgements: readonly Judgement[], all: boolean): void {
    this.#address(environment.defaults.notifications);
    const notices = [...this.#decided(history), ...this.#violated(judgements, all)];
    for (const notice of notices) for (const outbox of this.#outboxes.values()) outbox.add(notice);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#outboxes.values()].map((outbox) => outbox.stop()));
  }

  #address(wanted: readonly NotificationSpec[]): void {
    const byKey = new Map(wanted.map((spec) => [JSON.stringify(spec), spec]));
    for (const [key, outbox] of this.#outboxes) {
      if (byKey.has(key)) continue;
      this.#outboxes.delete(key);
      void outbox.stop();
    }
    const { notifierOf, notified, clock, log } = this.#options;
    for (const [key, spec] of byKey) {
      if (!this.#outboxes.has(key)) this.#outboxes.set(key, new Outbox({ notifier: notifierOf(spec), notified, clock, log }));
    }
  }

  #violated(judgements: readonly Judgement[], all: boolean): readonly Notice[] {
    const before = new Map(this.#standing);
    if (all) this.#standing.clear();
    return judgements.flatMap((judgement) => {
      const { agreement, guarantee, verdict } = judgement;
      const key = `${agreement.id} ${guarantee}`;
      const known = before.get(key);
      this.#standing.delete(key);
      if (verdict.state === 'met') return [];
      const notice = violationNotice(judgement);
      const standing = notice === undefined || (judgement.kind === 'gauge' && known !== undefined) ? known : notice.id;
      if (standing !== undefined) this.#standing.set(key, standing);
      return notice === undefined || standing === known ? [] : [notice];
    });
  }

  #decided(history: History): readonly Notice[] {
    if (history === this.#history) return [];
    const known = this.#history?.decisionIds;
    this.#history = history;
    const sinceMs = known === undefined ? this.#options.clock.now() - RETOLD_MS : Number.NEGATIVE_INFINITY;
    return [...history.tasks.values()].flatMap(({ decisions }) => {
      const last = decisions.findLastIndex(({ id, atMs }) => known?.has(id) || atMs < sinceMs);
      return decisions.slice(last + 1).map(decisionNotice);
    });
  }
}
