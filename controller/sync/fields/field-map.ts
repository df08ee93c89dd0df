/** A map of JSON's. */
export type FieldMap = Readonly<Record<string, unknown>>;

/** Plain maps only: no list, no null, no instance of a class. */
export function isMap(value: unknown): value is FieldMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
