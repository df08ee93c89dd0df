import { LABEL, MANAGED_BY } from '../../constructs/labels.ts';
import type { Task } from '../../synth/environment.ts';
import { type Manifest, type ObjectRef, refOf } from '../../synth/manifest.ts';
import { systemClock } from '../adapters/clock.ts';
import { sentence } from '../errors.ts';
import { connect } from '../main.ts';
import type { Cluster, Revision } from '../ports.ts';
import { healthOf, type ObjectHealth } from '../sync/health/health.ts';
import { createScalers, isScalable } from '../sync/watch/scalers.ts';
import type { Wanted } from '../wanted.ts';
import type { AtTip } from './at-tip.ts';
import { inventoryOf } from './explain.ts';

/** What one infrastructure shows of a task now. */
export interface TaskLook {
  readonly infrastructure: string;
  /** As its inventory says. */
  readonly applied?: Revision;
  /** Of the workload; absent when there is none. */
  readonly health?: ObjectHealth;
  /** When its status was last another one, as far as the server tells: since then it is as it is. */
  readonly sinceMs?: number;
  /** When it was changed by which revision (its first ten digits), of the last hour or so: as long as Events are kept. */
  readonly changes: ReadonlyMap<string, number>;
  /** Why it could not be looked at. */
  readonly failed?: string;
}

/** Never rejects for what a cluster does. */
export async function lookAtTask(task: Task, wanted: Wanted, { settings, signal }: AtTip): Promise<TaskLook> {
  const infrastructure = wanted.infrastructure.name;
  try {
    const cluster = await connect(settings, wanted.infrastructure);
    try {
      return { infrastructure, ...(await lookOn(cluster, task, wanted, signal)) };
    } finally {
      cluster.close();
    }
  } catch (error) {
    return { infrastructure, changes: new Map(), failed: sentence(error) };
  }
}

async function lookOn(cluster: Cluster, task: Task, wanted: Wanted, signal: AbortSignal): Promise<Omit<TaskLook, 'infrastructure'>> {
  const workload = wanted.manifests.find((manifest) => isWorkloadOf(task, manifest));
  const { revision } = await inventoryOf(cluster, wanted, signal);
  const applied = revision === undefined ? {} : { applied: revision };
  if (workload === undefined) return { ...applied, changes: new Map() };
  const ref = refOf(workload);
  const live = await cluster.get(ref, signal);
  const changes = await changesOf(cluster, ref, signal).catch(() => new Map());
  if (live === undefined) return { ...applied, changes };
  const scaledBy = await scalerOf(cluster, ref, wanted.revision, signal);
  const health = { ...healthOf(live), ...(scaledBy === undefined ? {} : { scaledBy }) };
  return { ...applied, health, ...(health.statusAtMs === undefined ? {} : { sinceMs: health.statusAtMs }), changes };
}

function isWorkloadOf({ name }: Task, manifest: Manifest): boolean {
  return manifest.metadata.labels?.[LABEL.task] === name && isScalable(manifest);
}

async function scalerOf(cluster: Cluster, ref: ObjectRef, revision: Revision, signal: AbortSignal): Promise<string | undefined> {
  const scalers = createScalers({ cluster, clock: systemClock, changed: () => undefined });
  try {
    await scalers.follow(revision, signal);
    return scalers.of(ref);
  } finally {
    scalers.close();
  }
}

/** Our Events on it tell the revision of each change. */
async function changesOf(
  cluster: Cluster,
  { namespace, kind, name }: ObjectRef,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const type = await cluster.resource('v1', 'Event', signal);
  if (type === undefined) return new Map();
  const { items } = await cluster.list(type, { namespace, labelSelector: `${LABEL.managedBy}=${MANAGED_BY}` }, signal);
  return new Map(
    items.flatMap(({ involvedObject, message, lastTimestamp }) => {
      const about = involvedObject as { readonly kind?: string; readonly name?: string } | undefined;
      const [, revision] = /^(?:Created|Applied) by revision ([0-9a-f]{10}) /.exec(String(message)) ?? [];
      if (about?.kind !== kind || about.name !== name || revision === undefined) return [];
      return [[revision, Date.parse(String(lastTimestamp))] as const];
    }),
  );
}
