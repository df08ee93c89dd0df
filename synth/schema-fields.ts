import type { z } from 'zod';

type Schema = z.core.$ZodTypes;

/** The names of the fields that `schema` knows at `path`; of every option where it is a union. */
export function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let level: Schema[] = options(schema as unknown as Schema);
  for (const segment of path) level = level.flatMap((option) => children(option, segment));
  return [...new Set(level.flatMap((option) => (option._zod.def.type === 'object' ? Object.keys(option._zod.def.shape) : [])))];
}

/** Without wrappers like optional or default; a union is its options. */
function options(schema: Schema): Schema[] {
  const def = schema._zod.def;
  if (def.type === 'union') return def.options.flatMap((option) => options(option as Schema));
  if (def.type === 'pipe') return options(def.in as Schema);
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault' || def.type === 'nullable') {
    return options(def.innerType as Schema);
  }
  return [schema];
}

function children(schema: Schema, segment: PropertyKey): Schema[] {
  const def = schema._zod.def;
  if (def.type === 'array') return options(def.element as Schema);
  if (def.type === 'record') return options(def.valueType as Schema);
  const field = def.type === 'object' ? def.shape[String(segment)] : undefined;
  return field === undefined ? [] : options(field as Schema);
}
