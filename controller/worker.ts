import type { Infrastructure, Task } from '../synth/environment.ts';
import { identity, printRef } from '../synth/manifest.ts';
import { Failure } from './errors.ts';
import type { Clock, Cluster, Log, Revision } from './ports.ts';
import { Queue } from './queue.ts';
import type { InfrastructureState, InfrastructureStatus } from './status.ts';
import { createSyncEngine, type ObjectHealth, printConflict, printWarnings, type SyncEngine, type SyncReport } from './sync/engine.ts';
import { inDocuments, targetOf, type Wanted } from './wanted.ts';

/** Whether a task's workload runs as the documents say. */
export interface Rollout {
  readonly health: ObjectHealth | undefined;
  /** When these replicas were first seen to run as wanted; undefined before. A pod that is unready for a while changes nothing of it. */
  readonly settledAtMs: number | undefined;
  /** Why it doesn't run as wanted now. */
  readonly reason: string | undefined;
}

export interface WorkerOptions {
  readonly name: string;
  /** A cluster for the infrastructure as it is declared now; called again after a failure, so that a renewed secret is used. */
  readonly connect: (infrastructure: Infrastructure) => Promise<Cluster>;
  readonly isAncestor: (a: Revision, b: Revision) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly synced: (outcome: 'done' | 'failed', durationMs: number) => void;
  /** A task has settled, or is ready again: what waited for it can be judged. */
  readonly settled: () => void;
}

/** One infrastructure, one queue: keeps one cluster as the newest wanted revision says. A cluster that doesn't answer delays no other. */
export class InfrastructureWorker {
  readonly #options: WorkerOptions;
  readonly #queue: Queue;
  readonly #settledAtMs = new Map<string, { readonly replicas: number; readonly atMs: number }>();
  #wanted: Wanted;
  #connection: { readonly engine: SyncEngine; readonly cluster: Cluster; readonly source: string } | undefined;
  #afresh = false;
  #applied: Revision | null = null;
  #health: ReadonlyMap<string, ObjectHealth> = new Map();
  #unready: ReadonlySet<string> = new Set();
  #state: InfrastructureState = 'progressing';
  #reason: string | undefined = 'not looked at yet';

