import { type Manifest, type ObjectRef, printRef } from '../../synth/manifest.ts';
import { ApiError, Failure } from '../errors.ts';
import type { Cluster, LiveObject } from '../ports.ts';
import { withoutField } from './fields.ts';
import type { Entry } from './inventory.ts';
import type { ApplyStep } from './plan.ts';

/** A field that others hold, so that it was left out of what we sent. */
export interface FieldConflict {
  readonly ref: ObjectRef;
  /** `.spec.replicas` */
  readonly field: string;
  readonly managers: readonly string[];
}

export interface Applied {
  readonly object: LiveObject;
  readonly kept: Entry['kept'];
}

/**
 * Server-side apply without force. What an `Update` manager took from us since our last apply is forced back; what another
 * `Apply` manager holds, or anybody held before us, is left to them: the object is sent again without it.
 */
export async function applyObject(cluster: Cluster, { desired, entry }: ApplyStep, signal?: AbortSignal): Promise<Applied> {
  const { manifest, ref } = desired;
  try {
    return { object: await cluster.apply(manifest, {}, signal), kept: undefined };
  } catch (error) {
    const conflicts = conflictsOf(error);
    if (conflicts.size === 0) throw error;
    const kept = await othersFields(cluster, ref, conflicts, entry, signal);
    const force = Object.keys(kept).length < conflicts.size;
    const object = await cluster.apply(without(manifest, ref, kept), { force }, signal);
    return { object, kept: Object.keys(kept).length === 0 ? undefined : kept };
  }
}

/** Field → managers. */
type Conflicts = ReadonlyMap<string, readonly string[]>;

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

async function othersFields(
  cluster: Cluster,
  ref: ObjectRef,
  conflicts: Conflicts,
  entry: Entry | undefined,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const live = await cluster.get(ref, signal);
  const managed = live?.metadata.managedFields ?? [];
  const appliers = new Set(managed.filter(({ operation }) => operation === 'Apply').map(({ manager }) => manager));
  const wasOurs = (field: string) => entry?.hash !== undefined && entry.uid === live?.metadata.uid && entry.kept?.[field] === undefined;
  const isTheirs = ([field, managers]: [string, readonly string[]]) => !wasOurs(field) || managers.some((manager) => appliers.has(manager));
  return Object.fromEntries([...conflicts].filter(isTheirs));
}

function without(manifest: Manifest, ref: ObjectRef, kept: Readonly<Record<string, readonly string[]>>): Manifest {
  let rest = manifest;
  for (const [field, managers] of Object.entries(kept)) {
    const pruned = withoutField(rest, field);
    if (pruned === undefined) {
      throw new Failure('terminal', `Cannot apply ${printRef(ref)} as ${managers.join(', ')} holds ${field}, which cannot be left out`);
    }
    rest = pruned;
  }
  return rest;
}
