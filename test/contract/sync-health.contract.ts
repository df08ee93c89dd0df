import { describe, expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../constructs/labels.ts';
import type { Cluster } from '../../controller/ports.ts';
import type { SyncEngine, SyncReport, SyncTarget } from '../../controller/sync/engine.ts';
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
