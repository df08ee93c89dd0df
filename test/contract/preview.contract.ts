import { describe, expect, it } from 'vitest';
import { ApiError } from '../../controller/errors.ts';
import type { Cluster } from '../../controller/ports.ts';
import type { SyncPreview, SyncTarget } from '../../controller/sync/engine.ts';
import { printFields } from '../../controller/sync/show/print-fields.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { actor, type Place } from './cluster-place.ts';
import { syncWorld } from './sync-world.ts';

/** What a plan tells of each field before anything is done, with any API server. */
export function previewContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);
  const shown = ({ changes }: SyncPreview) =>
    changes.flatMap(({ op, ref, fields = [], remarks = [] }) => [`${op} ${ref.name}`, ...remarks, ...printFields(fields)]);
  const preview = async (wanted: SyncTarget) => shown(await world.engine.plan(wanted, undefined, { fields: true }));
  const secret = (data: Readonly<Record<string, string>>): Manifest => {
    const encoded = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace: world.dock }, data: encoded };
  };
  const IMAGE = '.spec.template.spec.containers[name="web"].image';

  /** As for a user who may only read. */
  const reading = (cluster: Cluster): Cluster => ({
    ...cluster,
    apply: async ({ kind }) => {
      const message = `"x" is forbidden: User "reader" cannot patch resource "${kind.toLowerCase()}s" in API group "" in the namespace "${world.dock}"`;
      throw new ApiError(message, { status: 403, reason: 'Forbidden' });
    },
  });

  describe('fields of a plan', () => {
    it('are those that would be different, and none that the server fills in; nothing is written', async () => {
      const { engine, target, web, live } = world;
      await engine.sync(target([web({ replicas: 1 })]));
      const before = await live(web());
      const changed = web({ replicas: 2 }, { containers: [{ name: 'web', image: 'nginx:2' }] });
      expect(await preview(target([changed]))).toEqual([
        'update web',
        '.spec.replicas',
        '  - 1',
        '  + 2',
        IMAGE,
        '  - nginx:1',
        '  + nginx:2',
      ]);
      expect((await live(web())).spec).toEqual(before.spec);
    });

    it('are not what somebody else writes meanwhile', async () => {
      const { cluster, engine, engineFor, kubectl, target, map } = world;
      await engine.sync(target([map('one')]));
      let gets = 0;
      const slow: Cluster = {
        ...cluster,
        get: async (ref, signal) => {
          const object = await cluster.get(ref, signal);
          if (ref.name === 'one' && gets++ === 0) await kubectl.edit(ref, { data: { theirs: 'x' } });
          return object;
        },
      };
      const plan = await engineFor(slow).plan(target([map('one', { a: '2' })]), undefined, { fields: true });
      expect(shown(plan)).toEqual(['update one', '.data.a', '  - "1"', '  + "2"']);
      expect(gets).toBe(2);
      await engineFor(slow).plan(target([map('one', { a: '2' })]), undefined, { fields: true });
      expect(gets).toBe(3);
    });

    it('of a new object are those of its manifest, without a request for it', async () => {
      const { calls, target, map } = world;
      const lines = await preview(target(Array.from({ length: 50 }, (_, index) => map(`m${index}`))));
      expect(lines.slice(0, 5)).toEqual([
        'create m0',
        '.data',
        '  + a: "1"',
        '.metadata.labels',
        expect.stringContaining('+ applyset.kubernetes.io/part-of: applyset-'),
      ]);
      expect(calls.filter((call) => ['get', 'apply', 'create'].includes(call))).toEqual([]);
    });

    it('are told of what is there already, with our label as new', async () => {
      const { kubectl, target, map } = world;
      await kubectl.apply(map('there', { a: '1' }));
      expect(await preview(target([map('there', { a: '1', b: '2' })]))).toEqual([
        'update there',
        '.data.b',
        '  + "2"',
        '.metadata.labels',
        expect.stringContaining('+ applyset.kubernetes.io/part-of: '),
      ]);
    });

    it('say which keys of a Secret change, and no value', async () => {
      const { engine, target } = world;
      await engine.sync(target([secret({ same: 'a', changed: 'b', gone: 'c' })]));
      const lines = await preview(target([secret({ same: 'a', changed: 'B', fresh: 'd' })]));
      expect(lines.filter((line) => line.startsWith('.')).sort()).toEqual(['.data.changed', '.data.fresh', '.data.gone']);
      expect(lines.filter((line) => /[-+]/.test(line))).toEqual(
        expect.arrayContaining(['  - ***** (before)', '  + ***** (after)', '  + *****', '  - *****']),
      );
      expect(lines.filter((line) => /^ {2}[-+] (?!\*{5})/.test(line))).toEqual([]);
    });

    it('say whom a field is left to, and what the server refuses', async () => {
      const { engine, place, target, map, web } = world;
      await actor(place, 'argo').apply(map('shared', { a: 'theirs' }));
      const lines = await preview(target([map('shared', { a: 'ours' })]));
      expect(lines).toContain('leaves .data.a to argo');
      expect(lines).not.toContain('.data.a');
      await engine.sync(target([web()]));
      const labels = { app: 'web', v: '2' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
      expect(await preview(target([web({ selector: { matchLabels: labels }, template })]))).toEqual(
        expect.arrayContaining([expect.stringMatching(/spec\.selector cannot be changed once it is set/), '.spec.selector.matchLabels.v']),
      );
    });

    it('say what is made anew, and what kubectl leaves to us', async () => {
      const { engine, target, map, web, cluster, dock } = world;
      const anew = (app: string) => {
        const labels = { app };
        const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
        const object = web({ selector: { matchLabels: labels }, template });
        return { ...object, metadata: { ...object.metadata, annotations: { 'rotterdam.dev/recreate': 'allowed' } } };
      };
      await engine.sync(target([anew('one')]));
      const uid = (await world.live(web())).metadata.uid;
      expect(await preview(target([anew('two')]))).toContain('is deleted and made anew, as its annotation allows');
      expect((await world.live(web())).metadata.uid).toBe(uid);
      const applied = map('theirs', { a: '1', gone: 'x' });
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) };
      await actor(world.place, 'kubectl-client-side-apply').edit(
        { ...map('theirs'), namespace: dock, name: (await cluster.create(map('theirs', { b: '3' }))).metadata.name },
        { metadata: { annotations }, data: applied.data },
      );
      expect(await preview(target([anew('one'), map('theirs', { a: '2' })]))).toEqual([
        'update theirs',
        'what kubectl apply kept becomes ours',
        '.data.a',
        '  - "1"',
        '  + "2"',
        '.data.gone',
        '  - x',
        '.metadata.annotations',
        '  - kubectl.kubernetes.io/last-applied-configuration: "*****"',
        '.metadata.labels',
        expect.stringContaining('+ applyset.kubernetes.io/part-of: '),
      ]);
    });

    it('are compared here for who may only read, and that is said', async () => {
      const { cluster, engine, engineFor, target, map, web } = world;
      await engine.sync(target([map('one', { a: '1', gone: 'x' }), web({ replicas: 1 })]));
      const changed = target([map('one', { a: '2' }), web({ replicas: 2 })]);
      const plan = await engineFor(reading(cluster)).plan(changed, undefined, { fields: true });
      expect(plan.comparedHere).toMatch(/^compared here, as the credentials lack the right to patch \w+ in namespace 'dock-\d+'$/);
      expect(shown(plan)).toEqual(await preview(changed));
      expect(shown(plan)).toEqual([
        'update one',
        '.data.a',
        '  - "1"',
        '  + "2"',
        '.data.gone',
        '  - x',
        'update web',
        '.spec.replicas',
        '  - 1',
        '  + 2',
      ]);
    });

    it('of drift are what is put back', async () => {
      const { engine, kubectl, target, map, live } = world;
      const wanted = target([map('one')]);
      await engine.sync(wanted);
      await kubectl.edit({ ...map('one'), namespace: world.dock, name: 'one' }, { data: { a: 'drifted', theirs: 'x' } });
      expect((await live(map('one'))).data).toEqual({ a: 'drifted', theirs: 'x' });
      await expect.poll(() => preview(wanted)).toEqual(['update one', '.data.a', '  - drifted', '  + "1"']);
    });
  });
}
