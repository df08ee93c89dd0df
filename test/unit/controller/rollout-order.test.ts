import { describe, expect, it } from 'vitest';
import { RolloutOrder } from '../../../controller/rollout-order.ts';
import type { ObjectHealth, SyncReport } from '../../../controller/sync/engine.ts';
import type { Wanted } from '../../../controller/wanted.ts';
import { identity, type Manifest, refOf } from '../../../synth/manifest.ts';

const web: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'class', labels: { 'rotterdam.dev/task': 'web' } },
};
const health = new Map([[identity(refOf(web)), { ref: refOf(web), state: 'ready', reason: '' } as ObjectHealth]]);
const report = { failed: [], waiting: [] } as unknown as SyncReport;
const wanted = (suspend: boolean) =>
  ({
    manifests: [web],
    tasks: [{ name: 'web', spec: { suspend } }],
    ordered: new Map([['web', { before: [], manifests: [web] }]]),
  }) as unknown as Wanted;

describe('RolloutOrder', () => {
  it.each([
    { suspended: false, runs: true },
    { suspended: true, runs: false },
  ])('a task suspended $suspended runs as wanted $runs: what is left as it is was not applied', ({ suspended, runs }) => {
    const order = new RolloutOrder(() => true);
    order.note(wanted(suspended), new Map(), report);
    expect(order.runsAsWanted(wanted(false), health, 'web')).toBe(runs);
  });

  it('what runs on a cluster that was out of sight is news again', () => {
    const order = new RolloutOrder(() => true);
    order.note(wanted(false), new Map(), report);
    expect([order.hasMoved(wanted(false), health), order.hasMoved(wanted(false), health)]).toEqual([true, false]);
    order.forget();
    expect(order.hasMoved(wanted(false), health)).toBe(true);
  });
});
