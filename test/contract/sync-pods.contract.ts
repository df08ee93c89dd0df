import { expect, it } from 'vitest';
import { ANNOTATION } from '../../constructs/labels.ts';
import type { Cluster, LiveObject, ResourceType } from '../../controller/ports.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { actor, type Place } from './cluster-place.ts';
import { syncWorld } from './sync-world.ts';

const PODS: ResourceType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

/** What is told of workloads whose pods don't get ready, with any API server whose pods nobody runs: the test does. */
export function syncPodsContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);
  const podsOf = async () => (await world.cluster.list(PODS, { namespace: world.dock })).items;
  const waiting = (reason: string, message: string) => ({
    phase: 'Pending',
    containerStatuses: [{ ...CONTAINER, ready: false, state: { waiting: { reason, message } } }],
  });
  /** The pod that `image` is in. */
  const podWith = async (image: string): Promise<LiveObject> => {
    const find = async () => (await podsOf()).find((pod) => JSON.stringify(pod.spec).includes(`"${image}"`));
    await expect.poll(find, { timeout: 10_000 }).toBeDefined();
    return (await find()) as LiveObject;
  };
  const report = (pod: LiveObject, status: object) =>
    actor(world.place, 'kubelet').report({ apiVersion: 'v1', kind: 'Pod', namespace: world.dock, name: pod.metadata.name }, status);
  const withImage = (image: string, annotations?: Readonly<Record<string, string>>): Manifest => {
    const { metadata, ...web } = world.web({ replicas: 1 }, { containers: [{ name: 'web', image }] });
    return { ...web, metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }) } };
  };

  it('names the container of a stuck pod with its message, and stops looking once all is ready', async () => {
    const { cluster, engineFor, target } = world;
    const watches = { begun: 0, open: 0 };
    const engine = engineFor(watching(cluster, watches));
    const wanted = target([withImage('nginx:wrong')]);
    await engine.sync(wanted);
    await report(await podWith('nginx:wrong'), waiting('ImagePullBackOff', 'Back-off pulling image "nginx:wrong"'));
    await expect
      .poll(() => engine.health(wanted), { timeout: 10_000 })
      .toMatchObject([
        {
          state: 'failed',
          reason: expect.stringMatching(/: pod web-\S+: container web: ImagePullBackOff: Back-off pulling image "nginx:wrong"$/),
        },
      ]);
    const mended = target([withImage('nginx:right')], { revision: 'b'.repeat(40) });
    expect((await engine.sync(mended)).health).toMatchObject([{ state: 'progressing' }]);
    await report(await podWith('nginx:right'), RUNNING);
    await expect.poll(() => engine.health(mended), { timeout: 10_000 }).toMatchObject([{ state: 'ready', ready: 1 }]);
    await expect.poll(() => watches).toEqual({ begun: 1, open: 0 });
  });

  it('is told of a failure of a pod as soon as a watch beside it', async () => {
    const { engine, cluster, target, dock } = world;
    const wanted = target([withImage('nginx:1')]);
    await engine.sync(wanted);
    const pod = await podWith('nginx:1');
    await report(pod, waiting('ErrImagePull', 'first'));
    await expect.poll(() => engine.health(wanted)[0]?.reason, { timeout: 10_000 }).toContain('ErrImagePull: first');
    const behindMs: number[] = [];
    for (const message of ['back-off 10s', 'back-off 20s', 'back-off 40s', 'back-off 1m', 'back-off 2m']) {
      const told = new Promise<number>((resolve) => {
        engine.onChange(() => engine.health(wanted)[0]?.reason.includes(message) && resolve(Date.now()));
      });
      const seen = await seenBy(cluster, dock, message);
      await report(pod, waiting('CrashLoopBackOff', message));
      behindMs.push((await told) - (await seen()));
    }
    expect(behindMs.sort((a, b) => a - b)[2]).toBeLessThan(250);
  });

  it('a change that takes longer than its health timeout has failed, until it is ready', async () => {
    const { engine, target } = world;
    const wanted = target([withImage('nginx:1', { [ANNOTATION.healthTimeout]: '1s' })]);
    await engine.sync(wanted);
    const reason = '0 of 1 replicas are ready, for longer than its health timeout of 1s';
    await expect.poll(() => engine.health(wanted), { timeout: 10_000 }).toMatchObject([{ state: 'failed', reason }]);
    await report(await podWith('nginx:1'), RUNNING);
    await expect.poll(() => engine.health(wanted), { timeout: 10_000 }).toMatchObject([{ state: 'ready' }]);
  });
}

const CONTAINER = { name: 'web', image: 'nginx', imageID: '', restartCount: 0 };
const RUNNING = {
  phase: 'Running',
  conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
  containerStatuses: [{ ...CONTAINER, ready: true, state: { running: { startedAt: '2026-11-23T00:00:00Z' } } }],
};

/** When a watch of pods beside the engine's has seen it. */
async function seenBy(cluster: Cluster, namespace: string, message: string): Promise<() => Promise<number>> {
  const { resourceVersion } = await cluster.list(PODS, { namespace });
  const over = new AbortController();
  const events = await cluster.watch(PODS, resourceVersion, { namespace }, over.signal);
  const seen = (async () => {
    for await (const event of events) if (JSON.stringify(event).includes(message)) return Date.now();
    return Number.NaN;
  })();
  return () => seen.finally(() => over.abort(new Error('Seen')));
}

/** Counts watches of pods. */
function watching(cluster: Cluster, watches: { begun: number; open: number }): Cluster {
  return {
    ...cluster,
    watch: async (type, version, options, signal) => {
      if (type.kind === 'Pod') {
        watches.begun += 1;
        watches.open += 1;
        signal?.addEventListener('abort', () => {
          watches.open -= 1;
        });
      }
      return await cluster.watch(type, version, options, signal);
    },
  };
}
