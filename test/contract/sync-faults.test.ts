import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { Failure } from '../../controller/errors.ts';
import type { Cluster, Log } from '../../controller/ports.ts';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { createSyncEngine, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { type Caught, type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { have } from '../support/parts.ts';
import { type Actor, actor, type Place } from './cluster-place.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const HOUR_MS = 60 * 60 * 1000;
/** How long each fault lasts, and how soon after it all must be well. */
const LASTS_MS = 2000;
const RECOVERY_MS = 5000;
/** Between two attempts of whoever runs the engine. */
const PACE_MS = 500;
/** Less than one for each kind and attempt, with what watches try on their own. */
const MOST_REQUESTS_A_SECOND = 40;

const isWrite = ({ method }: Caught) => method !== 'GET';
const toWrites = (does: Fault) => (caught: Caught) => (isWrite(caught) ? does(caught) : caught.forward());
const toWatches = (does: Fault) => (caught: Caught) => (caught.isWatch ? does(caught) : caught.forward());
const pause = (durationMs: number) => systemClock.sleep(durationMs);

interface Course {
  readonly harmless?: true;
  readonly token?: 'renewed';
  readonly requestTimeoutMs?: number;
  readonly lastsMs?: number;
}

/** Begins a fault. The promise is kept when it is over. */
type Begin = (proxy: FaultProxy, over: Promise<void>) => void;

const FAULTS: readonly [string, Begin, Course?][] = [
  ['409 to every write', (proxy) => proxy.begin(toWrites((caught) => caught.answer(409)))],
  ['422 to every write', (proxy) => proxy.begin(toWrites((caught) => caught.answer(422)))],
  [
    '410 to every read, after the watches were cut',
    cutting((proxy) => proxy.begin((caught) => (isWrite(caught) ? caught.forward() : caught.answer(410)))),
  ],
  [
    '429 with Retry-After to everything',
    cutting((proxy) => proxy.begin((caught) => caught.answer(429, { 'retry-after': '1' }))),
    { lastsMs: 5000 },
  ],
  ['500 to everything', cutting((proxy) => proxy.begin((caught) => caught.answer(500)))],
  ['503 with Retry-After to everything', cutting((proxy) => proxy.begin((caught) => caught.answer(503, { 'retry-after': '1' })))],
  ['the connection reset before the request is passed on', (proxy) => proxy.begin((caught) => caught.reset())],
  ['the connection reset after the request was passed on', (proxy) => proxy.begin((caught) => caught.swallow(() => caught.reset()))],
  ['watches cut, again and again', cutting((proxy) => proxy.begin(toWatches((caught) => caught.cut())))],
  [
    'watches without a byte',
    cutting((proxy, over) => proxy.begin(toWatches((caught) => caught.forward({ body: after(over) })))),
    { harmless: true },
  ],
  [
    'half of each answer',
    cutting((proxy) => proxy.begin((caught) => caught.forward({ body: (chunk) => [chunk.subarray(0, chunk.length / 2)] }))),
  ],
  ['slow bytes', cutting((proxy) => proxy.begin((caught) => caught.forward({ body: slowly })))],
  [
    'a clock that is an hour ahead',
    cutting((proxy) => proxy.begin((caught) => caught.forward({ headers: hourAhead }))),
    { harmless: true },
  ],
  [
    'an expired token',
    cutting((proxy) => proxy.begin((caught) => (caught.token === 'renewed' ? caught.forward() : caught.answer(401)))),
    { token: 'renewed' },
  ],
  ['a black hole', (proxy) => proxy.blackHole(), { requestTimeoutMs: 30_000, lastsMs: 6000 }],
];

/** Watches that run are struck as well. */
function cutting(begin: Begin): Begin {
  return (proxy, over) => {
    begin(proxy, over);
    proxy.cutWatches();
  };
}

function after(over: Promise<void>) {
  return async function* (chunk: Buffer) {
    await over;
    yield chunk;
  };
}

async function* slowly(chunk: Buffer) {
  for (let at = 0; at < chunk.length; at += 64) {
    yield chunk.subarray(at, at + 64);
    await pause(100);
  }
}

const hourAhead = (headers: Readonly<Record<string, unknown>>) => ({
  ...headers,
  date: new Date(Date.now() + HOUR_MS).toUTCString(),
});

function faultContract(start: () => Place | Promise<Place>): void {
  let place: Place;
  let proxy: FaultProxy;
  let direct: Cluster;
  let kubectl: Actor;
  let number = 0;

  beforeAll(async () => {
    place = await start();
    direct = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    kubectl = actor(place, 'kubectl-edit');
  });
  afterAll(async () => {
    direct?.close();
    await place?.stop();
  });

  const open = (kubeconfig: string, requestTimeoutMs: number) => {
    const cluster = createCluster({ name: 'dev', kubeconfig, clock: systemClock, requestTimeoutMs });
    const engine = createSyncEngine({ cluster, clock: systemClock, log: quiet, isAncestor: async () => true });
    return {
      engine,
      close() {
        engine.close();
        cluster.close();
      },
    };
  };
  const map = (dock: string, name: string, a: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: dock },
    data: { a },
  });
  const targetOf = (dock: string, manifests: readonly Manifest[]): SyncTarget => ({
    environment: dock,
    infrastructure: 'dev',
    revision: 'a'.repeat(40),
    manifests,
    syncId: 'root',
    pruneWords: [],
    takeOver: [],
    defaultDock: dock,
  });
  const valuesIn = async (dock: string) => {
    const type = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
    const { items } = await direct.list(type, { namespace: dock, labelSelector: 'applyset.kubernetes.io/part-of' });
    // Where no controllers run, nobody finishes a deletion.
    const there = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return Object.fromEntries(there.map(({ metadata, data }) => [metadata.name, (data as { a: string }).a]));
  };

  it('a watch that was cut goes on where it was, at once and without a list', async () => {
    const dock = `dock-${++number}`;
    await direct.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
    proxy = await startFaultProxy(place);
    const { engine, close } = open(proxy.kubeconfig(), 30_000);
    const target = targetOf(dock, [map(dock, 'drifted', '1')]);
    expect((await engine.sync(target)).failed).toEqual([]);
    let moved = 0;
    engine.onChange(() => {
      moved += 1;
    });
    proxy.seen.length = 0;
    proxy.cutWatches();
    await kubectl.edit({ apiVersion: 'v1', kind: 'ConfigMap', namespace: dock, name: 'drifted' }, { data: { a: '9' } });
    await expect.poll(() => moved).toBeGreaterThan(0);
    expect((await engine.sync(target)).plan.counts).toMatchObject({ update: 1 });
    expect(proxy.seen.filter((line) => line.includes('limit=500'))).toEqual([]);
    expect(proxy.seen.filter((line) => line.includes('watch=1')).length).toBeGreaterThan(0);
    close();
    await proxy.stop();
  });

  it.each(FAULTS)('%s: no crash, no busy loop, and all is well within 5 s of its end', async (_, begin, course = {}) => {
    const { harmless, token, requestTimeoutMs = 1500, lastsMs = LASTS_MS } = course;
    const dock = `dock-${++number}`;
    await direct.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
    proxy = await startFaultProxy(place);
    let { engine, close } = open(proxy.kubeconfig(), requestTimeoutMs);
    const before = targetOf(dock, [map(dock, 'changed', '1'), map(dock, 'drifted', '1'), map(dock, 'removed', '1')]);
    expect((await engine.sync(before)).failed).toEqual([]);
    const wanted = targetOf(dock, [map(dock, 'changed', '2'), map(dock, 'drifted', '1'), map(dock, 'new', '1')]);
    const worker = work(() => engine, wanted);

    let end = () => {};
    const seenBefore = proxy.seen.length;
    begin(
      proxy,
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    );
    worker.look();
    await kubectl.edit({ apiVersion: 'v1', kind: 'ConfigMap', namespace: dock, name: 'drifted' }, { data: { a: '9' } });
    await pause(lastsMs);
    const seen = proxy.seen.slice(seenBefore);
    expect(worker.failures.length > 0).toBe(harmless !== true);
    expect(seen.length, seen.join('\n')).toBeLessThan((MOST_REQUESTS_A_SECOND * lastsMs) / 1000);
    expect(worker.failures.filter((error) => !(error instanceof Failure))).toEqual([]);

    if (token === undefined) proxy.end();
    else {
      close();
      ({ engine, close } = open(proxy.kubeconfig(token), requestTimeoutMs));
      worker.look();
    }
    end();
    const well = { changed: '2', drifted: '1', new: '1' };
    await expect.poll(() => valuesIn(dock), { timeout: RECOVERY_MS, interval: 50 }).toEqual(well);
    await worker.stop();
    close();
    await proxy.stop();
  });
}

/** As whoever runs an engine: looks when told, and again after a failure. */
function work(engine: () => SyncEngine, target: SyncTarget) {
  const stopping = new AbortController();
  const failures: unknown[] = [];
  let wake = () => {};
  const turn = async () => {
    const report = await engine().sync(target, stopping.signal);
    failures.push(...report.failed.map(({ error }) => error));
    return report.failed.length === 0;
  };
  const loop = async () => {
    for (let isDone = false; !stopping.signal.aborted; ) {
      const listening = engine();
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const stop = listening.onChange(() => wake());
      isDone = await turn().catch((error) => {
        failures.push(error);
        return false;
      });
      await Promise.race([told, ...(isDone ? [] : [pause(PACE_MS)])]);
      if (!isDone) await pause(PACE_MS);
      stop();
    }
  };
  const running = loop();
  return {
    failures,
    look: () => wake(),
    stop: async () => {
      stopping.abort(new Error('the test is over'));
      wake();
      await running;
    },
  };
}

describe('Sync under faults: sandbox', () => faultContract(() => startSandbox()));

describe.skipIf(!have('control plane'))('Sync under faults: real control plane', () =>
  faultContract(() => startControlPlane({ controllers: 'none' })),
);
