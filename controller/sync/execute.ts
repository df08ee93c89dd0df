import { identity, type ObjectRef } from '../../synth/manifest.ts';
import { ApiError, Failure } from '../errors.ts';
import type { Clock, Cluster, LiveObject } from '../ports.ts';
import { type Desired, notServed } from './desired.ts';
import type { Repairs } from './drift.ts';
import { endingOf } from './health/ending.ts';
import type { ContentsGuard } from './inventory/contents.ts';
import type { Entry } from './inventory/inventory.ts';
import { kindOf } from './kinds.ts';
import { inStages, stageOf } from './order.ts';
import { inParallel } from './parallel.ts';
import type { ApplyStep, DeleteStep, Steps, SyncChange } from './plan.ts';
import type { Live } from './watch/live.ts';
import type { Mirror } from './watch/mirror.ts';
import { type Applied, applyObject, type FieldConflict, printValue } from './write/apply.ts';
import { deleteAndWait, mayRecreate } from './write/recreate.ts';
import { explain, stopsAll } from './write/refusal.ts';

/** Writes at once: what the API server and etcd take together, etcd writes to its disk together. */
const WIDTH = 16;
const DEFINITION_WAIT_MS = 15_000;
const DEFINITION_LOOK_MS = 100;

/** What came of the steps so far; entries are what the inventory is to hold. */
export interface Outcome {
  readonly entries: Map<string, Entry>;
  /** By identity: what the server warned of when it took the object. */
  readonly warnings: Map<string, ObjectWarnings>;
  readonly applied: SyncChange[];
  /** What is not made anew yet, as its deletion takes time. */
  readonly later: SyncChange[];
  readonly failed: { readonly ref: ObjectRef; readonly error: Failure }[];
}

/** News of one change while it is carried out. `waiting`: nothing is sent before what it waits for is there. Neither done nor failed: the run was given up before its answer. */
export interface SyncProgress {
  readonly change: SyncChange;
  readonly state: 'started' | 'waiting' | 'done' | 'failed';
  readonly error?: Failure;
}

export interface ObjectWarnings {
  readonly ref: ObjectRef;
  /** In the server's words. */
  readonly texts: readonly string[];
}

export interface World {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly mirror: Mirror;
  readonly contents: ContentsGuard;
  readonly repairs: Repairs;
  readonly progress: (news: SyncProgress) => void;
  /** Managers whose fields are ours to take. */
  readonly takeOver: readonly string[];
}

/**
 * Stage by stage, some objects at once. A refused object is listed and the others go on; rejects when none can. Resolves with
 * what must be made anew.
 */
export async function applySteps(
  world: World,
  steps: readonly ApplyStep[],
  outcome: Outcome,
  signal?: AbortSignal,
): Promise<readonly ApplyStep[]> {
  const anew: ApplyStep[] = [];
  const served = new Map<string, Promise<boolean>>();
  for (const stage of inStages(steps, ({ change }) => change.ref)) {
    await inParallel(stage, WIDTH, async (step) => {
      signal?.throwIfAborted();
      await noting(world, 'apply', step.change, outcome, async () => {
        if (step.desired.bringer !== undefined) await refuseUnserved(world, step, served, signal);
        try {
          await applyOne(world, step, outcome, signal);
        } catch (error) {
          if (!mayRecreate(step, error)) throw error;
          anew.push(step);
          return 'later';
        }
      });
    });
  }
  return anew;
}

/**
 * Deletes and makes anew. What they are recorded as must say nothing of the objects that are deleted here. Those whose deletion takes long are
 * made when the watch has seen the last of them.
 */
export async function recreateSteps(world: World, steps: readonly ApplyStep[], outcome: Outcome, signal?: AbortSignal): Promise<void> {
  await inParallel(steps, WIDTH, async (step) => {
    const { ref } = step.change;
    await noting(world, 'apply', step.change, outcome, async () => {
      const holder = step.entry?.uid === undefined ? undefined : await deleteAndWait(world, ref, step.entry.uid, signal);
      if (holder === undefined) return applyOne(world, { ...step, entry: undefined }, outcome, signal);
      const change = { ...step.change, waitsFor: holder };
      outcome.later.push(change);
      world.progress({ change, state: 'waiting' });
      return 'later';
    });
  });
}

async function applyOne(
  { cluster, mirror, repairs, takeOver }: World,
  step: ApplyStep,
  outcome: Outcome,
  signal?: AbortSignal,
): Promise<void> {
  const applied = await applyObject(cluster, step, takeOver, signal);
  const live = mirror.put(applied.object);
  const { key, ref } = step.desired;
  if (step.repair) repairs.note(key);
  outcome.entries.set(key, entryOf(step, live, applied.kept));
  outcome.warnings.set(key, { ref, texts: applied.warnings });
}

/**
 * In reverse. Only what the plan proved to be ours; the server checks the UID once more. What still waits for a finalizer may need what it
 * stands on, as a custom resource needs its operator: that goes when the watch has seen the last of it.
 */
