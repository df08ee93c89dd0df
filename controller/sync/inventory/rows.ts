import { identity, type ObjectRef } from '../../../synth/manifest.ts';

/** What we know of an object of ours. Without a uid it is pending: about to be applied, or applied just before a crash. */
export interface Entry extends More {
  readonly ref: ObjectRef;
  readonly uid?: string;
  /** Of the manifest applied last. */
  readonly hash?: string;
  /** Of the fields that the server says we own since then. Another one may be that of an apply of ours that was never recorded. */
  readonly fields?: string;
}

/** What few entries have. */
interface More {
  readonly kept?: Kept;
  /** A word lets its deletion go: it need not be said again while the object is there. */
  readonly letGo?: true;
}

/** Fields left to others, by their paths. */
export type Kept = Readonly<Record<string, KeptField>>;

export interface KeptField {
  /** Who holds it. */
  readonly managers: readonly string[];
  /** When we last sent the object, as it is shown. */
  readonly value: string;
  /** The server named a field that is not to be found among theirs: it counts as theirs as long as they own any. */
  readonly loose?: true;
  /** It drifted, and that is only reported: hash of what we wanted it to be. Something else is a change of the document, and put there. */
  readonly reported?: string;
}

/** By identity. */
export type Entries = ReadonlyMap<string, Entry>;

/** Compact: a row is [apiVersion, kind, namespace, name, uid, hash, fields, more?], '' for what is not known. */
type Row = [string, string, string, string, string, string, string, More?];

/** Sorted by identity, one row a line. */
export function printRows(entries: Iterable<readonly [string, Entry]>): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `[${sorted.map(([, entry]) => JSON.stringify(rowOf(entry))).join(',\n')}]`;
}

/** Throws on text that no {@link printRows} wrote. */
export function readRows(text: string): Entries {
  return new Map((JSON.parse(text) as Row[]).map(entryOf).map((entry) => [identity(entry.ref), entry]));
}

export function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  const moved = (['uid', 'hash', 'fields'] as const).some((field) => (a[field] ?? '') !== (b[field] ?? ''));
  return !moved && JSON.stringify(rowOf(a)) === JSON.stringify(rowOf(b));
}

function rowOf({ ref, uid = '', hash = '', fields = '', ...more }: Entry): Row {
  return [
    ref.apiVersion,
    ref.kind,
    ref.namespace ?? '',
    ref.name,
    uid,
    hash,
    fields,
    ...(Object.keys(more).length === 0 ? ([] as const) : ([more] as const)),
  ];
}

function entryOf([apiVersion, kind, namespace, name, uid, hash, fields, more]: Row): Entry {
  return {
    ref: { apiVersion, kind, ...(namespace === '' ? {} : { namespace }), name },
    ...(uid === '' ? {} : { uid }),
    ...(hash === '' ? {} : { hash }),
    ...(fields === '' ? {} : { fields }),
    ...more,
  };
}
