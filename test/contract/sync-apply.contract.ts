import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../controller/ports.ts';
import { printConflict, type SyncTarget } from '../../controller/sync/engine.ts';
import { type Manifest, refOf } from '../../synth/manifest.ts';
import { actor, type Place } from './cluster-place.ts';
import { definitionOf, sentences, syncWorld } from './sync-world.ts';

/** How the sync engine applies one object, with any API server that makes pods ready. */
export function syncApplyContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);

  describe('conflicts', () => {
    it('are told with both values, and are recorded: a restart tells the same', async () => {
      const { engine, engineFor, cluster, map, target, place } = world;
      await actor(place, 'argo').apply(map('shared', { a: 'theirs', b: 'both' }));
      const wanted = target([map('shared', { a: 'ours', b: 'both' })]);
      const said = (await engine.sync(wanted)).conflicts.map(printConflict);
      expect(said).toEqual([`Left .data.a of ConfigMap ${world.dock}/shared to argo: it is "theirs", the documents want "ours"`]);
      expect((await engineFor(cluster).sync(wanted)).conflicts.map(printConflict)).toEqual(said);
    });

    it('of a Secret are told without a value', async () => {
      const { engine, dock, target, place, recorded } = world;
      const secret = (value: string) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'key', namespace: dock },
        data: { key: Buffer.from(value).toString('base64') },
      });
      await actor(place, 'argo').apply(secret('theirs'));
      const wanted = target([secret('ours')]);
      const { conflicts } = await engine.sync(wanted);
      expect(conflicts.map(printConflict)).toEqual([`Left .data.key of Secret ${dock}/key to argo: it is ***, the documents want ***`]);
      expect(JSON.stringify([...(await recorded(wanted)).entries])).not.toContain(Buffer.from('theirs').toString('base64'));
    });

    it('a take-over that is allowed later takes the fields of those managers, and of no others', async () => {
      const { engine, map, target, place, live } = world;
      await actor(place, 'argo').apply(map('shared', { a: 'argo' }));
      await actor(place, 'flux').apply(map('shared', { b: 'flux' }));
      const manifests = [map('shared', { a: 'ours', b: 'ours' })];
      expect((await engine.sync(target(manifests))).conflicts.length).toBe(2);
      const report = await engine.sync(target(manifests, { takeOver: ['argo'] }));
      expect(report.applied).toMatchObject([{ op: 'update', reason: 'fields of argo are taken over' }]);
      expect(report.conflicts).toMatchObject([{ field: '.data.b', managers: ['flux'] }]);
      expect((await live(map('shared'))).data).toEqual({ a: 'ours', b: 'flux' });
      expect((await engine.sync(target(manifests, { takeOver: ['argo'] }))).applied).toEqual([]);
    });
  });

  describe('what the server says beside yes and no', () => {
    it('warnings are in the report as long as they hold, and once in the log', async () => {
      const { engine, web, target, logged, dock } = world;
      const beta = web({ replicas: 1 }, { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } });
      const text = 'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead';
      const warnings = [{ ref: expect.objectContaining({ kind: 'Deployment', name: 'web' }), texts: [text] }];
      expect((await engine.sync(target([beta]))).warnings).toEqual(warnings);
      expect((await engine.sync(target([beta]))).warnings).toEqual(warnings);
      expect((await engine.sync(target([web({ replicas: 2 }, { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } })]))).warnings).toEqual(
        warnings,
      );
      expect(logged).toEqual([{ infrastructure: 'dev', object: `Deployment ${dock}/web`, warnings: [text] }]);
      expect((await engine.sync(target([web()]))).warnings).toEqual([]);
    });
  });

  describe('replicas', () => {
    const scaler = (spec: Readonly<Record<string, unknown>>): Manifest => ({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'busy', namespace: world.dock },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, ...spec },
    });
    const ownReplicas = async () =>
      ((await world.live(world.web())).metadata.managedFields ?? [])
        .filter(({ fieldsV1 }) => 'f:replicas' in Object(fieldsV1?.['f:spec']))
        .map(({ manager }) => manager);
    const replicas = async () => Object((await world.live(world.web())).spec).replicas;
    const scaledBy = (of: SyncTarget) => world.engine.health(of).map((health) => health.scaledBy);

    it('are left to an autoscaler of anybody, and are ours again when it is gone', async () => {
      const { engine, calls, kubectl, place, target, web } = world;
      const wanted = target([web({ replicas: 2 })]);
      await engine.sync(wanted);
      const foreign = scaler({ minReplicas: 3, maxReplicas: 3 });
      await kubectl.apply(foreign);
      await expect.poll(() => scaledBy(wanted)).toEqual(['HorizontalPodAutoscaler busy']);
      // The only owner of a field must not leave it out: that would reset it to 1.
      await engine.sync(wanted);
      expect(await ownReplicas()).toContain('rotterdam-sync');
      await actor(place, 'autoscaler').scale(web(), 3);
      await expect.poll(async () => [await engine.sync(wanted), await ownReplicas()][1]).not.toContain('rotterdam-sync');
      await expect.poll(async () => (await engine.sync(wanted)).applied).toEqual([]);
      calls.length = 0;
      expect(await engine.sync(wanted)).toMatchObject({ applied: [], conflicts: [] });
      expect(calls).toEqual([]);
      await engine.sync(target([web({ replicas: 4, minReadySeconds: 1 })]));
      expect(await replicas()).toBe(3);
      await kubectl.remove({ ...foreign, namespace: world.dock, name: 'busy' });
      await expect.poll(() => scaledBy(wanted)).toEqual([undefined]);
      await engine.sync(wanted);
      expect([await replicas(), await ownReplicas()]).toEqual([2, ['rotterdam-sync']]);
    });

    it('of the documents do not count while the autoscaler, ours, has not scaled yet', async () => {
      const { engine, target, web } = world;
      const own = scaler({ minReplicas: 1, maxReplicas: 9 });
      const wanted = target([web({ replicas: 2 }), own]);
      await engine.sync(wanted);
      await expect.poll(() => scaledBy(wanted)).toEqual(['HorizontalPodAutoscaler busy', undefined]);
      await engine.sync(target([web({ replicas: 5 }), own]));
      expect(await replicas()).toBe(2);
    });

    it('that an autoscaler has set before us are no conflict', async () => {
      const { engine, kubectl, place, target, web } = world;
      await kubectl.apply(web({ replicas: 1 }));
      await kubectl.apply(scaler({ minReplicas: 3, maxReplicas: 3 }));
      await actor(place, 'autoscaler').scale(web(), 3);
      const report = await engine.sync(target([web({ replicas: 2 })]));
      expect([report.conflicts, await replicas()]).toEqual([[], 3]);
    });

    it('are left to a ScaledObject of KEDA', async () => {
      const { engineFor, cluster, kubectl, dock, target, web } = world;
      const kind = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };
      await kubectl.apply(definitionOf({ group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject' }));
      await expect.poll(() => cluster.resource(kind.apiVersion, kind.kind)).toBeDefined();
      await cluster.create({ ...kind, metadata: { name: 'busy', namespace: dock }, spec: { scaleTargetRef: { name: 'web' } } });
      const engine = engineFor(cluster);
      await engine.sync(target([web({ replicas: 2 })]));
      const health = engine.health(target([web({ replicas: 2 })]));
      expect(health).toMatchObject([{ scaledBy: 'ScaledObject busy' }]);
    });
  });

  it('one bad object of 1,000 hurts no other', { timeout: 120_000 }, async () => {
    const { engine, map, target } = world;
    const names = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 'Not_Good' : `m${index}`));
    const report = await engine.sync(target(names.map((name) => map(name))));
    expect(report.applied.length).toBe(999);
    expect(sentences(report)).toEqual([expect.stringMatching(/^Cannot apply ConfigMap .*Not_Good: .*metadata\.name/)]);
  });

  describe('what is suspended', () => {
    it('as one task is left as it is, changed by whomever and moved to wherever, and is looked after again afterwards', async () => {
      const { engine, map, target, live, recorded, maps } = world;
      const ofTask = (name: string, data: Readonly<Record<string, string>>) => {
        const object = map(name, data);
        return { ...object, metadata: { ...object.metadata, labels: { 'rotterdam.dev/task': 'hello' } } };
      };
      await engine.sync(target([ofTask('held', { a: '1' }), ofTask('moved', { a: '1' }), map('other')]));
      await world.kubectl.edit(refOf(map('held')), { data: { a: 'edited' } });
      const changed = [ofTask('held', { a: '2' }), ofTask('moved-here', { a: '1' }), map('other', { a: '2' })];
      const { applied, failed } = await engine.sync(target(changed, { held: new Set(['hello']) }));
      expect({ applied: applied.map(({ ref }) => ref.name), failed }).toEqual({ applied: ['other'], failed: [] });
      expect((await live(map('held'))).data).toEqual({ a: 'edited' });
      expect(await maps()).toEqual(['held', 'moved', 'other']);
      expect((await recorded(target(changed))).entries.size).toBe(3);
      await world.settled(engine, target(changed));
      expect((await live(map('held'))).data).toEqual({ a: '2' });
      expect(await maps()).toEqual(['held', 'moved-here', 'other']);
    });

    it('as a whole is seen, and nothing is written', async () => {
      const { engine, map, target, calls, maps } = world;
      await engine.sync(target([map('a'), map('b')]));
      const suspended = target([map('a', { a: '2' }), map('c')], { suspended: true });
      await engine.look(suspended);
      calls.length = 0;
      const { changes } = await engine.look(suspended);
      expect(changes.map(({ op, ref }) => `${op} ${ref.name}`).sort()).toEqual(['create c', 'delete b', 'update a']);
      await expect(engine.sync(suspended)).rejects.toThrow('it is suspended: rotterdam-sync resume infrastructure/dev');
      expect(calls.filter((call) => !call.startsWith('list'))).toEqual([]);
      expect(await maps()).toEqual(['a', 'b']);
    });
  });

  describe('many more objects than are there', () => {
    it('are not watched while they are written; what others did to them meanwhile is told and put right', async () => {
      const { engineFor, cluster, kubectl, map, target, live } = world;
      const names = Array.from({ length: 502 }, (_, at) => `map-${at}`);
      const watches: AbortSignal[] = [];
      let watched: boolean | undefined;
      const meddledWith: Cluster = {
        ...cluster,
        async watch(type, version, options, signal) {
          if (options?.metadataOnly && signal !== undefined) watches.push(signal);
          return await cluster.watch(type, version, options, signal);
        },
        async apply(manifest, ...rest) {
          if (manifest.metadata.name === names.at(-1) && watched === undefined) {
            watched = watches.some(({ aborted }) => !aborted);
            await kubectl.edit(refOf(map('map-0')), { data: { a: 'edited' } });
            await kubectl.remove(refOf(map('map-1')));
          }
          return await cluster.apply(manifest, ...rest);
        },
      };
      const engine = engineFor(meddledWith);
      const wanted = target(names.map((name) => map(name)));
      const told = new Promise<void>((resolve) => void engine.onChange(resolve));
      expect((await engine.sync(wanted)).applied.length).toBe(names.length);
      expect(watched).toBe(false);
      await told;
      expect((await engine.sync(wanted)).applied.map(({ ref }) => ref.name).sort()).toEqual(['map-0', 'map-1']);
      await kubectl.edit(refOf(map('map-2')), { data: { a: 'edited' } });
      await expect.poll(async () => (await engine.sync(wanted)).applied.map(({ ref }) => ref.name)).toEqual(['map-2']);
      expect((await live(map('map-2'))).data).toEqual({ a: '1' });
    });
  });
}
