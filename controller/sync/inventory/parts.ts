import type { Manifest, ObjectRef } from '../../../synth/manifest.ts';
import type { LiveObject } from '../../ports.ts';
import { hashOf } from '../hash.ts';
import { INVENTORY_LABEL, setIdOf } from './applyset.ts';
import { type Entries, type Entry, printRows, readRows } from './rows.ts';

/**
 * By name. A part is a ConfigMap beside the parent that never changes: its name says what is in it, and which parent it was made to be
 * written over. Only what the parent names counts, so that a crash leaves either the old whole state or the new one.
 */
export type Parts = ReadonlyMap<string, Entries>;

interface Before {
  readonly parts: Parts;
  readonly resourceVersion: string | undefined;
}

/** An API server takes 1 MiB an object; hashing spreads rows evenly, and no part is half as large as that. */
const PART_BYTES = 256 * 1024;

/** By hash of identity, so that an object stays in its part, and a part where nothing changed stays as it is. */
export function divide(parent: ObjectRef, entries: Entries, bytes: number, before: Before) {
  const count = 2 ** Math.max(0, Math.ceil(Math.log2(bytes / PART_BYTES)));
  const divided = Array.from({ length: count }, () => new Map<string, Entry>());
  for (const [key, entry] of entries) divided[Number.parseInt(hashOf(key).slice(0, 8), 16) % count]?.set(key, entry);
  const kept = new Map([...before.parts.keys()].map((name) => [name.slice(0, name.lastIndexOf('-')), name]));
  const parts = new Map<string, Entries>();
  const newParts: Manifest[] = [];
  for (const rows of divided) {
    const text = printRows(rows);
    const content = `${parent.name}-${hashOf(text)}`;
    const name = kept.get(content) ?? `${content}-${before.resourceVersion ?? 0}`;
    parts.set(name, rows);
    if (!kept.has(content)) newParts.push(partManifest(parent, name, text));
  }
  return { parts, newParts };
}

/** Throws when it is gone. */
export function readPart(name: string, part: LiveObject | undefined): Entries {
  if (part === undefined) throw new Error(`Its part ${name} is gone`);
  return readRows(dataOf(part).entries ?? '');
}

/**
 * Whether no parent will ever name it. One that was made over the parent as it is now may be somebody's who is about to write his parent;
 * any other that the parent doesn't name comes too late.
 */
export function isStale(name: string, parent: ObjectRef, now: Before): boolean {
  return name.startsWith(`${parent.name}-`) && !now.parts.has(name) && !name.endsWith(`-${now.resourceVersion}`);
}

export function dataOf({ data }: Manifest): Readonly<Record<string, string>> {
  return Object(data);
}

function partManifest(parent: ObjectRef, name: string, entries: string): Manifest {
  return {
    apiVersion: parent.apiVersion,
    kind: parent.kind,
    metadata: { name, namespace: parent.namespace ?? '', labels: { [INVENTORY_LABEL]: setIdOf(parent) } },
    immutable: true,
    data: { entries },
  };
}
