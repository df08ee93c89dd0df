import type { ManagedFields } from '../../ports.ts';

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
