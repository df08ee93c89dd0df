import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ANNOTATION } from '../../constructs/labels.ts';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import type { Wanted } from '../../controller/wanted.ts';
import { InfrastructureWorker } from '../../controller/worker.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { refOf } from '../../synth/manifest.ts';
import { onBoth } from './both-places.ts';
import { type Actor, actor, type Place } from './cluster-place.ts';
import { definitionOf } from './sync-world.ts';

onBoth('A newer revision', cancelContract);

/** Whatever the work on a revision waits for, a newer one is worked on within a second. */
function cancelContract(start: () => Place | Promise<Place>): void {
  let place: Place;
  let cluster: Cluster;
  let kubectl: Actor;
  let worker: InfrastructureWorker | undefined;
  let number = 0;
  let dock: string;

  beforeAll(async () => {
    place = await start();
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    kubectl = actor(place, 'kubectl-edit');
  });
  beforeEach(async () => {
    dock = `dock-${++number}`;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
  });
  afterEach(() => worker?.stop());
  afterAll(async () => {
    cluster?.close();
    await place?.stop();
  });

  const wanted = (revision: string, ...manifests: readonly Manifest[]): Wanted => ({
    infrastructure: { name: 'dev', type: 'kubernetes', credentials: { secret: 'dev' } } as Wanted['infrastructure'],
    environment: dock,
    revision: revision.repeat(40),
    manifests,
    tasks: [],
    subject: 'Change',
    ordered: new Map(),
    syncId: 'root',
    pruneWords: [],
    removal: undefined,
    placeOf: () => undefined,
  });
  const begin = (first: Wanted): InfrastructureWorker => {
    const ignore = () => undefined;
    worker = new InfrastructureWorker(first, {
      name: 'dev',
      secrets: { read: async () => place.kubeconfig, path: async () => '', watch: () => ignore },
      connect: (_, kubeconfig) => createCluster({ name: 'dev', kubeconfig, clock: systemClock }),
      isAncestor: async (a, b) => a <= b,
      clock: systemClock,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      turn: () => Promise.resolve(),
      synced: ignore,
      runsAsWantedOn: () => true,
      moved: () => undefined,
      settled: ignore,
      removed: () => undefined,
    });
    return worker;
  };
  const map = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: dock }, data: { a: '1' } });
  const isThere = async (of: Manifest) => (await cluster.get(refOf(of))) !== undefined;
  const within1s = async (revision: Wanted, made: Manifest) => {
    const startedMs = performance.now();
    worker?.want(revision);
    await expect.poll(() => isThere(made), { interval: 20, timeout: 10_000 }).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  };

  it('ends the wait for a definition that is never served', async () => {
    const { spec, ...rest } = definitionOf({ group: `g${number}.example`, version: 'v1', kind: 'Thing' });
    const versions = Object(spec).versions.map((version: object) => ({ ...version, served: false }));
    const definition = { ...rest, spec: { ...Object(spec), versions } } as Manifest;
    const thing: Manifest = { apiVersion: `g${number}.example/v1`, kind: 'Thing', metadata: { name: 'one', namespace: dock } };
    begin(wanted('a', map('first'), definition, thing));
    await expect.poll(() => isThere(map('first')), { timeout: 5000 }).toBe(true);
    await within1s(wanted('b', map('first'), map('second'), definition), map('second'));
  });

  it('ends the wait for a deletion that somebody holds', async () => {
    const config = (data: string, annotations = { [ANNOTATION.recreate]: 'allowed' }): Manifest => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'held', namespace: dock, annotations },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: data },
    });
    const held = refOf(config('a'));
    begin(wanted('a', config('a')));
    await expect.poll(() => isThere(config('a')), { timeout: 5000 }).toBe(true);
    await kubectl.edit(held, { metadata: { finalizers: ['a.example/hold'] } });
    worker?.want(wanted('b', config('b')));
    await expect.poll(async () => (await cluster.get(held))?.metadata.deletionTimestamp, { timeout: 5000 }).toBeDefined();
    await within1s(wanted('c', config('b'), map('second')), map('second'));
    await kubectl.edit(held, { metadata: { finalizers: null } });
    await expect.poll(async () => (await cluster.get(held))?.roleRef, { timeout: 10_000 }).toMatchObject({ name: 'b' });
  });
}
