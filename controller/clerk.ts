import type { Task } from '../synth/environment.ts';
import { Branch, type BranchOptions } from './branch.ts';
import type { Change, Written } from './changes/change.ts';
import type { Desired } from './desired.ts';
import { Failure } from './errors.ts';
import { functionStatus } from './function-status.ts';
import { type Agreement, agreementsOf } from './sla/agreement.ts';
import { groupBy } from './sla/group-by.ts';
import { idleAgreements, lifeOf } from './sla/life.ts';
import type { AgreementStatus, InfrastructureStatus, Status, TaskStatus, View } from './status.ts';
import type { Chronicle } from './story/chronicle.ts';
import { taskStatus } from './task-status.ts';
import { viewOf } from './view.ts';

const UNSEEN = 'Not looked at here, where documents are read and written only: ask the watch';
const ROLLOUT = { health: undefined, settledAtMs: undefined, reason: UNSEEN };

/** Reads and writes the documents of one environment, and looks at nothing else: how clusters and promises do is unknown, and said to be. */
export class Clerk {
  readonly #options: Omit<BranchOptions, 'looked' | 'moved'>;
  readonly #branch: Branch;

  constructor(options: Omit<BranchOptions, 'looked' | 'moved'>) {
    this.#options = options;
    const nothing = async () => undefined;
    this.#branch = new Branch({ ...options, looked: nothing, moved: nothing });
    this.#branch.look();
  }

  /** Commits what somebody asks for. Rejects with a Refusal, or with a Failure when it can't be written. */
  write(change: Change): Promise<Written> {
    return this.#branch.write(change);
  }

  /** Undefined before a revision is in force. */
  view(): (View & Chronicle) | undefined {
    const { desired } = this.#branch;
    const { inForce, history } = desired ?? {};
    if (inForce === undefined || history === undefined) return undefined;
    const nowMs = this.#options.clock.now();
    const statusOf = unseenTasks(inForce, history, nowMs);
    return viewOf(desired, {
      repository: this.#options.repository,
      nowMs,
      taskStatus: statusOf,
      agreementsOf: (task) => statusOf(task).agreements,
      infrastructureStatus: unseen,
      judgedOf: ({ id }) => ({
        proposals: [],
        idle: idleAgreements(inForce.environment, history, nowMs).filter(({ agreement }) => agreement.task.id === id),
      }),
      decisionOn: () => undefined,
      rolloutOn: () => ROLLOUT,
    });
  }

  status(): Status {
    const { tip = null, issues = [] } = this.#branch.desired ?? {};
    const { reason } = this.#branch;
    const view = this.view();
    const { infrastructures, tasks, functions } = view?.environment ?? {};
    return {
      environment: this.#options.environment,
      revision: view?.revision ?? null,
      tip,
      ...(reason === undefined ? {} : { reason }),
      conditions: [],
      issues,
      infrastructures: [...(infrastructures?.keys() ?? [])].map(unseen),
      tasks: [...(tasks?.values() ?? [])].flatMap((task) => view?.taskStatus(task) ?? []),
      functions: [...(functions?.values() ?? [])].map(functionStatus),
    };
  }

  /** Why nobody should rely on it yet, or undefined. */
  notReady(): string | undefined {
    return this.#branch.notReady;
  }

  /** The branch may have moved: it is looked at soon. */
  look(): void {
    this.#branch.look();
  }

  /** Looks at the branch; no infrastructure is looked at. Rejects with a Failure when the branch can't be read, or one is named. */
  async lookNow(infrastructures: readonly string[] | undefined): Promise<void> {
    if (infrastructures !== undefined) throw new Failure('terminal', `Cannot look at ${infrastructures.join(', ')}: ${UNSEEN}`);
    await this.#branch.lookNow();
  }

  stop(): Promise<void> {
    return this.#branch.stop();
  }
}

type InForce = NonNullable<Desired['inForce']>;

/** What can be said of tasks by their documents alone. Their agreements are looked through once, and only when one is asked for. */
function unseenTasks({ environment }: InForce, history: Desired['history'], nowMs: number): (task: Task) => TaskStatus {
  let all: ReadonlyMap<string, readonly Agreement[]> | undefined;
  return (task) => {
    all ??= groupBy(agreementsOf(environment), (agreement) => agreement.task.id);
    const agreements = (all.get(task.id) ?? []).flatMap((agreement) => unjudged(agreement, history, nowMs));
    return taskStatus(environment, task, () => ROLLOUT, { agreements });
  };
}

function unjudged(agreement: Agreement, history: Desired['history'], nowMs: number): readonly AgreementStatus[] {
  const { state, reason = UNSEEN } = lifeOf(agreement, history, nowMs);
  const shown = state === 'started' ? 'unknown' : state;
  return agreement.guarantees.map(({ name }) => ({ id: agreement.id, guarantee: name, state: shown, reason }));
}

function unseen(name: string): InfrastructureStatus {
  return { name, state: 'unknown', revision: null, reason: UNSEEN };
}
