import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster, Log } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { type Actor, actor } from './cluster-place.ts';
import { syncTarget } from './sync-target.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const CONFIG_MAPS = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };

const map = (name: string, a: string): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a } });
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
const targetOf = (revision: string, ...manifests: readonly Manifest[]) => syncTarget(manifests, { revision: revision.repeat(40) });

/** One engine lives through all of it. */
describe.skipIf(!have('control plane'))('Sync: an API server that ends and comes back', () => {
  let place: ControlPlane;
  let cluster: Cluster;
  let kubectl: Actor;
  let engine: SyncEngine;
  let calls: string[];
  let moved: number;

  beforeEach(() => {
    place = startControlPlane({ controllers: 'none' });
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    kubectl = actor(place, 'kubectl-edit');
    calls = [];
    engine = createSyncEngine({ cluster: recording(cluster, calls), clock: systemClock, log: quiet, isAncestor: async (a, b) => a <= b });
    moved = 0;
    engine.onChange(() => {
      moved += 1;
    });
  });
  afterEach(() => {
    engine.close();
    cluster.close();
    place.stop();
  });

  /** What is there and is not being deleted: nobody finishes that here. */
  const values = async () => {
    const { items } = await cluster.list(CONFIG_MAPS, { namespace: 'default', labelSelector: 'applyset.kubernetes.io/part-of' });
    const there = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return Object.fromEntries(there.map(({ metadata, data }) => [metadata.name, (data as { a: string }).a]));
  };
  const trying = (target: SyncTarget) => async () => {
    await engine.sync(target).catch(() => undefined);
    return await values();
  };

  it('restarted: it is followed again, and drift is seen', async () => {
    const target = targetOf('a', map('one', '1'), map('two', '1'));
    expect((await engine.sync(target)).failed).toEqual([]);
    calls.length = 0;
    place.stop(true);
    place = place.resume();
    await expect.poll(() => calls.filter((call) => call === 'watch').length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    await expect.poll(() => engine.sync(target).then(() => true), { timeout: 20_000 }).toBe(true);
    const before = moved;
    await kubectl.edit(ref('one'), { data: { a: '9' } });
    await expect.poll(() => moved).toBeGreaterThan(before);
    expect((await engine.sync(target)).plan.counts).toMatchObject({ update: 1 });
    expect(await values()).toEqual({ one: '1', two: '1' });
  });

  it('set back to an older state: it is noticed, listed again and repaired', async () => {
    const older = targetOf('a', map('changed', '1'), map('removed', '1'), map('kept', '1'));
    const newer = targetOf('b', map('changed', '2'), map('kept', '1'), map('new', '1'));
    const [data, copy] = [join(place.directory, 'etcd'), join(place.directory, 'etcd-older')];
    expect((await engine.sync(older)).failed).toEqual([]);
    place.stop(true);
    cpSync(data, copy, { recursive: true });
    place = place.resume();
    const wanted = { changed: '2', kept: '1', new: '1' };
    await expect.poll(trying(newer), { timeout: 20_000 }).toEqual(wanted);
    for (let turn = 0; turn < 300; turn += 1) await kubectl.edit(ref('kept'), { metadata: { annotations: { turn: String(turn) } } });
    await expect.poll(() => cluster.versionOf(CONFIG_MAPS).then(Number)).toBeGreaterThan(300);

    place.stop(true);
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });
    place = place.resume();
    expect(await values()).toEqual({ changed: '1', removed: '1', kept: '1' });
    const before = moved;
    await expect.poll(() => moved, { timeout: 35_000 }).toBeGreaterThan(before);
    await expect.poll(trying(newer), { timeout: 20_000 }).toEqual(wanted);
    expect((await engine.sync(newer)).plan.changes).toEqual([]);
  });
});

function recording(cluster: Cluster, calls: string[]): Cluster {
  return new Proxy(cluster, {
    get:
      (target, name: keyof Cluster) =>
      (...args: never[]) => {
        calls.push(name);
        return (target[name] as (...all: never[]) => unknown)(...args);
      },
  });
}
