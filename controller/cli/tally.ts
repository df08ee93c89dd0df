import { identity } from '../../synth/manifest.ts';
import type { SyncPreview, SyncProgress } from '../sync/engine.ts';
import type { Settling } from './settle.ts';

/** What was done of one infrastructure's plan, and what was not; kept while it happens, so that it can be told at any time. */
export class Tally {
  readonly name: string;
  /** What there is to say about it at the end: failures, conflicts, warnings, held deletions. */
  readonly said: string[] = [];
  /** Undefined until it is waited for. */
  settling: Settling | undefined;
  readonly #planned: number;
  readonly #ends = { create: 0, update: 0, delete: 0, keep: 0, leave: 0, failed: 0 };
  /** Identities. */
  readonly #underWay = new Set<string>();

  constructor(name: string, { changes, held }: SyncPreview) {
    this.name = name;
    this.#planned = changes.filter(({ op }) => op !== 'keep' && op !== 'leave' && (op !== 'delete' || held === undefined)).length;
  }

  note({ change, state }: SyncProgress): void {
    if (state === 'started') this.#underWay.add(identity(change.ref));
    else this.#underWay.delete(identity(change.ref));
    if (state !== 'done' && state !== 'failed') return;
    this.#ends[state === 'failed' ? 'failed' : change.op] += 1;
  }

  /** `unanswered`: sent, but given up before the server's answer. */
  get counts() {
    const { create: created, update: updated, delete: deleted, failed } = this.#ends;
    const unanswered = this.#underWay.size;
    const notDone = Math.max(0, this.#planned - created - updated - deleted - failed - unanswered);
    return { planned: this.#planned, created, updated, deleted, failed, unanswered, notDone };
  }

  get ready(): { readonly ready: number; readonly of: number } | undefined {
    const health = this.settling?.health;
    return health && { ready: health.filter(({ state }) => state === 'ready').length, of: health.length };
  }
}

/** `10 created, 1 failed, 3 not done; 12 of 13 are ready` */
export function printTally({ counts, ready }: Tally): string {
  const { created, updated, deleted, failed, unanswered, notDone } = counts;
  const parts = [
    [created, 'created'],
    [updated, 'updated'],
    [deleted, 'deleted'],
    [failed, 'failed'],
    [unanswered, 'without an answer'],
    [notDone, 'not done'],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  const done = parts.length === 0 ? 'nothing to change' : parts.join(', ');
  return ready === undefined ? done : `${done}; ${ready.ready} of ${ready.of} are ready`;
}
