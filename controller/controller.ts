import type { Environment, Source, Task } from '../synth/environment.ts';
import { sourcesFor } from '../synth/resolve-sources.ts';
import type { TaskDecision } from './adaptation/decide.ts';
import { DecisionWriter } from './adaptation/writer.ts';
import { Branch, LONGEST_LOOK_MS } from './branch.ts';
import type { Change, Written } from './changes/change.ts';
import type { Desired } from './desired.ts';
import type { Failure } from './errors.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { functionStatus } from './function-status.ts';
import { inTime } from './in-time.ts';
import { Notices, type NoticesOptions } from './notices.ts';
import type { Keep, MetricSource, Repository } from './ports.ts';
import { Promises } from './promises.ts';
import type { Status, TaskStatus, View } from './status.ts';
import type { Chronicle } from './story/chronicle.ts';
import { taskStatus } from './task-status.ts';
import { tipOf } from './tip.ts';
import { viewOf } from './view.ts';

export interface ControllerOptions extends Omit<FleetOptions, 'repository' | 'settled'> {
  readonly environment: string;
  readonly repository: Repository;
  readonly openSource: (source: Source) => MetricSource;
  /** Where violations that others reported are counted, and what a restart must not lose is kept. */
  readonly keep?: Keep;
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
  readonly #fleet: Fleet;
  readonly #branch: Branch;
  readonly #promises: Promises;
  readonly #notices: Notices;
  readonly #decisions: DecisionWriter;
  readonly #stopped = new AbortController();
  readonly #stopWatching: () => void;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { secrets, clock, log, evaluateEveryMs, openSource } = options;
    this.#branch = new Branch({ ...options, looked: (desired) => this.#look(desired), moved: (desired) => this.#move(desired) });
    this.#notices = new Notices(options);
    this.#fleet = new Fleet({ ...options, settled: () => this.#promises.judgeAll() });
    this.#promises = new Promises({
      desired: () => this.#branch.desired,
      sourcesOf: (infrastructure, source) => {
        const environment = this.#branch.desired?.inForce?.environment;
        return environment === undefined ? [] : sourcesFor(environment, infrastructure, source).map(openSource);
      },
      keep: options.keep,
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
    this.#decisions = new DecisionWriter({ ...options, refused, readFile: this.#branch.readFile });
    this.#stopWatching = secrets.watch(() => this.#fleet.lookAtSecrets());
    this.#branch.look();
  }

  /** Metrics of these names were pushed: what they are evidence of is judged at once. */
  pushed(names: readonly string[]): void {
    this.#promises.pushed(names);
  }

  /** Commits what somebody asks for. Rejects with a Refusal, or with a Failure when it can't be written. */
  write(change: Change): Promise<Written> {
    return this.#branch.write(change);
  }

  /** Undefined before a revision is in force. */
  view(): (View & Chronicle) | undefined {
    const { desired } = this.#branch;
    const environment = desired?.inForce?.environment;
    return (
      environment &&
      viewOf(desired, {
        repository: this.#options.repository,
        nowMs: this.#options.clock.now(),
        taskStatus: (task) => this.#taskStatus(environment, task),
        agreementsOf: (task) => this.#promises.agreementsOf(task),
        infrastructureStatus: (name) => this.#fleet.statusOf(name),
        judgedOf: (task) => this.#promises.judgedOf(task),
        decisionOn: (task) => this.#promises.decisionOn(task),
        rolloutOn: (infrastructure, task) => this.#fleet.rollout(infrastructure, task),
      })
    );
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
    await this.#branch.lookNow();
    await inTime(this.#fleet.lookNow(only), this.#options.clock, LONGEST_LOOK_MS);
  }

  /** Why nobody should rely on it yet, or undefined. */
  notReady(): string | undefined {
    const inForce = this.#branch.desired?.inForce;
    return this.#branch.notReady ?? (inForce && this.#undeclared(inForce.environment));
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    this.#stopped.abort();
    await this.#branch.stop();
    await Promise.all([this.#promises.stop(), this.#notices.stop(), this.#fleet.stop()]);
  }

  status(): Status {
    const { desired } = this.#branch;
    const environment = desired?.inForce?.environment;
    const reason = this.#branch.reason ?? this.#promises.reason ?? (environment && this.#undeclared(environment));
    return {
      environment: this.#options.environment,
      revision: desired?.inForce?.revision ?? null,
      tip: desired?.tip ?? null,
      ...(reason === undefined ? {} : { reason }),
      conditions: this.#decisions.conditions,
      issues: desired?.issues ?? [],
      infrastructures: this.#fleet.statuses,
      tasks: environment === undefined ? [] : [...environment.tasks.values()].map((task) => this.#taskStatus(environment, task)),
      functions: [...(environment?.functions.values() ?? [])].map(functionStatus),
    };
  }

  #undeclared({ name, infrastructures }: Environment): string | undefined {
    const unknown = this.#options.only.filter((only) => !infrastructures.has(only));
    if (unknown.length === 0) return undefined;
    const declared = [...infrastructures.keys()].join(', ');
    return `Environment '${name}' declares no infrastructure ${unknown.join(', ')}: declared are ${declared}`;
  }

  async #look(desired: Desired): Promise<void> {
    const read = tipOf(desired);
    const waitsElse = read !== undefined && (await this.#decisions.look(read));
    if (waitsElse && desired === this.#branch.desired) this.#promises.judgeAll();
  }

  async #move(desired: Desired): Promise<void> {
    const undeclared = desired.inForce && this.#undeclared(desired.inForce.environment);
    if (undeclared !== undefined) this.#options.log.error({ reason: undeclared }, 'infrastructure');
    await this.#fleet.assign(desired);
    this.#promises.judgeAll();
  }

  /** Doesn't wait for its turn, which may be a slow fetch's, where there is nothing to write. */
  async #writeAny(desired: Desired, decisions: readonly TaskDecision[]): Promise<number | undefined> {
    this.#decisions.forget(decisions);
    if (decisions.some(({ decision }) => decision.kind === 'scale')) return this.#branch.inTurn(() => this.#write(desired, decisions));
    if (!this.#decisions.isTidy) await this.#branch.inTurn(() => this.#decisions.tidy());
    return undefined;
  }

  /** Not aborted half-way: a commit that is under way ends. Resolves with the time after which all is to be judged again. */
  async #write(desired: Desired, decisions: readonly TaskDecision[]): Promise<number | undefined> {
    const tip = tipOf(desired);
    if (this.#branch.desired !== desired || tip === undefined) return 0;
    const outcome = await this.#decisions.write(tip, decisions);
    if (outcome.kind === 'nothing') return undefined;
    if (outcome.kind === 'later') return outcome.afterMs;
    // Others write as well: who lost lets them pass.
    if (outcome.afterMs > 0) await this.#options.clock.sleep(outcome.afterMs, this.#stopped.signal).catch(() => undefined);
    await this.#branch.adopt(outcome.revision);
    return 0;
  }

  #tellRefused(id: string, error: Failure): void {
    this.#options.refused();
    const tasks = this.#branch.desired?.inForce?.environment.tasks.values() ?? [];
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