  constructor(wanted: Wanted, options: WorkerOptions) {
    this.#wanted = wanted;
    this.#options = options;
    this.#queue = new Queue({
      work: (signal) => this.#sync(signal),
      failed: ({ outcome, reason, againAfterMs, error }) => this.#failed(outcome, reason, againAfterMs, error),
      clock: options.clock,
    });
    this.#queue.look();
  }

  /** A newer revision: work on the old one is given up, unless it is the same work. */
  want(wanted: Wanted): void {
    const interrupt = !isSameWork(this.#wanted, wanted);
    this.#wanted = wanted;
    this.#refreshHealth();
    this.#queue.look({ interrupt });
  }

  /** Connects anew and looks at everything, as after a start. Resolves when that is done, well or not. */
  lookNow(): Promise<void> {
    this.#afresh = true;
    return this.#queue.lookNow();
  }

  get status(): InfrastructureStatus {
    const { name } = this.#options;
    return { name, state: this.#state, revision: this.#applied, ...(this.#reason === undefined ? {} : { reason: this.#reason }) };
  }

  rollout(task: Task): Rollout {
    const health = this.#health.get(workloadIdentity(task));
    const settled = this.#settledAtMs.get(task.name);
    const settledAtMs = settled?.replicas === task.spec.replicas ? settled.atMs : undefined;
    // What was seen before the cluster went away is no news of it.
    if (health === undefined || this.#connection === undefined) return { health, settledAtMs, reason: this.#reason ?? 'not applied yet' };
    return { health, settledAtMs, reason: unsettledReason(task, health) ?? (settledAtMs === undefined ? 'not looked at yet' : undefined) };
  }

  /** Ends the queue and the watches. Nothing on the cluster is touched. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    this.#disconnect();
  }

  async #sync(signal: AbortSignal): Promise<number | undefined> {
    const wanted = this.#wanted;
    const { infrastructure } = wanted;
    if (infrastructure.credentials === undefined) {
      throw new Failure(
        'waiting',
        `Infrastructure '${infrastructure.name}' has no credentials yet: name a kubeconfig in spec.credentials.secret`,
        {
          afterMs: 60_000,
        },
      );
    }
    const engine = await this.#connect(infrastructure);
    const report = await engine.sync(targetOf(wanted), signal);
    this.#applied = wanted.revision;
    this.#refreshHealth();
    this.#options.synced(report.failed.length === 0 ? 'done' : 'failed', report.durationMs);
    if (report.failed.length > 0) throw failureOf(wanted, report);
    const { held } = report.plan;
    this.#say(held === undefined ? this.#settledState() : 'held', held ?? whyNotWhole(report));
    return undefined;
  }

  async #connect(infrastructure: Infrastructure): Promise<SyncEngine> {
    const source = JSON.stringify(infrastructure.credentials);
    if (this.#connection?.source === source && !this.#afresh) return this.#connection.engine;
    this.#disconnect();
    this.#afresh = false;
    const cluster = await this.#options.connect(infrastructure);
    const { clock, log, isAncestor } = this.#options;
    const engine = createSyncEngine({ cluster, clock, log, isAncestor });
    engine.onChange(() => {
      this.#refreshHealth();
      this.#queue.look();
    });
    this.#connection = { engine, cluster, source };
    return engine;
  }

  #disconnect(): void {
    this.#connection?.engine.close();
    this.#connection?.cluster.close();
    this.#connection = undefined;
  }

  #failed(outcome: string, reason: string, againAfterMs: number, error: unknown): void {
    if (!(error instanceof SyncFailure)) this.#disconnect();
    const state =
      error instanceof SyncFailure ? 'degraded' : outcome === 'waiting' ? 'waiting' : outcome === 'transient' ? 'unreachable' : 'failed';
    this.#say(state, reason, { againAfterMs });
  }

  /** What the watches have seen, and since when each task runs as wanted. */
  #refreshHealth(): void {
    const engine = this.#connection?.engine;
    if (engine === undefined || this.#applied === null) return;
    const health = engine.health(targetOf(this.#wanted));
    this.#health = new Map(health.map((entry) => [identity(entry.ref), entry]));
    const unready = this.#unready;
    this.#unready = new Set(this.#wanted.tasks.filter((task) => this.rollout(task).reason !== undefined).map(({ name }) => name));
    const newly = this.#wanted.tasks.filter((task) => this.#settle(task) || (unready.has(task.name) && !this.#unready.has(task.name)));
    if (this.#state === 'progressing' || this.#state === 'ready') this.#say(this.#settledState(), this.#reason);
    if (newly.length > 0) this.#options.settled();
  }

  /** Notes when the task's replicas first ran as wanted; true when that is news. */
  #settle(task: Task): boolean {
    const health = this.#health.get(workloadIdentity(task));
    const { replicas } = task.spec;
    if (this.#settledAtMs.get(task.name)?.replicas === replicas) return false;
    this.#settledAtMs.delete(task.name);
    if (health === undefined || unsettledReason(task, health) !== undefined) return false;
    this.#settledAtMs.set(task.name, { replicas, atMs: this.#options.clock.now() });
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

/** The cluster answered, but not everything could be applied. */
class SyncFailure extends Failure {}

/** What is not as the documents say although nothing failed: fields that others hold, warnings, objects that don't get ready. */
function whyNotWhole({ conflicts, warnings, health }: SyncReport): string | undefined {
  const reasons = [
    ...conflicts.map(printConflict),
    ...warnings.flatMap(printWarnings),
    ...health.filter(({ state }) => state === 'failed').map(({ ref, reason }) => `${printRef(ref)}: ${reason}`),
  ];
  return reasons.length === 0 ? undefined : reasons.join('\n');
}

function failureOf(wanted: Wanted, report: SyncReport): SyncFailure {
  const sentences = report.failed.map((one) => inDocuments(wanted.placeOf, one));
  const outcomes = report.failed.map(({ error }) => (error instanceof Failure ? error.outcome : 'transient'));
  const outcome = outcomes.find((each) => each !== 'terminal') ?? 'terminal';
  return new SyncFailure(outcome, sentences.join('\n'));
}

/** Manifests that nobody touched are the same objects from revision to revision. */
function isSameWork(a: Wanted, b: Wanted): boolean {
  return (
    a.manifests.length === b.manifests.length &&
    a.manifests.every((manifest, index) => manifest === b.manifests[index]) &&
    a.infrastructure.credentials?.secret === b.infrastructure.credentials?.secret &&
    a.infrastructure.defaultDock === b.infrastructure.defaultDock &&
    JSON.stringify(a.infrastructure.sync) === JSON.stringify(b.infrastructure.sync)
  );
}

function workloadIdentity({ name, dock, spec }: Task): string {
  return identity({ apiVersion: 'apps/v1', kind: spec.type === 'compss' ? 'StatefulSet' : 'Deployment', namespace: dock, name });
}

function unsettledReason(task: Task, health: ObjectHealth): string | undefined {
  if (health.state !== 'ready') return `its rollout has not settled: ${health.reason}`;
  if (health.scaledBy === undefined && health.desired !== task.spec.replicas)
    return `${task.spec.replicas} replicas are not applied yet: the cluster has ${health.desired}`;
  return undefined;
}
