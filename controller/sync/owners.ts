import type { LiveObject, ManagedFields } from '../ports.ts';
import { MANAGER } from './live.ts';

/** What one manager owns of an object. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  /** RFC 3339: when it last changed one of them. */
  readonly time?: string;
  /** In the notation of field manager conflicts. */
  readonly fields: readonly string[];
}

/** Who owns which field of an object, we ourselves first. */
export function ownersOf({ metadata }: LiveObject): readonly Owner[] {
  const owners = (metadata.managedFields ?? []).map(({ manager, operation, subresource, time, fieldsV1 = {} }) => ({
    manager,
    operation,
    ...(subresource === undefined ? {} : { subresource }),
    ...(time === undefined ? {} : { time }),
    fields: fieldPaths(fieldsV1),
  }));
  return owners.sort((a, b) => Number(b.manager === MANAGER) - Number(a.manager === MANAGER));
}

/**
 * The fields of a set as the API server writes it (structured-merge-diff, FieldsV1), each as a path: `f:spec`, `f:replicas` → `.spec.replicas`,
 * `k:{"name":"web"}` → `[name="web"]`, `v:"x"` → `[="x"]`, `i:0` → `[0]`. What holds other fields of the set isn't listed for itself.
 */
export function fieldPaths(fields: NonNullable<ManagedFields['fieldsV1']>): readonly string[] {
  return Object.entries(fields).flatMap(([key, below]) => {
    const step = stepOf(key);
    if (step === '') return [];
    const inner = fieldPaths(Object(below));
    return inner.length === 0 ? [step] : inner.map((path) => `${step}${path}`);
  });
}

function stepOf(key: string): string {
  const text = key.slice(2);
  if (key.startsWith('f:')) return `.${text}`;
  if (key.startsWith('i:')) return `[${text}]`;
  if (key.startsWith('v:')) return `[=${text}]`;
  return key.startsWith('k:') ? `[${keysOf(text)}]` : '';
}

function keysOf(json: string): string {
  const keys = Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>);
  return keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
}
