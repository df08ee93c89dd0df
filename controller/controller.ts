import { taskUrl } from '../constructs/exposure.ts';
import type { Environment, Infrastructure, Task } from '../synth/environment.ts';
import { decide, type TaskDecision } from './adaptation/decide.ts';
import { writeDecisions } from './adaptation/write-decisions.ts';
import { type Desired, DesiredState, whyInvalid } from './desired.ts';
import type { Clock, Cluster, Log, MetricSource, Repository, Revision } from './ports.ts';
import { Queue } from './queue.ts';
import { createJudge, type Judge, type Judgement, type TaskFacts } from './sla/judge.ts';
import type { AgreementStatus, Status, TaskStatus } from './status.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import { InfrastructureWorker } from './worker.ts';

export interface ControllerOptions {
  readonly environment: string;
  readonly repository: Repository;
  readonly connect: (infrastructure: Infrastructure) => Promise<Cluster>;
  readonly sourcesOf: (infrastructure: Infrastructure) => readonly MetricSource[];
  /** Infrastructures to act on; all when empty. */
  readonly only: readonly string[];
  readonly intervalMs: number;
  readonly evaluateEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly synced: (infrastructure: string, outcome: 'done' | 'failed', durationMs: number) => void;
  readonly decided: (task: string) => void;
}

