import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../controller/sandbox/object.ts';
import { Store } from '../../../../controller/sandbox/store.ts';

const KIND = { group: '', plural: 'configmaps' } as const;
const object = (name: string, namespace = 'n', extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, uid: `uid-${namespace}-${name}`, resourceVersion: '', creationTimestamp: '', ...extra },
});
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe('Store', () => {
  it('counts one version for all objects', () => {
    const store = new Store();
    const versions = [
      store.put(KIND, object('a')),
      store.put({ ...KIND, plural: 'secrets' }, object('b')),
      store.remove(KIND, object('a')),
    ];
    expect(versions.map(({ metadata }) => Number(metadata.resourceVersion))).toEqual([store.current - 2, store.current - 1, store.current]);
  });
  it('lists by namespace, then by name', () => {
    const store = new Store();
    for (const [name, namespace] of [
      ['b', 'x'],
      ['a', 'x-1'],
      ['a', 'x'],
      ['z', 'a'],
    ] as const)
      store.put(KIND, object(name, namespace));
    expect(names(store.list(KIND))).toEqual(['a/z', 'x/a', 'x/b', 'x-1/a']);
    expect(names(store.list(KIND, 'x'))).toEqual(['x/a', 'x/b']);
  });
  it('lists what was there at a version', () => {
    const store = new Store();
    store.put(KIND, object('a'));
    const gone = store.put(KIND, object('b'));
    const version = store.current;
    store.remove(KIND, gone);
    store.put(KIND, object('c'));
    store.put(KIND, { ...object('a'), data: { changed: 'yes' } });
    expect(names(store.list(KIND, undefined, version))).toEqual(['n/a', 'n/b']);
    expect(store.list(KIND, undefined, version)[0]).not.toHaveProperty('data');
  });
  it('tells the events after a version, of one kind', () => {
    const store = new Store();
    const { metadata } = store.put(KIND, object('a'));
    store.put({ ...KIND, plural: 'secrets' }, object('s'));
    store.remove(KIND, store.put(KIND, object('a')));
    expect(store.after(KIND, Number(metadata.resourceVersion)).map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
  });
  it('forgets events at last, and says so', () => {
    const store = new Store();
    const version = store.current;
    for (let count = 0; count <= 40_000; count += 1) store.put(KIND, object('a'));
    expect(() => store.after(KIND, version)).toThrow(/^too old resource version: 1 \(\d+\)$/);
    expect(() => store.list(KIND, undefined, version)).toThrow('too old');
    expect(store.after(KIND, store.current - 10)).toHaveLength(10);
  });
  it('finds what an object owns, until the reference or the object is gone', () => {
    const store = new Store();
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'owner' };
    store.put(KIND, object('a', 'n', { ownerReferences: [owner] }));
    const second = store.put(KIND, object('b', 'n', { ownerReferences: [owner] }));
    expect(store.dependents('owner').map((entry) => entry.object.metadata.name)).toEqual(['a', 'b']);
    store.put(KIND, object('a'));
    store.remove(KIND, second);
    expect(store.dependents('owner')).toEqual([]);
  });
});
