import type { AdaptationSpec } from '../../constructs/spec/adaptation.ts';
import type { readFile } from '../../synth/read-file.ts';
import { Failure, RefusedBranch, sentence } from '../errors.ts';
import { type Clock, DECISIONS_BRANCH, type Log, type Repository, type Revision } from '../ports.ts';
import { COMMIT_RESOLUTION_MS } from '../sla/baseline.ts';
import type { History } from '../sla/history.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import { commitsSince, lastCommitMs } from './commits.ts';
import { type Condition, Conditions } from './conditions.ts';
import type { TaskDecision } from './decide.ts';
import { readWaiting, type Waiting, waitsForMerge } from './waiting.ts';
import { type Written, writeDecisions } from './write-decisions.ts';

const HOUR_MS = 3_600_000;

export interface DecisionWriterOptions {
  readonly repository: Repository;
  readonly environment: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly readFile: typeof readFile;
  readonly decided: (task: string) => void;
  /** A decision on this task can't be written until somebody helps. */
  readonly refused: (task: string, error: Failure) => void;
}

/** The branch as it was read. */
export interface Tip {
  readonly revision: Revision;
  readonly history: History;
  readonly settings: AdaptationSpec;
}

export type Outcome =
  | { readonly kind: 'nothing' }
  /** Within the window of the last commit: decide again then. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** The branch is to be read, and all decided again; `revision` is its tip where that is known. */
  | { readonly kind: 'moved'; readonly revision?: Revision; readonly afterMs: number };

/** The one writer of decisions to one branch. What it remembers can be lost. */
export class DecisionWriter {
  readonly #options: DecisionWriterOptions;
  readonly #conditions: Conditions;
  /** Tasks whose decision was refused for good, and that decision's id. */
  readonly #refused = new Map<string, string>();
  #waiting: (Waiting & { readonly tip: Revision }) | undefined;
  /** The decisions branch where it couldn't be deleted: it isn't tried again. */
  #undeletable: Revision | undefined;
  /** Undefined before the first write: git says it then. */
  #lastCommitMs: number | undefined;
  /** Why the branch itself takes no decisions, when it didn't last time. */
  #whyNotDirect: string | undefined;

  constructor(options: DecisionWriterOptions) {
    this.#options = options;
    this.#conditions = new Conditions(options);
  }

  get conditions(): readonly Condition[] {
    return this.#conditions.all;
  }

  /** Why nothing more is decided on a task; undefined when none of its decisions waits. */
  waitsFor(task: string): string | undefined {
    const decision = this.#waiting?.decisions.get(task);
    return decision && waitsForMerge(decision);
  }

  /** Sees what waits on the decisions branch, and how many commits there were. True when what waits isn't what did. */
  async look({ revision, history, settings }: Tip): Promise<boolean> {
    const { repository, environment, clock } = this.#options;
    const commits = commitsSince(history, clock.now() - HOUR_MS);
    const many = `${commits} commits of decisions within the last hour, more than ${settings.commitsPerHour}: see whether a template goes to and fro`;
    this.#conditions.set('ManyCommits', commits > settings.commitsPerHour ? many : undefined);
    const before = this.#waiting;
    if (before?.tip === revision && before.head === (await repository.decisionsHead())) return false;
    this.#waiting = { ...(await readWaiting(repository, revision, history, environment)), tip: revision };
    this.#conditions.set('WaitsForMerge', this.#whatWaits());
    return before !== undefined && before.decisions.size + this.#waiting.decisions.size > 0;
  }