/**
 * The running half. Two loops that only look: one follows the branch and tells each infrastructure what is wanted, the other judges
 * the agreements and writes decisions to the branch. What it remembers can be lost: git, the clusters and the sources have it.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #state: DesiredState;
  readonly #workers = new Map<string, InfrastructureWorker>();
  readonly #branch: Queue;
  readonly #promises: Queue;
  readonly #judge: Judge;
  readonly #judgements = new Map<string, Judgement>();
  readonly #holds = new Map<string, string>();
  readonly #stopWatching: () => void;
  #pushed = new Set<string>();
  #nextFullMs = 0;
  #desired: Desired | undefined;
  #repositoryReason: string | undefined = 'The repository has not been read yet';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { repository, environment, clock, log, evaluateEveryMs, sourcesOf } = options;
    this.#state = new DesiredState(repository, environment);
    this.#judge = createJudge({
      sourceOf: (name) => {
        const infrastructure = this.#desired?.inForce?.environment.infrastructures.get(name);
        return infrastructure === undefined ? [] : sourcesOf(infrastructure);
      },
      clock,
      log,
      evaluateEveryMs,
    });
    this.#branch = new Queue({ work: (signal) => this.#follow(signal), failed: ({ reason }) => this.#unreadable(reason), clock });
    this.#promises = new Queue({
      work: (signal) => this.#keepPromises(signal),
      failed: ({ reason, againAfterMs }) => log.warn({ reason, againAfterMs }, 'evaluation failed'),
      clock,
    });
    this.#stopWatching = repository.watch(() => this.#branch.look());
    this.#branch.look();
  }

  /** Metrics of these names were pushed: what they are evidence of is judged at once. */
  pushed(names: readonly string[]): void {
    for (const name of names) this.#pushed.add(name);
    this.#promises.look();
  }

  /** Why nobody should rely on it yet, or undefined. */
  notReady(): string | undefined {
    if (this.#desired === undefined) return this.#repositoryReason;
    return this.#desired.inForce === undefined ? `No revision of '${this.#options.environment}' is valid yet` : undefined;
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    await Promise.all([this.#branch.stop(), this.#promises.stop(), ...[...this.#workers.values()].map((worker) => worker.stop())]);
    await this.#turn;
  }

  status(): Status {
    const environment = this.#desired?.inForce?.environment;
    return {
      environment: this.#options.environment,
      revision: this.#desired?.inForce?.revision ?? null,
      tip: this.#desired?.tip ?? null,
      ...(this.#repositoryReason === undefined ? {} : { reason: this.#repositoryReason }),
      issues: this.#desired?.issues ?? [],
      infrastructures: [...this.#workers.values()].map(({ status }) => status),
      tasks: environment === undefined ? [] : [...environment.tasks.values()].map((task) => this.#taskStatus(environment, task)),
      functions: [...(environment?.functions.values() ?? [])].map(({ id, name, dock, infrastructure }) => ({
        id,
        name,
        dock,
        infrastructure,
        state: 'waiting',
        reason: 'no serverless engine runs functions yet',
      })),
    };
  }

  /** What reads and writes the branch takes turns: nothing is decided on a tip while another one is being read. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #follow(signal: AbortSignal): Promise<number> {
    await this.#inTurn(async () => this.#adopt(await this.#options.repository.head(signal), signal));
    return this.#options.intervalMs;
  }

  #unreadable(reason: string): void {
    if (reason !== this.#repositoryReason) this.#options.log.warn({ reason }, 'repository');
    this.#repositoryReason = reason;
  }

  /** Makes `tip` what is wanted. */
  async #adopt(tip: Revision, signal?: AbortSignal): Promise<void> {
    const desired = await this.#state.at(tip, signal);
    this.#repositoryReason = undefined;
    if (desired === this.#desired) return;
    const { inForce, issues } = desired;
    this.#desired = desired;
    const fields = { environment: this.#options.environment, revision: inForce?.revision ?? null, tip };
    if (inForce?.revision === tip) this.#options.log.info({ ...fields, warnings: issues.length }, 'revision');
    else this.#options.log.error({ ...fields, reason: whyInvalid(issues) }, 'invalid revision');
    await this.#assign(desired);
    this.#judgeAll();
  }

  async #assign(desired: Desired): Promise<void> {
    if (desired.inForce === undefined) return;
    const wanted = wantedOf(desired, this.#options.only);
    for (const one of wanted) this.#want(one);
    const gone = [...this.#workers].filter(([name]) => !wanted.some(({ infrastructure }) => infrastructure.name === name));
    for (const [name, worker] of gone) {
      this.#workers.delete(name);
      await worker.stop();
      this.#options.log.info({ infrastructure: name, reason: 'no longer declared: what runs there is left as it is' }, 'infrastructure');
    }
  }

  #want(wanted: Wanted): void {
    const { name } = wanted.infrastructure;
    const worker = this.#workers.get(name);
    if (worker !== undefined) {
      worker.want(wanted);
      return;
    }
    const { connect, repository, clock, log, synced } = this.#options;
    this.#workers.set(
      name,
      new InfrastructureWorker(wanted, {
        name,
        connect,
        isAncestor: (a, b) => repository.isAncestor(a, b),
        clock,
        log,
        synced: (outcome, durationMs) => synced(name, outcome, durationMs),
        settled: () => this.#judgeAll(),
      }),
    );
  }

  /** Everything is judged again: what is wanted, or what runs, has changed. */
  #judgeAll(): void {
    this.#nextFullMs = 0;
    this.#promises.look();
  }

  /** Judges, decides, writes. After a push only what it is evidence of; everything when its time has come. */
  async #keepPromises(signal: AbortSignal): Promise<number> {
    const desired = this.#desired;
    const { evaluateEveryMs, clock } = this.#options;
    if (desired?.inForce === undefined) return evaluateEveryMs;
    const { environment } = desired.inForce;
    const pushed = this.#pushed;
    this.#pushed = new Set();
    const all = clock.now() >= this.#nextFullMs;
    if (all) this.#nextFullMs = clock.now() + evaluateEveryMs;
    const facts = this.#factsOf(environment);
    const input = { environment, history: desired.history, facts };
    const judgements = await this.#judge.judge(all ? input : { ...input, only: pushed }, signal);
    const decisions = decide(judgements, facts, desired.history, clock.now());
    this.#noteVerdicts(judgements, pushed, all);
    this.#noteHolds(decisions, all);
    const moved = await this.#inTurn(() => this.#write(desired, decisions));
    if (moved) this.#nextFullMs = 0;
    return Math.max(0, this.#nextFullMs - clock.now());
  }

  /** Not aborted half-way: a commit that is under way ends. True when the branch moved, so that all is to be judged again. */
  async #write(desired: Desired, decisions: readonly TaskDecision[]): Promise<boolean> {
    if (!decisions.some(({ decision }) => decision.kind === 'scale')) return false;
    if (this.#desired !== desired) return true;
    const { repository, environment, log, decided } = this.#options;
    const written = await writeDecisions({ repository, tip: desired.tip, environment, decisions });
    for (const { task, reason } of written.held) log.warn({ task, reason }, 'decision held');
    if (written.kind === 'nothing') return false;
    if (written.kind === 'written') {
      for (const { task, from, to, reason, id } of written.decisions) {
        log.info({ task, from, to, reason, id }, 'decision');
        decided(task);
      }
      log.info({ revision: written.revision, parent: desired.tip }, 'commit');
    }
    await this.#adopt(written.kind === 'written' ? written.revision : await repository.head());
    return true;
  }

  #factsOf(environment: Environment): ReadonlyMap<string, TaskFacts> {
    return new Map(
      [...environment.tasks.values()].map((task) => {
        const rollout = this.#workers.get(task.infrastructure)?.rollout(task);
        const reason = rollout?.reason ?? (rollout === undefined ? 'its infrastructure is not looked after here' : undefined);
        const facts: TaskFacts = {
          taskId: task.id,
          desired: task.spec.replicas,
          settledAtMs: rollout?.settledAtMs,
          ...(reason === undefined ? {} : { unsettledReason: reason }),
        };
        return [task.id, facts];
      }),
    );
  }

  /** A verdict is news when it changed, or when somebody just pushed what it is about. */
  #noteVerdicts(judgements: readonly Judgement[], pushed: ReadonlySet<string>, all: boolean): void {
    const before = new Map(this.#judgements);
    if (all) this.#judgements.clear();
    for (const judgement of judgements) {
      const { verdict, agreement, guarantee } = judgement;
      const key = `${agreement.id} ${guarantee}`;
      this.#judgements.set(key, judgement);
      const known = before.get(key)?.verdict;
      const isNews = known === undefined || JSON.stringify(shown(known)) !== JSON.stringify(shown(verdict));
      if (!isNews && !judgement.measuredBy.some((name) => pushed.has(name))) continue;
      const why = whyNothing(judgement);
      this.#options.log.info({ agreement: agreement.id, guarantee, task: agreement.task.id, ...shown(verdict), ...why }, 'verdict');
    }
  }

  #noteHolds(decisions: readonly TaskDecision[], all: boolean): void {
    const before = new Map(this.#holds);
    if (all) this.#holds.clear();
    for (const { task, decision, proposals } of decisions) {
      this.#holds.delete(task);
      const violated = proposals.some(({ judgement }) => judgement.verdict.state === 'violated');
      if (decision.kind !== 'hold' || !violated) continue;
      this.#holds.set(task, decision.reason);
      if (before.get(task) !== decision.reason) this.#options.log.info({ task, reason: decision.reason }, 'hold');
    }
  }

  #taskStatus(environment: Environment, task: Task): TaskStatus {
    const rollout = this.#workers.get(task.infrastructure)?.rollout(task);
    const infrastructure = environment.infrastructures.get(task.infrastructure);
    const url = infrastructure === undefined ? undefined : taskUrl(task, infrastructure);
    const reason = rollout?.reason;
    return {
      id: task.id,
      name: task.name,
      dock: task.dock,
      infrastructure: task.infrastructure,
      replicas: { desired: task.spec.replicas, ready: rollout?.health?.ready ?? 0 },
      health: rollout?.health?.state ?? 'unknown',
      ...(reason === undefined ? {} : { reason }),
      ...(url === undefined ? {} : { url }),
      agreements: [...this.#judgements.values()]
        .filter(({ agreement }) => agreement.task.id === task.id)
        .map((judgement) => agreementStatus(judgement, this.#holds.get(task.id))),
    };
  }
}

/** Said of a counter that shows misses which were acted on, or were there before the agreement. */
function whyNothing({ kind, verdict, totals }: Judgement): { readonly reason?: string } {
  const counted = Object.entries(totals)
    .filter(([, total]) => total !== 0)
    .map(([series, total]) => `${series} ${total}`);
  if (kind !== 'counter' || verdict.state !== 'met' || verdict.value !== 0 || counted.length === 0) return {};
  return { reason: `nothing new: ${counted.join(', ')} is already consumed` };
}

function shown(verdict: Judgement['verdict']): Readonly<Record<string, unknown>> {
  if (verdict.state === 'unknown') return verdict;
  const { state, value, limit, source } = verdict;
  return { state, value, limit, source };
}

function agreementStatus(judgement: Judgement, hold: string | undefined): AgreementStatus {
  const { agreement, guarantee, verdict } = judgement;
  const id = agreement.id;
  if (verdict.state === 'unknown') return { id, guarantee, state: 'unknown', reason: verdict.reason };
  const { state, value, limit, evidenceAtMs } = verdict;
  const reason = state === 'violated' ? hold : undefined;
  return {
    id,
    guarantee,
    state,
    value,
    limit,
    evidenceAt: new Date(evidenceAtMs).toISOString(),
    ...(reason === undefined ? {} : { reason }),
  };
}