export async function removeSteps(
  world: World,
  { remove: steps, plan }: Pick<Steps, 'remove' | 'plan'>,
  outcome: Outcome,
  signal?: AbortSignal,
): Promise<void> {
  const endingSpaces = await endingNamespaces(world.cluster, steps, signal);
  const held = plan.ending.filter(({ finalizers }) => finalizers.length > 0).map(({ ref }) => stageOf(ref));
  for (const stage of inStages(steps, ({ change }) => change.ref).reverse()) {
    if (stage.some(({ change }) => held.some((one) => one > stageOf(change.ref)))) return;
    // What stands in a namespace that is being deleted goes with it.
    const own = stage.filter(({ change }) => !endingSpaces.has(change.ref.namespace));
    await inParallel(own, WIDTH, async ({ change, key, uid }) => {
      signal?.throwIfAborted();
      await noting(world, 'delete', change, outcome, async () => {
        await world.contents.refuseForeign(change.ref, signal);
        const left = await remove(world.cluster, change.ref, uid, signal);
        if (left === undefined) outcome.entries.delete(key);
        // The watch may have been faster than the answer.
        else if (world.mirror.get(key, change.ref) !== undefined) world.mirror.put(left);
        if ((left && endingOf(left))?.finalizers.length) held.push(stageOf(change.ref));
      });
    });
  }
}

/** What the inventory shows of conflicts: they last until the other manager lets go. */
export function conflictsOf(desired: readonly Desired[], entries: ReadonlyMap<string, Entry>): FieldConflict[] {
  return desired.flatMap(({ key, ref, manifest }) =>
    Object.entries(entries.get(key)?.kept ?? {}).map(([field, { managers, value }]) => {
      return { ref, field, managers, ours: printValue(manifest, field), theirs: value };
    }),
  );
}

async function noting(
  { progress }: World,
  action: string,
  change: SyncChange,
  outcome: Outcome,
  work: () => Promise<unknown>,
): Promise<void> {
  progress({ change, state: 'started' });
  try {
    if ((await work()) === 'later') return;
  } catch (cause) {
    if (stopsAll(cause)) throw cause;
    const error = explain(action, change.ref, cause);
    outcome.failed.push({ ref: change.ref, error });
    return progress({ change, state: 'failed', error });
  }
  outcome.applied.push(change);
  progress({ change, state: 'done' });
}

/** Objects of one kind wait together: a definition that never gets ready holds up the others once, not once each. */
async function refuseUnserved(world: World, step: ApplyStep, served: Map<string, Promise<boolean>>, signal?: AbortSignal): Promise<void> {
  const kind = kindOf(step.desired.ref);
  const waiting = served.get(kind) ?? untilServed(world, step.desired, signal);
  served.set(kind, waiting);
  world.progress({ change: step.change, state: 'waiting' });
  if (!(await waiting)) throw new Failure('waiting', notServed(step.desired), { afterMs: DEFINITION_WAIT_MS });
}

/** Whether its definition gets established in time, and the server tells of the kind. */
async function untilServed({ cluster, clock, mirror }: World, desired: Desired, signal?: AbortSignal): Promise<boolean> {
  const { apiVersion, kind } = desired.ref;
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: desired.bringer ?? '' };
  const isServed = async () =>
    mirror.get(identity(definition), definition)?.health.state === 'ready' &&
    (await cluster.resource(apiVersion, kind, signal)) !== undefined;
  for (const startedMs = clock.now(); !(await isServed()); ) {
    if (clock.now() - startedMs > DEFINITION_WAIT_MS) return false;
    await clock.sleep(DEFINITION_LOOK_MS, signal);
  }
  return true;
}

async function endingNamespaces(cluster: Cluster, steps: readonly DeleteStep[], signal?: AbortSignal): Promise<ReadonlySet<unknown>> {
  const names = [...new Set(steps.flatMap(({ change }) => change.ref.namespace ?? []))];
  const ending = new Set<string>();
  await inParallel(names, WIDTH, async (name) => {
    const namespace = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name }, signal);
    if (namespace?.metadata.deletionTimestamp !== undefined) ending.add(name);
  });
  return ending;
}

async function remove(cluster: Cluster, ref: ObjectRef, uid: string, signal?: AbortSignal): Promise<LiveObject | undefined> {
  try {
    return await cluster.remove(ref, { uid }, signal);
  } catch (error) {
    // Another object has that name by now: ours is gone, which is what was wanted.
    if (!(error instanceof ApiError) || error.status !== 409 || (await cluster.get(ref, signal))?.metadata.uid === uid) throw error;
    return undefined;
  }
}

function entryOf({ desired }: ApplyStep, { uid, fields = '' }: Live, kept: Applied['kept']): Entry {
  return { ref: desired.ref, uid, hash: desired.hash, fields, ...(kept === undefined ? {} : { kept }) };
}
