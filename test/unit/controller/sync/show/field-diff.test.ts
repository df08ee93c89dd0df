import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap } from '../../../../../controller/sync/fields/field-map.ts';
import { diffFields, type FieldChange, printPath } from '../../../../../controller/sync/show/field-diff.ts';

const told = (before: unknown, after: unknown) =>
  diffFields(before, after).map(({ path, before: was, after: is }) => `${printPath(path)}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`);

describe('diffFields', () => {
  it.each<{ reason: string; before: unknown; after: unknown; changes: readonly string[] }>([
    { reason: 'a value', before: { a: { b: 1 } }, after: { a: { b: 2 } }, changes: ['.a.b: 1 → 2'] },
    { reason: 'another type', before: { a: 1 }, after: { a: '1' }, changes: ['.a: 1 → "1"'] },
    { reason: 'a field that is new, whole', before: {}, after: { a: { b: 1 } }, changes: ['.a: undefined → {"b":1}'] },
    { reason: 'a field that goes', before: { a: { b: 1, c: 2 } }, after: { a: { c: 2 } }, changes: ['.a.b: 1 → undefined'] },
    { reason: 'no order of keys', before: { a: 1, b: 2 }, after: { b: 2, a: 1 }, changes: [] },
    {
      reason: 'the item of that name, wherever it stands',
      before: { containers: [{ name: 'app', image: 'x:1' }] },
      after: {
        containers: [
          { name: 'side', image: 'y' },
          { name: 'app', image: 'x:2' },
        ],
      },
      changes: ['.containers[name="app"].image: "x:1" → "x:2"', '.containers[name="side"]: undefined → {"name":"side","image":"y"}'],
    },
    {
      reason: 'ports told apart by protocol where their number is shared',
      before: {
        ports: [
          { containerPort: 53, protocol: 'UDP' },
          { containerPort: 53, protocol: 'TCP' },
        ],
      },
      after: { ports: [{ containerPort: 53, protocol: 'UDP', name: 'dns' }] },
      changes: [
        '.ports[containerPort=53,protocol="UDP"].name: undefined → "dns"',
        '.ports[containerPort=53,protocol="TCP"]: {"containerPort":53,"protocol":"TCP"} → undefined',
      ],
    },
    {
      reason: 'another order of named items: it may matter',
      before: {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '$(A)' },
        ],
      },
      after: {
        env: [
          { name: 'B', value: '$(A)' },
          { name: 'A', value: '1' },
        ],
      },
      changes: ['.env[0].name: "A" → "B"', '.env[0].value: "1" → "$(A)"', '.env[1].name: "B" → "A"', '.env[1].value: "$(A)" → "1"'],
    },
    {
      reason: 'lists of plain values as a whole',
      before: { args: ['a', 'b'] },
      after: { args: ['b'] },
      changes: ['.args: ["a","b"] → ["b"]'],
    },
    {
      reason: 'keys that every object inherits',
      before: { a: {} },
      after: { a: { constructor: 'x' } },
      changes: ['.a.constructor: undefined → "x"'],
    },
  ])('tells $reason', ({ before, after, changes }) => {
    expect(told(before, after)).toEqual(changes);
  });

  it('is empty for what is the same, however it is copied', () => {
    fc.assert(
      fc.property(manifestLike, (value) => {
        expect(diffFields(value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  it('applied to the one gives the other, but for the places of items that have a name', () => {
    fc.assert(
      fc.property(manifestLike, manifestLike, (before, after) => {
        expect(sorted(applied(before, diffFields(before, after)))).toEqual(sorted(after));
      }),
    );
  });
});

const scalar = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean());
const item = fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: scalar }, { requiredKeys: ['name'] });
const { manifestLike } = fc.letrec<{ manifestLike: Record<string, unknown>; node: unknown }>((tie) => ({
  manifestLike: fc.dictionary(fc.constantFrom('spec', 'name', 'data', 'constructor'), tie('node'), { maxKeys: 3 }) as fc.Arbitrary<
    Record<string, unknown>
  >,
  node: fc.oneof(
    { maxDepth: 3 },
    scalar,
    tie('manifestLike'),
    fc.array(item, { maxLength: 4 }),
    fc.array(scalar, { maxLength: 3 }),
    fc.array(tie('manifestLike'), { maxLength: 3 }),
  ),
}));

/** The value with all of `changes` made. */
function applied(value: unknown, changes: readonly FieldChange[]): unknown {
  return changes.reduce((result, change) => set(result, change.path, change), value);
}

function set(value: unknown, [step, ...rest]: FieldChange['path'], change: FieldChange): unknown {
  if (step === undefined) return change.after;
  if (Array.isArray(value)) {
    const at =
      typeof step === 'number' ? step : value.findIndex((one) => isMap(step) && Object.entries(step).every(([key, v]) => one[key] === v));
    const inner = set(at === -1 ? undefined : value[at], rest, change);
    if (at === -1) return [...value, inner];
    return inner === undefined ? value.filter((_, index) => index !== at) : value.with(at, inner);
  }
  const fields = value as Record<string, unknown>;
  const inner = set(Object.hasOwn(fields, String(step)) ? fields[String(step)] : undefined, rest, change);
  const others = Object.entries(fields).filter(([key]) => key !== step);
  return Object.fromEntries(inner === undefined ? others : [...others, [String(step), inner]]);
}

/** Lists in one order, and so are keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
