import type { Task } from '../synth/environment.ts';
import type { Connect } from './connection.ts';
import type { Desired } from './desired.ts';
import { Failure } from './errors.ts';
import type { Clock, Log, Repository, Revision, Secrets } from './ports.ts';
import type { InfrastructureStatus } from './status.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import { InfrastructureWorker, type Rollout } from './worker.ts';

export interface FleetOptions {
  readonly repository: Pick<Repository, 'isAncestor'>;
  readonly secrets: Secrets;
  readonly connect: Connect;
  /** Infrastructures to act on; all when empty. */
  readonly only: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when it is the asker's turn: many infrastructures that have something to do at once let others in between. */
  readonly turn: () => Promise<void>;
  readonly synced: (infrastructure: string, outcome: 'done' | 'failed', durationMs: number) => void;
  /** A task has settled somewhere, or is ready again: what waited for it can be judged. */
  readonly settled: () => void;
}

/** The infrastructures that are looked after, a worker each: those of the revision in force, and those that it has emptied. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #workers = new Map<string, InfrastructureWorker>();
  /** Infrastructures that were emptied, and the commit that was the word for it. */
  readonly #removed = new Map<string, Revision>();
  readonly #ancestry = new Map<string, Promise<boolean>>();
  #removals: Desired['removals'] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Tells each infrastructure what is wanted of it; those that are wanted no more are let go. */
  async assign(desired: Desired): Promise<void> {
    this.#ancestry.clear();
    this.#removals = desired.removals;
    if (desired.inForce === undefined) return;
    const wanted = wantedOf(desired, this.#options.only).filter((one) => !this.#isRemoved(one));
    for (const one of wanted) this.#want(one);
    const gone = [...this.#workers.keys()].filter((name) => !wanted.some(({ infrastructure }) => infrastructure.name === name));
    for (const name of gone) await this.#letGo(name, 'no longer declared: what runs there is left as it is');
  }

  /** Connects anew and looks at everything on those named, or on all. Resolves when that is done; throws when there is no such infrastructure. */
  async lookNow(only: readonly string[] | undefined): Promise<void> {
    const unknown = (only ?? []).filter((name) => !this.#workers.has(name));
    if (unknown.length > 0) {
      const known = [...this.#workers.keys()].join(', ');
      throw new Failure('terminal', `Cannot look at ${unknown.join(', ')}: infrastructures looked after here are ${known}`);
    }
    const workers = [...this.#workers].filter(([name]) => only?.includes(name) ?? true);
    await Promise.all(workers.map(([, worker]) => worker.lookNow()));
  }

  /** Secrets may be other ones now. */
  lookAtSecrets(): void {
    for (const worker of this.#workers.values()) worker.lookAtSecret();
  }

  get statuses(): readonly InfrastructureStatus[] {
    return [...this.#workers.values()].map(({ status }) => status);
  }

  statusOf(infrastructure: string): InfrastructureStatus | undefined {
    return this.#workers.get(infrastructure)?.status;
  }

  rollout(infrastructure: string, task: Task): Rollout | undefined {
    return this.#workers.get(infrastructure)?.rollout(task);
  }

  /** Tells on the task's workload what went wrong with it elsewhere. */
  tellFailed(task: Task, error: Failure): void {
    this.#workers.get(task.infrastructure)?.tellFailed(task, error);
  }

  /** Nothing on the clusters is touched. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
  }

  #isRemoved({ infrastructure: { name }, removal }: Wanted): boolean {
    if (removal !== undefined) return this.#removed.get(name) === removal;
    this.#removed.delete(name);
    return false;
  }

  /** What was emptied is asked for no more. */
  async #forget(name: string, reason: string): Promise<void> {
    const removal = this.#removals.find(({ infrastructure }) => infrastructure.name === name);
    if (removal === undefined || !this.#workers.has(name)) return;
    this.#removed.set(name, removal.revision);
    await this.#letGo(name, reason);
  }

  async #letGo(name: string, reason: string): Promise<void> {
    const worker = this.#workers.get(name);
    this.#workers.delete(name);
    await worker?.stop();
    this.#options.log.info({ infrastructure: name, reason }, 'infrastructure');
  }

  #want(wanted: Wanted): void {
    const { name } = wanted.infrastructure;
    const worker = this.#workers.get(name);
    if (worker !== undefined) worker.want(wanted);
    else this.#workers.set(name, this.#hire(name, wanted));
  }

  #hire(name: string, wanted: Wanted): InfrastructureWorker {
    const { secrets, connect, clock, log, turn, synced, settled } = this.#options;
    return new InfrastructureWorker(wanted, {
      name,
      secrets,
      connect,
      isAncestor: (a, b) => this.#isAncestor(a, b),
      clock,
      log,
      turn,
      synced: (outcome, durationMs) => synced(name, outcome, durationMs),
      runsAsWantedOn: (infrastructure, task) => this.#workers.get(infrastructure)?.runsAsWanted(task) ?? false,
      moved: () => {
        for (const worker of this.#workers.values()) worker.lookIfOrdered();
      },
      settled,
      removed: (reason) => void this.#forget(name, reason),
    });
  }

  /** Asked once of each pair while a revision is in force, as all infrastructures ask the same: git is a process each time. */
  #isAncestor(ancestor: Revision, revision: Revision): Promise<boolean> {
    const key = `${ancestor} ${revision}`;
    const known = this.#ancestry.get(key);
    if (known !== undefined) return known;
    const asked = this.#options.repository.isAncestor(ancestor, revision);
    this.#ancestry.set(key, asked);
    asked.catch(() => this.#ancestry.delete(key));
    return asked;
  }
}
