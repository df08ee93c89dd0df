import { describe, expect, it } from 'vitest';
import type { ManagedFields } from '../../../../controller/ports.ts';
import { createRepairs, printDrift, takersIn } from '../../../../controller/sync/drift.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { configMap } from './samples.ts';

const managed = (manager: string, second: number, fieldsV1: object = {}, subresource?: string): ManagedFields => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  time: `2026-11-23T00:00:0${second}Z`,
  fieldsV1: fieldsV1 as Readonly<Record<string, unknown>>,
  ...(subresource === undefined ? {} : { subresource }),
});
const data = { 'f:data': { 'f:a': {} } };

describe('takersIn', () => {
  it('names others, the last to change something first, and no controller that writes the status', () => {
    const fields = [
      managed('kubectl', 1, data),
      managed('rotterdam-sync', 3),
      managed('kubelet', 4, data, 'status'),
      managed('hpa', 2, {}, 'scale'),
    ];
    expect(takersIn(fields, 'rotterdam-sync')).toEqual([
      { manager: 'hpa', fields: [] },
      { manager: 'kubectl', fields: ['.data.a'] },
    ]);
  });
});

describe('printDrift', () => {
  const wanted = { ...configMap('x'), data: { a: '1' } };
  it.each<[reason: string, takers: Parameters<typeof printDrift>[1], says: string]>([
    ['who has a field that we want', [{ manager: 'kubectl', fields: ['.data.a', '.data.b'] }], 'kubectl changed .data.a'],
    [
      'who has one, before who came later and has none',
      [
        { manager: 'other', fields: ['.data.b'] },
        { manager: 'kubectl', fields: ['.data.a'] },
      ],
      'kubectl changed .data.a',
    ],
    ['the last one, when a field was removed', [{ manager: 'kubectl', fields: [] }], 'kubectl changed fields of ours'],
    ['nobody', [], 'somebody changed fields of ours'],
  ])('names %s', (_, takers, says) => {
    expect(printDrift(wanted, takers)).toBe(says);
  });
});

describe('createRepairs', () => {
  it('lets an object be put back five times within a minute, then once a minute, until nobody undid it for two', async () => {
    const clock = fakeClock();
    const repairs = createRepairs(clock);
    const repair = async (afterMs: number) => {
      await clock.advance(afterMs);
      const may = repairs.heldUntilMs('x') === undefined;
      if (may) repairs.note('x');
      return may;
    };
    const tries: boolean[] = [];
    for (const afterMs of [0, 1000, 1000, 1000, 1000]) tries.push(await repair(afterMs));
    expect(tries).toEqual([true, true, true, true, true]);
    expect(repairs.heldUntilMs('x')).toBe(clock.now() + 60_000);
    expect(repairs.heldUntilMs('y')).toBeUndefined();
    expect([await repair(1000), await repair(58_000), await repair(1000), await repair(1000), await repair(59_000)]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    expect([await repair(120_000), await repair(1000)]).toEqual([true, true]);
  });

  it('five times in more than a minute is no fight', async () => {
    const clock = fakeClock();
    const repairs = createRepairs(clock);
    for (let count = 0; count < 20; count += 1) {
      repairs.note('x');
      expect(repairs.heldUntilMs('x')).toBeUndefined();
      await clock.advance(15_000);
    }
  });
});
