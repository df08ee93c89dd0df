import { describe, expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../constructs/labels.ts';
import type { Cluster } from '../../controller/ports.ts';
import { printLeft, type SyncChange, type SyncEngine, type SyncReport, type SyncTarget } from '../../controller/sync/engine.ts';
import { syncInTurns } from '../../controller/sync/turns.ts';
import type { Manifest, ObjectRef } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';
import { sentences, syncWorld } from './sync-world.ts';

/** The order of tasks, with any API server that makes pods ready. */
export function syncHealthContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);

  /** A Deployment of a task, after others. */
  const task = (name: string, after?: string, image = 'nginx:1'): Manifest => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: world.dock,
      labels: { [LABEL.task]: name },
      ...(after === undefined ? {} : { annotations: { [ANNOTATION.after]: after } }),
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { [LABEL.task]: name } },
      template: { metadata: { labels: { [LABEL.task]: name } }, spec: { containers: [{ name, image }] } },
    },
  });

  describe('drift', () => {
    /** Edits, and syncs until the watch has told of it and something was decided. */
    const edited = async (name: string, value: string, wanted: SyncTarget) => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: world.dock, name };
      await world.kubectl.edit(ref, { data: { a: value } });
      let changes: readonly SyncChange[] = [];
      const look = async () => {
        changes = (await world.engine.sync(wanted)).plan.changes;
        return changes.length;
      };
      await expect.poll(look).toBe(1);
      return changes[0];
    };

    it('is repaired and named five times within a minute, then it is a fight', async () => {
      const { engine, map, target, live } = world;
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      for (const value of ['2', '3', '4', '5', '6']) {
        expect(await edited('one', value, wanted)).toMatchObject({ op: 'update', reason: 'drift: kubectl-edit changed .data.a' });
        expect((await live(map('one'))).data).toEqual({ a: '1' });
      }
      expect(await edited('one', '7', wanted)).toMatchObject({
        op: 'leave',
        reason: 'fighting with kubectl-edit, put back once a minute: drift: kubectl-edit changed .data.a',
      });
      expect((await live(map('one'))).data).toEqual({ a: '7' });
      const changed = await engine.sync(target([map('one', { a: '8' })], { revision: 'b'.repeat(40) }));
      expect([changed.applied.length, (await live(map('one'))).data]).toEqual([1, { a: '8' }]);
    });

    it('is only shown where the document says so; a change of the document is applied', async () => {
      const { engine, target, live, calls } = world;
      const reported = (data: Readonly<Record<string, string>>): Manifest => {
        const { metadata, ...rest } = world.map('one', data);
        return { ...rest, metadata: { ...metadata, annotations: { [ANNOTATION.drift]: 'report' } } };
      };
      const wanted = target([reported({ a: '1' })]);
      await engine.sync(wanted);
      const change = await edited('one', '2', wanted);
      expect(change).toMatchObject({ op: 'leave', reason: 'drift: kubectl-edit changed .data.a (annotation rotterdam.dev/drift: report)' });
      calls.length = 0;
      const report = await engine.sync(wanted);
      expect([printLeft(report.plan).length, report.applied, calls]).toEqual([1, [], []]);
      expect((await live(reported({}))).data).toEqual({ a: '2' });
      await engine.sync(target([reported({ a: '3' })], { revision: 'b'.repeat(40) }));
      expect((await live(reported({}))).data).toEqual({ a: '3' });
    });
  });

  describe('tasks after others', () => {
    it('a chain settles by itself, each when the one before it is ready', async () => {
      const { cluster, engineFor, target, dock } = world;
      const seen: string[] = [];
      const asking = ordered(cluster, async (verb, { kind, name }) => {
        if (verb !== 'apply' || kind !== 'Deployment') return;
        const before = await cluster.get({ ...webRef(dock), name: { b: 'a', c: 'b' }[name] ?? '' });
        seen.push(`${name} with ${(before?.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0} ready before it`);
      });
      const reports = await settle(engineFor(asking), target([task('c', 'b'), task('b', 'a'), task('a')]));
      expect(seen).toEqual(['a with 0 ready before it', 'b with 1 ready before it', 'c with 1 ready before it']);
      expect(reports[0]?.waiting).toMatchObject([
        { op: 'create', ref: { name: 'c' }, waitsFor: 'Task b' },
        { op: 'create', ref: { name: 'b' }, waitsFor: 'Task a' },
      ]);
      expect(reports.flatMap(sentences)).toEqual([]);
    });

    it('a change waits for that of the one before it; what is not changed runs on', async () => {
      const { cluster, engineFor, target, dock, live } = world;
      const first = [task('a'), task('b', 'a'), task('c', 'a')];
      const engine = engineFor(cluster);
      await settle(engine, target(first));
      const untouched = (await live(task('c'))).metadata.resourceVersion;
      const changed = target([task('a', undefined, 'nginx:2'), task('b', 'a', 'nginx:2'), task('c', 'a')], { revision: 'b'.repeat(40) });
      const report = await engine.sync(changed);
      expect(report.applied.map(({ ref }) => ref.name)).toEqual(['a']);
      expect(report.waiting).toMatchObject([{ op: 'update', ref: { name: 'b' }, reason: 'its document changed', waitsFor: 'Task a' }]);
      expect(imageOf(await live({ ...webRef(dock), name: 'b' }))).toBe('nginx:1');
      await settle(engine, changed);
      expect(imageOf(await live({ ...webRef(dock), name: 'b' }))).toBe('nginx:2');
      expect((await live(task('c'))).metadata.resourceVersion).toBe(untouched);
    });

    it('syncInTurns applies a chain, and gives up what waits for one that is refused', async () => {
      const { engine, target } = world;
      const whole = await syncInTurns(engine, target([task('c', 'b'), task('b', 'a'), task('a')]));
      expect([whole.applied.map(({ ref }) => ref.name), whole.waiting]).toEqual([['a', 'b', 'c'], []]);
      const bad = { ...task('a'), spec: { ...Object(task('a').spec), replicas: -1 } };
      const changed = target([bad, task('b', 'a', 'nginx:2'), task('d')], { revision: 'b'.repeat(40) });
      const report = await syncInTurns(engine, changed);
      expect(report.applied.map(({ ref }) => ref.name)).toEqual(['d']);
      expect(report.waiting).toMatchObject([{ ref: { name: 'b' }, waitsFor: 'Task a' }]);
      expect(sentences(report)).toEqual([expect.stringMatching(/^Cannot apply Deployment .*a: .*spec\.replicas/)]);
    });

    it('they are deleted in reverse, each when nothing is left of the one after it', async () => {
      const { cluster, engineFor, target, dock } = world;
      const seen: string[] = [];
      const asking = ordered(cluster, async (verb, { name }) => {
        if (verb !== 'remove') return;
        const after = await cluster.get({ ...webRef(dock), name: { a: 'b', b: 'c' }[name] ?? 'none' });
        seen.push(`${name}, ${after === undefined ? 'alone' : 'too early'}`);
      });
      const engine = engineFor(asking);
      await settle(engine, target([task('a'), task('b', 'a'), task('c', 'b')]));
      await settle(engine, target([], { revision: 'b'.repeat(40) }));
      expect(seen).toEqual(['c, alone', 'b, alone', 'a, alone']);
    });
  });
}

