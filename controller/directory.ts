import { LABEL } from '../constructs/labels.ts';
import type { Infrastructure, Task } from '../synth/environment.ts';
import { sentence } from './errors.ts';
import type { Clock, Cluster, Log } from './ports.ts';
import { backoff } from './queue.ts';
import type { WorkerAddress } from './status.ts';
import { workerAddresses } from './worker-addresses.ts';

export interface DirectoryOptions {
  readonly infrastructure: string;
  /** As it is connected now. */
  readonly cluster: () => Cluster | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The workers of a task are others now. */
  readonly published: () => void;
}

/** Nothing tells when a load balancer has given the last address. */
const LONGEST_PAUSE_MS = 8_000;

/** What is seen of a task's workload. */
export interface WorkersSeen {
  /** Undefined while it is not there, or not looked at since the cluster was connected. */
  readonly ready?: number;
  /** When its status was last another one: so it is after each change of one of its pods. */
  readonly statusAtMs?: number;
  readonly runsAsWanted: boolean;
}

/**
 * Where the workers of the COMPSs tasks of one infrastructure are. The cluster is asked when a task runs as wanted, and a set is published when it
 * is whole. It stays while the task scales, and is withdrawn when one of it is no longer ready.
 */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #known = new Map<string, readonly WorkerAddress[]>();
  readonly #looking = new Map<string, AbortController>();
  /** By task: what was seen when it was looked at. */
  readonly #lookedAt = new Map<string, string>();
  readonly #reasons = new Map<string, string>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** Those that are to leave are left out as soon as they are. */
  workersOf({ name, spec }: Task): readonly WorkerAddress[] | undefined {
    return this.#known.get(name)?.slice(0, spec.replicas);
  }

  /** Why the workers that run are not published, while they are not. */
  reasonOf(task: string): string | undefined {
    return this.#reasons.get(task);
  }

  /** To be told at each change of the task's workload, or of what is wanted of either. */
  see(infrastructure: Infrastructure, task: Task, { ready, statusAtMs, runsAsWanted }: WorkersSeen): void {
    const known = this.workersOf(task);
    if (known !== undefined) this.#known.set(task.name, known);
    if (ready !== undefined && ready < (known?.length ?? 0)) this.#withdraw(task);
    if (!runsAsWanted) return;
    const seen = JSON.stringify([statusAtMs, task.spec.replicas, infrastructure.expose, infrastructure.address]);
    if (this.#lookedAt.get(task.name) === seen) return;
    this.#lookedAt.set(task.name, seen);
    this.look(infrastructure, task);
  }

  /** Asks the cluster that there is by then until the set is whole; another look at the same task takes its place. */
  look(infrastructure: Infrastructure, task: Task): void {
    this.#looking.get(task.name)?.abort();
    if (task.spec.containers.every(({ ports }) => ports.length === 0)) {
      this.#known.delete(task.name);
      this.#reasons.set(task.name, 'they have no port: name one in its document');
      return;
    }
    const looking = new AbortController();
    this.#looking.set(task.name, looking);
    void this.#publish(infrastructure, task, looking.signal).finally(() => {
      if (this.#looking.get(task.name) === looking) this.#looking.delete(task.name);
    });
  }

  /** Forgets all tasks but these. */
  keep(tasks: ReadonlySet<string>): void {
    for (const name of [...this.#lookedAt.keys(), ...this.#looking.keys()]) {
      if (tasks.has(name)) continue;
      this.#known.delete(name);
      this.#lookedAt.delete(name);
      this.#reasons.delete(name);
      this.#looking.get(name)?.abort();
    }
  }

  close(): void {
    for (const looking of this.#looking.values()) looking.abort();
  }

  #withdraw({ name, id }: Task): void {
    this.#looking.get(name)?.abort();
    this.#lookedAt.delete(name);
    if (this.#known.delete(name)) this.#options.log.info({ infrastructure: this.#options.infrastructure, task: id, workers: 0 }, 'workers');
  }

  async #publish(infrastructure: Infrastructure, task: Task, signal: AbortSignal): Promise<void> {
    const { cluster, clock, log, published } = this.#options;
    for (let failures = 1; !signal.aborted; failures += 1) {
      const found = await addressesOf(cluster(), infrastructure, task, signal).catch(sentence);
      if (signal.aborted) return;
      if (typeof found !== 'string') {
        this.#reasons.delete(task.name);
        if (JSON.stringify(this.#known.get(task.name)) === JSON.stringify(found)) return;
        this.#known.set(task.name, found);
        log.info({ infrastructure: this.#options.infrastructure, task: task.id, workers: found.length }, 'workers');
        return published();
      }
      if (this.#reasons.get(task.name) !== found)
        log.warn({ infrastructure: this.#options.infrastructure, task: task.id, reason: found }, 'workers');
      this.#reasons.set(task.name, found);
      await clock.sleep(Math.min(LONGEST_PAUSE_MS, backoff('transient', failures, undefined)), signal).catch(() => undefined);
    }
  }
}

async function addressesOf(cluster: Cluster | undefined, infrastructure: Infrastructure, task: Task, signal: AbortSignal) {
  if (cluster === undefined) return 'their cluster is not connected';
  const select = { namespace: task.dock, labelSelector: `${LABEL.task}=${task.name}` };
  const listed = async (kind: string, plural: string) =>
    (await cluster.list({ apiVersion: 'v1', kind, plural, namespaced: true, verbs: ['list'] }, select, signal)).items;
  const [pods, services] = await Promise.all([listed('Pod', 'pods'), listed('Service', 'services')]);
  return workerAddresses(task, infrastructure, pods, services);
}
