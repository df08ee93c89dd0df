import { type Fields, isMember, NOTHING, node } from '../field-sets.ts';
import { equal, isRecord, type Json } from './json.ts';
import { childShape, KEY_DEFAULTS, PLAIN, type Shape } from './shapes.ts';

/**
 * The structured merge of server-side apply: typed values as sets of fields, their difference, merge and pruning
 * (sigs.k8s.io/structured-merge-diff, package typed), on plain JSON and a table of shapes.
 */
export interface Difference {
  readonly added: Fields;
  readonly modified: Fields;
  readonly removed: Fields;
}

/** The fields that `value` sets. */
export function fieldsOf(value: unknown, shape: Shape): Fields {
  const result: Record<string, Fields> = {};
  for (const entry of entriesOf(value, shape) ?? []) {
    const children = fieldsOf(entry.value, entry.shape);
    const found = node(isLeaf(entry.value, entry.shape) || entry.self, children);
    if (found !== undefined) result[entry.part] = found;
  }
  return result;
}

export function compare(before: unknown, after: unknown, shape: Shape): Difference {
  const added: Record<string, Fields> = {};
  const modified: Record<string, Fields> = {};
  const removed: Record<string, Fields> = {};
  const old = new Map((entriesOf(before, shape) ?? []).map((entry) => [entry.part, entry]));
  for (const entry of entriesOf(after, shape) ?? []) {
    const was = old.get(entry.part);
    old.delete(entry.part);
    if (was === undefined) added[entry.part] = subtree(entry);
    else if (was.value === entry.value) continue;
    else if (isLeaf(entry.value, entry.shape) || isLeaf(was.value, was.shape)) compareLeaf(was, entry, { added, modified, removed });
    else {
      const inside = compare(was.value, entry.value, entry.shape);
      for (const [into, from] of [
        [added, inside.added],
        [modified, inside.modified],
        [removed, inside.removed],
      ] as const) {
        const kept = node(false, from);
        if (kept !== undefined) into[entry.part] = kept;
      }
    }
  }
  for (const entry of old.values()) removed[entry.part] = everything(entry);
  return { added, modified, removed };
}

/** `live` with what `config` sets; both keep the order of their lists as far as the other doesn't say otherwise. */
export function merge(live: unknown, config: unknown, shape: Shape): unknown {
  if (config === undefined) return live;
  if (shape.atomic) return config;
  if (isRecord(live) && isRecord(config)) return mergeRecords(live, config, shape);
  const byItem = shape.keys !== undefined || shape.set === true;
  return byItem && Array.isArray(live) && Array.isArray(config) ? mergeLists(live, config, shape) : config;
}

/** `value` without the fields in `fields`, and without what is empty once they are gone. */
export function remove(value: unknown, fields: Fields, shape: Shape): unknown {
  if (isRecord(value)) {
    const kept = Object.entries(value).flatMap(([key, item]) => {
      const inside = fields[`f:${key}`];
      if (inside === undefined) return [[key, item] as const];
      const rest = isMember(inside) ? undefined : remove(item, inside, childShape(shape, key));
      return rest === undefined ? [] : [[key, rest] as const];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  if (!Array.isArray(value)) return value;
  const kept = value.flatMap((item) => {
    const inside = fields[listPart(item, shape)];
    if (inside === undefined) return [item];
    return isMember(inside) ? [] : [remove(item, inside, shape.item ?? PLAIN)];
  });
  return kept.length === 0 ? undefined : kept;
}

interface Entry {
  readonly part: string;
  readonly value: unknown;
  readonly shape: Shape;
  /** Whether the entry itself is a member, besides what it holds. */
  readonly self: boolean;
}

/** What a value is made of; undefined when it is one piece. */
function entriesOf(value: unknown, shape: Shape): readonly Entry[] | undefined {
  if (shape.atomic) return undefined;
  if (Array.isArray(value)) {
    if (shape.keys === undefined && !shape.set) return undefined;
    return value.map((item) => ({ part: listPart(item, shape), value: item, shape: shape.item ?? PLAIN, self: true }));
  }
  if (!isRecord(value)) return undefined;
  return Object.entries(value).map(([key, item]) => {
    const self = shape.open === true && shape.fields?.[key] === undefined;
    return { part: `f:${key}`, value: item, shape: childShape(shape, key), self };
  });
}

function isLeaf(value: unknown, shape: Shape): boolean {
  const entries = entriesOf(value, shape);
  return entries === undefined || (entries.length === 0 && isRecord(value));
}

function compareLeaf(was: Entry, is: Entry, into: Record<'added' | 'modified' | 'removed', Record<string, Fields>>): void {
  if (equal(was.value, is.value)) return;
  const both = isLeaf(was.value, was.shape) && isLeaf(is.value, is.shape);
  if (both) into.modified[is.part] = NOTHING;
  else if (isLeaf(was.value, was.shape)) into.added[is.part] = subtree(is);
  else into.removed[is.part] = subtree(was);
}

function subtree(entry: Entry): Fields {
  const children = fieldsOf(entry.value, entry.shape);
  return node(entry.self || isLeaf(entry.value, entry.shape), children) ?? NOTHING;
}

/** As `subtree`, with every node a member: all of it is gone, whoever owned which part. */
function everything(entry: Entry): Fields {
  const children: Record<string, Fields> = {};
  for (const inner of entriesOf(entry.value, entry.shape) ?? []) children[inner.part] = everything(inner);
  return node(true, children) ?? NOTHING;
}

function mergeRecords(live: Json, config: Json, shape: Shape): Json {
  const merged: Record<string, unknown> = { ...live };
  for (const [key, value] of Object.entries(config)) merged[key] = merge(live[key], value, childShape(shape, key));
  return merged;
}

/**
 * In the order of `config`. Items that only `live` has keep their place before the next item that both have, as far as
 * those come in the same order (mergeListItems of structured-merge-diff).
 */
function mergeLists(live: readonly unknown[], config: readonly unknown[], shape: Shape): readonly unknown[] {
  const key = (item: unknown): string => listPart(item, shape);
  const old = new Map(live.map((item) => [key(item), item]));
  const wanted = new Set(config.map(key));
  const both = config.map(key).filter((part) => old.has(part));
  const rest = [...old.keys()];
  const merged: unknown[] = [];
  for (const item of config) {
    const part = key(item);
    // An item of `live` that is moved by `config` is no place to stop at.
    while (rest[0] !== undefined && rest[0] !== part && (!wanted.has(rest[0]) || rest[0] !== both[0])) {
      const other = rest.shift();
      if (other !== undefined && !wanted.has(other)) merged.push(old.get(other));
    }
    if (rest[0] === part) rest.shift();
    if (both[0] === part) both.shift();
    merged.push(merge(old.get(part), item, shape.item ?? PLAIN));
  }
  return [...merged, ...rest.filter((part) => !wanted.has(part)).map((part) => old.get(part))];
}

function listPart(item: unknown, shape: Shape): string {
  if (shape.keys === undefined || !isRecord(item)) return `v:${JSON.stringify(item)}`;
  const keys = shape.keys.map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const).filter(([, value]) => value !== undefined);
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}
