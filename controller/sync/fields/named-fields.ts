import { canonicalQuantity } from '../../../constructs/quantity.ts';
import type { ManagedFields } from '../../ports.ts';
import { itemKeysOf } from '../show/field-diff.ts';
import { type FieldMap, isMap } from './field-map.ts';

/**
 * What a live value has of the fields that a manifest names, or that we own by `owned` (`fieldsV1` of our last apply), in the words
 * of the manifest where they mean the same. What others added, and what the server filled in, is not in it. Pure.
 */
export function namedFields(live: unknown, wanted: unknown, owned: ManagedFields['fieldsV1'], keys: readonly string[] = []): unknown {
  if (isMap(live) && (isMap(wanted) || wanted === undefined)) return namedInMap(live, wanted, owned ?? {}, keys);
  if (Array.isArray(live) && Array.isArray(wanted)) return namedInList(live, wanted, owned ?? {}, keys);
  return meansSame(live, wanted, keys) ? wanted : live;
}

function namedInMap(live: FieldMap, wanted: FieldMap | undefined, owned: FieldMap, keys: readonly string[]): FieldMap {
  const ours = Object.keys(owned).flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : []));
  // Owned as a whole, as what is atomic is.
  if (wanted === undefined && ours.length === 0) return live;
  const named = [...new Set([...Object.keys(wanted ?? {}), ...ours])];
  return Object.fromEntries(
    named.flatMap((key) => {
      const value = namedFields(live[key], wanted?.[key], owned[`f:${key}`] as FieldMap | undefined, [...keys, key]);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function namedInList(live: readonly unknown[], wanted: readonly unknown[], owned: FieldMap, keys: readonly string[]): unknown {
  const itemKeys = itemKeysOf([wanted]);
  if (itemKeys === undefined) {
    return live.length === wanted.length ? live.map((item, index) => namedFields(item, wanted[index], undefined, keys)) : live;
  }
  const partners = wanted.flatMap((item) => {
    const partner = live.find(
      (one) => isMap(one) && isMap(item) && itemKeys.every((key) => item[key] === undefined || one[key] === item[key]),
    );
    return partner === undefined ? [] : [{ item, partner }];
  });
  const ours = ownedItems(live, owned);
  const extra = live.filter((item) => ours.has(item) && !partners.some(({ partner }) => partner === item));
  return [...partners.map(({ item, partner }) => namedFields(partner, item, ours.get(partner), keys)), ...extra];
}

/** Items that `k:{"name":"app"}` of our managed fields name, with the fields of theirs that are ours. */
function ownedItems(live: readonly unknown[], owned: FieldMap): ReadonlyMap<unknown, FieldMap> {
  const keyed = Object.entries(owned).flatMap(([key, fields]) =>
    key.startsWith('k:') ? [{ step: JSON.parse(key.slice(2)) as FieldMap, fields: fields as FieldMap }] : [],
  );
  return new Map(
    keyed.flatMap(({ step, fields }) => {
      const item = live.find((one) => isMap(one) && Object.entries(step).every(([key, value]) => one[key] === value));
      return item === undefined ? [] : [[item, fields] as const];
    }),
  );
}

/** Maps of texts, in which an empty one is a value. */
const OF_TEXTS = ['labels', 'annotations', 'matchLabels', 'nodeSelector', 'data'];
const OF_QUANTITIES = ['requests', 'limits', 'hard', 'capacity', 'default', 'defaultRequest', 'min', 'max'];

function meansSame(live: unknown, wanted: unknown, keys: readonly string[]): boolean {
  const within = keys.at(-2) ?? '';
  if (live === undefined) return isNothing(wanted) && !OF_TEXTS.includes(within);
  if (!OF_QUANTITIES.includes(within) && keys.at(-1) !== 'sizeLimit') return live === wanted;
  return isScalar(live) && isScalar(wanted) && quantityOf(live) === quantityOf(wanted);
}

/** A server keeps no field that holds nothing. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) ? Object.keys(value).length === 0 : !value;
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function quantityOf(value: string | number): string {
  try {
    return canonicalQuantity(value);
  } catch {
    return String(value);
  }
}
