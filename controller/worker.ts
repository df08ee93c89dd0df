import type { Reach } from '../constructs/exposure.ts';
import type { Task } from '../synth/environment.ts';
import { identity, printRef } from '../synth/manifest.ts';
import { Directory } from './directory.ts';
import type { Failure, Outcome } from './errors.ts';
import { Link, type LinkOptions } from './link.ts';
import type { Revision } from './ports.ts';
import { backoff, Queue } from './queue.ts';
import { RolloutOrder } from './rollout-order.ts';
import type { InfrastructureState, InfrastructureStatus, WorkerAddress } from './status.ts';
import { type EndingObject, type ObjectHealth, printEnding, type SyncEngine, type SyncReport } from './sync/engine.ts';
import { createEventSender, type EventSender } from './sync/events/event-sender.ts';
import { eventsOf } from './sync/events/events.ts';
import { hashOf } from './sync/hash.ts';
import { failureOf, SyncFailure, whyNotWhole } from './sync-failure.ts';
import { hasNewServices, reachOf, workloadIdentity } from './task-objects.ts';
import { isSameWork, targetOf, type Wanted } from './wanted.ts';

/** Whether a task's workload runs as the documents say. */
export interface Rollout {
  readonly health: ObjectHealth | undefined;
  /** When these replicas were first seen to run as wanted; undefined before. A pod that is unready for a while changes nothing of it. */
  readonly settledAtMs: number | undefined;
  /** Why it doesn't run as wanted now. */
  readonly reason: string | undefined;
  /** It is left as it is. */
  readonly suspended?: true;
  /** Of a COMPSs task: all of its workers, as they were when it last ran as wanted. */
  readonly workers?: readonly WorkerAddress[];
  /** How it is reached from outside, when it is the cluster that says so. */
  readonly reach?: Reach;
  /** Why they are not published as they are now. */
  readonly unpublished?: string;
}

export interface WorkerOptions extends Omit<LinkOptions, 'changed' | 'closed'> {
  readonly name: string;
  /** Resolves when it is this one's turn to work: many that have something to do at once let others in between. */
  readonly turn: () => Promise<void>;
  readonly synced: (outcome: 'done' | 'failed', durationMs: number) => void;
  /** Its document is gone, and so is everything of ours there, but for what is kept: what is to be said of it. */
  readonly removed: (reason: string) => void;
  /** Whether a task runs on another infrastructure as the documents say. */
  readonly runsAsWantedOn: (infrastructure: string, task: string) => boolean;
  /** Something changed in which tasks with `rollout: ordered` run as wanted here. */
  readonly moved: () => void;
  /** A task has settled, or is ready again: what waited for it can be judged. */
  readonly settled: () => void;
}

/** A cluster that doesn't answer is asked for its version, about this often. */
const LONGEST_PAUSE_MS = 2_000;
/** How often a secret is read again that was refused. */
const SECRET_LOOK_MS = 4_000;

type Told = Parameters<typeof eventsOf>[0];

/**
 * One infrastructure, one queue, one circuit breaker: keeps one cluster as the newest wanted revision says. A connection that failed is
 * given up; nothing is asked of the next one before it has proved that it works. A cluster that doesn't answer delays no other.
 */
export class InfrastructureWorker {
  readonly #options: WorkerOptions;
  readonly #queue: Queue;
  readonly #order: RolloutOrder;
  readonly #link: Link;
  readonly #settledAtMs = new Map<string, { readonly replicas: number; readonly atMs: number }>();
  /** Tasks whose workload this process has seen: when one of them gets ready, that is now. */
  readonly #seen = new Set<string>();
  readonly #events: EventSender;
  readonly #directory: Directory;
  #uidOf: Told['uidOf'] = () => undefined;
  #wanted: Wanted;
  #applied: Revision | null = null;
  #appliedAtMs: number | undefined;
  #health: ReadonlyMap<string, ObjectHealth> = new Map();
  #unready: ReadonlySet<string> = new Set();
  #held: ReadonlySet<string> = new Set();
  #state: InfrastructureState = 'progressing';
  #reason: string | undefined = 'not looked at yet';

