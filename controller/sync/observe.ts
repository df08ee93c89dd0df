import { LABEL } from '../../constructs/labels.ts';
import { identity, type Manifest, refOf } from '../../synth/manifest.ts';
import type { Cluster, ResourceType, Revision } from '../ports.ts';
import { type Desired, desire } from './desired.ts';
import type { Repairs } from './drift.ts';
import type { Ledger } from './inventory/ledger.ts';
import { type IsAncestor, lineageOf, type PruneWord } from './inventory/lineage.ts';
import { kindOf, lookUp } from './kinds.ts';
import type { Observed } from './plan.ts';
import type { Mirror } from './watch/mirror.ts';
import { isScalable, type Scalers } from './watch/scalers.ts';
import type { Preflight } from './write/preflight.ts';
import { stopsAll } from './write/refusal.ts';
import { yieldReplicas } from './write/replicas.ts';
import { inventoryRights, type Right, rightsFor } from './write/rights.ts';

interface Looked {
  readonly revision: Revision;
  readonly infrastructure: string;
  readonly manifests: readonly Manifest[];
  readonly defaultDock: string;
  readonly pruneWords: readonly PruneWord[];
  readonly takeOver: readonly string[];
}

interface Places {
  readonly cluster: Cluster;
  readonly setId: string;
  readonly mirror: Mirror;
  readonly ledger: Ledger;
  readonly scalers: Scalers;
  readonly repairs: Repairs;
  readonly reported: ReadonlyMap<string, Manifest>;
  readonly preflight: Preflight;
  readonly isAncestor: IsAncestor;
}

/** Looks at all that planning needs. With warm watches and nothing new this asks the server nothing. Writes nothing. */
export async function observe(at: Places & { writes: boolean }, target: Looked, signal?: AbortSignal): Promise<Observed> {
  const { cluster, setId, mirror, ledger, scalers, repairs, preflight } = at;
  const wanted = await lookUp(cluster, target.manifests, [], signal);
  const from = [target.manifests, target.defaultDock, wanted.types.size, at.writes];
  await preflight.check(target.infrastructure, () => rightsToApply(target, wanted.types, at.writes), signal, from);
  const inventory = await ledger.read(signal);
  const lineage = await lineageOf(inventory, target, at.isAncestor);
  const owned = [...inventory.entries.values()].map(({ ref }) => ref).filter((ref) => !wanted.types.has(kindOf(ref)));
  const left = await lookUp(cluster, [], owned, signal);
  await preflight.check(target.infrastructure, () => rightsFor(owned, left.types, at.writes ? ['delete'] : []), signal);
  const types = new Map([...wanted.types, ...left.types]);
  const unseen = await mirror.follow([...types.values()], signal);
  const declared = desire(target, setId, types);
  if (declared.some(({ ref }) => isScalable(ref))) await scalers.follow(target.revision, signal);
  const desired = declared.map((one) =>
    isScalable(one.ref) ? yieldReplicas(one, mirror.get(one.key, one.ref), scalers.of(one.ref)) : one,
  );
  const fresh = desired.filter(({ key, ref, type }) => type !== undefined && mirror.get(key, ref) === undefined);
  const elsewhere = await ofOtherSets(cluster, fresh, setId, signal);
  return {
    setId,
    inventory,
    lineage,
    desired,
    types,
    unseen: new Map([...wanted.unknown, ...left.unknown, ...unseen]),
    elsewhere,
    reported: at.reported,
    takeOver: target.takeOver,
    live: mirror.get,
    members: mirror.members,
    heldUntilMs: repairs.heldUntilMs,
  };
}

/** `writes`: also to make the objects, and to keep the inventory. */
function rightsToApply({ manifests, defaultDock }: Looked, types: ReadonlyMap<string, ResourceType>, writes: boolean): Right[] {
  const targets = manifests.map(({ apiVersion, kind, metadata: { namespace = defaultDock } }) => ({ apiVersion, kind, namespace }));
  const verbs = writes ? ['get', 'create', 'patch', 'delete'] : ['get'];
  const scalers = manifests.some(isScalable) ? SCALER_RIGHTS : [];
  return [...inventoryRights(writes), ...rightsFor(targets, types, verbs), ...scalers];
}

const SCALER_RIGHTS = ['list', 'watch'].map((verb) => ({ verb, group: 'autoscaling', resource: 'horizontalpodautoscalers' }));

/** Who has the objects that we are about to make: one list a kind, of the members of other sets. */
async function ofOtherSets(
  cluster: Cluster,
  fresh: readonly Desired[],
  setId: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const types = new Map(fresh.flatMap(({ type }) => (type === undefined ? [] : [[kindOf(type), type] as const])));
  const labelSelector = `${LABEL.applySetMember},${LABEL.applySetMember}!=${setId}`;
  const wanted = new Set(fresh.map(({ key }) => key));
  const lists = await Promise.all([...types.values()].map((type) => listUnlessRefused(cluster, type, labelSelector, signal)));
  const owners = lists.flat().map((object) => [identity(refOf(object)), object.metadata.labels?.[LABEL.applySetMember] ?? ''] as const);
  return new Map(owners.filter(([key]) => wanted.has(key)));
}

/** A kind that can't be listed is already known to be unseen, so that none of its objects will be applied. */
async function listUnlessRefused(cluster: Cluster, type: ResourceType, labelSelector: string, signal: AbortSignal | undefined) {
  try {
    return (await cluster.list(type, { labelSelector, metadataOnly: true }, signal)).items;
  } catch (error) {
    if (stopsAll(error)) throw error;
    return [];
  }
}
