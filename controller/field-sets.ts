/**
 * Sets of fields in the form that managedFields has (fieldsV1): `f:name` is a field, `k:{…}` the item of a list with
 * these keys, `v:…` a value of a set. A node without children is in the set; one with children is when it has a `.`.
 */
export interface Fields {
  readonly [part: string]: Fields;
}

export const NOTHING: Fields = {};

export const union = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA || inB);
export const subtract = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA && !inB);
export const intersect = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA && inB);

export function isEmpty(fields: Fields): boolean {
  for (const _ in fields) return false;
  return true;
}

/** Whether the node of a set is in it. */
export function isMember(node: Fields | undefined): boolean {
  return node !== undefined && ('.' in node || isEmpty(node));
}

/** A node with these children, undefined when there is neither. */
export function node(member: boolean, children: Fields): Fields | undefined {
  if (isEmpty(children)) return member ? NOTHING : undefined;
  return member ? { '.': NOTHING, ...children } : children;
}

/** The set with every field that holds one of it. What a list's item or a map's entry holds doesn't bring those in. */
export function withParents(fields: Fields): Fields {
  const result: Record<string, Fields> = {};
  for (const [part, child] of Object.entries(fields)) {
    if (part === '.') result[part] = NOTHING;
    else result[part] = node(part.startsWith('f:') || isMember(child), omitSelf(withParents(child))) ?? NOTHING;
  }
  return result;
}

/** The part of the set that `value` has: fields that it gives, items of its lists that have these keys. */
export function givenBy(value: unknown, fields: Fields): Fields {
  const result: Record<string, Fields> = {};
  for (const [part, child] of Object.entries(fields)) {
    const given = part === '.' ? undefined : partOf(value, part);
    if (given === undefined || given === null) continue;
    const kept = node(isMember(child), givenBy(given, child));
    if (kept !== undefined) result[part] = kept;
  }
  return result;
}

/** `.spec.containers[name="c"].image` of each member. */
export function paths(fields: Fields, parent = ''): string[] {
  return Object.entries(fields).flatMap(([part, child]) => {
    if (part === '.') return [];
    const path = `${parent}${printPart(part)}`;
    return [...(isMember(child) ? [path] : []), ...paths(child, path)];
  });
}

function partOf(value: unknown, part: string): unknown {
  const rest = part.slice(2);
  if (part.startsWith('f:')) return Object(value)[rest];
  if (!Array.isArray(value)) return undefined;
  if (part.startsWith('v:')) return value.find((item) => JSON.stringify(item) === rest);
  const keys = Object.entries(JSON.parse(rest) as Readonly<Record<string, unknown>>);
  // An item may leave some of its keys to their defaults.
  const fits = (item: unknown) => keys.filter(([key, wanted]) => Object(item)[key] === wanted).length;
  const isOther = (item: unknown) => keys.some(([key, wanted]) => ![undefined, wanted].includes(Object(item)[key]));
  return value.find((item) => fits(item) > 0 && !isOther(item));
}

function printPart(part: string): string {
  const rest = part.slice(2);
  if (part.startsWith('f:')) return `.${rest}`;
  if (part.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

function combine(a: Fields | undefined, b: Fields | undefined, keep: (inA: boolean, inB: boolean) => boolean): Fields {
  const result: Record<string, Fields> = {};
  for (const part of [...new Set([...Object.keys(a ?? NOTHING), ...Object.keys(b ?? NOTHING)])].sort()) {
    if (part === '.') continue;
    const [inA, inB] = [a?.[part], b?.[part]];
    const kept = node(keep(isMember(inA), isMember(inB)), combine(inA, inB, keep));
    if (kept !== undefined) result[part] = kept;
  }
  return result;
}

function omitSelf(fields: Fields): Fields {
  if (!('.' in fields)) return fields;
  const { '.': _, ...children } = fields;
  return children;
}
