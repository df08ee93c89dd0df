import type { Change, Written } from './changes/change.ts';
import { ChangeWriter } from './changes/writer.ts';
import { type Desired, DesiredState, whyInvalid } from './desired.ts';
import { Failure } from './errors.ts';
import { inTime } from './in-time.ts';
import type { Clock, Log, Repository, Revision } from './ports.ts';
import { Queue } from './queue.ts';

export interface BranchOptions {
  readonly environment: string;
  readonly repository: Repository;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The branch was read. Not yet told to others where it moved. */
  readonly looked: (desired: Desired) => Promise<void>;
  /** The branch moved, and this is what it wants now. */
  readonly moved: (desired: Desired) => Promise<void>;
}

/** A cluster or a remote that doesn't answer keeps nobody waiting longer for a summary. */
export const LONGEST_LOOK_MS = 60_000;

/** Follows one environment on one branch, and writes what is asked for by REST to it. */
export class Branch {
  readonly #options: BranchOptions;
  readonly #state: DesiredState;
  readonly #queue: Queue;
  readonly #changes: ChangeWriter;
  readonly #stopWatching: () => void;
  #desired: Desired | undefined;
  #reason: string | undefined = 'The repository has not been read yet';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: BranchOptions) {
    const { repository, environment, clock } = options;
    this.#options = options;
    this.#state = new DesiredState(repository, environment);
    this.#queue = new Queue({ work: (signal) => this.#follow(signal), failed: ({ reason }) => this.#unreadable(reason), clock });
    this.#changes = new ChangeWriter({
      ...options,
      cache: this.#state.cache,
      inTurn: (work) => this.inTurn(work),
      tip: async () => {
        const desired = this.#desired ?? (await this.adopt(undefined));
        return { revision: desired.tip, requests: desired.requests };
      },
      moved: async (revision) => void (await this.adopt(revision)),
    });
    this.#stopWatching = repository.watch(() => this.look());
  }

  /** As it was read last; undefined before it ever was. */
  get desired(): Desired | undefined {
    return this.#desired;
  }

  /** Why it can't be read, or undefined. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Why nothing of it can be in force yet, or undefined. */
  get notReady(): string | undefined {
    if (this.#desired === undefined) return this.#reason;
    return this.#desired.inForce === undefined ? `No revision of '${this.#options.environment}' is valid yet` : undefined;
  }

  /** As the function of that name; what the last revision held isn't read again. */
  get readFile(): DesiredState['readFile'] {
    return this.#state.readFile;
  }

  /** It may have moved: it is looked at soon. */
  look(): void {
    this.#queue.look();
  }

  /** Resolves when it was read, or takes long; rejects with a Failure when it can't be. */
  async lookNow(): Promise<void> {
    await inTime(this.#queue.lookNow(), this.#options.clock, LONGEST_LOOK_MS);
    if (this.#reason !== undefined) throw new Failure('transient', this.#reason);
  }

  /** What reads and writes the branch takes turns: nothing is decided on a tip while another one is being read. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Makes `tip` what is wanted; the branch's tip, which is asked for, when undefined. In turn. */
  async adopt(tip: Revision | undefined, signal?: AbortSignal): Promise<Desired> {
    const desired = await this.#state.at(tip ?? (await this.#options.repository.head(signal)), signal);
    this.#reason = undefined;
    await this.#options.looked(desired);
    if (desired === this.#desired) return desired;
    this.#desired = desired;
    this.#tell(desired);
    await this.#options.moved(desired);
    return desired;
  }

  /** Commits what somebody asks for. Rejects with a Refusal, or with a Failure when it can't be written. */
  write(change: Change): Promise<Written> {
    return this.#changes.write(change);
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    await this.#changes.stop();
    await this.#queue.stop();
    await this.#turn;
  }

  async #follow(signal: AbortSignal): Promise<number> {
    await this.inTurn(() => this.adopt(undefined, signal));
    return this.#options.intervalMs;
  }

  #unreadable(reason: string): void {
    if (reason !== this.#reason) this.#options.log.warn({ reason }, 'repository');
    this.#reason = reason;
  }

  #tell({ inForce, issues, tip }: Desired): void {
    const { environment, log } = this.#options;
    const fields = { environment, revision: inForce?.revision ?? null, tip };
    if (inForce?.revision === tip) log.info({ ...fields, warnings: issues.length }, 'revision');
    else log.error({ ...fields, reason: whyInvalid(issues) }, 'invalid revision');
  }
}
