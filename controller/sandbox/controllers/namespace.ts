import { storageOf } from '../kinds.ts';
import { NAMESPACES } from '../resources.ts';
import type { StoreEvent } from '../store.ts';
import type { Bench, Controller } from './controller.ts';

const STORAGE = storageOf(NAMESPACES);
const ACCOUNTS = { group: '', plural: 'serviceaccounts' } as const;
const CONFIG_MAPS = { group: '', plural: 'configmaps' } as const;
const ROOT_CA = 'kube-root-ca.crt';

/** A namespace gets its service account and the root certificate; one that is deleted goes once it is empty. */
export class Namespaces implements Controller {
  private readonly bench: Bench;
  private readonly certificate: string;

  constructor(bench: Bench, certificate: string) {
    this.bench = bench;
    this.certificate = certificate;
  }

  keys({ type, storage, object }: StoreEvent): readonly string[] {
    if (storage === STORAGE) return [object.metadata.name];
    return type === 'DELETED' && object.metadata.namespace !== undefined ? [object.metadata.namespace] : [];
  }

  reconcile(namespace: string): void {
    const found = this.bench.store.get(NAMESPACES, undefined, namespace);
    if (found === undefined) return;
    if (found.metadata.deletionTimestamp === undefined) this.furnish(namespace);
    else if (this.empty(namespace)) this.bench.update(STORAGE, found, { spec: { ...found.spec, finalizers: [] } });
  }

  private furnish(namespace: string): void {
    const { store } = this.bench;
    if (store.get(ACCOUNTS, namespace, 'default') === undefined) {
      const metadata = { name: 'default', namespace };
      this.bench.create(storageOf(ACCOUNTS), { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    }
    if (store.get(CONFIG_MAPS, namespace, ROOT_CA) === undefined) {
      const metadata = { name: ROOT_CA, namespace };
      const data = { 'ca.crt': this.certificate };
      this.bench.create(storageOf(CONFIG_MAPS), { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    }
  }

  /** Deletes what is in it; whether nothing is left. */
  private empty(namespace: string): boolean {
    const storages = new Set(this.bench.kinds.all().flatMap((kind) => (kind.namespaced ? [storageOf(kind)] : [])));
    let left = 0;
    for (const storage of storages) {
      const kind = this.bench.kind(storage);
      for (const object of [...this.bench.store.within(kind, namespace)]) {
        if (object.metadata.deletionTimestamp === undefined) this.bench.delete(storage, object);
      }
      left += [...this.bench.store.within(kind, namespace)].length;
    }
    return left === 0;
  }
}
