import { LABEL } from '../../constructs/labels.ts';
import { identity, type Manifest, refOf } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { Cluster, ResourceType, Revision } from '../ports.ts';
import { type Desired, desire } from './desired.ts';
import type { Inventory } from './inventory.ts';
import type { Ledger } from './ledger.ts';
import { kindOf, type Mirror } from './mirror.ts';
import type { Observed } from './plan.ts';
import { stopsAll } from './refusal.ts';

/** Looks at all that planning needs. With warm watches and nothing new this asks the server nothing. Writes nothing. */
export async function observe(
  at: { cluster: Cluster; setId: string; mirror: Mirror; ledger: Ledger; isAncestor(a: Revision, b: Revision): Promise<boolean> },
  target: { revision: Revision; infrastructure: string; manifests: readonly Manifest[]; defaultDock: string },
  signal?: AbortSignal,
): Promise<Observed> {
  const { cluster, setId, mirror, ledger } = at;
  const inventory = await ledger.read(signal);
  await refuseAncestor(inventory.revision, target, at.isAncestor);
  const desired = await desire(cluster, target, setId, signal);
  const unseen = await mirror.follow(await kindsOf(cluster, desired, inventory, signal), signal);
  const fresh = desired.filter(({ key, ref, type }) => type !== undefined && mirror.get(key, ref) === undefined);
  const elsewhere = await ofOtherSets(cluster, fresh, setId, signal);
  return { setId, inventory, desired, unseen, elsewhere, live: mirror.get };
}

async function refuseAncestor(
  recorded: Revision | undefined,
  { revision, infrastructure }: { revision: Revision; infrastructure: string },
  isAncestor: (a: Revision, b: Revision) => Promise<boolean>,
): Promise<void> {
  if (recorded === undefined || recorded === revision || !(await isAncestor(revision, recorded))) return;
  const message = `Cannot apply ${revision} to '${infrastructure}' as ${recorded}, which came later, is already applied there`;
  throw new Failure('waiting', message, { afterMs: 5000 });
}

/** The kinds that we want or own; those of the inventory in another version of their group when theirs is no longer served. */
async function kindsOf(cluster: Cluster, desired: readonly Desired[], inventory: Inventory, signal?: AbortSignal): Promise<ResourceType[]> {
  const types = new Map<string, ResourceType>();
  for (const { type } of desired) if (type !== undefined) types.set(kindOf(type), type);
  for (const { ref } of inventory.entries.values()) {
    const kind = kindOf(ref);
    if (types.has(kind)) continue;
    const type =
      (await cluster.resource(ref.apiVersion, ref.kind, signal)) ?? (await cluster.resources(signal)).find((one) => kindOf(one) === kind);
    if (type !== undefined) types.set(kind, type);
  }
  return [...types.values()];
}

/** Who has the objects that we are about to make: one list a kind, of the members of other sets. */
async function ofOtherSets(cluster: Cluster, fresh: readonly Desired[], setId: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const types = new Map(fresh.flatMap(({ type }) => (type === undefined ? [] : [[kindOf(type), type] as const])));
  const labelSelector = `${LABEL.applySetMember},${LABEL.applySetMember}!=${setId}`;
  const wanted = new Set(fresh.map(({ key }) => key));
  const owners = new Map<string, string>();
  await Promise.all(
    [...types.values()].map(async (type) => {
      for (const object of await listUnlessRefused(cluster, type, labelSelector, signal)) {
        const key = identity(refOf(object));
        if (wanted.has(key)) owners.set(key, object.metadata.labels?.[LABEL.applySetMember] ?? '');
      }
    }),
  );
  return owners;
}

/** A kind that can't be listed is already known to be unseen, so that none of its objects will be applied. */
async function listUnlessRefused(cluster: Cluster, type: ResourceType, labelSelector: string, signal?: AbortSignal) {
  try {
    return (await cluster.list(type, { labelSelector }, signal)).items;
  } catch (error) {
    if (stopsAll(error)) throw error;
    return [];
  }
}
