import fc from 'fast-check';

// biome-ignore lint/suspicious/noExplicitAny: a schema is JSON
type Schema = any;

const ANY = fc.jsonValue({ maxDepth: 2 });
const WORDS = fc.oneof(fc.constantFrom('web', 'class', 'edge', 'Quick', '10s'), fc.string({ maxLength: 12, unit: 'grapheme' }));

/** Values that JSON Schemas allow, small ones; those of `components` may be referred to. */
export function arbitrariesOf(components: Readonly<Record<string, Schema>>): (schema: Schema) => fc.Arbitrary<unknown> {
  const made = new Map<string, fc.Arbitrary<unknown>>();
  const of = (schema: Schema): fc.Arbitrary<unknown> => {
    if (schema.$ref === undefined) return arbitraryOf(schema, of);
    const known = made.get(schema.$ref);
    if (known !== undefined) return known;
    // What is made of itself is anything, inside.
    made.set(schema.$ref, ANY);
    const arbitrary = of(components[schema.$ref.split('/').at(-1)]);
    made.set(schema.$ref, arbitrary);
    return arbitrary;
  };
  return of;
}

function arbitraryOf(schema: Schema, of: (schema: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return fc.oneof(...options.map(of));
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer(boundsOf(schema, 1_000));
    case 'number':
      return fc.double({ ...boundsOf(schema, 1_000), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(of(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.max(2, schema.minItems ?? 0) });
    case 'object':
      return objectOf(schema, of);
    default:
      return ANY;
  }
}

function textOf({ pattern, minLength = 0 }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined) return WORDS.map((text) => text.padEnd(minLength, 'x'));
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    // Look-aheads can't be made up.
    return fc.constantFrom('web', 'a1');
  }
}

function boundsOf({ minimum, maximum, exclusiveMinimum }: Schema, most: number) {
  const min = Math.max(minimum ?? exclusiveMinimum ?? -most, -most);
  return { min, max: Math.max(min, Math.min(maximum ?? most, most)) };
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, of: (schema: Schema) => fc.Arbitrary<unknown>) {
  const fields = fc.record(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, of(value)])), {
    requiredKeys: required,
  });
  const isOpen = typeof additionalProperties === 'object' && additionalProperties !== null;
  if (!isOpen) return fields;
  const more = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), of(additionalProperties), { maxKeys: 2 });
  return fc.tuple(more, fields).map(([others, known]) => ({ ...others, ...(known as object) }));
}

/** What a client may send in its place: another value somewhere, a field more or less, or no JSON at all. */
export function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const anything = fc.oneof(ANY, fc.constantFrom('', -1, 1e9, 1.5, null, [], {}, 'x'.repeat(300), '\u0000', '__proto__', '../..'));
  const changed = fc
    .tuple(value, anything, fc.infiniteStream(fc.nat()), fc.constantFrom('replace', 'remove', 'add'))
    .map(([whole, other, picks, how]) => {
      const copy = structuredClone(whole);
      const places = placesIn(copy);
      const place = places[(picks.next().value ?? 0) % Math.max(places.length, 1)];
      if (place === undefined) return other;
      if (how === 'replace') place.parent[place.key] = other;
      else if (how === 'remove') delete place.parent[place.key];
      else if (!Array.isArray(place.parent)) place.parent.unheard = other;
      return copy;
    });
  const broken = fc.tuple(value, fc.nat({ max: 200 })).map(([whole, at]) => JSON.stringify(whole).slice(0, at));
  const odd = fc.constantFrom(
    '{"name": "a", "name": "b"}',
    '{"__proto__": {"x": 1}}',
    `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
    '[]',
    'null',
    '"web"',
    '{}',
    ' ',
  );
  return fc.oneof(
    { weight: 4, arbitrary: changed },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: odd },
  );
}

function placesIn(value: unknown): { readonly parent: Record<string, unknown>; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...placesIn(parent[key])]);
}
