import { groupOf, type Manifest, type ObjectRef, printRef } from '../../../synth/manifest.ts';
import { ApiError, Failure } from '../../errors.ts';
import type { Cluster, LiveObject } from '../../ports.ts';
import { isReportOnly } from '../drift.ts';
import { valueAt, withoutField } from '../fields/fields.ts';
import { holdingOf, holds } from '../fields/holding.ts';
import { hashOf } from '../hash.ts';
import type { Kept, KeptField } from '../inventory/inventory.ts';
import type { ApplyStep } from '../plan.ts';
import { MANAGER } from '../watch/live.ts';
import { takenFromKubectl } from './kubectl.ts';
import { REPLICAS } from './replicas.ts';

/** A field that others hold, so that it was left out of what we sent. */
export interface FieldConflict {
  readonly ref: ObjectRef;
  /** `.spec.replicas` */
  readonly field: string;
  readonly managers: readonly string[];
  /** What we want it to be, as JSON; values of Secrets are masked, long ones cut. */
  readonly ours: string;
  /** What it was when we last sent the object. */
  readonly theirs: string;
}

export interface Applied {
  readonly object: LiveObject;
  readonly kept: Kept | undefined;
  /** What the server warned of, in its words. */
  readonly warnings: readonly string[];
}

/**
 * Server-side apply without force. What an `Update` manager took from us since our last apply is forced back; what another
 * `Apply` manager holds, or anybody held before us, is left to them: the object is sent again without it. Fields of managers
 * in `takeOver` are forced in any case. Drift that is only reported stays, unless it is this field that the document changed. What `kubectl apply` kept becomes ours when we first apply it. Where all was ours, drift is
 * put back by one request, as long as the object is the one that was looked at.
 */
export async function applyObject(
  cluster: Cluster,
  step: ApplyStep,
  takeOver: readonly string[],
  signal?: AbortSignal,
  attempts = 5,
): Promise<Applied> {
  const { desired, entry } = step;
  const { manifest, ref } = desired;
  const warnings = new Set<string>();
  const send = (part: Manifest, force: boolean) => cluster.apply(part, { force, warned: (text) => warnings.add(text) }, signal);
  if (step.oursAt !== undefined) {
    const back = await unlessMoved(send({ ...manifest, metadata: { ...manifest.metadata, resourceVersion: step.oursAt } }, true));
    if (back !== undefined) return { object: back, kept: undefined, warnings: [...warnings] };
  }
  const { object, conflicts } = await unlessConflicts(send(manifest, false));
  const live = object ?? (await cluster.get(ref, signal));
  const taken = live && entry?.hash === undefined ? takenFromKubectl(await withOwners(cluster, live, manifest, signal)) : undefined;
  if (taken !== undefined) {
    await replaceUnlessMoved(cluster, taken, attempts > 1, signal);
    return await applyObject(cluster, step, takeOver, signal, attempts - 1);
  }
  if (object !== undefined) return { object, kept: undefined, warnings: [...warnings] };
  const kept = othersFields(live, conflicts, step, takeOver);
  const force = Object.keys(kept).length < conflicts.size;
  const forced = await send(without(manifest, ref, kept), force);
  if (desired.scaledBy !== undefined) delete kept[REPLICAS];
  return { object: forced, kept: Object.keys(kept).length === 0 ? undefined : kept, warnings: [...warnings] };
}

const LONGEST_VALUE = 120;

/** The value at `field`, for people. */
export function printValue(object: Manifest | undefined, field: string): string {
  if (object?.kind === 'Secret' && groupOf(object.apiVersion) === '') return '***';
  const text = JSON.stringify(valueAt(object, field)) ?? 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** Field → managers. */
type Conflicts = ReadonlyMap<string, readonly string[]>;

/** Of an object that nobody was recorded to own, the server tells the owners only as it is applied to. */
async function withOwners(cluster: Cluster, live: LiveObject, manifest: Manifest, signal?: AbortSignal): Promise<LiveObject> {
  if ((live.metadata.managedFields ?? []).length > 0) return live;
  const { metadata } = await cluster.apply(manifest, { force: true, dryRun: true }, signal);
  return { ...live, metadata: { ...live.metadata, managedFields: metadata.managedFields ?? [] } };
}

/** An object whose status was written since it was read is to be read again. */
async function replaceUnlessMoved(cluster: Cluster, object: LiveObject, mayMove: boolean, signal?: AbortSignal): Promise<void> {
  try {
    await cluster.replace(object, signal);
  } catch (error) {
    if (!mayMove || !(error instanceof ApiError) || error.status !== 409) throw error;
  }
}

async function unlessMoved(sent: Promise<LiveObject>): Promise<LiveObject | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    return undefined;
  }
}

async function unlessConflicts(sent: Promise<LiveObject>): Promise<{ readonly object?: LiveObject; readonly conflicts: Conflicts }> {
  try {
    return { object: await sent, conflicts: new Map() };
  } catch (error) {
    const conflicts = conflictsOf(error);
    if (conflicts.size === 0) throw error;
    return { conflicts };
  }
}

function conflictsOf(error: unknown): Conflicts {
  const conflicts = new Map<string, string[]>();
  if (!(error instanceof ApiError) || error.status !== 409) return conflicts;
  for (const { reason, field, message = '' } of error.causes) {
    const manager = /"([^"]*)"/.exec(message)?.[1];
    if (reason !== 'FieldManagerConflict' || field === undefined || manager === undefined) continue;
    conflicts.set(field, [...(conflicts.get(field) ?? []), manager]);
  }
  return conflicts;
}

function othersFields(
  live: LiveObject | undefined,
  conflicts: Conflicts,
  { entry, desired: { manifest }, reported }: ApplyStep,
  takeOver: readonly string[],
): Record<string, KeptField> {
  const managed = live?.metadata.managedFields ?? [];
  const appliers = new Set(managed.filter(({ operation }) => operation === 'Apply').map(({ manager }) => manager));
  const told = (field: string) => entry?.kept?.[field]?.reported ?? (reported && hashOf(valueAt(reported, field)));
  const isDrift = (field: string) => isReportOnly(manifest.metadata) && told(field) === hashOf(valueAt(manifest, field));
  const wasOurs = (field: string) => {
    const kept = entry?.kept?.[field];
    return entry?.hash !== undefined && entry.uid === live?.metadata.uid && (kept === undefined || kept.reported !== undefined);
  };
  const isTheirs = (field: string, managers: readonly string[]) =>
    !managers.every((manager) => takeOver.includes(manager)) &&
    (!wasOurs(field) || isDrift(field) || managers.some((manager) => appliers.has(manager)));
  const theirs = [...conflicts].filter(([field, managers]) => isTheirs(field, managers));
  const holding = holdingOf(managed, MANAGER);
  return Object.fromEntries(
    theirs.map(([field, managers]) => {
      const isExact = managers.every((manager) => holds(holding, manager, field));
      const drift = wasOurs(field) && isDrift(field) ? { reported: hashOf(valueAt(manifest, field)) } : {};
      return [field, { managers, value: printValue(live, field), ...(isExact ? {} : { loose: true }), ...drift }];
    }),
  );
}

function without(manifest: Manifest, ref: ObjectRef, kept: Kept): Manifest {
  let rest = manifest;
  for (const [field, { managers }] of Object.entries(kept)) {
    const pruned = withoutField(rest, field);
    if (pruned === undefined) {
      throw new Failure('terminal', `Cannot apply ${printRef(ref)} as ${managers.join(', ')} holds ${field}, which cannot be left out`);
    }
    rest = pruned;
  }
  return rest;
}
