import { describe, expect, it } from 'vitest';
import { LABEL } from '../../constructs/labels.ts';
import { ApiError } from '../../controller/errors.ts';
import type { Cluster } from '../../controller/ports.ts';
import { printEnding, type SyncEngine, type SyncTarget } from '../../controller/sync/engine.ts';
import { parentRef, setIdOf } from '../../controller/sync/inventory/applyset.ts';
import { type Manifest, type ObjectRef, refOf } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';
import { syncWorld } from './sync-world.ts';
import { recording } from './wrapped-cluster.ts';

const HOLD = { metadata: { finalizers: ['example.com/hold'] } };
const LET_GO = { metadata: { finalizers: null } };

/** What deletions keep with any API server that has the controllers of one. */
export function syncPruneContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);
  const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const inside = (name: string, space: string): Manifest => ({ ...world.map(name), metadata: { name, namespace: space } });
  const names = async (of: SyncTarget) => [...(await world.recorded(of)).entries.values()].map(({ ref }) => ref.name).sort();
  const mapRef = (name: string): ObjectRef => refOf(world.map(name));

  describe('progress', () => {
    it('names what waits for a finalizer until it is gone, asks nothing meanwhile, and forgets it then', async () => {
      const calls: string[] = [];
      const engine = world.engineFor(recording(world.cluster, calls));
      await engine.sync(world.target([world.map('one'), world.map('held')]));
      await world.kubectl.edit(mapRef('held'), HOLD);
      const rest = world.target([world.map('one')]);
      expect((await engine.sync(rest)).applied).toMatchObject([{ op: 'delete', ref: mapRef('held') }]);
      await expect
        .poll(() => engine.ending().map((one) => printEnding(one, Date.parse(one.since) + 90_000)))
        .toEqual([`ConfigMap ${world.dock}/held is being deleted for 90 s: waits for finalizer example.com/hold`]);
      await expect.poll(async () => (await engine.sync(rest)).plan).toMatchObject({ changes: [], ending: [{ ref: mapRef('held') }] });
      expect(await names(rest)).toEqual(['held', 'one']);
      calls.length = 0;
      await engine.sync(rest);
      expect(calls).toEqual([]);
      let moved = false;
      engine.onChange(() => {
        moved = true;
      });
      await world.kubectl.edit(mapRef('held'), LET_GO);
      await expect.poll(() => moved).toBe(true);
      await world.settled(engine, rest);
      expect(await names(rest)).toEqual(['one']);
    });

    it('tells of it after a restart as well', async () => {
      await world.engineFor(world.cluster).sync(world.target([world.map('one'), world.map('held')]));
      await world.kubectl.edit(mapRef('held'), HOLD);
      const rest = world.target([world.map('one')]);
      await world.engineFor(world.cluster).sync(rest);
      const later = world.engineFor(world.cluster);
      await later.sync(rest);
      expect(later.ending()).toMatchObject([{ ref: mapRef('held'), finalizers: ['example.com/hold'] }]);
      await world.kubectl.edit(mapRef('held'), LET_GO);
      await world.settled(later, rest);
    });

    it('deletes what an object stands on only when its finalizers have done their work', async () => {
      const engine = world.engineFor(world.cluster);
      const web: Manifest = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: world.dock, finalizers: ['example.com/hold'] },
        spec: { ports: [{ port: 80 }] },
      };
      await engine.sync(world.target([web, world.map('its-config')]));
      await engine.sync(world.target([]));
      await expect.poll(() => engine.ending().map(({ ref }) => ref.kind)).toEqual(['Service']);
      await engine.sync(world.target([]));
      expect(await world.maps()).toEqual(['its-config']);
      await world.cluster.apply({ ...web, metadata: { name: 'web', namespace: world.dock } });
      await world.settled(engine, world.target([]));
      expect(await world.maps()).toEqual([]);
      expect(await names(world.target([]))).toEqual([]);
    });

    it('tells what the server says of a namespace that does not end, and sends nothing into it', async () => {
      const removed: string[] = [];
      const remove: Cluster['remove'] = (ref, ...rest) => {
        removed.push(ref.kind);
        return world.cluster.remove(ref, ...rest);
      };
      const engine = world.engineFor({ ...world.cluster, remove });
      const space = `${world.dock}-stuck`;
      const stuck = namespace(space);
      await engine.sync(world.target([stuck, inside('held', space)]));
      const held = refOf(inside('held', space));
      await world.kubectl.edit(held, HOLD);
      await world.kubectl.remove(refOf(stuck));
      await engine.sync(world.target([]));
      const said = () => engine.ending().map((one) => printEnding(one));
      await expect
        .poll(said, { timeout: 20_000 })
        .toContainEqual(
          expect.stringMatching(
            new RegExp(`^Namespace ${space} is being deleted since .*finalizers remaining: example.com/hold in 1 resource instances`),
          ),
        );
      expect(removed).not.toContain('ConfigMap');
      await world.kubectl.edit(held, LET_GO);
      await world.settled(engine, world.target([]));
      expect(await names(world.target([]))).toEqual([]);
    });
  });

  describe('of an infrastructure that is no longer declared', () => {
    const many = () => ['a', 'b', 'c', 'd', 'e'].map((name) => world.map(name));
    const removal = () => world.target([], { removing: true, revision: 'b'.repeat(40) });
    const emptied = async (engine: SyncEngine) => {
      const left = async () => (await engine.sync(removal())).owned;
      await expect.poll(left, { timeout: 20_000 }).toBe(0);
    };

    it('deletes everything of ours without another word, and the inventory in the end', async () => {
      const engine = world.engineFor(world.cluster);
      const space = `${world.dock}-ours`;
      await engine.sync(world.target([...many(), namespace(space), inside('one', space)]));
      await world.kubectl.apply(world.map('theirs'));
      expect((await engine.sync(removal())).plan.held).toBeUndefined();
      await emptied(engine);
      expect(await world.maps()).toEqual(['theirs']);
      await expect.poll(() => world.cluster.get(parentRef(removal()))).toBeUndefined();
      await expect.poll(() => world.cluster.get(refOf(namespace(space)))).toBeUndefined();
    });

    it('goes on after a restart, and writes nothing where nothing is left', async () => {
      await world.engineFor(world.cluster).sync(world.target(many()));
      await world.kubectl.edit(mapRef('c'), HOLD);
      const first = world.engineFor(world.cluster);
      await first.sync(removal());
      first.close();
      const second = world.engineFor(world.cluster);
      await expect.poll(async () => (await second.sync(removal())).owned).toBe(1);
      await world.kubectl.edit(mapRef('c'), LET_GO);
      await emptied(second);
      await expect.poll(() => world.cluster.get(parentRef(removal()))).toBeUndefined();
      const calls: string[] = [];
      await world.engineFor(recording(world.cluster, calls)).sync(removal());
      expect(calls.filter((call) => ['apply', 'create', 'replace', 'remove'].includes(call))).toEqual([]);
    });

    it('keeps what is never pruned, and what others put into a namespace', async () => {
      const precious: Manifest = {
        ...world.map('precious'),
        metadata: { name: 'precious', namespace: world.dock, annotations: { 'rotterdam.dev/prune': 'never' } },
      };
      const space = `${world.dock}-guest`;
      const engine = world.engineFor(world.cluster);
      await engine.sync(world.target([precious, namespace(space)]));
      await world.kubectl.apply(inside('theirs', space));
      const report = await engine.sync(removal());
      expect(report.plan.changes).toMatchObject([{ op: 'delete' }, { op: 'keep', ref: mapRef('precious') }]);
      expect(report.failed.map(({ error }) => error.message)).toEqual([
        `Cannot delete Namespace ${space} as it holds what is not ours: ConfigMap ${space}/theirs`,
      ]);
      expect([await world.maps(), await names(removal())]).toEqual([['precious'], [space, 'precious'].sort()]);
    });
  });

  describe('untouched', () => {
    it('an object that somebody made again just before the request', async () => {
      await world.engineFor(world.cluster).sync(world.target([world.map('one'), world.map('again')]));
      const { labels = {} } = (await world.live(mapRef('again'))).metadata;
      const again: Manifest = { ...world.map('again'), metadata: { name: 'again', namespace: world.dock, labels } };
      const remove: Cluster['remove'] = async (...args) => {
        await world.kubectl.remove(mapRef('again'));
        await world.kubectl.apply(again);
        return await world.cluster.remove(...args);
      };
      const engine = world.engineFor({ ...world.cluster, remove });
      expect((await engine.sync(world.target([world.map('one')]))).failed).toEqual([]);
      await world.settled(engine, world.target([world.map('one')]));
      expect((await world.live(mapRef('again'))).metadata.deletionTimestamp).toBeUndefined();
      expect(await names(world.target([]))).toEqual(['one']);
    });

    it('nothing is forgotten as a conflict was answered while it is still there', async () => {
      const rest = world.target([world.map('one')]);
      await world.engineFor(world.cluster).sync(world.target([world.map('one'), world.map('two')]));
      const conflict = () => Promise.reject(new ApiError('Try again', { status: 409, reason: 'Conflict' }));
      const report = await world.engineFor({ ...world.cluster, remove: conflict }).sync(rest);
      expect(report.failed).toMatchObject([{ ref: mapRef('two'), error: { outcome: 'transient' } }]);
      expect(await names(rest)).toEqual(['one', 'two']);
    });

    it('an object that is now of another environment', async () => {
      const other = world.target([], { environment: `${world.dock}-other` });
      await world.engineFor(world.cluster).sync(world.target([world.map('one'), world.map('theirs')]));
      await world.kubectl.edit(mapRef('theirs'), { metadata: { labels: { [LABEL.applySetMember]: setIdOf(parentRef(other)) } } });
      const engine = world.engineFor(world.cluster);
      await engine.sync(world.target([world.map('one')]));
      await world.settled(engine, world.target([world.map('one')]));
      expect(await world.maps()).toEqual(['one', 'theirs']);
    });

    it('what another environment has under the same names in another dock', async () => {
      const space = `${world.dock}-other`;
      const other = world.target([namespace(space), inside('one', space)], { environment: space });
      await world.engineFor(world.cluster).sync(other);
      const engine = world.engineFor(world.cluster);
      await engine.sync(world.target([world.map('one')]));
      await engine.sync(world.target([]));
      await world.settled(engine, world.target([]));
      expect((await world.live(refOf(inside('one', space)))).metadata.deletionTimestamp).toBeUndefined();
      expect(await names(other)).toEqual([space, 'one'].sort());
    });

    it('what inherits our label from an object of ours is not ours', async () => {
      const labels = { app: 'web' };
      const service: Manifest = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: world.dock },
        spec: { selector: labels, ports: [{ port: 80 }] },
      };
      const web: Manifest = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: world.dock },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
        },
      };
      const wanted = world.target([service, web, world.map('one')]);
      const engine = world.engineFor(world.cluster);
      await engine.sync(wanted);
      const slices = async () => {
        const type = (await world.cluster.resource('discovery.k8s.io/v1', 'EndpointSlice')) ?? expect.fail('no EndpointSlices');
        const labelSelector = `${LABEL.applySetMember}=${setIdOf(parentRef(wanted))}`;
        return (await world.cluster.list(type, { namespace: world.dock, labelSelector })).items.length;
      };
      await expect.poll(slices, { timeout: 20_000 }).toBe(1);
      const report = await engine.sync({ ...wanted, manifests: [service, web] });
      expect(report.applied.map(({ op, ref }) => `${op} ${ref.kind}`)).toEqual(['delete ConfigMap']);
      await world.settled(engine, { ...wanted, manifests: [service, web] });
      expect([await slices(), await names(wanted)]).toEqual([1, ['web', 'web']]);
    });
  });
}
