import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../constructs/labels.ts';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { Failure } from '../../controller/errors.ts';
import type { Cluster, LiveObject, Log } from '../../controller/ports.ts';
import { createSyncEngine, type SyncEngine, type SyncProgress, type SyncReport, type SyncTarget } from '../../controller/sync/engine.ts';
import { parentRef, setIdOf } from '../../controller/sync/inventory/applyset.ts';
import { readInventory } from '../../controller/sync/inventory/inventory.ts';
import type { Manifest, ObjectRef } from '../../synth/manifest.ts';
import { printRef, refOf } from '../../synth/manifest.ts';
import { type Actor, actor, type Place } from './cluster-place.ts';
import { syncTarget } from './sync-target.ts';
import { recording } from './wrapped-cluster.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What the sync engine keeps with any API server that makes pods ready. */
export function syncContract(start: () => Place | Promise<Place>): void {
  let place: Place;
  let cluster: Cluster;
  let calls: string[];
  let engine: SyncEngine;
  let kubectl: Actor;
  let number = 0;
  let dock: string;
  const engines: SyncEngine[] = [];

  beforeAll(async () => {
    place = await start();
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    kubectl = actor(place, 'kubectl-edit');
  });
  beforeEach(async () => {
    dock = `dock-${++number}`;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: dock } });
    calls = [];
    engine = newEngine(recording(cluster, calls));
  });
  afterEach(() => {
    for (const one of engines.splice(0)) one.close();
  });
  afterAll(async () => {
    cluster?.close();
    await place?.stop();
  });

  /** On a branch whose revisions are `aaa…`, `bbb…` and so on, or on one with `1…` for `a…`. */
  function newEngine(through: Cluster): SyncEngine {
    const isAncestor = async (a: string, b: string) => a <= b && /^\d/.test(a) === /^\d/.test(b);
    const one = createSyncEngine({ cluster: through, clock: systemClock, log: quiet, isAncestor });
    engines.push(one);
    return one;
  }

  const target = (manifests: readonly Manifest[], changes: Partial<SyncTarget> = {}) =>
    syncTarget(manifests, { environment: dock, defaultDock: dock, ...changes });
  const map = (name: string, data: Record<string, string> = { a: '1' }): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: dock },
    data,
  });
  const mapRef = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: dock, name });
  const webRef = (): ObjectRef => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: dock, name: 'web' });
  const web = (replicas: number, image = 'nginx:1'): Manifest => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: dock },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    },
  });
  const live = async (ref: ObjectRef): Promise<LiveObject> => (await cluster.get(ref)) ?? expect.fail(`${printRef(ref)} is not there`);
  const maps = async () => {
    const type = (await cluster.resource('v1', 'ConfigMap')) ?? expect.fail('no ConfigMaps');
    const { items } = await cluster.list(type, { namespace: dock });
    return items
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== 'kube-root-ca.crt')
      .sort();
  };
  const recorded = async (of: SyncTarget) => {
    const { inventory } = readInventory(await live(parentRef(of)));
    return { revision: inventory.revision, names: [...inventory.entries.values()].map(({ ref }) => ref.name).sort() };
  };
  const sentences = (report: SyncReport) => report.failed.map(({ error }) => error.message);

  const afterSync = async (of: SyncTarget, ref: ObjectRef) => {
    await engine.sync(of);
    return await live(ref);
  };

  /** Syncs until the watches show the cluster as `report` left it. */
  const settled = async (of: SyncTarget) => {
    const left = async () => {
      const { applied, plan } = await engine.sync(of);
      return applied.length + plan.ending.length;
    };
    await expect.poll(left).toBe(0);
  };

  describe('apply', () => {
    it('makes what is missing, labelled and recorded, and then has nothing to say and asks nothing', async () => {
      const wanted = target([map('one'), web(2)]);
      const first = await engine.sync(wanted);
      expect(first).toMatchObject({ failed: [], conflicts: [], plan: { counts: { create: 2, update: 0, delete: 0, unchanged: 0 } } });
      expect((await live(mapRef('one'))).metadata.labels).toMatchObject({ [LABEL.applySetMember]: setIdOf(parentRef(wanted)) });
      expect(await recorded(wanted)).toEqual({ revision: wanted.revision, names: ['one', 'web'] });
      const versions = await Promise.all([mapRef('one'), parentRef(wanted)].map(async (ref) => (await live(ref)).metadata.resourceVersion));
      calls.length = 0;
      expect(await engine.sync(wanted)).toMatchObject({ applied: [], plan: { changes: [], counts: { unchanged: 2 } } });
      expect(calls).toEqual([]);
      expect(await Promise.all([mapRef('one'), parentRef(wanted)].map(async (ref) => (await live(ref)).metadata.resourceVersion))).toEqual(
        versions,
      );
    });

    it('one PATCH is the first request of a change of replicas', async () => {
      await engine.sync(target([map('one'), web(2)]));
      calls.length = 0;
      await engine.sync(target([map('one'), web(4)], { revision: 'b'.repeat(40) }));
      expect(calls).toEqual(['apply', 'replace']);
      expect((await live(webRef())).spec).toMatchObject({ replicas: 4 });
    });

    it('after a restart it lists, and writes nothing', async () => {
      const wanted = target([map('one'), web(1)]);
      await engine.sync(wanted);
      calls.length = 0;
      await newEngine(recording(cluster, calls)).sync(wanted);
      expect([...new Set(calls)]).toEqual(['version', 'review', 'list']);
    });

    it('plan writes nothing, and tells an object that is already there from a new one', async () => {
      await kubectl.apply(map('there'));
      const plan = await engine.plan(target([map('there'), map('new')]));
      expect(plan.changes.map(({ op, ref }) => `${op} ${ref.name}`)).toEqual(['update there', 'create new']);
      expect(plan.counts).toEqual({ create: 1, update: 1, delete: 0, unchanged: 0 });
      expect(await maps()).toEqual(['there']);
    });

    it('gives a raw object without a namespace the default dock', async () => {
      await engine.sync(target([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'homeless' }, data: {} }]));
      expect(await maps()).toEqual(['homeless']);
    });

    it('one bad object hurts no other, and each is told with its reason', async () => {
      const lost: Manifest = { ...map('lost'), metadata: { name: 'lost', namespace: `${dock}-nowhere` } };
      const unknown: Manifest = { apiVersion: 'nothing.example/v1', kind: 'Nothing', metadata: { name: 'x', namespace: dock } };
      const report = await engine.sync(target([map('good'), map('Not_Good'), lost, unknown]));
      expect(await maps()).toEqual(['good']);
      expect(sentences(report).sort()).toEqual([
        `Cannot apply ConfigMap ${dock}-nowhere/lost as namespace '${dock}-nowhere' does not exist: declare a dock '${dock}-nowhere'`,
        expect.stringMatching(/^Cannot apply ConfigMap .*Not_Good: .*metadata\.name/),
        expect.stringMatching(/^Cannot apply Nothing .*does not serve Nothing of nothing.example\/v1: install what defines it/),
      ]);
    });

    it('tells of each change as it happens, and of a definition that is waited for', async () => {
      const definition = definitionOf(`p${number}.example`);
      const thing: Manifest = { apiVersion: `p${number}.example/v1`, kind: 'Thing', metadata: { name: 'one' }, spec: { size: 1 } };
      const news: string[] = [];
      const tell = ({ change: { op, ref }, state, error }: SyncProgress) =>
        news.push([op, ref.kind, ref.name, state, ...(error === undefined ? [] : [error.message.slice(0, 12)])].join(' '));
      await engine.sync(target([map('gone'), thing, definition]), undefined, tell);
      expect(news).toEqual([
        `create CustomResourceDefinition things.p${number}.example started`,
        `create CustomResourceDefinition things.p${number}.example done`,
        'create ConfigMap gone started',
        'create ConfigMap gone done',
        'create Thing one started',
        'create Thing one waiting',
        'create Thing one done',
      ]);
      news.length = 0;
      await engine.sync(target([thing, definition]), undefined, tell);
      expect(news).toEqual(['delete ConfigMap gone started', 'delete ConfigMap gone done']);
      news.length = 0;
      await engine.sync(target([thing, definition, map('Not_Good')]), undefined, tell);
      expect(news).toEqual(['create ConfigMap Not_Good started', 'create ConfigMap Not_Good failed Cannot apply']);
    });

    it('names the immutable field that a document changed', async () => {
      await engine.sync(target([web(1)]));
      const changed = web(1);
      const other = { ...changed, spec: { ...(changed.spec as object), selector: { matchLabels: { app: 'web', v: '2' } } } };
      (other.spec as unknown as { template: { metadata: unknown } }).template = {
        ...(changed.spec as { template: object }).template,
        metadata: { labels: { app: 'web', v: '2' } },
      };
      const report = await engine.sync(target([other]));
      expect(sentences(report)).toEqual([
        `Cannot apply Deployment ${dock}/web as spec.selector cannot be changed once it is set (field is immutable): give the object another name, delete it first, or annotate it with rotterdam.dev/recreate: allowed to have it deleted and made anew`,
      ]);
    });

    it('makes a definition and its objects in one go', async () => {
      const definition = definitionOf(`g${number}.example`);
      const thing: Manifest = { apiVersion: `g${number}.example/v1`, kind: 'Thing', metadata: { name: 'one' }, spec: { size: 1 } };
      const wanted = target([thing, definition]);
      const report = await engine.sync(wanted);
      expect(sentences(report)).toEqual([]);
      await expect.poll(() => engine.health(wanted).map(({ state }) => state)).toEqual(['ready', 'ready']);
      expect((await live({ ...thing, namespace: dock, name: 'one' })).spec).toEqual({ size: 1 });
      await settled(wanted);
    });

    it('brings back a definition that somebody took away, with its objects', async () => {
      const definition = definitionOf(`b${number}.example`);
      const thing: Manifest = {
        apiVersion: `b${number}.example/v1`,
        kind: 'Thing',
        metadata: { name: 'one', namespace: dock },
        spec: { size: 1 },
      };
      const wanted = target([thing, definition]);
      expect(sentences(await engine.sync(wanted))).toEqual([]);
      const { metadata } = await live(refOf(thing));
      await kubectl.remove(refOf(definition));
      await expect.poll(() => cluster.get(refOf(thing)).then((one) => one?.metadata.uid)).not.toBe(metadata.uid);
      const brought = async () => {
        await engine.sync(wanted).catch(() => undefined);
        return (await cluster.get(refOf(thing)))?.spec;
      };
      await expect.poll(brought, { timeout: 20_000 }).toEqual({ size: 1 });
    });

    it('keeps a definition that others have objects of', async () => {
      const definition = definitionOf(`h${number}.example`);
      await engine.sync(target([definition]));
      const theirs: Manifest = { apiVersion: `h${number}.example/v1`, kind: 'Thing', metadata: { name: 'theirs', namespace: dock } };
      await expect.poll(() => cluster.resource(theirs.apiVersion, 'Thing')).toBeDefined();
      await cluster.create(theirs);
      expect(sentences(await engine.sync(target([])))).toEqual([
        `Cannot delete CustomResourceDefinition things.h${number}.example as it holds what is not ours: Thing ${dock}/theirs`,
      ]);
    });

    it('never applies an ancestor over what came later', async () => {
      await engine.sync(target([map('one', { a: 'new' })], { revision: 'b'.repeat(40) }));
      const slow = newEngine(cluster);
      await expect(slow.sync(target([map('one', { a: 'old' })]))).rejects.toMatchObject({ outcome: 'waiting' });
      expect((await live(mapRef('one'))).data).toEqual({ a: 'new' });
    });
  });

  describe('drift and conflicts', () => {
    it('forces back what somebody edited, and is told by its watch', async () => {
      const wanted = target([web(2, 'nginx:1')]);
      await engine.sync(wanted);
      let moved = 0;
      engine.onChange(() => {
        moved += 1;
      });
      await kubectl.edit(webRef(), { spec: { replicas: 7 } });
      await expect.poll(() => moved).toBeGreaterThan(0);
      await expect.poll(() => afterSync(wanted, webRef())).toMatchObject({ spec: { replicas: 2 } });
      await settled(wanted);
    });

    it('puts back what was all ours by one request', async () => {
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      await settled(wanted);
      await kubectl.edit(mapRef('one'), { data: { a: 'edited' } });
      calls.length = 0;
      await expect.poll(() => afterSync(wanted, mapRef('one'))).toMatchObject({ data: { a: '1' } });
      expect(calls.filter((call) => call !== 'replace')).toEqual(['apply']);
    });

    it('forces nothing of an object that moved since it was looked at: a field that somebody applied meanwhile is theirs', async () => {
      const wanted = target([map('one', { a: '1', b: '1' })]);
      await engine.sync(wanted);
      let isFirst = true;
      const meanwhile = newEngine({
        ...cluster,
        apply: async (...args) => {
          if (isFirst) await actor(place, 'other').apply(map('one', { b: 'theirs' }));
          isFirst = false;
          return cluster.apply(...args);
        },
      });
      await kubectl.edit(mapRef('one'), { data: { a: 'edited' } });
      const report = await meanwhile.sync(wanted);
      expect(report.conflicts).toMatchObject([{ field: '.data.b', managers: ['other'] }]);
      expect((await live(mapRef('one'))).data).toEqual({ a: '1', b: 'theirs' });
    });

    it('puts our label back on, and does not take the object for another', async () => {
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      const { uid } = (await live(mapRef('one'))).metadata;
      await kubectl.edit(mapRef('one'), { metadata: { labels: { [LABEL.applySetMember]: null } }, data: { a: 'edited' } });
      await expect.poll(() => afterSync(wanted, mapRef('one'))).toMatchObject({ data: { a: '1' } });
      expect((await live(mapRef('one'))).metadata).toMatchObject({ uid, labels: { [LABEL.applySetMember]: setIdOf(parentRef(wanted)) } });
    });

    it('leaves a field of another applier to it, says so, and applies the rest', async () => {
      await actor(place, 'autoscaler').apply(map('shared', { a: 'theirs' }));
      const wanted = target([map('shared', { a: 'ours', b: 'ours' })]);
      const report = await engine.sync(wanted);
      expect(report).toMatchObject({
        failed: [],
        conflicts: [{ ref: mapRef('shared'), field: '.data.a', managers: ['autoscaler'], ours: '"ours"', theirs: '"theirs"' }],
      });
      expect((await live(mapRef('shared'))).data).toEqual({ a: 'theirs', b: 'ours' });
      expect(await engine.sync(wanted)).toMatchObject({ applied: [], conflicts: [{ field: '.data.a' }] });
    });

    it('takes a field that was left to another applier when that lets go of it, and leaves the others', async () => {
      const other = actor(place, 'other');
      await other.apply(map('shared', { a: 'theirs', b: 'theirs' }));
      const wanted = target([map('shared', { a: 'ours', b: 'ours' })]);
      expect((await engine.sync(wanted)).conflicts.map(({ field }) => field)).toEqual(['.data.a', '.data.b']);
      await other.apply(map('shared', { b: 'theirs' }));
      await expect.poll(() => afterSync(wanted, mapRef('shared'))).toMatchObject({ data: { a: 'ours', b: 'theirs' } });
      expect(await engine.sync(wanted)).toMatchObject({ applied: [], conflicts: [{ field: '.data.b' }] });
    });

    it('puts drift that is only to be reported back with no other change, and a change of that very field through', async () => {
      const reported = (data: Record<string, string>): Manifest => {
        const { metadata, ...rest } = map('one', data);
        return { ...rest, metadata: { ...metadata, annotations: { [ANNOTATION.drift]: 'report' } } };
      };
      await engine.sync(target([reported({ a: '1', b: '1' })]));
      await kubectl.edit(mapRef('one'), { data: { a: 'edited' } });
      await expect
        .poll(async () => (await engine.sync(target([reported({ a: '1', b: '1' })]))).plan.changes)
        .toMatchObject([{ op: 'leave' }]);
      const report = await engine.sync(target([reported({ a: '1', b: '2' })]));
      expect((await live(mapRef('one'))).data).toEqual({ a: 'edited', b: '2' });
      expect(report.conflicts).toMatchObject([{ field: '.data.a', managers: ['kubectl-edit'], ours: '"1"', theirs: '"edited"' }]);
      expect(await newEngine(cluster).sync(target([reported({ a: '1', b: '3' })]))).toMatchObject({ conflicts: [{ field: '.data.a' }] });
      // The other engine has written the inventory: this one hears of it soon.
      await expect.poll(() => engine.sync(target([reported({ a: '2', b: '3' })]))).toMatchObject({ conflicts: [], failed: [] });
      expect((await live(mapRef('one'))).data).toEqual({ a: '2', b: '3' });
    });

    it('leaves a field that anybody had set before our first apply', async () => {
      await kubectl.apply(map('older', {}));
      await kubectl.edit(mapRef('older'), { data: { a: 'theirs' } });
      const report = await engine.sync(target([map('older', { a: 'ours', b: 'ours' })]));
      expect(report.conflicts).toEqual([
        { ref: mapRef('older'), field: '.data.a', managers: ['kubectl-edit'], ours: '"ours"', theirs: '"theirs"' },
      ]);
      expect((await live(mapRef('older'))).data).toEqual({ a: 'theirs', b: 'ours' });
    });

    it('does not take an object of another set', async () => {
      await engine.sync(target([map('theirs', { a: 'theirs' })], { environment: `${dock}-other` }));
      const mine = newEngine(cluster);
      const report = await mine.sync(target([map('theirs', { a: 'ours' }), map('mine')]));
      expect(sentences(report)).toEqual([
        expect.stringMatching(/^Cannot apply ConfigMap .*theirs as it belongs to another set: applyset-/),
      ]);
      expect((await live(mapRef('theirs'))).data).toEqual({ a: 'theirs' });
      expect(await maps()).toEqual(['mine', 'theirs']);
    });
  });

  describe('prune', () => {
    it('deletes what is no longer declared, and forgets it', async () => {
      await engine.sync(target([map('one'), map('two')]));
      const rest = target([map('one')]);
      const report = await engine.sync(rest);
      expect(report.applied).toMatchObject([{ op: 'delete', reason: 'no longer declared' }]);
      await expect.poll(maps).toEqual(['one']);
      await settled(rest);
      expect((await recorded(rest)).names).toEqual(['one']);
    });

    it('leaves an object with a forged label', async () => {
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      await kubectl.apply({
        ...map('forged'),
        metadata: { name: 'forged', namespace: dock, labels: { [LABEL.applySetMember]: setIdOf(parentRef(wanted)) } },
      });
      await engine.sync(target([]));
      await expect.poll(maps).toEqual(['forged']);
      await settled(target([]));
    });

    it('leaves an object that somebody made again under the same name, whatever its label', async () => {
      const before = target([map('one'), map('again')]);
      await engine.sync(before);
      const { labels = {} } = (await live(mapRef('again'))).metadata;
      await kubectl.remove(mapRef('again'));
      await kubectl.apply({ ...map('again'), metadata: { name: 'again', namespace: dock, labels } });
      await newEngine(cluster).sync(target([map('one')]));
      expect(await maps()).toEqual(['again', 'one']);
    });

    it('leaves an object that lost our label', async () => {
      await engine.sync(target([map('one'), map('freed')]));
      await kubectl.edit(mapRef('freed'), { metadata: { labels: { [LABEL.applySetMember]: null } } });
      await newEngine(cluster).sync(target([map('one')]));
      expect(await maps()).toEqual(['freed', 'one']);
    });

    it('keeps what is annotated so, and says so', async () => {
      const { metadata, ...rest } = map('precious');
      await engine.sync(target([{ ...rest, metadata: { ...metadata, annotations: { 'rotterdam.dev/prune': 'never' } } }]));
      const report = await engine.sync(target([]));
      expect(report.plan.changes).toMatchObject([{ op: 'keep', reason: 'annotation rotterdam.dev/prune: never' }]);
      expect(await maps()).toEqual(['precious']);
    });

    it('holds a plan that deletes too much until somebody says the word', async () => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      await engine.sync(target(names.map((name) => map(name))));
      const few = target([map('a'), map('b', { a: '2' })]);
      const held = await engine.sync(few);
      expect(held.plan.held).toBe("4 of 6 objects would be deleted: commit with the trailer 'Rotterdam-Allow-Prune: dev' to let them go");
      expect(await maps()).toEqual(names);
      expect((await live(mapRef('b'))).data).toEqual({ a: '2' });
      const word = 'b'.repeat(40);
      await engine.sync({ ...few, revision: word, pruneWords: [{ revision: word }] });
      await expect.poll(maps).toEqual(['a', 'b']);
    });

    it('a word for a task lets go what was its own, and holds what else would go', async () => {
      const of = (task: string, name: string) => {
        const { metadata, ...rest } = map(name);
        return { ...rest, metadata: { ...metadata, labels: { [LABEL.task]: task } } };
      };
      const web = ['w1', 'w2', 'w3', 'w4'].map((name) => of('web', name));
      const bank = ['b1', 'b2', 'b3', 'b4'].map((name) => of('bank', name));
      await engine.sync(target([...web, ...bank, map('rest')]));
      const [without, word, later] = ['b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string];
      expect((await engine.sync(target([...web, map('rest')], { revision: without }))).plan.held).toMatch(/^4 of 9 objects/);
      const pruneWords = [{ revision: word, task: 'web' }];
      const removed = await engine.sync(target([map('rest')], { revision: word, pruneWords }));
      expect([removed.plan.held?.split(' would')[0], removed.applied.map(({ ref }) => ref.name).sort()]).toEqual([
        '4 of 5 objects',
        ['w1', 'w2', 'w3', 'w4'],
      ]);
      await expect.poll(maps).toEqual(['b1', 'b2', 'b3', 'b4', 'rest']);
      const again = await engine.sync(target([], { revision: later, pruneWords }));
      expect([again.plan.held?.split(' would')[0], again.applied]).toEqual(['5 of 5 objects', []]);
    });

    it('a word counts once, in the first revision that has it, needed or not', async () => {
      const [v, w, f, g, h] = ['a', 'b', 'c', 'd', 'e'].map((digit) => digit.repeat(40)) as [string, string, string, string, string];
      const maps12 = Array.from({ length: 12 }, (_, index) => map(`m${index}`));
      await engine.sync(target(maps12, { revision: v }));
      // W is not valid, so that V stays in force.
      expect((await engine.sync(target(maps12.slice(4), { revision: v, pruneWords: [{ revision: w }] }))).plan.held).toMatch(/^4 of 12/);
      expect((await engine.sync(target(maps12.slice(4), { revision: f, pruneWords: [{ revision: w }] }))).applied.length).toBe(4);
      expect((await engine.sync(target(maps12.slice(8), { revision: g, pruneWords: [{ revision: w }] }))).plan.held).toMatch(/^4 of 8/);
      const unneeded = await engine.sync(target(maps12.slice(4), { revision: g, pruneWords: [{ revision: w }, { revision: g }] }));
      expect([unneeded.plan.held, unneeded.applied]).toEqual([undefined, []]);
      const mistaken = await newEngine(cluster).sync(target([], { revision: h, pruneWords: [{ revision: w }, { revision: g }] }));
      expect(mistaken.plan.held).toMatch(/^8 of 8/);
      expect((await maps()).length).toBe(8);
    });

    it('applies what a rewritten branch has, and deletes what it lacks when a word is said', async () => {
      await engine.sync(target([map('one'), map('two')]));
      const [before, rewritten, later, word] = ['1', '2', '3', '4'].map((digit) => digit.repeat(40)) as [string, string, string, string];
      const manifests = [map('one', { a: '2' }), map('three')];
      const held = await engine.sync(target(manifests, { revision: rewritten, pruneWords: [{ revision: before }] }));
      expect(held.plan.held).toMatch(/^1 of 2 objects would be deleted, but a{40}, which was applied before, is not part of this revision/);
      expect((await engine.sync(target(manifests, { revision: later, pruneWords: [{ revision: before }] }))).plan.held).toMatch(
        /^1 of 3 .*, but a{40}/,
      );
      expect([await maps(), (await live(mapRef('one'))).data]).toEqual([['one', 'three', 'two'], { a: '2' }]);
      await newEngine(cluster).sync(target(manifests, { revision: word, pruneWords: [{ revision: before }, { revision: word }] }));
      await expect.poll(maps).toEqual(['one', 'three']);
    });

    it('records a rewritten branch that lacks nothing, so that it may delete from then on', async () => {
      const rewritten = target([map('one'), map('two')], { revision: '1'.repeat(40) });
      await engine.sync({ ...rewritten, revision: 'a'.repeat(40) });
      await engine.sync(rewritten);
      expect((await recorded(rewritten)).revision).toBe(rewritten.revision);
      expect((await engine.sync({ ...rewritten, revision: '2'.repeat(40), manifests: [map('one')] })).applied).toMatchObject([
        { op: 'delete' },
      ]);
    });

    it('deletes nothing while an object that may replace it is refused', async () => {
      await engine.sync(target([map('old')]));
      const report = await engine.sync(target([map('New_Name')]));
      expect(report.plan.held).toBe('1 deletions wait until everything else is applied');
      expect(await maps()).toEqual(['old']);
    });

    it('deletes a namespace of ours with what is ours in it, and none with guests', async () => {
      const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      const inside = (name: string): Manifest => ({ ...map('ours'), metadata: { name: 'ours', namespace: name } });
      const [empty, guest] = [`${dock}-empty`, `${dock}-guest`];
      await engine.sync(target([namespace(empty), inside(empty), namespace(guest)]));
      await kubectl.apply({ ...map('theirs'), metadata: { name: 'theirs', namespace: guest } });
      const report = await engine.sync(target([]));
      expect(sentences(report)).toEqual([`Cannot delete Namespace ${guest} as it holds what is not ours: ConfigMap ${guest}/theirs`]);
      expect((await live({ apiVersion: 'v1', kind: 'Namespace', name: guest })).metadata.deletionTimestamp).toBeUndefined();
      await expect.poll(() => cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: empty }), { timeout: 20_000 }).toBeUndefined();
    });

    it('refuses an inventory that another tool wrote', async () => {
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      await kubectl.edit(parentRef(wanted), { metadata: { annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/v1.32' } } });
      await expect(newEngine(cluster).sync(wanted)).rejects.toMatchObject({
        outcome: 'terminal',
        message: expect.stringContaining('another tool wrote it'),
      });
    });
  });

  it('health follows the workload from progressing to ready without a request', async () => {
    const wanted = target([web(3)]);
    const report = await engine.sync(wanted);
    expect(report.health).toMatchObject([{ state: 'progressing', desired: 3, ready: 0 }]);
    calls.length = 0;
    await expect.poll(() => engine.health(wanted), { timeout: 20_000 }).toMatchObject([{ state: 'ready', desired: 3, ready: 3 }]);
    expect(calls).toEqual([]);
    expect(engine.health(target([map('never-made')]))).toMatchObject([{ state: 'missing' }]);
  });

  it.each([
    ['interrupted', async (interrupt: AbortController) => interrupt.abort(new Failure('waiting', 'Given up for something newer'))],
    ['cut off', () => Promise.reject(new Failure('transient', 'The server went away'))],
  ])('%s, it goes on from what is done', async (_, fail) => {
    const wanted = target(Array.from({ length: 30 }, (_, index) => map(`m${index}`)));
    const interrupt = new AbortController();
    let applies = 0;
    const apply: Cluster['apply'] = async (...args) => {
      const object = await cluster.apply(...args);
      if (++applies === 20) await fail(interrupt);
      return object;
    };
    const troubled = { ...cluster, apply };
    await expect(newEngine(troubled).sync(wanted, interrupt.signal)).rejects.toBeInstanceOf(Failure);
    calls.length = 0;
    const report = await engine.sync(wanted);
    expect(report.plan.counts.unchanged).toBeGreaterThanOrEqual(12);
    expect(calls.filter((call) => call === 'apply').length).toBeLessThanOrEqual(18);
    expect((await recorded(wanted)).names.length).toBe(30);
  });

  it('undoes what an apply nobody recorded did, when it is no longer wanted', async () => {
    const wanted = target([map('one', { a: '1' })]);
    await engine.sync(wanted);
    // The server's times are whole seconds.
    const second = () => Math.floor(Date.now() / 1000);
    const first = second();
    await expect.poll(second, { timeout: 3000 }).toBeGreaterThan(first + 1);
    const die = () => Promise.reject(new Error('killed'));
    const mortal: Cluster = { ...cluster, apply: (...args) => cluster.apply(...args).then(die), replace: die };
    await expect(newEngine(mortal).sync(target([map('one', { a: '2' })], { revision: 'b'.repeat(40) }))).rejects.toThrow('killed');
    expect((await live(mapRef('one'))).data).toEqual({ a: '2' });
    await newEngine(cluster).sync({ ...wanted, revision: 'c'.repeat(40) });
    expect((await live(mapRef('one'))).data).toEqual({ a: '1' });
  });
}

function definitionOf(group: string): Manifest {
  const schema = {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
