import { type FieldMap, isMap } from '../fields/field-map.ts';

/** A value that is compared but never shown: whatever prints it, or writes it as JSON, gets the mask. */
export class Hidden {
  readonly #text: string;

  constructor(value: unknown) {
    this.#text = JSON.stringify(value) ?? '';
  }

  equals(other: unknown): boolean {
    return other instanceof Hidden && other.#text === this.#text;
  }

  toJSON(): string {
    return '*****';
  }
}

/** kubectl's copy of the whole object, in an annotation. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object with every value of a Secret's data hidden, however deep the Secret stands in it, and kubectl's copies of whole
 * objects. A Secret's `stringData` is shown as the `data` that the server makes of it.
 */
export function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hide);
  if (!isMap(value)) return value;
  const fields = value.apiVersion === 'v1' && value.kind === 'Secret' ? withHiddenData(value) : value;
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, key === LAST_APPLIED && field !== undefined ? new Hidden(field) : hide(field)]),
  );
}

function withHiddenData({ data, stringData, ...secret }: FieldMap): FieldMap {
  const written = isMap(stringData) ? Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, encoded(text)])) : {};
  const isOdd = (field: unknown) => field !== undefined && field !== null && !isMap(field);
  // No map, no keys that could be shown: it is hidden as a whole.
  if (isOdd(data) || isOdd(stringData)) return { ...secret, data: new Hidden([data, stringData]) };
  const all = { ...(isMap(data) ? data : {}), ...written };
  if (Object.keys(all).length === 0) return secret;
  return { ...secret, data: Object.fromEntries(Object.entries(all).map(([key, field]) => [key, new Hidden(field)])) };
}

function encoded(text: unknown): unknown {
  return typeof text === 'string' ? Buffer.from(text).toString('base64') : text;
}
