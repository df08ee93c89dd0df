import { type Manifest, type ObjectRef, printRef } from '../../synth/manifest.ts';
import { ApiError, Failure } from '../errors.ts';
import type { Clock, Cluster, LiveObject, Revision } from '../ports.ts';
import { ID_LABEL, SYSTEM_NAMESPACE, setIdOf } from './applyset.ts';
import { EMPTY, type Inventory, readInventory, writeInventory } from './inventory.ts';
import { createReflector, type Reflector } from './reflector.ts';
import { explain } from './refusal.ts';

/** The inventory on the cluster: watched, so that reading a warm one asks nothing. */
export interface Ledger {
  read(signal?: AbortSignal): Promise<Inventory>;
  /** Rejects with a transient Failure when somebody else wrote since the last `read`. */
  write(inventory: Inventory & { revision: Revision }, signal?: AbortSignal): Promise<void>;
  close(): void;
}

interface Parent {
  readonly resourceVersion: string;
  readonly object: LiveObject;
}

export function createLedger(options: { cluster: Cluster; clock: Clock; parent: ObjectRef; changed: () => void }): Ledger {
  const { cluster, clock, parent, changed } = options;
  let reflector: Reflector<Parent> | undefined;
  let read: Parent | undefined;

  const open = async (signal: AbortSignal | undefined): Promise<Reflector<Parent>> => {
    const type = await cluster.resource('v1', 'ConfigMap', signal);
    if (type === undefined) throw new Failure('terminal', 'Cannot keep an inventory as the cluster serves no ConfigMaps');
    return createReflector({
      cluster,
      clock,
      type,
      select: { namespace: SYSTEM_NAMESPACE, labelSelector: `${ID_LABEL}=${setIdOf(parent)}` },
      project: (object) => ({ object, resourceVersion: object.metadata.resourceVersion }),
      changed: (_, after) => {
        if (after?.resourceVersion !== read?.resourceVersion) changed();
      },
    });
  };

  return {
    async read(signal) {
      reflector ??= await open(signal);
      await reflector.ready(signal).catch((error) => {
        throw error instanceof ApiError ? explain('read', parent, error) : error;
      });
      [read] = reflector.items.values();
      return read === undefined ? EMPTY : readInventory(read.object);
    },
    async write(inventory, signal) {
      const manifest = writeInventory(parent, inventory, read?.resourceVersion);
      const object = await store(cluster, manifest, parent, signal);
      read = { object, resourceVersion: object.metadata.resourceVersion };
      reflector?.put(object);
    },
    close: () => reflector?.close(),
  };
}

async function store(cluster: Cluster, manifest: Manifest, parent: ObjectRef, signal?: AbortSignal): Promise<LiveObject> {
  try {
    if (manifest.metadata.resourceVersion !== undefined) return await cluster.replace(manifest, signal);
    return await createParent(cluster, manifest, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw explain('write', parent, error);
    const there = await cluster.get(parent, signal);
    if (there !== undefined) readInventory(there);
    throw new Failure('transient', `Cannot write the inventory ${printRef(parent)} as somebody else just did`, { cause: error });
  }
}

async function createParent(cluster: Cluster, manifest: Manifest, signal?: AbortSignal): Promise<LiveObject> {
  try {
    return await cluster.create(manifest, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM_NAMESPACE } }, {}, signal);
  return await cluster.create(manifest, signal);
}
