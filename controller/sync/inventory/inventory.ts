import { type Manifest, type ObjectRef, printRef, refOf } from '../../../synth/manifest.ts';
import { Failure } from '../../errors.ts';
import type { LiveObject, Revision } from '../../ports.ts';
import { INVENTORY_LABEL, isOurs, parentManifest, setIdOf } from './applyset.ts';
import { dataOf, divide, type Parts, readPart } from './parts.ts';
import { type Entries, type Entry, printRows, readRows, sameEntry } from './rows.ts';

export type { Entry, Kept, KeptField } from './rows.ts';

export interface Inventory {
  /** The revision applied last; undefined before the first. */
  readonly revision: Revision | undefined;
  readonly entries: Entries;
  /** Commits with a word for deletions that were looked at: each counts once. */
  readonly words: readonly Revision[];
  /** A revision applied before that this one doesn't hold: deletions wait for a word. */
  readonly divergedFrom: Revision | undefined;
}

export const EMPTY: Inventory = { revision: undefined, entries: new Map(), words: [], divergedFrom: undefined };

/** As it is on the cluster: the parent's rows, and parts beside it for what is too much for one object. */
export interface Stored {
  readonly inventory: Inventory;
  readonly parts: Parts;
  /** The parent's; undefined while there is none. */
  readonly resourceVersion: string | undefined;
}

export const NOTHING: Stored = { inventory: EMPTY, parts: new Map(), resourceVersion: undefined };

/** With more rows than this in the parent all of them are moved to parts. */
const OWN_BYTES = 64 * 1024;
/** More of them are more bytes than that. */
const OWN_ROWS = OWN_BYTES / 16;

/** Rejects a parent that another tool wrote, and one that can't be read: nothing is deleted on a guess. */
export function readInventory(parent: LiveObject, partOf: (name: string) => LiveObject | undefined = () => undefined): Stored {
  refuseOthers(parent);
  const data = dataOf(parent);
  try {
    const parts = new Map(listOf(data.parts).map((part) => [part, readPart(part, partOf(part))]));
    const entries = rowsOf(parts);
    for (const key of JSON.parse(data.gone ?? '[]') as string[]) entries.delete(key);
    for (const [key, entry] of readRows(data.entries ?? '[]')) entries.set(key, entry);
    const inventory = { revision: data.revision, entries, words: listOf(data.pruneWords), divergedFrom: data.divergedFrom };
    return { inventory, parts, resourceVersion: parent.metadata.resourceVersion };
  } catch (cause) {
    throw new Failure(
      'terminal',
      `Cannot read the inventory in ${printRef(refOf(parent))}: restore it, or delete it to let go of all objects`,
      { cause },
    );
  }
}

/** Rejects a parent that another tool wrote, and one that the watch can't see. */
export function refuseOthers(parent: LiveObject): void {
  const about = `Cannot use ${printRef(refOf(parent))} as the inventory`;
  if (!isOurs(parent)) throw new Failure('terminal', `${about}: another tool wrote it`);
  if (parent.metadata.labels?.[INVENTORY_LABEL] !== undefined) return;
  throw new Failure('terminal', `${about} as its label ${INVENTORY_LABEL} is gone: put back ${setIdOf(refOf(parent))}`);
}

/**
 * What is to be written in place of `before`: the new parts first, then the parent. What the parent says of an object goes before what a
 * part says, so that a change is one small write however much there is, until that is too much as well.
 */
export function writeInventory(
  parent: ObjectRef,
  inventory: Inventory & { revision: Revision },
  before: Stored = NOTHING,
): { readonly manifest: Manifest; readonly parts: Parts; readonly newParts: readonly Manifest[] } {
  const { parts, newParts, entries, gone } = layOut(parent, inventory.entries, before);
  const { revision, words, divergedFrom } = inventory;
  const data = {
    revision,
    entries,
    ...(parts.size === 0 ? {} : { parts: [...parts.keys()].join(',') }),
    ...(gone === '[]' ? {} : { gone }),
    ...(words.length === 0 ? {} : { pruneWords: words.join(',') }),
    ...(divergedFrom === undefined ? {} : { divergedFrom }),
  };
  const members = [...inventory.entries.values()].map(({ ref }) => ref);
  return { manifest: parentManifest(parent, { data, members }, before.resourceVersion), parts, newParts };
}

/** Order and revision don't count: a revision that changes nothing here is not worth a write. */
export function sameInventory(a: Inventory, b: Inventory): boolean {
  const rest = ({ words, divergedFrom }: Inventory) => JSON.stringify([words, divergedFrom]);
  return a.entries.size === b.entries.size && rest(a) === rest(b) && ![...a.entries].some(differsFrom(b.entries));
}

function layOut(parent: ObjectRef, entries: Entries, before: Stored) {
  const inParts = rowsOf(before.parts);
  const differing = [...entries].filter(differsFrom(inParts));
  const gone = JSON.stringify([...inParts.keys()].filter((key) => !entries.has(key)).sort());
  const own = differing.length <= OWN_ROWS ? printRows(differing) : undefined;
  if (own !== undefined && Buffer.byteLength(own + gone) <= OWN_BYTES) return { parts: before.parts, newParts: [], entries: own, gone };
  const all = printRows(entries);
  if (Buffer.byteLength(all) <= OWN_BYTES) return { parts: new Map(), newParts: [], entries: all, gone: '[]' };
  return { ...divide(parent, entries, Buffer.byteLength(all), before), entries: '[]', gone: '[]' };
}

function differsFrom(others: Entries) {
  return ([key, entry]: readonly [string, Entry]) => {
    const other = others.get(key);
    return other === undefined || !sameEntry(entry, other);
  };
}

function rowsOf(parts: Parts): Map<string, Entry> {
  return new Map([...parts.values()].flatMap((rows) => [...rows]));
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}
