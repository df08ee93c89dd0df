import { describe, expect, it } from 'vitest';
import { desire } from '../../../../controller/sync/desired.ts';
import { applySteps, type Outcome, type World } from '../../../../controller/sync/execute.ts';
import type { ApplyStep } from '../../../../controller/sync/plan.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { manifest, SET } from './samples.ts';

const definition = {
  ...manifest('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.g'),
  spec: { group: 'g', names: { kind: 'Thing' }, scope: 'Namespaced' },
};

describe('applySteps', () => {
  it('a definition that never gets ready holds up the others once, not once for each of its objects', async () => {
    const clock = fakeClock();
    const things = Array.from({ length: 100 }, (_, index) => manifest('g/v1', 'Thing', `thing-${index}`));
    const [, ...desired] = desire({ manifests: [definition, ...things], defaultDock: 'class' }, SET, new Map());
    const steps = desired.map((one): ApplyStep => {
      return { change: { op: 'create', ref: one.ref, reason: 'new' }, desired: one, entry: undefined, repair: false };
    });
    const world = { cluster: {}, clock, mirror: { get: () => undefined }, progress: () => undefined } as unknown as World;
    const outcome: Outcome = { entries: new Map(), warnings: new Map(), applied: [], later: [], failed: [] };
    let ended = false;
    void applySteps(world, steps, outcome).then(() => {
      ended = true;
    });
    await clock.advance(20_000);
    expect([ended, outcome.failed.length]).toEqual([true, 100]);
    expect(outcome.failed.at(-1)?.error).toMatchObject({ outcome: 'waiting', message: expect.stringContaining("waits for 'things.g'") });
  });
});
