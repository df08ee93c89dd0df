import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBetween } from '../../../../../controller/sync/show/between.ts';
import { printFields } from '../../../../../controller/sync/show/print-fields.ts';
import type { Manifest } from '../../../../../synth/manifest.ts';
import { configMap, manifest } from '../samples.ts';

const kept: Manifest = { ...configMap('kept'), metadata: { name: 'kept', annotations: { 'rotterdam.dev/prune': 'never' } } };

describe('planBetween', () => {
  it('tells what is new, what is different, and what goes, in the order in which it would be done', () => {
    const before = [configMap('same'), configMap('changed', { a: '1' }), configMap('gone'), manifest('v1', 'Namespace', 'old'), kept];
    const after = [configMap('new'), configMap('changed', { a: '2' }), configMap('same'), manifest('v1', 'Namespace', 'fresh')];
    const { changes, counts } = planBetween(before, after);
    expect(changes.map(({ op, ref, fields = [] }) => [op, ref.name, ...printFields(fields)])).toEqual([
      ['create', 'fresh'],
      ['create', 'new', '.data', '  + {}'],
      ['update', 'changed', '.data.a', '  - "1"', '  + "2"'],
      ['delete', 'gone'],
      ['keep', 'kept'],
      ['delete', 'old'],
    ]);
    expect(counts).toEqual({ create: 2, update: 1, delete: 2, unchanged: 1 });
  });

  it('leaves what runs on an infrastructure that is no longer declared, unless that says otherwise, and knows one that is new', () => {
    expect(planBetween([configMap('one')], undefined).changes).toMatchObject([{ op: 'keep' }]);
    expect(planBetween([configMap('one')], undefined, 'prune').changes).toMatchObject([{ op: 'delete' }]);
    expect(planBetween(undefined, [configMap('one')]).changes).toMatchObject([{ op: 'create' }]);
  });

  it('is empty between a revision and itself', () => {
    const maps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.dictionary(fc.string(), fc.string())));
    fc.assert(
      fc.property(maps, (list) => {
        const manifests = list.map(([name, data]) => configMap(name, data));
        expect(planBetween(manifests, structuredClone(manifests)).changes).toEqual([]);
      }),
    );
  });

  it('tells of a Secret only which keys change', () => {
    const secret = (value: string): Manifest => ({ ...manifest('v1', 'Secret', 'key', 'class'), stringData: { password: value } });
    const { changes } = planBetween([secret('hunter1')], [secret('hunter2')]);
    expect(changes.flatMap(({ fields = [] }) => printFields(fields))).toEqual([
      '.data.password',
      '  - ***** (before)',
      '  + ***** (after)',
    ]);
  });
});
