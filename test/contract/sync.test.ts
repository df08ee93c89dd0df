import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Log } from '../../controller/ports.ts';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { createSyncEngine, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { syncContract } from './sync.contract.ts';
import { syncApplyContract } from './sync-apply.contract.ts';
import { syncHealthContract } from './sync-health.contract.ts';
import { syncPodsContract } from './sync-pods.contract.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('Sync: sandbox', () => syncContract(() => startSandbox({ readyDelayMs: 100 })));
describe('Apply: sandbox', () => syncApplyContract(() => startSandbox({ readyDelayMs: 100 })));

describe('Health: sandbox', () => syncHealthContract(() => startSandbox({ readyDelayMs: 100 })));

describe.skipIf(!have('control plane'))('Health: real control plane', () => syncHealthContract(() => startControlPlane()));

describe('Pods: sandbox', () => syncPodsContract(() => startSandbox({ readyDelayMs: 3_600_000 })));

describe.skipIf(!have('control plane'))('Pods: real control plane', () => syncPodsContract(() => startControlPlane({ pods: 'none' })));

describe.skipIf(!have('control plane'))('Apply: real control plane', () => syncApplyContract(() => startControlPlane()));

describe.skipIf(!have('control plane'))('Sync: real control plane', () => {
  syncContract(() => startControlPlane());

  describe('a server in trouble', () => {
    let place: ControlPlane;
    const target: SyncTarget = {
      environment: 'city',
      infrastructure: 'dev',
      revision: 'a'.repeat(40),
      manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { a: '1' } }],
      syncId: 'root',
      pruneWords: [],
      takeOver: [],
      maxPrune: 30,
      removing: false,
      defaultDock: 'default',
    };
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