const webRef = (namespace: string): ObjectRef => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' });

function imageOf(object: Manifest): unknown {
  return (object.spec as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]?.image;
}

/** As the controller does: looks whenever something moved, until nothing is left to do and all is ready. */
async function settle(engine: SyncEngine, target: SyncTarget): Promise<SyncReport[]> {
  const reports: SyncReport[] = [];
  let moved = true;
  const stop = engine.onChange(() => {
    moved = true;
  });
  const isDone = async () => {
    if (moved) {
      moved = false;
      reports.push(await engine.sync(target));
    }
    const { waiting = [], applied = [] } = reports.at(-1) ?? {};
    return !moved && waiting.length + applied.length === 0 && engine.health(target).every(({ state }) => state === 'ready');
  };
  await expect.poll(isDone, { timeout: 30_000, interval: 20 }).toBe(true);
  stop();
  return reports;
}

/** Tells of applies and deletions before they are sent. */
function ordered(cluster: Cluster, tell: (verb: 'apply' | 'remove', ref: ObjectRef) => Promise<void>): Cluster {
  return {
    ...cluster,
    apply: async (manifest, ...rest) => {
      await tell('apply', { ...manifest, name: manifest.metadata.name });
      return await cluster.apply(manifest, ...rest);
    },
    remove: async (ref, ...rest) => {
      await tell('remove', ref);
      return await cluster.remove(ref, ...rest);
    },
  };
}
