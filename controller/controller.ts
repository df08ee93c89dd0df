import type { Environment, Source, Task } from '../synth/environment.ts';
import { sourcesFor } from '../synth/resolve-sources.ts';
import type { TaskDecision } from './adaptation/decide.ts';
import { DecisionWriter } from './adaptation/writer.ts';
import { agreementViews } from './agreement-views.ts';
import type { Change, Written } from './changes/change.ts';
import { ChangeWriter } from './changes/writer.ts';
import { type Desired, DesiredState, whyInvalid } from './desired.ts';
import { Failure } from './errors.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { functionStatus } from './function-status.ts';
import { Notices, type NoticesOptions } from './notices.ts';
import type { MetricSource, Repository, Revision } from './ports.ts';
import { Promises } from './promises.ts';
import { Queue } from './queue.ts';
import type { Status, TaskStatus, View } from './status.ts';
import { taskStatus } from './task-status.ts';
import { tipOf } from './tip.ts';

/** A cluster that doesn't answer keeps nobody waiting longer for a summary. */
const LONGEST_LOOK_MS = 60_000;

export interface ControllerOptions extends Omit<FleetOptions, 'repository' | 'settled'> {
  readonly environment: string;
  readonly repository: Repository;
  readonly openSource: (source: Source) => MetricSource;
  /** Where violations that others reported are counted. */
  readonly reports?: MetricSource;
  readonly intervalMs: number;
  readonly evaluateEveryMs: number;
  readonly decided: (task: string) => void;
  readonly refused: () => void;
  readonly notifierOf: NoticesOptions['notifierOf'];
  readonly notified: NoticesOptions['notified'];
}