  /** What isn't decided any more isn't refused any more. */
  forget(decisions: readonly TaskDecision[]): void {
    for (const { task, record } of decisions) if (record === undefined) this.#refused.delete(task);
    if (this.#refused.size === 0) this.#conditions.set('WriteRefused', undefined);
  }

  /** Whether there is nothing to {@link tidy}. */
  get isTidy(): boolean {
    const { head, isVoid = false } = this.#waiting ?? {};
    return !isVoid || head === this.#undeletable;
  }

  /** Deletes the decisions branch where nothing on it means anything any more. Never rejects: it stays then, and does no harm. */
  async tidy(): Promise<void> {
    const { repository, log } = this.#options;
    const { head, isVoid } = this.#waiting ?? {};
    if (head === undefined || !isVoid || this.isTidy) return;
    this.#waiting = undefined;
    const about = { branch: DECISIONS_BRANCH, revision: head };
    try {
      await repository.dropDecisions(head);
      log.info(about, 'branch deleted');
    } catch (error) {
      this.#undeletable = head;
      log.warn({ ...about, reason: sentence(error) }, 'branch not deleted');
    }
  }

  /** Writes decisions made on `tip`, as one commit at most. Rejects with a Failure when they can't be written. */
  async write(tip: Tip, decisions: readonly TaskDecision[]): Promise<Outcome> {
    const { clock, log } = this.#options;
    this.#lastCommitMs ??= this.#lastBefore(tip);
    const leftMs = this.#lastCommitMs + tip.settings.commitWindow - clock.now();
    // Longer than the window is a clock that was set back.
    if (leftMs > 0 && leftMs <= tip.settings.commitWindow) return { kind: 'later', afterMs: leftMs };
    const written = await this.#place(tip, decisions).catch((error) => {
      if (error instanceof Failure && error.outcome === 'terminal') this.#noteRefused(decisions, error);
      throw error;
    });
    for (const { task, reason } of written.held) log.warn({ task, reason }, 'decision held');
    if (written.kind === 'nothing') return { kind: 'nothing' };
    if (written.kind === 'conflict') return { kind: 'moved', afterMs: written.afterMs };
    this.#noteWritten(written);
    return { kind: 'moved', revision: written.branch === undefined ? written.revision : tip.revision, afterMs: 0 };
  }

  /** When a controller before this one wrote last, as git tells it. */
  #lastBefore({ history }: Tip): number {
    const saidMs = Math.max(lastCommitMs(history), this.#waiting?.lastMs ?? Number.NEGATIVE_INFINITY);
    return Math.min(saidMs + COMMIT_RESOLUTION_MS, this.#options.clock.now());
  }

  /** On the branch, or where it takes none on the decisions branch. */
  async #place({ revision, settings }: Tip, decisions: readonly TaskDecision[]): Promise<Written & { readonly branch?: string }> {
    const { repository, environment, readFile } = this.#options;
    const input = { repository, environment, decisions, readFile };
    if (settings.writeTo === 'auto') {
      try {
        return await writeDecisions({ ...input, tip: revision });
      } catch (error) {
        if (!(error instanceof RefusedBranch)) throw error;
        this.#whyNotDirect = sentence(error);
      }
    }
    const { head = null, base = revision } = this.#waiting ?? {};
    return { ...(await writeDecisions({ ...input, tip: base, decisionsAt: head })), branch: DECISIONS_BRANCH };
  }

  #noteWritten({ decisions, revision, branch }: Extract<Written, { kind: 'written' }> & { readonly branch?: string }): void {
    const { clock, log, decided } = this.#options;
    this.#lastCommitMs = clock.now();
    this.#refused.clear();
    this.#conditions.set('WriteRefused', undefined);
    const where = branch === undefined ? {} : { branch };
    for (const { task, from, to, reason, id } of decisions) {
      log.info({ task, from, to, reason, id, ...where }, 'decision');
      decided(task);
    }
    log.info({ revision, ...where }, 'commit');
  }

  #noteRefused(decisions: readonly TaskDecision[], error: Failure): void {
    const reason = sentence(error);
    const { log, refused } = this.#options;
    const records = decisions.flatMap(({ record }) => record ?? []);
    for (const { task, from, to, id } of records) {
      if (this.#refused.get(task) === id) continue;
      this.#refused.set(task, id);
      log.error({ task, from, to, id, reason }, 'decision refused');
      refused(task, error);
    }
    this.#conditions.set('WriteRefused', `${list(records)}: ${reason}`);
  }

  #whatWaits(): string | undefined {
    const decisions = [...(this.#waiting?.decisions.values() ?? [])];
    if (decisions.length === 0) return undefined;
    const why = this.#whyNotDirect === undefined ? '' : `: ${this.#whyNotDirect}`;
    return `${list(decisions)} ${decisions.length === 1 ? 'waits' : 'wait'} for a merge of ${DECISIONS_BRANCH}${why}`;
  }
}

const MOST_NAMED = 5;

/** `web 4 → 6, redis 1 → 2 and 7 more` */
function list(decisions: readonly DecisionRecord[]): string {
  const named = decisions.slice(0, MOST_NAMED).map(({ task, from, to }) => `${task} ${from} → ${to}`);
  const rest = decisions.length - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
