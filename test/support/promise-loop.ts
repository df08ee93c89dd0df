import { DecisionWriter } from '../../controller/adaptation/writer.ts';
import { type Desired, DesiredState } from '../../controller/desired.ts';
import type { Clock, Keep, Log, MetricSource, Repository } from '../../controller/ports.ts';
import { Promises } from '../../controller/promises.ts';
import { Queue } from '../../controller/queue.ts';
import { tipOf } from '../../controller/tip.ts';
import type { Task } from '../../synth/environment.ts';

export interface LoopOptions {
  readonly repository: Repository;
  readonly sourcesOf: (infrastructure: string) => readonly MetricSource[];
  /** Outlives controllers. */
  readonly keep?: Keep;
  readonly cluster: FakeRollouts;
  readonly evaluateEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PromiseLoop {
  readonly promises: Promises;
  desired(): Desired | undefined;
  stop(): Promise<void>;
}

/** The part of a controller that keeps promises, on a cluster that is not there: follows the branch, judges, decides, commits. */
export function startPromiseLoop({ repository, sourcesOf, keep, cluster, evaluateEveryMs, clock, log }: LoopOptions): PromiseLoop {
  const state = new DesiredState(repository, 'city');
  let desired: Desired | undefined;
  const stopped = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const writer = new DecisionWriter({
    repository,
    environment: 'city',
    readFile: state.readFile,
    decided: () => undefined,
    refused: () => undefined,
    clock,
    log,
  });
  const adopt = async () => {
    const next = await state.at(await repository.head());
    const tip = tipOf(next);
    const waitsElse = tip !== undefined && (await writer.look(tip));
    if (next === desired) {
      if (waitsElse) promises.judgeAll();
      return;
    }
    desired = next;
    cluster.want([...(next.inForce?.environment.tasks.values() ?? [])]);
    promises.judgeAll();
  };
  const promises = new Promises({
    desired: () => desired,
    sourcesOf,
    keep,
    rolloutOn: (_, task) => cluster.rollout(task),
    waitsFor: (task) => writer.waitsFor(task),
    write: (on, decisions) =>
      inTurn(async () => {
        writer.forget(decisions);
        if (decisions.every(({ decision }) => decision.kind === 'hold')) {
          await writer.tidy();
          return undefined;
        }
        const tip = tipOf(on);
        if (on !== desired || tip === undefined) return 0;
        const outcome = await writer.write(tip, decisions);
        if (outcome.kind === 'nothing') return undefined;
        if (outcome.kind === 'later') return outcome.afterMs;
        if (outcome.afterMs > 0) await clock.sleep(outcome.afterMs, stopped.signal).catch(() => undefined);
        await adopt();
        return 0;
      }),
    observed: () => undefined,
    evaluateEveryMs,
    clock,
    log,
  });
  const branch = new Queue({ work: () => inTurn(adopt).then(() => 60_000), failed: () => undefined, clock });
  const unwatch = repository.watch(() => branch.look());
  branch.look();
  return {
    promises,
    desired: () => desired,
    stop: async () => {
      unwatch();
      stopped.abort();
      await Promise.all([branch.stop(), promises.stop()]);
    },
  };
}

/** Workloads that take a while to have the replicas that are wanted. Outlives controllers. */
export class FakeRollouts {
  readonly #replicas = new Map<string, { replicas: number; sinceMs: number }>();
  readonly #clock: Clock;
  readonly #takesMs: number;

  constructor(clock: Clock, takesMs: number) {
    this.#clock = clock;
    this.#takesMs = takesMs;
  }

  want(tasks: readonly Task[]): void {
    for (const { name, spec } of tasks) {
      if (this.#replicas.get(name)?.replicas !== spec.replicas) {
        this.#replicas.set(name, { replicas: spec.replicas, sinceMs: this.#clock.now() });
      }
    }
  }

  rollout({ name }: Task) {
    const settledAtMs = (this.#replicas.get(name)?.sinceMs ?? this.#clock.now()) + this.#takesMs;
    if (settledAtMs <= this.#clock.now()) return { health: undefined, settledAtMs, reason: undefined };
    return { health: undefined, settledAtMs: undefined, reason: 'not ready' };
  }
}
