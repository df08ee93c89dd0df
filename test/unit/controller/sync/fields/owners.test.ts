import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../../../controller/ports.ts';
import { fieldPaths } from '../../../../../controller/sync/fields/field-paths.ts';
import { ownersOf } from '../../../../../controller/sync/fields/owners.ts';

describe('fieldPaths', () => {
  it.each([
    { fields: { 'f:spec': { 'f:replicas': {} } }, paths: ['.spec.replicas'] },
    {
      fields: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {} } } },
      paths: ['.metadata.labels.app.kubernetes.io/name'],
    },
    { fields: { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } }, paths: ['.containers[name="web"].image'] },
    {
      fields: { 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {} } } },
      paths: ['.ports[containerPort=80,protocol="TCP"]'],
    },
    { fields: { 'f:finalizers': { 'v:"a.b/c"': {} } }, paths: ['.finalizers[="a.b/c"]'] },
    { fields: { 'f:args': { 'i:0': {} } }, paths: ['.args[0]'] },
    { fields: { 'f:data': { '.': {} } }, paths: ['.data'] },
    { fields: {}, paths: [] },
  ])('writes $fields as $paths', ({ fields, paths }) => {
    expect(fieldPaths(fields)).toEqual(paths);
  });

  const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9./-]{0,8}$/);
  const step = fc.oneof(
    name.map((text) => [`f:${text}`, `.${text}`] as const),
    fc.nat(99).map((index) => [`i:${index}`, `[${index}]`] as const),
    fc.string().map((text) => [`v:${JSON.stringify(text)}`, `[=${JSON.stringify(text)}]`] as const),
    fc
      .tuple(name, fc.oneof(fc.string(), fc.nat()))
      .map(([key, value]) => [`k:${JSON.stringify({ [key]: value })}`, `[${key}=${JSON.stringify(value)}]`] as const),
  );

  it('lists every leaf of a set once, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 12 }), (wanted) => {
        const root: Record<string, unknown> = {};
        for (const steps of wanted) {
          let at = root;
          for (const [key] of steps) {
            at[key] ??= {};
            at = at[key] as Record<string, unknown>;
          }
        }
        const texts = wanted.map((steps) => ({
          keys: JSON.stringify(steps.map(([key]) => key)).slice(0, -1),
          path: steps.map(([, text]) => text).join(''),
        }));
        const leaves = texts.filter(({ keys }) => !texts.some((other) => other.keys !== keys && other.keys.startsWith(`${keys},`)));
        const expected = [...new Map(leaves.map(({ keys, path }) => [keys, path])).values()];
        expect([...fieldPaths(root)].sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe('ownersOf', () => {
  it('puts us first and keeps what is known of the others', () => {
    const managedFields = [
      {
        manager: 'kubectl-edit',
        operation: 'Update' as const,
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: { 'f:spec': {} },
      },
      { manager: 'controller', operation: 'Update' as const, apiVersion: 'apps/v1', subresource: 'status', fieldsV1: { 'f:status': {} } },
      { manager: 'rotterdam-sync', operation: 'Apply' as const, apiVersion: 'apps/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ];
    const object: LiveObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', uid: '1', resourceVersion: '1', managedFields },
    };
    expect(ownersOf(object)).toEqual([
      { manager: 'rotterdam-sync', operation: 'Apply', fields: ['.spec.replicas'] },
      { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T00:00:00Z', fields: ['.spec'] },
      { manager: 'controller', operation: 'Update', subresource: 'status', fields: ['.status'] },
    ]);
  });
});
