import { expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../constructs/labels.ts';
import type { Cluster, LiveObject } from '../../controller/ports.ts';
import type { SyncEngine, SyncTarget } from '../../controller/sync/engine.ts';
import { parentRef, setIdOf } from '../../controller/sync/inventory/applyset.ts';
import { identity, type Manifest, refOf } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';
import { syncWorld } from './sync-world.ts';
import { dyingAt } from './wrapped-cluster.ts';

/** Deleting a namespace takes a real control plane seconds, and little else. */
const LANES = 16;

/** As of a controller that was down while the branch moved on: what was half done may be wanted no more. */
export const JUMPS = 'is at the end of the branch';

/** One after the other, each on what the one before left: what one process does, and where another takes over. */
const STEPS = ['first apply', 'change', 'prune', 'rename', 'namespace move', 'recreate'] as const;

/** Whatever write a process is killed at, before or after the server heard it: whoever comes next ends where it would have ended. */
export function syncCutContract(start: () => Place | Promise<Place>, takers: readonly Next[] = ['goes on', JUMPS]): void {
  const world = syncWorld(start);

  /** A scenario of its own: objects in namespaces that no other run has. */
  function run(id: string) {
    const [home, from, to] = [`${id}-home`, `${id}-from`, `${id}-to`];
    const map = (name: string, value: string, namespace = home): Manifest => {
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } };
    };
    const space = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const workload = (name: string, replicas: number, app: string, annotations = {}): Manifest => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: home, annotations },
      spec: {
        replicas,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
      },
    });
    const others = [map('foreign', 'theirs'), map('guest', 'theirs', `${id}-guests`)];
    const at = (step: (typeof STEPS)[number]): SyncTarget => {
      const number = STEPS.indexOf(step);
      const isPast = (other: (typeof STEPS)[number]) => number >= STEPS.indexOf(other);
      const moved = isPast('namespace move') ? to : from;
      const manifests = [
        space(home),
        map('kept', '1'),
        map('changed', isPast('change') ? '2' : '1'),
        workload('web', isPast('change') ? 2 : 1, 'web'),
        ...(isPast('prune') ? [] : [map('gone', '1'), map('gone-too', '1')]),
        map(isPast('rename') ? 'new-name' : 'old-name', '1'),
        space(moved),
        map('mover', '1', moved),
        workload('fixed', 0, isPast('recreate') ? 'two' : 'one', { [ANNOTATION.recreate]: 'allowed' }),
      ];
      return world.target(manifests, { environment: id, revision: 'abcdef'.charAt(number).repeat(40), maxPrune: 100, defaultDock: home });
    };
    const own = async (): Promise<readonly LiveObject[]> => {
      const labelSelector = `${LABEL.applySetMember}=${setIdOf(parentRef(at('recreate')))}`;
      const kinds = [map('', ''), space(''), workload('', 0, '')].map(({ apiVersion, kind }) => world.cluster.resource(apiVersion, kind));
      const types = (await Promise.all(kinds)).map((type) => type ?? expect.fail('a kind is not served'));
      return (await Promise.all(types.map((type) => world.cluster.list(type, { labelSelector })))).flatMap(({ items }) => items);
    };
    return { at, own, others, spaces: [home, `${id}-guests`].map(space), mayGo: ['gone', 'gone-too', 'old-name', 'mover', 'fixed', from] };
  }

  type Run = ReturnType<typeof run>;
  const bare = (id: string, objects: readonly LiveObject[]) => {
    const texts = objects.map(({ apiVersion, kind, metadata: { name, namespace }, data, spec }) => {
      const shown = kind === 'ConfigMap' ? { data } : kind === 'Deployment' ? { spec } : {};
      return JSON.stringify({ apiVersion, kind, namespace, name, ...shown }).replaceAll(id, 'run');
    });
    return texts.sort();
  };

  const noting = (removed: string[], cluster: Cluster): Cluster => ({
    ...cluster,
    remove: (ref, ...rest) => {
      removed.push(ref.name);
      return cluster.remove(ref, ...rest);
    },
  });

  /** Step by step from `first` on; resolves with the steps that were done. */
  const carryOn = async (engine: SyncEngine, at: Run['at'], first: number, isDead = () => false): Promise<number> => {
    for (let step = first; step < STEPS.length; step++) {
      const left = async () => {
        const report = await engine.sync(at(STEPS[step] ?? 'recreate')).catch(() => undefined);
        return isDead() ? 0 : report && report.applied.length + report.failed.length + report.plan.ending.length;
      };
      await expect.poll(left, { timeout: 60_000, interval: 30 }).toBe(0);
      if (isDead()) return step;
    }
    return STEPS.length;
  };

  /** One run that is killed at a write; resolves with what is left in the end, undefined when there is no such write. */
  async function cut(id: string, { call, when, next }: Cut) {
    const { at, own, others, spaces, mayGo } = run(id);
    for (const one of spaces) await world.cluster.apply(one);
    const strangers = await Promise.all(others.map((one) => world.kubectl.apply(one)));
    const removed: string[] = [];
    const mortal = dyingAt(noting(removed, world.cluster), call, when);
    const first = world.engineFor(mortal.cluster);
    const reached = await carryOn(first, at, 0, mortal.isDead);
    first.close();
    const found = new Map((await own()).map((object) => [identity(refOf(object)), object.metadata.uid]));
    const second = world.engineFor(noting(removed, world.cluster));
    await carryOn(second, at, next === 'goes on' ? Math.min(reached, STEPS.length - 1) : STEPS.length - 1);
    second.close();
    const objects = await own();
    const about = aboutOf({ call, when, next });
    const { entries } = await world.recorded(at('recreate'));
    const uids = (list: Iterable<readonly [string, string | undefined]>) => Object.fromEntries([...list].sort());
    expect(uids([...entries].map(([key, { uid }]) => [key, uid])), `orphans ${about}`).toEqual(
      uids(objects.map((object) => [identity(refOf(object)), object.metadata.uid])),
    );
    expect(
      removed.filter((name) => !mayGo.includes(name)),
      `deleted ${about}`,
    ).toEqual([]);
    for (const { metadata, ...object } of objects) {
      const before = found.get(identity(refOf({ ...object, metadata })));
      if (before !== undefined && metadata.name !== 'fixed') expect(metadata.uid, `${metadata.name} ${about}`).toBe(before);
    }
    for (const stranger of strangers) {
      expect((await world.live(stranger)).metadata.resourceVersion, `a stranger ${about}`).toBe(stranger.metadata.resourceVersion);
    }
    return { written: mortal.written, state: bare(id, objects) };
  }

  it.each(takers)('whoever comes next %s', { timeout: 300_000 }, async (next) => {
    const whole = await cut(`${world.dock}-whole`, { call: Number.POSITIVE_INFINITY, when: 'before', next });
    expect(whole.state.length).toBe(8);
    const cuts = whole.written.flatMap((_, index) => (['before', 'after'] as const).map((when) => ({ call: index + 1, when, next })));
    expect(cuts.length).toBeGreaterThan(50);
    const queue = cuts.values();
    const lane = async () => {
      for (const one of queue) {
        const { state } = await cut(`${world.dock}-${one.when}-${one.call}`, one);
        expect(state, aboutOf(one)).toEqual(whole.state);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
}

type Next = 'goes on' | typeof JUMPS;

interface Cut {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly next: Next;
}

function aboutOf({ call, when, next }: Cut): string {
  return `killed ${when} write ${call}; whoever comes next ${next}`;
}
