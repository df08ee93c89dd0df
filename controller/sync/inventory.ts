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
  /** Of the fields that the server says we own since then. Another one may be that of an apply of ours that was never recorded. */
  readonly fields?: string;
  /** Fields left to others: path → the managers that hold it. */
  readonly kept?: Readonly<Record<string, readonly string[]>>;
}

export interface Inventory {
  /** The revision applied last; undefined before the first. */
  readonly revision: Revision | undefined;
  /** By identity. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Commits with a word for deletions that were looked at: each counts once. */
  readonly words: readonly Revision[];
  /** Identities of what such a word lets go and is still there: it need not be said again. */
  readonly letGo: readonly string[];
  /** A revision applied before that this one doesn't hold: deletions wait for a word. */
  readonly divergedFrom: Revision | undefined;
}

export const EMPTY: Inventory = { revision: undefined, entries: new Map(), words: [], letGo: [], divergedFrom: undefined };

/** Compact: a row is [apiVersion, kind, namespace, name, uid, hash, fields, kept?], '' for what is not known. */
type Row = [string, string, string, string, string, string, string, Entry['kept']?];

/** Rejects a parent that another tool wrote, and one that can't be read: nothing is deleted on a guess. */
export function readInventory(parent: LiveObject): Inventory {
  const name = printRef({ ...parent, namespace: parent.metadata.namespace, name: parent.metadata.name });
  if (!isOurs(parent)) throw new Failure('terminal', `Cannot use ${name} as the inventory: another tool wrote it`);
  const data: Readonly<Record<string, string>> = Object(parent.data);
  try {
    const rows = JSON.parse(data.entries ?? '[]') as Row[];
    const entries = new Map(rows.map(entryOf).map((entry) => [identity(entry.ref), entry]));
    return {
      revision: data.revision,
      entries,
      words: data.pruneWords?.split(',') ?? [],
      letGo: JSON.parse(data.letGo ?? '[]'),
      divergedFrom: data.divergedFrom,
    };
  } catch (cause) {
    throw new Failure('terminal', `Cannot read the inventory in ${name}: restore it, or delete it to let go of all objects`, { cause });
  }
}

export function writeInventory(parent: ObjectRef, inventory: Inventory & { revision: Revision }, resourceVersion?: string): Manifest {
  const { revision, words, divergedFrom } = inventory;
  const letGo = inventory.letGo.filter((key) => inventory.entries.has(key));
  const entries = [...inventory.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const data = {
    revision,
    entries: JSON.stringify(entries.map(rowOf)),
    ...(words.length === 0 ? {} : { pruneWords: words.join(',') }),
    ...(letGo.length === 0 ? {} : { letGo: JSON.stringify(letGo) }),
    ...(divergedFrom === undefined ? {} : { divergedFrom }),
  };
  return parentManifest(parent, { data, members: entries.map(({ ref }) => ref) }, resourceVersion);
}

/** Order and revision don't count: a revision that changes nothing here is not worth a write. */
export function sameInventory(a: Inventory, b: Inventory): boolean {
  const rest = ({ words, letGo, divergedFrom }: Inventory) => JSON.stringify([words, letGo, divergedFrom]);
  if (a.entries.size !== b.entries.size || rest(a) !== rest(b)) return false;
  for (const [key, entry] of a.entries) {
    const other = b.entries.get(key);
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
