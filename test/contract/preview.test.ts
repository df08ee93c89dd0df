import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Log } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine } from '../../controller/sync/engine.ts';
import { printFields } from '../../controller/sync/show/print-fields.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { onBoth } from './both-places.ts';
import { previewContract } from './preview.contract.ts';
import { syncTarget } from './sync-target.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

onBoth('Preview', previewContract, { plane: { pods: 'none' } });

describe.skipIf(!have('control plane'))('Preview: real control plane', () => {
  describe('a user who may get, list and watch', () => {
    let place: ControlPlane;
    const engines: SyncEngine[] = [];
    const engineFor = (kubeconfig: string) => {
      const cluster = createCluster({ name: 'dev', kubeconfig, clock: systemClock });
      const engine = createSyncEngine({ cluster, clock: systemClock, log: quiet, isAncestor: async () => true });
      engines.push(engine);
      return engine;
    };
    const target = (a: string) =>
      syncTarget([
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'default' }, data: { a } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `new-${a}` } },
      ]);

    beforeAll(() => {
      place = startControlPlane({ controllers: 'none' });
    });
    afterAll(() => {
      for (const engine of engines) engine.close();
      place.stop();
    });

    it('sees the plan, field by field, and why it was compared here', async () => {
      const admin = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
      const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' };
      const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }];
      const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'stranger' }];
      const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'reader' } };
      for (const object of [
        { ...rbac, kind: 'ClusterRole', rules },
        { ...rbac, kind: 'ClusterRoleBinding', roleRef: role, subjects },
      ]) {
        await admin.apply(object as Manifest);
      }
      await engineFor(place.kubeconfig).sync(target('1'));
      const planned = () => engineFor(place.stranger).plan(target('2'), undefined, { fields: true });
      // The server's RBAC follows what was just written.
      const plan = await expect
        .poll(() => planned().catch(() => undefined), { timeout: 10_000 })
        .toBeDefined()
        .then(planned);
      expect(plan.failed).toEqual([]);
      expect(plan.comparedHere).toBe("compared here, as the credentials lack the right to patch configmaps in namespace 'default'");
      expect(plan.changes.map(({ op, ref, fields = [] }) => [op, ref.name, ...printFields(fields)])).toEqual([
        ['create', 'new-2', '.metadata.labels', expect.stringContaining('applyset')],
        ['update', 'one', '.data.a', '  - "1"', '  + "2"'],
        ['delete', 'new-1'],
      ]);
      admin.close();
    });
  });
});