/**
 * The running half. Two loops that only look: one follows the branch and tells each infrastructure what is wanted, the other judges
 * the agreements and writes decisions to the branch. What it remembers can be lost: git, the clusters and the sources have it.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #state: DesiredState;
  readonly #fleet: Fleet;
  readonly #branch: Queue;
  readonly #promises: Promises;
  readonly #notices: Notices;
  readonly #changes: ChangeWriter;
  readonly #decisions: DecisionWriter;
  readonly #stopped = new AbortController();
  readonly #stopWatching: readonly (() => void)[];
  #desired: Desired | undefined;
  #repositoryReason: string | undefined = 'The repository has not been read yet';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { repository, environment, secrets, clock, log, evaluateEveryMs, openSource } = options;
    this.#state = new DesiredState(repository, environment);
    this.#branch = new Queue({ work: (signal) => this.#follow(signal), failed: ({ reason }) => this.#unreadable(reason), clock });
    this.#notices = new Notices(options);
    this.#fleet = new Fleet({ ...options, settled: () => this.#promises.judgeAll() });
    this.#promises = new Promises({
      desired: () => this.#desired,
      sourcesOf: (infrastructure, source) => {
        const environment = this.#desired?.inForce?.environment;
        return environment === undefined ? [] : sourcesFor(environment, infrastructure, source).map(openSource);
      },
      reports: options.reports,
      rolloutOn: (infrastructure, task) => this.#fleet.rollout(infrastructure, task),
      waitsFor: (task) => this.#decisions.waitsFor(task),
      write: (desired, decisions) => this.#writeAny(desired, decisions),
      observed: ({ inForce, history }, judgements, all) => {
        if (inForce !== undefined) this.#notices.observe(inForce.environment, history, judgements, all);
      },
      evaluateEveryMs,
      clock,
      log,
    });
    const refused = (task: string, error: Failure) => this.#tellRefused(task, error);
    this.#decisions = new DecisionWriter({ ...options, refused, readFile: this.#state.readFile });
    this.#changes = new ChangeWriter({
      environment,
      repository,
      inTurn: (work) => this.#inTurn(work),
      tip: async () => {
        const desired = this.#desired ?? (await this.#adopt(await repository.head()));
        return { revision: desired.tip, requests: desired.requests };
      },
      moved: async (revision) => void (await this.#adopt(revision ?? (await repository.head()))),
      log,
    });
    this.#stopWatching = [repository.watch(() => this.#branch.look()), secrets.watch(() => this.#fleet.lookAtSecrets())];
    this.#branch.look();
  }

  /** Metrics of these names were pushed: what they are evidence of is judged at once. */
  pushed(names: readonly string[]): void {
    this.#promises.pushed(names);
  }

  /** Commits what somebody asks for. Rejects with a Refusal, or with a Failure when it can't be written. */
  write(change: Change): Promise<Written> {
    return this.#changes.write(change);
  }

  /** Undefined before a revision is in force. */
  view(): View | undefined {
    const { inForce, history } = this.#desired ?? {};
    if (inForce === undefined || history === undefined) return undefined;
    return {
      ...inForce,
      touched: history.touched,
      taskStatus: (task) => this.#taskStatus(inForce.environment, task),
      agreements: () =>
        agreementViews(inForce.environment, history, this.#options.clock.now(), (task) => this.#promises.agreementsOf(task)),
      infrastructureStatus: (name) => this.#fleet.statusOf(name),
    };
  }

  /** The branch may have moved: it is looked at soon. */
  look(): void {
    this.#branch.look();
  }

  /**
   * Looks at the branch, then at the infrastructures named (all when undefined), with every back-off forgotten. Resolves when that is done, or
   * takes long; rejects when the branch can't be read, or there is no such infrastructure.
   */
  async lookNow(only: readonly string[] | undefined): Promise<void> {
    await this.#inTime(this.#branch.lookNow());
    if (this.#repositoryReason !== undefined) throw new Failure('transient', this.#repositoryReason);
    await this.#inTime(this.#fleet.lookNow(only));
  }

  /** Why nobody should rely on it yet, or undefined. */
  notReady(): string | undefined {
    if (this.#desired === undefined) return this.#repositoryReason;
    if (this.#desired.inForce === undefined) return `No revision of '${this.#options.environment}' is valid yet`;
    return this.#undeclared(this.#desired.inForce.environment);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stopWatching) stop();
    this.#stopped.abort();
    await this.#changes.stop();
    await Promise.all([this.#branch.stop(), this.#promises.stop(), this.#notices.stop(), this.#fleet.stop()]);
    await this.#turn;
  }

  status(): Status {
    const environment = this.#desired?.inForce?.environment;
    const reason = this.#repositoryReason ?? this.#promises.reason ?? (environment && this.#undeclared(environment));
    return {
      environment: this.#options.environment,
      revision: this.#desired?.inForce?.revision ?? null,
      tip: this.#desired?.tip ?? null,
      ...(reason === undefined ? {} : { reason }),
      conditions: this.#decisions.conditions,
      issues: this.#desired?.issues ?? [],
      infrastructures: this.#fleet.statuses,
      tasks: environment === undefined ? [] : [...environment.tasks.values()].map((task) => this.#taskStatus(environment, task)),
      functions: [...(environment?.functions.values() ?? [])].map(functionStatus),
    };
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const late = this.#options.clock.sleep(LONGEST_LOOK_MS, done.signal).catch(() => undefined);
    await Promise.race([work.finally(() => done.abort()), late]);
  }

  #undeclared({ name, infrastructures }: Environment): string | undefined {
    const unknown = this.#options.only.filter((only) => !infrastructures.has(only));
    if (unknown.length === 0) return undefined;
    const declared = [...infrastructures.keys()].join(', ');
    return `Environment '${name}' declares no infrastructure ${unknown.join(', ')}: declared are ${declared}`;
  }

  /** What reads and writes the branch takes turns: nothing is decided on a tip while another one is being read. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #follow(signal: AbortSignal): Promise<number> {
    await this.#inTurn(() => this.#options.repository.head(signal).then((tip) => this.#adopt(tip, signal)));
    return this.#options.intervalMs;
  }

  #unreadable(reason: string): void {
    if (reason !== this.#repositoryReason) this.#options.log.warn({ reason }, 'repository');
    this.#repositoryReason = reason;
  }

  /** Makes `tip` what is wanted. */
  async #adopt(tip: Revision, signal?: AbortSignal): Promise<Desired> {
    const desired = await this.#state.at(tip, signal);
    this.#repositoryReason = undefined;
    const read = tipOf(desired);
    const waitsElse = read !== undefined && (await this.#decisions.look(read));
    if (desired === this.#desired) {
      if (waitsElse) this.#promises.judgeAll();
      return desired;
    }
    const { inForce, issues } = desired;
    this.#desired = desired;
    const fields = { environment: this.#options.environment, revision: inForce?.revision ?? null, tip };
    if (inForce?.revision === tip) this.#options.log.info({ ...fields, warnings: issues.length }, 'revision');
    else this.#options.log.error({ ...fields, reason: whyInvalid(issues) }, 'invalid revision');
    const undeclared = inForce && this.#undeclared(inForce.environment);
    if (undeclared !== undefined) this.#options.log.error({ reason: undeclared }, 'infrastructure');
    await this.#fleet.assign(desired);
    this.#promises.judgeAll();
    return desired;
  }

  /** Doesn't wait for its turn, which may be a slow fetch's, where there is nothing to write. */
  async #writeAny(desired: Desired, decisions: readonly TaskDecision[]): Promise<number | undefined> {
    this.#decisions.forget(decisions);
    if (decisions.every(({ decision }) => decision.kind === 'hold')) return undefined;
    return this.#inTurn(() => this.#write(desired, decisions));
  }

  /** Not aborted half-way: a commit that is under way ends. Resolves with the time after which all is to be judged again. */
  async #write(desired: Desired, decisions: readonly TaskDecision[]): Promise<number | undefined> {
    const tip = tipOf(desired);
    if (this.#desired !== desired || tip === undefined) return 0;
    const { repository, clock } = this.#options;
    const outcome = await this.#decisions.write(tip, decisions);
    if (outcome.kind === 'nothing') return undefined;
    if (outcome.kind === 'later') return outcome.afterMs;
    // Others write as well: who lost lets them pass.
    if (outcome.afterMs > 0) await clock.sleep(outcome.afterMs, this.#stopped.signal).catch(() => undefined);
    await this.#adopt(outcome.revision ?? (await repository.head()));
    return 0;
  }

  #tellRefused(id: string, error: Failure): void {
    this.#options.refused();
    const tasks = this.#desired?.inForce?.environment.tasks.values() ?? [];
    const task = [...tasks].find((one) => one.id === id);
    if (task !== undefined) this.#fleet.tellFailed(task, error);
  }

  #taskStatus(environment: Environment, task: Task): TaskStatus {
    return taskStatus(environment, task, (name) => this.#fleet.rollout(name, task), {
      agreements: this.#promises.agreementsOf(task),
      decision: this.#promises.decisionOn(task),
    });
  }
}
