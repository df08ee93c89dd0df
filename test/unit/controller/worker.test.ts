import { describe, expect, it } from 'vitest';
import { ApiError, Failure } from '../../../controller/errors.ts';
import type { Cluster } from '../../../controller/ports.ts';
import type { Wanted } from '../../../controller/wanted.ts';
import { InfrastructureWorker } from '../../../controller/worker.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const WANTED: Wanted = {
  infrastructure: { name: 'edge', type: 'kubernetes', credentials: { secret: 'edge' } } as Wanted['infrastructure'],
  environment: 'city',
  revision: 'a'.repeat(40),
  manifests: [],
  tasks: [],
  subject: 'Change',
  ordered: new Map(),
  syncId: 'id',
  pruneWords: [],
  removal: undefined,
  placeOf: () => undefined,
};
const LIST = { items: [], resourceVersion: '1' };
const TYPE = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: ['list'] };

/** A worker on a cluster without objects, which answers as `world` says. */
function setup() {
  const clock = fakeClock();
  const stored = (object: { readonly metadata: object }) => storedAt(object, world.statusTime);
  const world = {
    secret: 'first',
    statusTime: undefined as string | undefined,
    answer: async (_kubeconfig: string, _signal?: AbortSignal): Promise<void> => undefined,
  };
  const asked: string[] = [];
  const connected: string[] = [];
  const open = new Set<symbol>();
  const logged: Readonly<Record<string, unknown>>[] = [];
  const ignore = () => undefined;
  const connect = (_: unknown, kubeconfig: string): Cluster => {
    const key = Symbol();
    open.add(key);
    connected.push(kubeconfig);
    const ask = (what: string, reply: unknown, signalAt: number) =>
      (async (...args: unknown[]) => {
        asked.push(`${clock.now()} ${what} ${kubeconfig}`);
        await world.answer(kubeconfig, args[signalAt] as AbortSignal | undefined);
        return typeof reply === 'function' ? reply(...args) : reply;
      }) as never;
    return {
      version: ask('version', 'v1.36.0', 0),
      resource: ask('resource', (apiVersion: string, kind: string) => ({ ...TYPE, apiVersion, kind }), 2),
      resources: ask('resources', [TYPE], 0),
      review: ask('review', { allowed: true }, 2),
      get: ask('get', undefined, 1),
      list: ask('list', LIST, 2),
      versionOf: ask('versionOf', '1', 2),
      watch: async (_type, _version, _options, signal) => silence(signal),
      apply: ask('apply', stored, 2),
      create: ask('create', stored, 1),
      replace: ask('replace', stored, 1),
      remove: ask('remove', undefined, 2),
      close: () => open.delete(key),
    };
  };
  const worker = new InfrastructureWorker(WANTED, {
    name: 'edge',
    secrets: { read: async () => world.secret, path: async () => '', watch: () => ignore },
    connect,
    isAncestor: async () => true,
    clock,
    log: { debug: ignore, info: ignore, warn: (fields) => logged.push(fields), error: ignore },
    turn: () => Promise.resolve(),
    synced: ignore,
    runsAsWantedOn: () => true,
    moved: ignore,
    settled: ignore,
    removed: ignore,
  });
  return {
    clock,
    world,
    asked,
    open,
    logged,
    connected,
    worker,
    asksOf: (what: string) => asked.filter((line) => line.includes(` ${what} `)),
  };
}

