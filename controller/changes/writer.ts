import type { ParseCache } from '../../synth/parse-cache.ts';
import { ConflictError, Failure, RefusedBranch, RefusedFiles, sentence } from '../errors.ts';
import type { Log, Repository, Revision } from '../ports.ts';
import { type Change, Refusal, type Written } from './change.ts';
import { changeMessage } from './message.ts';
import { documentsOf, type PlannedChange, planChanges } from './plan.ts';
import { ownKey, type Requests } from './requests.ts';

/** The branch, as the controller knows it. */
export interface Tip {
  readonly revision: Revision;
  /** Those carried out in it. */
  readonly requests: Requests;
}

export interface WriterOptions {
  readonly environment: string;
  readonly repository: Repository;
  /** Shared with whoever reads the tip: neither reads what the other has read. */
  readonly cache: ParseCache;
  /** Runs `work` while nobody else writes to the branch. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** The tip as it was read last; it is read first when it never was. */
  readonly tip: () => Promise<Tip>;
  /** The branch is at `revision` now; at a tip that is to be asked for when undefined. */
  readonly moved: (revision: Revision | undefined) => Promise<void>;
  readonly log: Log;
}

const MAX_WAITING = 1_000;
/** Each time somebody else's commit was first. */
const MOST_TRIES = 20;

interface Waiting extends Change {
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits changes. What comes while a commit is under way goes into the next one, together: a change alone waits for nobody, and a hundred at once
 * are a few commits.
 */
export class ChangeWriter {
  readonly #options: WriterOptions;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves when the change is in the branch. Rejects with a Refusal, or with a Failure when it can't be written. */
  write(change: Change): Promise<Written> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Failure('transient', `Cannot take more than ${MAX_WAITING} changes at a time: try again`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...change, ...bound(change), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing is being written. */
  async stop(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(new Failure('transient', 'Cannot write as the controller stops'));
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#options.inTurn(() => this.#commit(this.#waiting.splice(0)));
    this.#running = undefined;
  }

  async #commit(changes: readonly Waiting[]): Promise<void> {
    try {
      await this.#commitOn(changes, 1);
    } catch (error) {
      for (const { reject } of changes) reject(error);
    }
  }

  async #commitOn(changes: readonly Waiting[], tries: number): Promise<void> {
    const { repository, environment, cache, tip, moved } = this.#options;
    const { revision: parent, requests } = await tip();
    const fresh = changes.filter((change, at) => !this.#isRepeated(change, requests, changes.slice(0, at)));
    const files = await repository.read(parent, `environments/${environment}`);
    const plan = planChanges(fresh, documentsOf(environment, files, cache), cache);
    for (const { change, error } of plan.refused) change.reject(error);
    const accepted = plan.made.map(({ change }) => change);
    if (plan.edits.length === 0) return settle(plan.made, parent);
    try {
      const [first] = plan.made;
      const message = changeMessage(environment, plan.made);
      const revision = await repository.commit(plan.edits, { parent, message, ...(first && { author: first.change.author }) });
      this.#options.log.info({ revision, parent, changes: plan.made.length }, 'commit');
      // What can't be read back now is read soon; the change is made.
      await moved(revision).catch((error) => this.#options.log.warn({ reason: sentence(error) }, 'repository'));
      settle(plan.made, revision);
    } catch (error) {
      if (error instanceof ConflictError && tries < MOST_TRIES) {
        await moved(undefined);
        return this.#commitOn(accepted, tries + 1);
      }
      // One of them may be what the repository refuses.
      if (isRefused(error) && accepted.length > 1) {
        for (const change of accepted) await this.#commit([change]);
        return;
      }
      for (const { reject } of accepted) reject(refusal(error));
    }
  }

  /** True when the change was carried out before, or is so now by an earlier one: it is answered then. */
  #isRepeated({ author, request, resolve, reject }: Waiting, requests: Requests, earlier: readonly Waiting[]): boolean {
    if (request === undefined) return false;
    const own = ownKey(author.name, request);
    const before = requests.get(own);
    const twin = earlier.find((other) => other.request !== undefined && ownKey(other.author.name, other.request) === own);
    const hash = before?.hash ?? twin?.request?.hash;
    if (hash !== undefined && hash !== request.hash) {
      reject(new Refusal('invalid', 'Refused as another request had this Idempotency-Key: use a new one'));
      return true;
    }
    if (before !== undefined) resolve({ name: before.name, revision: before.revision, repeated: true, warnings: [] });
    // Its twin is answered first; then this one is in the branch.
    else if (twin !== undefined) this.#waiting.push(earlierOf({ request, resolve, reject }, twin));
    return before !== undefined || twin !== undefined;
  }
}

function earlierOf(
  reply: Pick<Waiting, 'resolve' | 'reject'> & { readonly request: NonNullable<Waiting['request']> },
  twin: Waiting,
): Waiting {
  return { author: twin.author, ...bound(twin), ...reply };
}

function bound(change: Change): Pick<Change, 'make' | 'permit' | 'seen'> {
  return {
    make: (documents) => change.make(documents),
    permit: (before, after) => change.permit?.(before, after),
    seen: (before, after) => change.seen?.(before, after),
  };
}

function settle(made: readonly PlannedChange<Waiting>[], revision: Revision): void {
  for (const { change, made: one, warnings } of made) change.resolve({ name: one.name, revision, repeated: false, warnings });
}

/** What is wrong with the remote otherwise may be mended while the change waits to be asked for again. */
function refusal(error: unknown): unknown {
  if (isRefused(error)) return new Refusal('forbidden', sentence(error));
  const isFinal = error instanceof Failure && error.outcome === 'terminal';
  return isFinal ? new Failure('transient', error.message, { cause: error }) : error;
}

/** Whether this is the repository's word on these changes. */
function isRefused(error: unknown): boolean {
  return error instanceof RefusedFiles || error instanceof RefusedBranch;
}
