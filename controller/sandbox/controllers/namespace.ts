import { storageOf } from '../kinds.ts';
import type { KubeObject } from '../object.ts';
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
    else this.finish(found);
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

  /** Deletes what is in it, then the namespace itself; says what is left meanwhile. */
  private finish(namespace: KubeObject): void {
    const storages = new Set(this.bench.kinds.all().flatMap((kind) => (kind.namespaced ? [storageOf(kind)] : [])));
    const left = [...storages].flatMap((storage) => this.empty(storage, namespace.metadata.name));
    if (left.length === 0) this.bench.update(STORAGE, namespace, { spec: { ...namespace.spec, finalizers: [] } });
    else this.bench.writeStatus(STORAGE, namespace, { ...namespace.status, conditions: remaining(left) });
  }

  private empty(storage: string, namespace: string): readonly Left[] {
    const kind = this.bench.kind(storage);
    const inside = () => [...this.bench.store.within(kind, namespace)];
    for (const object of inside()) if (object.metadata.deletionTimestamp === undefined) this.bench.delete(storage, object);
    return inside().map((object) => ({ resource: `${kind.plural}.${kind.group}`, finalizers: object.metadata.finalizers ?? [] }));
  }
}

interface Left {
  readonly resource: string;
  readonly finalizers: readonly string[];
}

function remaining(left: readonly Left[]): readonly Readonly<Record<string, unknown>>[] {
  const resources = counted(left.map(({ resource }) => resource)).map(([name, count]) => `${name} has ${count} resource instances`);
  const finalizers = counted(left.flatMap((one) => one.finalizers)).map(([name, count]) => `${name} in ${count} resource instances`);
  const condition = (type: string, reason: string, message: string) => ({ type, status: 'True', reason, message });
  return [
    condition('NamespaceContentRemaining', 'SomeResourcesRemain', `Some resources are remaining: ${resources.join(', ')}`),
    ...(finalizers.length === 0
      ? []
      : [
          condition(
            'NamespaceFinalizersRemaining',
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
          ),
        ]),
  ];
}

function counted(names: readonly string[]): (readonly [string, number])[] {
  return [...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length]);
}