const storedAt = (object: { readonly metadata: object }, time: string | undefined) => {
  const status = { observedGeneration: 1, conditions: [{ type: 'Available', status: 'True' }] };
  const managedFields = time === undefined ? [] : [{ manager: 'controller', operation: 'Update', subresource: 'status', time }];
  return { ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: '2', managedFields }, status };
};
const silence = async function* (signal: AbortSignal | undefined): AsyncGenerator<never> {
  yield await new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
};
const hang = (_: string, signal?: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
const down = async () => {
  throw new Failure('transient', "Cannot reach infrastructure 'edge'");
};
const refuseFirst = async (kubeconfig: string) => {
  if (kubeconfig === 'first') throw new ApiError('Cannot authenticate', { status: 401, reason: 'Unauthorized' });
};

describe('InfrastructureWorker: circuit breaker', () => {
  it.each([
    { reason: 'refuses connections', answer: down },
    { reason: 'accepts and says nothing', answer: hang },
  ])('asks a cluster that $reason for nothing but its version, at most once a second, on one connection', async ({ answer }) => {
    const { clock, world, asked, open, worker, asksOf } = setup();
    world.answer = answer;
    await clock.advance(60_000);
    expect(worker.status).toMatchObject({ state: 'unreachable', reason: expect.stringContaining("Cannot reach infrastructure 'edge'") });
    expect(asksOf('version')).toEqual(asked);
    expect(asked.length).toBeLessThanOrEqual(60);
    expect(open.size).toBeLessThanOrEqual(1);
    await worker.stop();
  });

  it.each([
    { reason: 'refused connections', answer: down },
    { reason: 'said nothing', answer: hang },
  ])('is back within 5 s after a cluster that $reason answers again, however long it was away', async ({ answer }) => {
    const { clock, world, worker } = setup();
    world.answer = answer;
    await clock.advance(3_600_000);
    world.answer = async () => undefined;
    await clock.advance(5_000);
    expect(worker.status.state).toBe('ready');
    await worker.stop();
  });

  it('stays away while only the probe is answered', async () => {
    const { clock, world, asked, worker } = setup();
    let first = true;
    world.answer = async () => {
      if (!first) return down();
      first = false;
    };
    await clock.settle();
    expect({ asked: asked.length, state: worker.status.state }).toEqual({ asked: 2, state: 'unreachable' });
    await worker.stop();
  });

  it('gives a server that asks for time all of it, whatever changes', async () => {
    const { clock, world, asked, worker } = setup();
    world.answer = async () => {
      throw new ApiError('Too many requests', { status: 429, reason: 'TooManyRequests', afterMs: 30_000 });
    };
    await clock.settle();
    worker.want({ ...WANTED, revision: 'b'.repeat(40), manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }] });
    await clock.advance(29_999);
    expect(asked).toHaveLength(1);
    world.answer = async () => undefined;
    await clock.advance(1);
    expect(asked.length).toBeGreaterThan(1);
    await worker.stop();
  });
});

describe('InfrastructureWorker: credentials', () => {
  it('asks a server that refuses the credentials once a minute as long as they stay the same', async () => {
    const { clock, world, asked, worker, logged } = setup();
    world.answer = refuseFirst;
    await clock.advance(119_000);
    expect(asked).toHaveLength(2);
    expect(logged).toHaveLength(1);
    expect(worker.status).toMatchObject({ state: 'failed', reason: 'Cannot authenticate' });
    await worker.stop();
  });

  it('is back within 5 s after a refused secret was renewed, told or not', async () => {
    const { clock, world, worker } = setup();
    world.answer = refuseFirst;
    await clock.advance(10_000);
    world.secret = 'second';
    await clock.advance(4_000);
    expect(worker.status.state).toBe('ready');
    await worker.stop();
  });

  it('tries refused credentials again with a new revision', async () => {
    const { clock, world, asked, worker } = setup();
    world.answer = refuseFirst;
    await clock.settle();
    worker.want({ ...WANTED, revision: 'b'.repeat(40) });
    await clock.settle();
    expect(asked).toHaveLength(2);
    await worker.stop();
  });

  it('connects anew when told of a secret that has changed, and keeps the connection of one that has not', async () => {
    const { clock, world, connected, open, worker } = setup();
    await clock.settle();
    worker.lookAtSecret();
    await clock.settle();
    expect(connected).toEqual(['first']);
    world.secret = 'second';
    worker.lookAtSecret();
    await clock.settle();
    expect(connected).toEqual(['first', 'second']);
    expect(open.size).toBe(1);
    expect(worker.status.state).toBe('ready');
    await worker.stop();
    expect(open.size).toBe(0);
  });
});

describe('InfrastructureWorker: a task that ran as wanted before the controller started', () => {
  it('has settled when its status last changed', async () => {
    const { clock, worker, world } = setup();
    const beforeMs = Math.floor(clock.now() / 1000) * 1000 - 600_000;
    world.statusTime = new Date(beforeMs).toISOString();
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'class' }, spec: { replicas: 0 } };
    const task = { id: 'city/web', name: 'web', dock: 'class', spec: { replicas: 0 } } as Wanted['tasks'][number];
    worker.want({ ...WANTED, manifests: [web], tasks: [task] });
    await clock.advance(1000);
    expect(worker.rollout(task).settledAtMs).toBe(beforeMs);
    await worker.stop();
  });
});

describe('InfrastructureWorker: a task that was removed and is wanted again', () => {
  it('has not settled before it runs again', async () => {
    const { clock, worker } = setup();
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'class' }, spec: { replicas: 0 } };
    const task = { id: 'city/web', name: 'web', dock: 'class', spec: { replicas: 0 } } as Wanted['tasks'][number];
    const settledAfter = async (wanted: Partial<Wanted>) => {
      worker.want({ ...WANTED, ...wanted });
      await clock.advance(1000);
      return worker.rollout(task).settledAtMs;
    };
    const first = await settledAfter({ manifests: [web], tasks: [task] });
    expect(first).toBeDefined();
    expect(await settledAfter({})).toBeUndefined();
    expect(await settledAfter({ manifests: [web], tasks: [task] })).toBeGreaterThan(first ?? 0);
    await worker.stop();
  });
});
