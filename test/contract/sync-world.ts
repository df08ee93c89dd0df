import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster, LiveObject, Log } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine, type SyncReport, type SyncTarget } from '../../controller/sync/engine.ts';
import { parentRef } from '../../controller/sync/inventory/applyset.ts';
import { type Inventory, readInventory } from '../../controller/sync/inventory/inventory.ts';
import type { Manifest, ObjectRef } from '../../synth/manifest.ts';
import { printRef, refOf } from '../../synth/manifest.ts';
import { type Actor, actor, type Place } from './cluster-place.ts';
import { syncTarget } from './sync-target.ts';
import { recording } from './wrapped-cluster.ts';

/** One API server for a suite, and a namespace and an engine of its own for each test. */
export interface SyncWorld {
  readonly place: Place;
  readonly cluster: Cluster;
  /** Somebody with `kubectl edit`. */
  readonly kubectl: Actor;
  /** The test's namespace, and the name of its environment. */
  readonly dock: string;
  readonly engine: SyncEngine;
  /** Calls that the engine made since they were last cleared, but for discovery and watches. */
  readonly calls: string[];
  /** Warnings in the log. */
  readonly logged: Readonly<Record<string, unknown>>[];
  engineFor(cluster: Cluster): SyncEngine;
  target(manifests: readonly Manifest[], changes?: Partial<SyncTarget>): SyncTarget;
  map(name: string, data?: Readonly<Record<string, string>>): Manifest;
  web(spec?: Readonly<Record<string, unknown>>, pod?: Readonly<Record<string, unknown>>): Manifest;
  live(of: Manifest | ObjectRef): Promise<LiveObject>;
  recorded(of: SyncTarget): Promise<Inventory>;
  /** Names of the ConfigMaps in the dock. */
  maps(): Promise<readonly string[]>;
  /** Syncs until there is nothing to do, and nothing on its way out. */
  settled(engine: SyncEngine, of: SyncTarget): Promise<void>;
}

export function syncWorld(start: () => Place | Promise<Place>): SyncWorld {
  const engines: SyncEngine[] = [];
  const world = { calls: [] as string[], logged: [] as Readonly<Record<string, unknown>>[] } as {
    -readonly [field in keyof SyncWorld]: SyncWorld[field];
  };
  let number = 0;

  beforeAll(async () => {
    world.place = await start();
    world.cluster = createCluster({ name: 'dev', kubeconfig: world.place.kubeconfig, clock: systemClock });
    world.kubectl = actor(world.place, 'kubectl-edit');
  });
  beforeEach(async () => {
    world.dock = `dock-${++number}`;
    await world.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: world.dock } });
    world.calls.length = 0;
    world.logged.length = 0;
    world.engine = world.engineFor(recording(world.cluster, world.calls));
  });
  afterEach(() => {
    for (const one of engines.splice(0)) one.close();
  });
  afterAll(async () => {
    world.cluster?.close();
    await world.place?.stop();
  });

  const log: Log = { debug: () => {}, info: () => {}, warn: (fields) => world.logged.push(fields), error: () => {} };
  return Object.assign(world, {
    engineFor(cluster: Cluster) {
      const one = createSyncEngine({ cluster, clock: systemClock, log, isAncestor: async (a, b) => a <= b });
      engines.push(one);
      return one;
    },
    target: (manifests: readonly Manifest[], changes: Partial<SyncTarget> = {}) =>
      syncTarget(manifests, { environment: world.dock, defaultDock: world.dock, ...changes }),
    map: (name: string, data: Readonly<Record<string, string>> = { a: '1' }): Manifest => {
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: world.dock }, data };
    },
    web: (spec: Readonly<Record<string, unknown>> = {}, pod: Readonly<Record<string, unknown>> = {}): Manifest => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: world.dock },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }], ...pod } },
        ...spec,
      },
    }),
    live: async (of: Manifest | ObjectRef) => {
      const ref = 'metadata' in of ? refOf(of as Manifest) : (of as ObjectRef);
      return (await world.cluster.get(ref)) ?? expect.fail(`${printRef(ref)} is not there`);
    },
    recorded: async (of: SyncTarget) => readInventory(await world.live(parentRef(of))).inventory,
    maps: async () => {
      const type = (await world.cluster.resource('v1', 'ConfigMap')) ?? expect.fail('no ConfigMaps');
      const names = (await world.cluster.list(type, { namespace: world.dock })).items.map(({ metadata }) => metadata.name);
      return names.filter((name) => name !== 'kube-root-ca.crt').sort();
    },
    settled: async (engine: SyncEngine, of: SyncTarget) => {
      const left = async () => {
        const { applied, plan } = await engine.sync(of);
        return applied.length + plan.ending.length;
      };
      await expect.poll(left, { timeout: 20_000 }).toBe(0);
    },
  });
}

export function sentences({ failed }: SyncReport): readonly string[] {
  return failed.map(({ error }) => error.message);
}

/** Of a namespaced kind whose objects may hold anything. */
export function definitionOf({ group, version, kind }: { group: string; version: string; kind: string }): Manifest {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural: `${singular}s`, singular, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}
