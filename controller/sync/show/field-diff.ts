import { type FieldMap, isMap } from '../fields/field-map.ts';
import { Hidden } from './hidden.ts';

/** A key, an index, or the values that tell a list's item from the others: `{ name: 'app' }`. */
export type Step = string | number | FieldMap;

/** One field that is different. A side that has no such field leaves it out. */
export interface FieldChange {
  readonly path: readonly Step[];
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What would have to be set and removed to get from one value to the other, each as deep as it can be told. Items of lists are
 * matched by what tells them apart, where something does and their order stays; else lists of one length go by index, others are
 * one change. Pure.
 */
export function diffFields(before: unknown, after: unknown, path: readonly Step[] = []): readonly FieldChange[] {
  if (before === after || (before instanceof Hidden && before.equals(after))) return [];
  if (isMap(before) && isMap(after)) return diffMaps(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** In the notation of field conflicts: `.spec.template.spec.containers[name="app"].image`; '' for the whole. */
export function printPath(path: readonly Step[]): string {
  return path.map((step) => (typeof step === 'string' ? `.${step}` : `[${typeof step === 'number' ? step : printItem(step)}]`)).join('');
}

function printItem(step: FieldMap): string {
  return Object.entries(step)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',');
}

function diffMaps(before: FieldMap, after: FieldMap, path: readonly Step[]): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => diffFields(own(before, key), own(after, key), [...path, key]));
}

/** A document may well have a key `constructor`. */
function own(fields: FieldMap, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function diffLists(before: readonly unknown[], after: readonly unknown[], path: readonly Step[]): readonly FieldChange[] {
  const keys = before.length === 0 || after.length === 0 ? undefined : itemKeysOf([before, after]);
  if (keys !== undefined) return diffItems(byItem(before, keys), byItem(after, keys), path);
  if (before.length === after.length && before.every(isMap)) {
    return before.flatMap((item, index) => diffFields(item, after[index], [...path, index]));
  }
  const isSame = before.length === after.length && before.every((item, index) => diffFields(item, after[index]).length === 0);
  return isSame ? [] : [{ path, before, after }];
}

type Items = ReadonlyMap<string, { readonly step: FieldMap; readonly item: unknown }>;

function diffItems(before: Items, after: Items, path: readonly Step[]): readonly FieldChange[] {
  const all = new Map([...before, ...after]);
  return [...all].flatMap(([key, { step }]) => diffFields(before.get(key)?.item, after.get(key)?.item, [...path, step]));
}

/** What tells items apart in the lists of Kubernetes, first choice first. */
const ITEM_KEYS: readonly (readonly string[])[] = [
  ['name'],
  ['containerPort'],
  ['containerPort', 'protocol'],
  ['port'],
  ['port', 'protocol'],
  ['mountPath'],
  ['devicePath'],
  ['ip'],
  ['host'],
  ['path'],
  ['type'],
  ['key'],
];

/** The keys that tell the items of each list apart, when what the lists share comes in one order. */
export function itemKeysOf(lists: readonly (readonly unknown[])[]): readonly string[] | undefined {
  return ITEM_KEYS.find((keys) => {
    const found = lists.map((list) => [...byItem(list, keys).keys()]);
    const [first = [], ...others] = found;
    const isTold = found.every((names, index) => names.length === lists[index]?.length);
    return isTold && others.every((names) => isOneOrder(first, names));
  });
}

/** Items that lack the first key, or share all keys with another, are missing in it. */
function byItem(list: readonly unknown[], keys: readonly string[]): Items {
  const [first = ''] = keys;
  return new Map(
    list.flatMap((item) => {
      if (!isMap(item) || !['string', 'number'].includes(typeof own(item, first))) return [];
      const step = Object.fromEntries(keys.flatMap((key) => (own(item, key) === undefined ? [] : [[key, item[key]]])));
      return [[JSON.stringify(step), { step, item }] as const];
    }),
  );
}

function isOneOrder(a: readonly string[], b: readonly string[]): boolean {
  const shared = a.filter((name) => b.includes(name));
  return shared.every((name, index) => index === 0 || b.indexOf(name) > b.indexOf(shared[index - 1] ?? ''));
}