  constructor(wanted: Wanted, options: WorkerOptions) {
    this.#wanted = wanted;
    this.#options = options;
    this.#events = createEventSender({ infrastructure: options.name, log: options.log });
    this.#directory = new Directory({
      infrastructure: options.name,
      cluster: () => this.#link.cluster,
      clock: options.clock,
      log: options.log,
      published: options.settled,
    });
    this.#order = new RolloutOrder(options.runsAsWantedOn);
    this.#link = new Link({
      ...options,
      changed: () => {
        this.#refreshHealth();
        this.#queue.look();
      },
      closed: () => this.#order.forget(),
    });
    this.#queue = new Queue({
      work: (signal) => this.#sync(signal),
      failed: ({ outcome, reason, againAfterMs, error }) => this.#failed(outcome, reason, againAfterMs, error),
      pauseMs: (outcome, failures, error) => this.#pauseMs(outcome, failures, error),
      clock: options.clock,
    });
    this.#queue.look();
  }

  /** A newer revision: work on the old one is given up, unless it is the same work. */
  want(wanted: Wanted): void {
    const interrupt = !isSameWork(this.#wanted, wanted);
    this.#wanted = wanted;
    this.#link.forgive();
    this.#refreshHealth();
    this.#queue.look({ interrupt });
  }

  /** Connects anew and looks at everything, as after a start. Resolves when that is done, well or not. */
  lookNow(): Promise<void> {
    this.#link.forgive({ afresh: true });
    return this.#queue.lookNow();
  }

  /** Its secret may be another one now. */
  lookAtSecret(): void {
    this.#link.secretMoved();
    this.#queue.look();
  }

  /** Looks again when something here waits for other infrastructures. */
  lookIfOrdered(): void {
    if ([...this.#wanted.ordered.values()].some(({ before }) => before.length > 0)) this.#queue.look();
  }

  /** Whether all that is wanted of a task is applied here, and ready. Only told of tasks with `rollout: ordered`. */
  runsAsWanted(task: string): boolean {
    return this.#link.engine !== undefined && this.#order.runsAsWanted(this.#wanted, this.#health, task);
  }

  get status(): InfrastructureStatus {
    const { name, clock } = this.#options;
    const ending = this.#link.engine?.ending() ?? [];
    const reasons = [this.#reason ?? [], ending.map((one) => printEnding(one, clock.now()))].flat();
    const state = this.#state === 'ready' && ending.length > 0 ? 'progressing' : this.#state;
    const applied = this.#appliedAtMs === undefined ? {} : { appliedAt: new Date(this.#appliedAtMs).toISOString() };
    return { name, state, revision: this.#applied, ...applied, ...(reasons.length === 0 ? {} : { reason: reasons.join('\n') }) };
  }

  rollout(task: Task): Rollout {
    const workers = this.#directory.workersOf(task);
    const unpublished = this.#directory.reasonOf(task.name);
    const published = { ...(workers === undefined ? {} : { workers }), ...(unpublished === undefined ? {} : { unpublished }) };
    const reach = reachOf(task, this.#health);
    return { ...this.#rollout(task), ...published, ...(reach === undefined ? {} : { reach }) };
  }

  #rollout(task: Task): Rollout {
    const health = this.#health.get(workloadIdentity(task));
    const settled = this.#settledAtMs.get(task.name);
    const settledAtMs = settled?.replicas === task.spec.replicas ? settled.atMs : undefined;
    const suspended = this.#suspended(task);
    if (suspended !== undefined) return { health, settledAtMs, reason: suspended, suspended: true };
    const putOff = this.#order.putOff(task.name);
    if (putOff !== undefined) return { health, settledAtMs, reason: putOff };
    // What was seen before the cluster went away is no news of it.
    if (health === undefined || this.#link.engine === undefined) return { health, settledAtMs, reason: this.#reason ?? 'not applied yet' };
    return { health, settledAtMs, reason: unsettledReason(task, health) ?? (settledAtMs === undefined ? 'not looked at yet' : undefined) };
  }

  /** Tells on the task's workload, by a Kubernetes Event, what went wrong with it elsewhere. */
  tellFailed(task: Task, error: Failure): void {
    const ref = this.#health.get(workloadIdentity(task))?.ref;
    if (ref !== undefined) this.#tellEvents(this.#wanted, { applied: [], conflicts: [], failed: [{ ref, error }], uidOf: this.#uidOf });
  }

  #suspended({ spec }: Task): string | undefined {
    if (this.#wanted.infrastructure.suspend) return 'its infrastructure is suspended';
    return spec.suspend ? 'it is suspended' : undefined;
  }

  /** Ends the queue and the watches. Nothing on the cluster is touched. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    this.#directory.close();
    this.#link.close();
  }

  async #sync(signal: AbortSignal): Promise<number | undefined> {
    await this.#options.turn();
    signal.throwIfAborted();
    const wanted = this.#wanted;
    const engine = await this.#link.open(wanted.infrastructure, signal);
    if (wanted.infrastructure.suspend) return this.#lookOn(wanted, engine, signal);
    const waits = this.#order.waits(wanted);
    const report = await engine.sync({ ...targetOf(wanted), waits }, signal);
    if (this.#applied !== wanted.revision) this.#appliedAtMs = this.#options.clock.now();
    this.#applied = wanted.revision;
    this.#tellEvents(wanted, report);
    this.#order.note(wanted, waits, report);
    this.#refreshHealth();
    for (const task of wanted.tasks)
      if (this.#isSettled(task) && hasNewServices(task, report)) this.#directory.look(wanted.infrastructure, task);
    this.#options.synced(report.failed.length === 0 ? 'done' : 'failed', report.durationMs);
    if (report.failed.length > 0) throw failureOf(wanted, report);
    if (wanted.removal !== undefined) return this.#tellRemoval(report);
    const { held } = report.plan;
    this.#say(held === undefined ? this.#settledState() : 'held', held ?? whyNotWhole(report));
    return undefined;
  }

  #tellRemoval({ plan, owned }: SyncReport): undefined {
    const kept = plan.changes.filter(({ op }) => op === 'keep').map(({ ref, reason }) => `kept ${printRef(ref)}: ${reason}`);
    if (owned > kept.length) this.#say('removing', plan.held ?? `${owned - kept.length} objects are still to go`);
    else this.#options.removed(['its document is gone, and what was ours there', ...kept].join('\n'));
  }

  #failed(outcome: Outcome, reason: string, againAfterMs: number, error: unknown): void {
    const state =
      this.#wanted.removal !== undefined
        ? 'removing'
        : error instanceof SyncFailure
          ? 'degraded'
          : outcome === 'waiting'
            ? 'waiting'
            : outcome === 'transient'
              ? 'unreachable'
              : 'failed';
    const isKeptFrom = this.#wanted.removal !== undefined && !(error instanceof SyncFailure);
    this.#say(state, isKeptFrom ? `${reason}\n${toGiveUp(this.#options.name)}` : reason, { againAfterMs });
    if (!(error instanceof SyncFailure)) this.#link.drop(outcome === 'terminal' ? error : undefined);
  }

  /** Spread by name and attempt, so that many don't come back as one. */
  #pauseMs(outcome: Outcome, failures: number, error: unknown): number {
    // What refuses an object may lie outside git: a webhook, a quota, another's object.
    if (outcome === 'terminal') return error instanceof SyncFailure ? backoff('transient', failures, error) : SECRET_LOOK_MS;
    if (outcome !== 'transient') return backoff(outcome, failures, error);
    const spread = Number.parseInt(hashOf([this.#options.name, failures]).slice(0, 4), 16) / 0x20000;
    return Math.min(LONGEST_PAUSE_MS, backoff(outcome, failures, error)) * (1 - spread);
  }

  #tellEvents({ environment, infrastructure, syncId, revision, subject }: Wanted, report: Told): void {
    this.#uidOf = report.uidOf;
    const cluster = this.#link.cluster;
    if (cluster === undefined) return;
    const nowMs = this.#options.clock.now();
    this.#events.send(cluster, eventsOf(report, { environment, infrastructure: infrastructure.name, syncId, revision, subject, nowMs }));
  }

  /** Suspended: what happens there is seen, and nothing is done about it. */
  async #lookOn(wanted: Wanted, engine: SyncEngine, signal: AbortSignal): Promise<undefined> {
    const { changes } = await engine.look(targetOf(wanted), signal);
    const waiting = changes.length === 0 ? '' : `; ${changes.length === 1 ? '1 change waits' : `${changes.length} changes wait`}`;
    this.#say('suspended', `suspended ${wanted.suspendedBy ?? ''}${waiting}`);
    this.#refreshHealth();
  }

  /** What the watches have seen, and since when each task runs as wanted. */
  #refreshHealth(): void {
    const engine = this.#link.engine;
    if (engine === undefined || (this.#applied === null && this.#state !== 'suspended')) return;
    this.#tellEnding(engine.ending());
    const health = engine.health(targetOf(this.#wanted));
    this.#health = new Map(health.map((entry) => [identity(entry.ref), entry]));
    const unready = this.#unready;
    const names = new Set(this.#wanted.tasks.map(({ name }) => name));
    for (const name of this.#settledAtMs.keys()) if (!names.has(name)) this.#settledAtMs.delete(name);
    this.#unready = new Set(this.#wanted.tasks.filter((task) => this.#rollout(task).reason !== undefined).map(({ name }) => name));
    const newly = this.#wanted.tasks.filter((task) => this.#settle(task) || (unready.has(task.name) && !this.#unready.has(task.name)));
    if (this.#state === 'progressing' || this.#state === 'ready') this.#say(this.#settledState(), this.#reason);
    this.#seeWorkers();
    if (newly.length > 0) this.#options.settled();
    if (this.#order.hasMoved(this.#wanted, this.#health)) this.#options.moved();
  }

  #seeWorkers(): void {
    const { infrastructure, tasks } = this.#wanted;
    this.#directory.keep(new Set(tasks.map(({ name }) => name)));
    for (const task of tasks) {
      if (task.spec.type !== 'compss') continue;
      this.#directory.see(infrastructure, task, { ...this.#health.get(workloadIdentity(task)), runsAsWanted: this.#isSettled(task) });
    }
  }

  #isSettled(task: Task): boolean {
    const health = this.#health.get(workloadIdentity(task));
    return health !== undefined && unsettledReason(task, health) === undefined;
  }

  /** Once of each object that a finalizer holds. */
  #tellEnding(ending: readonly EndingObject[]): void {
    const held = new Set(ending.filter(({ finalizers, says }) => finalizers.length + says.length > 0).map((one) => printEnding(one)));
    for (const reason of held)
      if (!this.#held.has(reason)) this.#options.log.info({ infrastructure: this.#options.name, reason }, 'ending');
    this.#held = held;
  }

  /** Notes when the task's replicas first ran as wanted; true when that is news. */
  #settle(task: Task): boolean {
    const { replicas } = task.spec;
    if (this.#settledAtMs.get(task.name)?.replicas === replicas) return false;
    this.#settledAtMs.delete(task.name);
    const nowMs = this.#options.clock.now();
    // What was ready when this process came has been so since its status last changed.
    const statusAtMs = this.#health.get(workloadIdentity(task))?.statusAtMs ?? nowMs;
    const readyMs = this.#seen.has(task.name) ? nowMs : Math.min(statusAtMs, nowMs);
    this.#seen.add(task.name);
    if (!this.#isSettled(task)) return false;
    this.#settledAtMs.set(task.name, { replicas, atMs: readyMs });
    this.#options.log.info({ infrastructure: this.#options.name, task: task.id, replicas }, 'ready');
    return true;
  }

  #settledState(): InfrastructureState {
    const states = [...this.#health.values()].map(({ state }) => state);
    if (states.includes('failed')) return 'degraded';
    return states.every((state) => state === 'ready') ? 'ready' : 'progressing';
  }

  #say(state: InfrastructureState, reason: string | undefined, more: Readonly<Record<string, unknown>> = {}): void {
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#options.log[reason === undefined ? 'info' : 'warn'](
      { infrastructure: this.#options.name, state, reason, ...more },
      'infrastructure',
    );
  }
}

function toGiveUp(name: string): string {
  return `Its document is gone, and what is ours there is to go: give that up by declaring '${name}' again with onRemoval: keep, and removing it`;
}

/** Why a task doesn't run as wanted, by its workload's health. */
export function unsettledReason(task: Task, health: ObjectHealth): string | undefined {
  if (health.state !== 'ready') return `its rollout has not settled: ${health.reason}`;
  if (health.scaledBy === undefined && health.desired !== task.spec.replicas)
    return `${task.spec.replicas} replicas are not applied yet: the cluster has ${health.desired}`;
  return undefined;
}
