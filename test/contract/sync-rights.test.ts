import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster, Rule } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { syncTarget } from './sync-target.ts';

const READ = ['get', 'list', 'watch'];
const INVENTORY = { apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: ['*'] };

describe.skipIf(!have('control plane'))('Sync: rights on a real control plane', () => {
  let place: ControlPlane;
  let admin: Cluster;
  let calls: string[];
  let engine: SyncEngine;
  let number = 0;
  let dock: string;

  beforeAll(async () => {
    place = startControlPlane({ controllers: 'none' });
    admin = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
  });
  beforeEach(async () => {
    dock = `dock-${++number}`;
    calls = [];
    engine = engineFor(place.stranger);
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
  });
  afterEach(async () => {
    engine.close();
    await revoke();
  });
  afterAll(() => {
    admin?.close();
    place?.stop();
  });

  const engineFor = (kubeconfig: string, changes: Partial<Cluster> = {}): SyncEngine => {
    const cluster = { ...createCluster({ name: 'dev', kubeconfig, clock: systemClock }), ...changes };
    const recording = new Proxy(cluster, {
      get: (target, name: keyof Cluster) => {
        return (...args: never[]) => {
          calls.push(name);
          return (target[name] as (...all: never[]) => unknown)(...args);
        };
      },
    });
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    return createSyncEngine({ cluster: recording, clock: systemClock, log: quiet, isAncestor: async () => false });
  };
  const target = (...manifests: readonly Manifest[]) =>
    syncTarget(manifests, { environment: dock, infrastructure: 'edge-9', defaultDock: dock });
  const map: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { a: '1' } };
  const service: Manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } };
  const RBAC = 'rbac.authorization.k8s.io/v1';

  /** To the stranger, everywhere; takes effect a moment later. */
  const grant = async (...rules: readonly Rule[]) => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'stranger' }];
    await admin.apply({ apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'some' }, rules });
    await admin.apply({ apiVersion: RBAC, kind: 'ClusterRoleBinding', metadata: { name: 'some' }, roleRef, subjects });
  };
  const revoke = () => grant();
  const refusal = (of: SyncTarget) =>
    engine.sync(of).then(
      () => 'none',
      (error: Error) => error.message,
    );
  const writes = () => calls.filter((name) => ['apply', 'create', 'replace', 'remove'].includes(name));

  it('everything that is missing is one sentence, before anything is written', async () => {
    await expect(engine.sync(target(map, service))).rejects.toMatchObject({
      outcome: 'terminal',
      message: [
        "Cannot sync infrastructure 'edge-9' as its credentials lack rights: get, list, watch, create, update, delete configmaps in namespace 'rotterdam-system'",
        'create, patch namespaces in the whole cluster',
        'list, watch configmaps in the whole cluster',
        `get, create, patch, delete configmaps in namespace '${dock}'`,
        'list, watch services in the whole cluster',
        `get, create, patch, delete services in namespace '${dock}': grant them to their user`,
      ].join('; '),
    });
    expect(writes()).toEqual([]);
  });

  it('a user who may list but not watch is told so', async () => {
    await grant(INVENTORY, { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'create', 'patch', 'delete'] });
    await expect
      .poll(() => refusal(target(map, service)))
      .toBe(
        "Cannot sync infrastructure 'edge-9' as its credentials lack rights: watch services in the whole cluster: grant them to their user",
      );
    expect(writes()).toEqual([]);
  });

  it('a user with just these rights syncs, asks few questions, and none when settled', async () => {
    await grant(INVENTORY, { apiGroups: [''], resources: ['services'], verbs: [...READ, 'create', 'patch', 'delete'] });
    await expect.poll(() => refusal(target(map, service))).toBe('none');
    const fresh = engineFor(place.stranger);
    calls.length = 0;
    await fresh.sync(target(map, service));
    // Whether it may do everything, and the rules everywhere, in the dock and in the namespace of the inventories.
    expect(calls.filter((name) => name === 'review').length).toBe(4);
    calls.length = 0;
    await fresh.sync(target(map, service));
    expect(calls.filter((name) => name !== 'resource' && name !== 'watch')).toEqual([]);
    fresh.close();
  });

  it('plan works with rights to read; sync refuses to write', async () => {
    await grant({ apiGroups: [''], resources: ['configmaps', 'services'], verbs: READ });
    await expect.poll(() => engine.plan(target(map, service)).catch((error) => error)).toMatchObject({ counts: { create: 2 } });
    expect(await refusal(target(map))).toContain("create, patch, delete configmaps in namespace '");
    expect(writes()).toEqual([]);
  });

  it('a right that is taken away is named with all others that are missing by then', async () => {
    await grant(INVENTORY, { apiGroups: [''], resources: ['services'], verbs: ['*'] });
    await expect.poll(() => refusal(target(map))).toBe('none');
    await revoke();
    let edits = 0;
    const another = () => refusal(target({ ...map, data: { a: `${++edits}` } }));
    await expect
      .poll(another, { timeout: 5000 })
      .toMatch(/lack rights: get, list, watch, create, update, delete configmaps in .*; get, create, patch/);
  });

  it('an administrator is asked one question; a kind that comes later is none', async () => {
    const own = engineFor(place.kubeconfig);
    await own.sync(target(map));
    await own.sync(target(map, service));
    expect(calls.filter((name) => name === 'review' || name === 'version')).toEqual(['version', 'review']);
    own.close();
  });

  it.each([
    ['v1.11.0+d4cacc0', true],
    ['v1.21.14', true],
    ['v1.22.0', false],
    ['v1.30.1+k3s1', false],
  ])('a server of %s is refused before anything else: %s', async (version, refused) => {
    const own = engineFor(place.kubeconfig, { version: async () => version });
    const outcome = await own.sync(target(map)).then(
      () => undefined,
      (error) => error,
    );
    own.close();
    if (!refused) return expect(outcome).toBeUndefined();
    expect(outcome).toMatchObject({
      outcome: 'terminal',
      message: `Cannot sync infrastructure 'edge-9' as its API server, ${version}, has no server-side apply: upgrade it to 1.22 or newer`,
    });
    expect(calls.filter((name) => name !== 'resource')).toEqual(['version']);
  });
});
