import { describe, expect, it } from 'vitest';
import type { SyncPlan } from '../../../../../controller/sync/plan.ts';
import { printPlans } from '../../../../../controller/sync/show/print.ts';

const ref = (name: string, namespace?: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, ...(namespace ? { namespace } : {}) });
const NOTHING: SyncPlan = { changes: [], counts: { create: 0, update: 0, delete: 0, unchanged: 2 }, ending: [] };
const SOME: SyncPlan = {
  changes: [
    { op: 'create', ref: ref('new', 'class'), reason: 'new', waitsFor: 'CustomResourceDefinition x' },
    { op: 'delete', ref: ref('old'), reason: 'no longer declared' },
  ],
  counts: { create: 1, update: 0, delete: 1, unchanged: 1 },
  ending: [{ ref: ref('leaving', 'class'), since: '2026-11-23T00:00:00Z', finalizers: ['example.com/hold'], says: [] }],
  held: 'too much at once',
};

describe('printPlans', () => {
  it('is one table of the changes on all clusters, with counts of each and in total, what is being deleted and what is held', () => {
    expect(
      printPlans([
        { name: 'edge-1', plan: SOME },
        { name: 'modena', plan: NOTHING },
      ]),
    ).toBe(
      [
        'Infrastructure  Namespace  Kind       Name  Op      Why                 Waits for',
        'edge-1          class      ConfigMap  new   create  new                 CustomResourceDefinition x',
        'edge-1          -          ConfigMap  old   delete  no longer declared  -',
        '',
        'edge-1: 1 create, 0 update, 1 delete, 1 unchanged',
        'modena: 0 create, 0 update, 0 delete, 2 unchanged',
        'Op: 1 create, 0 update, 1 delete, 3 unchanged',
        'edge-1: ConfigMap class/leaving is being deleted since 2026-11-23T00:00:00Z: waits for finalizer example.com/hold',
        'Held on edge-1: too much at once',
      ].join('\n'),
    );
  });

  it('says that there is nothing to change', () => {
    expect(printPlans([{ name: 'modena', plan: NOTHING }])).toBe('Nothing to change.\n\nOp: 0 create, 0 update, 0 delete, 2 unchanged');
  });

  it('shows fields and remarks below their change, and no control characters', () => {
    const change = { op: 'update', ref: ref('a\u001b[2J'), reason: 'its document changed', remarks: ['leaves .data.b to x'] } as const;
    const fields = [{ path: ['data', 'a'], before: '1', after: '2\u0007' }];
    const text = printPlans([{ name: 'modena', plan: { ...NOTHING, changes: [{ ...change, fields }] } }]);
    expect(text.split('\n').slice(1, 6)).toEqual([
      'modena          -          ConfigMap  a [2J  update  its document changed  -',
      '    ! leaves .data.b to x',
      '    .data.a',
      '      - "1"',
      '      + "2\\a"',
    ]);
  });
});
