import { identity, type Manifest, type ObjectRef, printRef, refOf } from '../../../synth/manifest.ts';
import { ApiError, Failure } from '../../errors.ts';
import type { Clock, Cluster, LiveObject, Revision } from '../../ports.ts';
import { inParallel } from '../parallel.ts';
import { createReflector, type Reflector } from '../watch/reflector.ts';
import { explain } from '../write/refusal.ts';
import { INVENTORY_LABEL, SYSTEM_NAMESPACE, setIdOf } from './applyset.ts';
import { type Inventory, NOTHING, readInventory, refuseOthers, writeInventory } from './inventory.ts';
import { isStale } from './parts.ts';

/** The inventory on the cluster: watched, so that reading a warm one asks nothing. */
export interface Ledger {
  read(signal?: AbortSignal): Promise<Inventory>;
  /** Rejects with a transient Failure when somebody else wrote since the last `read`. */
  write(inventory: Inventory & { revision: Revision }, signal?: AbortSignal): Promise<void>;
  /** Forgets everything: nothing of ours is left there. */
  remove(signal?: AbortSignal): Promise<void>;
  close(): void;
}

interface Kept {
  readonly resourceVersion: string;
  readonly object: LiveObject;
}

const WIDTH = 4;

export function createLedger(options: { cluster: Cluster; clock: Clock; parent: ObjectRef; changed: () => void }): Ledger {
  const { cluster, clock, parent, changed } = options;
  const partRef = (name: string): ObjectRef => ({ ...parent, name });
  let reflector: Reflector<Kept> | undefined;
  let stored = NOTHING;
  let writing = false;

  /** The event of a write of ours may come before its answer. */
  const tell = () => {
    if (!writing && look(parent)?.metadata.resourceVersion !== stored.resourceVersion) changed();
  };

  const open = async (signal: AbortSignal | undefined): Promise<Reflector<Kept>> => {
    const type = await cluster.resource('v1', 'ConfigMap', signal);
    if (type === undefined) throw new Failure('terminal', 'Cannot keep an inventory as the cluster serves no ConfigMaps');
    return createReflector({
      cluster,
      clock,
      type,
      select: { namespace: SYSTEM_NAMESPACE, labelSelector: `${INVENTORY_LABEL}=${setIdOf(parent)}` },
      project: (object) => ({ object, resourceVersion: object.metadata.resourceVersion }),
      changed: (before, after) => {
        if (before === undefined && after === undefined) changed();
        else tell();
      },
    });
  };
  const look = (ref: ObjectRef) => reflector?.items.get(identity(ref))?.object;

  /** What fails here is done after the next write. */
  const removeStale = async (signal: AbortSignal | undefined) => {
    const stale = [...(reflector?.items.values() ?? [])].filter(
      ({ object }) => isThere(object) && isStale(object.metadata.name, parent, stored),
    );
    await inParallel(stale, WIDTH, async ({ object }) => void (await cluster.remove(refOf(object), object.metadata, signal))).catch(
      () => undefined,
    );
  };

  const write = async (inventory: Inventory & { revision: Revision }, signal: AbortSignal | undefined) => {
    // A part that somebody deleted meanwhile is made again.
    const parts = new Map([...stored.parts].filter(([name]) => isThere(look(partRef(name)))));
    const { manifest, newParts, ...written } = writeInventory(parent, inventory, { ...stored, parts });
    await inParallel(newParts, WIDTH, async (part) => {
      const made = await createPart(cluster, part, parent, signal);
      if (made !== undefined) reflector?.put(made);
    });
    const object = await store(cluster, manifest, parent, signal);
    reflector?.put(object);
    stored = { inventory, parts: written.parts, resourceVersion: object.metadata.resourceVersion };
    await removeStale(signal);
  };

  return {
    async read(signal) {
      reflector ??= await open(signal);
      await reflector.ready(signal).catch((error) => {
        throw error instanceof ApiError ? explain('read', parent, error) : error;
      });
      const found = look(parent);
      if (found?.metadata.resourceVersion !== stored.resourceVersion) {
        stored = found === undefined ? NOTHING : readInventory(found, (name) => look(partRef(name)));
      }
      return stored.inventory;
    },
    async write(inventory, signal) {
      writing = true;
      try {
        await write(inventory, signal);
      } finally {
        writing = false;
        tell();
      }
    },
    async remove(signal) {
      const there = look(parent);
      if (there !== undefined) await cluster.remove(parent, there.metadata, signal);
      stored = NOTHING;
      await removeStale(signal);
    },
    close: () => reflector?.close(),
  };
}

function isThere(object: LiveObject | undefined): boolean {
  return object !== undefined && object.metadata.deletionTimestamp === undefined;
}

/** Undefined when it is there already, as an attempt that was cut off left it. */
async function createPart(cluster: Cluster, part: Manifest, parent: ObjectRef, signal?: AbortSignal): Promise<LiveObject | undefined> {
  try {
    return await createInSystem(cluster, part, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return undefined;
    throw error instanceof ApiError ? unwritten(parent, error) : error;
  }
}

async function store(cluster: Cluster, manifest: Manifest, parent: ObjectRef, signal?: AbortSignal): Promise<LiveObject> {
  try {
    if (manifest.metadata.resourceVersion !== undefined) return await cluster.replace(manifest, signal);
    return await createInSystem(cluster, manifest, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw unwritten(parent, error);
    const there = await cluster.get(parent, signal);
    if (there !== undefined) refuseOthers(there);
    throw new Failure('transient', `Cannot write the inventory ${printRef(parent)} as somebody else just did`, { cause: error });
  }
}

/** No document is to blame for an inventory that is called invalid: what does so stands in between, and may go. */
function unwritten(parent: ObjectRef, error: unknown): Failure {
  const refusal = explain('write', parent, error);
  return error instanceof ApiError && error.status === 422 ? new Failure('transient', refusal.message) : refusal;
}

async function createInSystem(cluster: Cluster, manifest: Manifest, signal?: AbortSignal): Promise<LiveObject> {
  try {
    return await cluster.create(manifest, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM_NAMESPACE } }, {}, signal);
  return await cluster.create(manifest, signal);
}
