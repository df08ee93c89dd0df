import { describe, expect, it } from 'vitest';
import { printConflict } from '../../controller/sync/engine.ts';
import { actor, type Place } from './cluster-place.ts';
import { sentences, syncWorld } from './sync-world.ts';

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

  it('one bad object of 1,000 hurts no other', { timeout: 120_000 }, async () => {
    const { engine, map, target } = world;
    const names = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 'Not_Good' : `m${index}`));
    const report = await engine.sync(target(names.map((name) => map(name))));
    expect(report.applied.length).toBe(999);
    expect(sentences(report)).toEqual([expect.stringMatching(/^Cannot apply ConfigMap .*Not_Good: .*metadata\.name/)]);
  });
}
