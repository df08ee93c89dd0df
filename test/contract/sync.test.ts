import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Log } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { onBoth } from './both-places.ts';
import { syncContract } from './sync.contract.ts';
import { syncApplyContract } from './sync-apply.contract.ts';
import { syncHealthContract } from './sync-health.contract.ts';
import { syncPodsContract } from './sync-pods.contract.ts';
import { syncTarget } from './sync-target.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

onBoth('Sync', syncContract);
onBoth('Apply', syncApplyContract);
onBoth('Health', syncHealthContract);
onBoth('Pods', syncPodsContract, { sandbox: { readyDelayMs: 3_600_000 }, plane: { pods: 'none' } });

describe.skipIf(!have('control plane'))('Sync: real control plane', () => {
  describe('a server in trouble', () => {
    let place: ControlPlane;
    const target = syncTarget([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { a: '1' } }]);
    const engineFor = (kubeconfig: string): SyncEngine => {
      const cluster = createCluster({ name: 'dev', kubeconfig, clock: systemClock, requestTimeoutMs: 5000 });
      return createSyncEngine({ cluster, clock: systemClock, log: quiet, isAncestor: async () => false });
    };

    beforeAll(() => {
      place = startControlPlane({ controllers: 'none' });
    });
    afterAll(() => place.stop());

    it('down is transient; back again, it goes on', async () => {
      const engine = engineFor(place.kubeconfig);
      expect((await engine.sync(target)).failed).toEqual([]);
      place.stop(true);
      const change = { ...target, manifests: [{ ...target.manifests[0], data: { a: '2' } } as SyncTarget['manifests'][number]] };
      await expect(engine.sync(change)).rejects.toMatchObject({ outcome: 'transient' });
      place = startControlPlane({ controllers: 'none', directory: place.directory });
      const again = engineFor(place.kubeconfig);
      expect(await again.sync(change)).toMatchObject({ failed: [], plan: { counts: { update: 1 } } });
      engine.close();
      again.close();
    });
  });
});
