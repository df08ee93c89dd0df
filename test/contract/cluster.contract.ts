import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { ApiError, type Failure } from '../../controller/errors.ts';
import type { Cluster, LiveObject, ResourceType, WatchEvent } from '../../controller/ports.ts';
import type { Manifest } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';

/** What `createCluster` keeps with any API server. */
export function clusterContract(start: () => Place | Promise<Place>): void {
  let place: Place;
  let cluster: Cluster;
  let configMaps: ResourceType;
  const namespace = 'cluster-contract';

  beforeAll(async () => {
    place = await start();
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    configMaps = (await cluster.resource('v1', 'ConfigMap')) ?? expect.fail('ConfigMap is not served');
  });
  afterAll(async () => {
    cluster?.close();
    await place?.stop();
  });

  const map = (name: string, data: Record<string, string> = { a: '1' }, labels: Record<string, string> = {}): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels },
    data,
  });
  const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  const caught = (attempt: Promise<unknown>): Promise<Failure> =>
    attempt.then(
      () => expect.fail('It should have been rejected'),
      (error) => error,
    );

  it('version: tells the server’s', async () => {
    expect(await cluster.version()).toMatch(/^v1\.\d+/);
  });

  describe('resource', () => {
    it('finds kinds of the core and of groups, with their scope', async () => {
      expect(configMaps).toMatchObject({ plural: 'configmaps', namespaced: true });
      expect(await cluster.resource('v1', 'Namespace')).toMatchObject({ plural: 'namespaces', namespaced: false });
      expect(await cluster.resource('apps/v1', 'Deployment')).toMatchObject({ plural: 'deployments', namespaced: true });
    });

    it('is undefined for a kind and for a group that the server does not have', async () => {
      expect(await cluster.resource('v1', 'Nothing')).toBeUndefined();
      expect(await cluster.resource('nothing.example/v1', 'Nothing')).toBeUndefined();
      expect(await cluster.get({ apiVersion: 'nothing.example/v1', kind: 'Nothing', name: 'x' })).toBeUndefined();
    });

    it('resources: lists what can be listed, without subresources', async () => {
      const plurals = (await cluster.resources()).map(({ plural }) => plural);
      expect(plurals).toEqual(expect.arrayContaining(['configmaps', 'pods', 'deployments', 'ingresses']));
      expect(plurals.filter((plural) => plural.includes('/'))).toEqual([]);
    });
  });

  describe('apply', () => {
    it('makes an object that we own, and changes nothing when it is sent again', async () => {
      const made = await cluster.apply(map('applied'));
      const again = await cluster.apply(map('applied'));
      expect(made.metadata.managedFields).toMatchObject([{ manager: 'rotterdam-sync', operation: 'Apply' }]);
      expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    it('a dry run answers as if, and leaves nothing', async () => {
      expect((await cluster.apply(map('dry'), { dryRun: true })).metadata.name).toBe('dry');
      expect(await cluster.get(ref('dry'))).toBeUndefined();
    });

    it('rejects a field of another manager with its path, and takes it when forced', async () => {
      await cluster.create(map('contested', { a: 'theirs' }));
      const error = await caught(cluster.apply(map('contested', { a: 'ours' })));
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 409, causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] });
      expect((await cluster.apply(map('contested', { a: 'ours' }), { force: true })).data).toEqual({ a: 'ours' });
    });

    it('rejects what the server finds invalid as terminal, with the field', async () => {
      const error = await caught(cluster.apply(map('Not_A_Name')));
      expect(error).toMatchObject({ outcome: 'terminal', status: 422, reason: 'Invalid', causes: [{ field: 'metadata.name' }] });
    });

    it('rejects an object in a namespace that is not there with 404', async () => {
      const { metadata, ...rest } = map('lost');
      const error = await caught(cluster.apply({ ...rest, metadata: { ...metadata, namespace: 'nowhere' } }));
      expect(error).toMatchObject({ status: 404, message: 'namespaces "nowhere" not found' });
    });
  });

  describe('create and replace', () => {
    it('create rejects an object that exists with 409', async () => {
      await cluster.create(map('twice'));
      expect(await caught(cluster.create(map('twice')))).toMatchObject({ status: 409, reason: 'AlreadyExists' });
    });

    it('replace rejects a version that is past with 409, and leaves the newer one', async () => {
      const first = await cluster.create(map('moving'));
      const at = (data: Record<string, string>) => ({
        ...map('moving', data),
        metadata: { ...map('moving').metadata, resourceVersion: first.metadata.resourceVersion },
      });
      await cluster.replace(at({ a: '2' }));
      expect(await caught(cluster.replace(at({ a: '3' })))).toMatchObject({ status: 409, reason: 'Conflict' });
      expect((await cluster.get(ref('moving')))?.data).toEqual({ a: '2' });
    });
  });

  describe('remove', () => {
    it('refuses another uid, takes the right one, and is content when it is gone', async () => {
      const { metadata } = await cluster.create(map('removed'));
      expect(await caught(cluster.remove(ref('removed'), { uid: '00000000-0000-0000-0000-000000000000' }))).toMatchObject({ status: 409 });
      await cluster.remove(ref('removed'), { uid: metadata.uid });
      await expect.poll(() => cluster.get(ref('removed'))).toBeUndefined();
      await cluster.remove(ref('removed'), { uid: metadata.uid });
    });
  });

  describe('list and watch', () => {
    it('list takes selectors and gives every item its kind', async () => {
      await cluster.apply(map('labelled', {}, { set: 'one' }));
      await cluster.apply(map('other', {}, { set: 'two' }));
      const { items } = await cluster.list(configMaps, { namespace, labelSelector: 'set=one' });
      expect(items.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([['ConfigMap', 'labelled']]);
      const others = await cluster.list(configMaps, { labelSelector: 'set,set!=one' });
      expect(others.items.map(({ metadata }) => metadata.name)).toEqual(['other']);
    });

    it('metadata alone is all that comes when no more is asked for, in lists and in watches', async () => {
      const select = { namespace, labelSelector: 'set=slim', metadataOnly: true };
      await cluster.apply(map('slim', { a: '1' }, { set: 'slim' }));
      const { items, resourceVersion } = await cluster.list(configMaps, select);
      await cluster.apply(map('slim', { a: '2' }, { set: 'slim' }));
      const seen: unknown[] = [];
      for await (const event of await cluster.watch(configMaps, resourceVersion, select)) {
        if (event.type === 'BOOKMARK') continue;
        seen.push(event.object);
        break;
      }
      for (const object of [...items, ...seen]) {
        expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'slim', labels: { set: 'slim' } } });
        expect(object).toMatchObject({
          metadata: { managedFields: [{ manager: 'rotterdam-sync', fieldsV1: { 'f:data': expect.anything() } }] },
        });
        expect(object).not.toHaveProperty('data');
      }
    });

    it('list keeps of each object what is wanted of it', async () => {
      await cluster.apply(map('projected', {}, { set: 'projected' }));
      const project = ({ kind, metadata }: LiveObject) => `${kind} ${metadata.name}`;
      const { items } = await cluster.list(configMaps, { namespace, labelSelector: 'set=projected', project });
      expect(items).toEqual(['ConfigMap projected']);
    });

    it('versionOf grows with every write, and is where a list is', async () => {
      const before = Number(await cluster.versionOf(configMaps, { namespace }));
      const { metadata } = await cluster.apply(map('version', { a: String(before) }));
      const after = Number(await cluster.versionOf(configMaps, { namespace }));
      expect(Number(metadata.resourceVersion)).toBeGreaterThan(before);
      expect(after).toBeGreaterThanOrEqual(Number(metadata.resourceVersion));
      expect(Number((await cluster.list(configMaps, { namespace })).resourceVersion)).toBeGreaterThanOrEqual(after);
    });

    it('watch tells what happens after the list, in order, until it is aborted', async () => {
      const select = { namespace, labelSelector: 'set=watched' };
      const { resourceVersion } = await cluster.list(configMaps, select);
      const ending = new AbortController();
      const seen: string[] = [];
      const watching = (async () => {
        for await (const event of await cluster.watch(configMaps, resourceVersion, select, ending.signal)) {
          seen.push(describeEvent(event));
          if (event.type === 'DELETED') ending.abort(new Error('seen enough'));
        }
      })();
      const ended = expect(watching).rejects.toThrow('seen enough');
      const { metadata } = await cluster.apply(map('watched', { a: '1' }, { set: 'watched' }));
      await cluster.apply(map('watched', { a: '2' }, { set: 'watched' }));
      await cluster.remove(ref('watched'), { uid: metadata.uid });
      await ended;
      expect(seen[0]).toBe('ADDED watched');
      expect(seen).toContain('MODIFIED watched');
      expect(seen.at(-1)).toBe('DELETED watched');
    });
  });

  it('every call rejects with the signal’s reason when it is aborted', async () => {
    const reason = new Error('a newer revision');
    expect(await caught(cluster.list(configMaps, {}, AbortSignal.abort(reason)))).toBe(reason);
  });

  it('a wrong token is terminal, and the sentence names the secret to renew', async () => {
    const wrong = place.kubeconfig.replace(/token: [^\s,}]+/, 'token: wrong');
    expect(wrong).not.toBe(place.kubeconfig);
    const stranger = createCluster({ name: 'modena', secret: 'modena-kubeconfig', kubeconfig: wrong, clock: systemClock });
    const error = await caught(stranger.list(configMaps));
    stranger.close();
    expect(error).toMatchObject({ outcome: 'terminal', status: 401 });
    expect(error.message).toBe(
      "Cannot authenticate to infrastructure 'modena' as it refuses the credentials: renew secret 'modena-kubeconfig'",
    );
  });

  it('a certificate of another authority is not trusted', async () => {
    const untrusting = place.kubeconfig.replace(/certificate-authority-data: [^,}\s]+/, 'tls-server-name: localhost');
    const other = createCluster({ name: 'modena', kubeconfig: untrusting, clock: systemClock });
    const error = await caught(other.version());
    other.close();
    expect(error).toMatchObject({ outcome: 'terminal' });
    expect(error.message).toMatch(/^Cannot trust the certificate of infrastructure 'modena' at https:/);
  });
}

function describeEvent(event: WatchEvent): string {
  return event.type === 'BOOKMARK' ? event.type : `${event.type} ${event.object.metadata.name}`;
}
