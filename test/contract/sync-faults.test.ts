import { afterAll, beforeAll, type ExpectStatic, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import type { Wanted } from '../../controller/wanted.ts';
import { InfrastructureWorker } from '../../controller/worker.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { type Caught, type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { onBoth } from './both-places.ts';
import { type Actor, actor, type Place } from './cluster-place.ts';

const ignore = () => undefined;
const HOUR_MS = 60 * 60 * 1000;
/** How long each fault lasts, and how soon after it all must be well. */
const LASTS_MS = 2000;
const RECOVERY_MS = 5000;
/** Each kind's watch and the worker try on their own, a few times. */
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

/** Each fault has a namespace, a proxy and a worker of its own, and mostly waits: some at once. */
function faultContract(start: () => Place | Promise<Place>): void {
  let place: Place;
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

  const open = async (expect: ExpectStatic, dock: string, requestTimeoutMs: number) => {
    await direct.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
    const proxy = await startFaultProxy(place);
    const secret = { kubeconfig: proxy.kubeconfig() };
    const warnings: unknown[] = [];
    const worker = new InfrastructureWorker(
      wantedOf(dock, 'a', map(dock, 'changed', '1'), map(dock, 'drifted', '1'), map(dock, 'removed', '1')),
      {
        name: 'dev',
        secrets: { read: async () => secret.kubeconfig, path: async () => '', watch: () => () => undefined },
        connect: (_, kubeconfig) => createCluster({ name: 'dev', kubeconfig, clock: systemClock, requestTimeoutMs }),
        isAncestor: async (a, b) => a <= b,
        clock: systemClock,
        log: { debug: ignore, info: ignore, warn: (fields) => warnings.push(fields), error: (fields) => warnings.push(fields) },
        turn: () => Promise.resolve(),
        synced: ignore,
        runsAsWantedOn: () => true,
        moved: () => undefined,
        settled: ignore,
        removed: () => undefined,
      },
    );
    await expect.poll(() => worker.status.state, { timeout: 10_000 }).toBe('ready');
    warnings.length = 0;
    proxy.seen.length = 0;
    return { proxy, secret, worker, warnings };
  };
  const map = (dock: string, name: string, a: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: dock },
    data: { a },
  });
  const wantedOf = (dock: string, revision: string, ...manifests: readonly Manifest[]): Wanted => ({
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
  const drift = (dock: string) =>
    kubectl.edit({ apiVersion: 'v1', kind: 'ConfigMap', namespace: dock, name: 'drifted' }, { data: { a: '9' } });
  const valuesIn = async (dock: string) => {
    const type = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
    const { items } = await direct.list(type, { namespace: dock, labelSelector: 'applyset.kubernetes.io/part-of' });
    // Where no controllers run, nobody finishes a deletion.
    const there = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return Object.fromEntries(there.map(({ metadata, data }) => [metadata.name, (data as { a: string }).a]));
  };

  it.concurrent('a watch that was cut goes on where it was, at once and without a list', async ({ expect }) => {
    const dock = `dock-${++number}`;
    const { proxy, worker, warnings } = await open(expect, dock, 30_000);
    proxy.cutWatches();
    await drift(dock);
    await expect.poll(() => valuesIn(dock)).toMatchObject({ drifted: '1' });
    expect(proxy.seen.filter((line) => line.includes('limit=500'))).toEqual([]);
    expect(proxy.seen.filter((line) => line.includes('watch=1')).length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    await worker.stop();
    await proxy.stop();
  });

  it.concurrent.for(FAULTS)(
    '%s: no crash, no busy loop, and all is well within 5 s of its end',
    async ([, begin, course = {}], { expect }) => {
      const { harmless = false, token, requestTimeoutMs = 1500, lastsMs = LASTS_MS } = course;
      const dock = `dock-${++number}`;
      const { proxy, secret, worker, warnings } = await open(expect, dock, requestTimeoutMs);
      let end = () => {};
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      begin(proxy, over);
      worker.want(wantedOf(dock, 'b', map(dock, 'changed', '2'), map(dock, 'drifted', '1'), map(dock, 'new', '1')));
      await drift(dock);
      const begun = performance.now();
      await pause(lastsMs);
      if (harmless) expect(warnings).toEqual([]);
      else await expect.poll(() => warnings.length, { timeout: 10_000 }).toBeGreaterThan(0);
      const lastedMs = performance.now() - begun;
      expect(proxy.seen.length, proxy.seen.join('\n')).toBeLessThan((MOST_REQUESTS_A_SECOND * lastedMs) / 1000);

      end();
      if (token === undefined) proxy.end();
      else {
        secret.kubeconfig = proxy.kubeconfig(token);
        worker.lookAtSecret();
      }
      const well = { changed: '2', drifted: '1', new: '1' };
      await expect.poll(() => valuesIn(dock), { timeout: RECOVERY_MS, interval: 50 }).toEqual(well);
      await worker.stop();
      await proxy.stop();
    },
  );
}

onBoth('Sync under faults', faultContract, { plane: { controllers: 'none' } });
