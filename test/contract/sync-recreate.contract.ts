import { describe, expect, it } from 'vitest';
import { ANNOTATION } from '../../constructs/labels.ts';
import type { Cluster } from '../../controller/ports.ts';
import { syncInTurns } from '../../controller/sync/turns.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { refOf } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';
import { sentences, syncWorld } from './sync-world.ts';

/** An object before and after a change that its kind doesn't take, and the field that its server names. */
export interface Immutable {
  readonly field: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const template = (app: string) => ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } });
const workload = (app: string) => ({ spec: { replicas: 1, selector: { matchLabels: { app } }, template: template(app) } });
const roleRef = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name });
const claim = (mode: string) => ({ spec: { accessModes: [mode], resources: { requests: { storage: '1Gi' } } } });

/** What every server of the contract refuses. */
export const IMMUTABLE: readonly Immutable[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', field: 'spec.selector', before: workload('a'), after: workload('b') },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    field: 'spec',
    before: { spec: { ...workload('a').spec, serviceName: 'a' } },
    after: { spec: { ...workload('a').spec, serviceName: 'b' } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    field: 'roleRef',
    before: { roleRef: roleRef('a') },
    after: { roleRef: roleRef('b') },
  },
];

/** How the engine makes anew what cannot be changed, where that is allowed, with any API server that makes pods ready. */
export function syncRecreateContract(start: () => Place | Promise<Place>, immutable: readonly Immutable[] = IMMUTABLE): void {
  const world = syncWorld(start);
  const ALLOWED = { [ANNOTATION.recreate]: 'allowed' };
  const made = (
    { apiVersion, kind }: Immutable,
    content: Immutable['before'],
    annotations: Readonly<Record<string, string>> = {},
  ): Manifest => {
    return { apiVersion, kind, metadata: { name: 'it', namespace: world.dock, annotations }, ...content };
  };
  const [deployment = expect.fail()] = IMMUTABLE;
  const uidOf = async (of: Manifest) => (await world.live(of)).metadata.uid;

  describe.each(immutable)('$kind', (one) => {
    it('is refused with the field and the way out', async () => {
      const { engine, target, dock } = world;
      await engine.sync(target([made(one, one.before)]));
      const uid = await uidOf(made(one, one.before));
      expect(sentences(await engine.sync(target([made(one, one.after)])))).toEqual([
        expect.stringMatching(
          new RegExp(
            `^Cannot apply ${one.kind} ${dock}/it as ${one.field} cannot be changed once it is set.*: give the object another name, delete it first, or annotate it with rotterdam.dev/recreate: allowed`,
          ),
        ),
      ]);
      expect(await uidOf(made(one, one.before))).toBe(uid);
      await engine.sync(target([]));
    });

    it('is deleted and made anew where its annotation allows it', { timeout: 20_000 }, async () => {
      const { engine, target } = world;
      await engine.sync(target([made(one, one.before, ALLOWED)]));
      const uid = await uidOf(made(one, one.before));
      const wanted = target([made(one, one.after, ALLOWED)]);
      const report = await syncInTurns(engine, wanted);
      expect([sentences(report), report.applied.map(({ op, reason }) => `${op}: ${reason}`)]).toEqual([
        [],
        ['update: its document changed'],
      ]);
      const live = await world.live(made(one, one.after));
      expect(live.metadata.uid).not.toBe(uid);
      expect(live).toMatchObject(one.after);
      expect([...(await world.recorded(wanted)).entries.values()]).toMatchObject([{ uid: live.metadata.uid, hash: expect.any(String) }]);
      await expect.poll(async () => (await engine.sync(wanted)).applied).toEqual([]);
    });
  });

  it.each([
    ['is wrong', { spec: { ...workload('a').spec, replicas: -1 } }],
    ['is wrong and cannot change', { spec: { ...workload('b').spec, replicas: -1 } }],
  ])('a value that %s costs no object', async (_, wrong) => {
    const { engine, target } = world;
    await engine.sync(target([made(deployment, deployment.before, ALLOWED)]));
    const uid = await uidOf(made(deployment, deployment.before));
    expect((await engine.sync(target([made(deployment, wrong, ALLOWED)]))).failed.length).toBe(1);
    expect(await uidOf(made(deployment, deployment.before))).toBe(uid);
  });

  it('a claim of storage is never deleted for it', async () => {
    const { engine, target } = world;
    const one = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      field: 'spec',
      before: claim('ReadWriteOnce'),
      after: claim('ReadWriteMany'),
    };
    await engine.sync(target([made(one, one.before, ALLOWED)]));
    const uid = await uidOf(made(one, one.before));
    expect(sentences(await engine.sync(target([made(one, one.after, ALLOWED)])))).toEqual([
      expect.stringMatching(/as spec cannot be changed once it is set .*: give the object another name, delete it first$/),
    ]);
    expect(await uidOf(made(one, one.before))).toBe(uid);
  });

  it('an object that is not ours is never deleted for it', async () => {
    const { engine, kubectl, target } = world;
    const theirs = made(deployment, deployment.before);
    await kubectl.apply(theirs);
    const uid = await uidOf(theirs);
    const takeOver = ['kubectl-edit'];
    const report = await engine.sync(target([made(deployment, deployment.after, ALLOWED)], { takeOver }));
    expect(sentences(report)).toEqual([expect.stringMatching(/as spec.selector cannot be changed/)]);
    expect(await uidOf(theirs)).toBe(uid);
  });

  it('holds up nothing else while a finalizer holds the old one, and is made as soon as that is gone', { timeout: 30_000 }, async () => {
    const { engine, kubectl, map, target } = world;
    const before = made(deployment, deployment.before, ALLOWED);
    const after = made(deployment, deployment.after, ALLOWED);
    await engine.sync(target([before, map('old')]));
    await kubectl.edit(refOf(before), { metadata: { finalizers: ['example.com/hold'] } });
    const wanted = target([after, map('new')]);
    const report = await engine.sync(wanted);
    expect(report).toMatchObject({
      applied: [{ ref: { name: 'new' } }],
      waiting: [{ op: 'update', ref: { name: 'it' }, waitsFor: expect.stringContaining('finalizer example.com/hold') }],
      failed: [],
      plan: { held: expect.stringContaining('1 deletions wait') },
    });
    const done = syncInTurns(engine, wanted);
    await kubectl.edit(refOf(before), { metadata: { finalizers: null } });
    expect(sentences(await done)).toEqual([]);
    expect(await world.live(after)).toMatchObject(deployment.after);
    await expect.poll(() => world.maps(), { timeout: 10_000 }).toEqual(['new']);
  });

  it('whatever call it dies at, the next run makes it, and it can be removed', { timeout: 60_000 }, async () => {
    const { cluster, engineFor, target } = world;
    for (const when of ['before', 'after'] as const) {
      for (let last = 1; ; last++) {
        const of = (manifests: readonly Manifest[]) => target(manifests, { environment: `${world.dock}-${when}-${last}` });
        const named = (content: Immutable['before']) => {
          const manifest = made(deployment, content, ALLOWED);
          return { ...manifest, metadata: { ...manifest.metadata, name: `${when}-${last}` } };
        };
        const [before, after] = [of([named(deployment.before)]), of([named(deployment.after)])];
        await engineFor(cluster).sync(before);
        const died = await engineFor(dyingAt(cluster, last, when))
          .sync(after)
          .then(
            () => false,
            () => true,
          );
        if (!died) break;
        const next = engineFor(cluster);
        expect(sentences(await syncInTurns(next, after))).toEqual([]);
        expect(await world.live(named({}))).toMatchObject(deployment.after);
        await next.sync(of([]));
        await expect.poll(() => cluster.get(refOf(named({}))), { timeout: 10_000 }).toBeUndefined();
        next.close();
      }
    }
  });
}

/** As a process that is killed at its n-th write or read of an object: nothing is heard of it afterwards. */
function dyingAt(cluster: Cluster, last: number, when: 'before' | 'after'): Cluster {
  let count = 0;
  return new Proxy(cluster, {
    get: (target, name: keyof Cluster) =>
      !['apply', 'replace', 'remove', 'get'].includes(name)
        ? target[name].bind(target)
        : async (...args: never[]) => {
            count += 1;
            if (count > last || (count === last && when === 'before')) throw new Error('killed');
            const answer = await (target[name] as (...all: never[]) => unknown)(...args);
            if (count >= last && when === 'after') throw new Error('killed');
            return answer;
          },
  });
}
