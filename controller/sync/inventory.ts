import { identity, type Manifest, type ObjectRef, printRef } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { LiveObject, Revision } from '../ports.ts';
import { isOurs, parentManifest } from './applyset.ts';

/** What we know of an object of ours. Without a uid it is pending: about to be applied, or applied just before a crash. */
export interface Entry {
  readonly ref: ObjectRef;
  readonly uid?: string;
  /** Of the manifest applied last. */
  readonly hash?: string;
  /** Of the fields that the server says we own since then. */
  readonly fields?: string;
  /** Fields left to others: path → the managers that hold it. */
  readonly kept?: Readonly<Record<string, readonly string[]>>;
}

export interface Inventory {
  /** The revision applied last; undefined before the first. */
  readonly revision: Revision | undefined;
  /** By identity. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export const EMPTY: Inventory = { revision: undefined, entries: new Map() };

/** Compact: a row is [apiVersion, kind, namespace, name, uid, hash, fields, kept?], '' for what is not known. */
type Row = [string, string, string, string, string, string, string, Entry['kept']?];

/** Rejects a parent that another tool wrote, and one that can't be read: nothing is deleted on a guess. */
export function readInventory(parent: LiveObject): Inventory {
  const name = printRef({ ...parent, namespace: parent.metadata.namespace, name: parent.metadata.name });
  if (!isOurs(parent)) throw new Failure('terminal', `Cannot use ${name} as the inventory: another tool wrote it`);
  const data = parent.data as { readonly revision?: string; readonly entries?: string } | undefined;
  try {
    const rows = JSON.parse(data?.entries ?? '[]') as Row[];
    return { revision: data?.revision, entries: new Map(rows.map(entryOf).map((entry) => [identity(entry.ref), entry])) };
  } catch (cause) {
    throw new Failure('terminal', `Cannot read the inventory in ${name}: restore it, or delete it to let go of all objects`, { cause });
  }
}

export function writeInventory(parent: ObjectRef, inventory: Inventory & { revision: Revision }, resourceVersion?: string): Manifest {
  const entries = [...inventory.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const content = { revision: inventory.revision, entries: JSON.stringify(entries.map(rowOf)), members: entries.map(({ ref }) => ref) };
  return parentManifest(parent, content, resourceVersion);
}

/** Order and revision don't count: a revision that changes nothing here is not worth a write. */
export function sameEntries(a: Inventory['entries'], b: Inventory['entries']): boolean {
  if (a.size !== b.size) return false;
  for (const [key, entry] of a) {
    const other = b.get(key);
    if (other === undefined || (other !== entry && JSON.stringify(rowOf(other)) !== JSON.stringify(rowOf(entry)))) return false;
  }
  return true;
}

function rowOf({ ref, uid = '', hash = '', fields = '', kept }: Entry): Row {
  return [ref.apiVersion, ref.kind, ref.namespace ?? '', ref.name, uid, hash, fields, ...(kept ? ([kept] as const) : ([] as const))];
}

function entryOf([apiVersion, kind, namespace, name, uid, hash, fields, kept]: Row): Entry {
  return {
    ref: { apiVersion, kind, ...(namespace === '' ? {} : { namespace }), name },
    ...(uid === '' ? {} : { uid }),
    ...(hash === '' ? {} : { hash }),
    ...(fields === '' ? {} : { fields }),
    ...(kept ? { kept } : {}),
  };
}
