import type { DeleteOptions } from '../deletion.ts';
import { at, equal } from '../json.ts';
import { type Kind, type Kinds, storageOf } from '../kinds.ts';
import type { Draft, KubeObject } from '../object.ts';
import type { Resources } from '../resources.ts';
import { StatusError } from '../status.ts';
import type { Store, StoreEvent } from '../store.ts';
import type { Timers } from '../timers.ts';

/** Looks at one key at a time and does what is missing: level, not edge. */
export interface Controller {
  /** The keys to look at after an event. */
  keys(event: StoreEvent): readonly string[];
  reconcile(key: string): void;
}

/** What controllers work with; they write as the controller manager does. */
export class Bench {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly resources: Resources;
  readonly timers: Timers;

  constructor(store: Store, kinds: Kinds, resources: Resources, timers: Timers) {
    this.store = store;
    this.kinds = kinds;
    this.resources = resources;
    this.timers = timers;
  }

  kind(storage: string): Kind {
    const kind = this.kinds.stored(storage);
    if (kind === undefined) throw new Error(`Cannot find a kind for the storage: ${storage}`);
    return kind;
  }

  /** Of the kind, not yet being deleted. */
  live(uid: string, storage: string): KubeObject | undefined {
    const found = this.store.byUid(uid);
    return found?.storage === storage && found.object.metadata.deletionTimestamp === undefined ? found.object : undefined;
  }

  owned(uid: string, storage: string): readonly KubeObject[] {
    return this.store.dependents(uid).flatMap((entry) => (entry.storage === storage ? [entry.object] : []));
  }

  create(storage: string, draft: Draft): KubeObject {
    return this.resources.create(this.kind(storage), draft.metadata.namespace, draft, { manager: MANAGER });
  }

  update(storage: string, live: KubeObject, changes: Partial<KubeObject>): KubeObject {
    return this.resources.update(this.kind(storage), live, { ...live, ...changes }, { manager: MANAGER });
  }

  annotate(storage: string, live: KubeObject, annotations: Readonly<Record<string, string>>): KubeObject {
    const all = { ...live.metadata.annotations, ...annotations };
    if (equal(all, live.metadata.annotations)) return live;
    return this.update(storage, live, { metadata: { ...live.metadata, annotations: all } });
  }

  scale(storage: string, live: KubeObject, replicas: number): KubeObject {
    if (at(live, 'spec', 'replicas') === replicas) return live;
    return this.update(storage, live, { spec: { ...live.spec, replicas } });
  }

  writeStatus(storage: string, live: KubeObject, status: Readonly<Record<string, unknown>>): KubeObject {
    if (equal(live.status, status)) return live;
    return this.resources.update(this.kind(storage), live, { ...live, status }, { manager: MANAGER, subresource: 'status' });
  }

  delete(storage: string, live: KubeObject, options: DeleteOptions = {}): void {
    this.resources.delete(this.kind(storage), live, options);
  }
}

const MANAGER = 'kube-controller-manager';

/** Feeds the store's events to the controllers, each key once per turn. */
export function runControllers(bench: Bench, controllers: readonly Controller[]): void {
  const queues = controllers.map((controller) => ({ controller, keys: new Set<string>() }));
  let scheduled = false;
  const drain = (): void => {
    scheduled = false;
    for (const { controller, keys } of queues) {
      const batch = [...keys];
      keys.clear();
      for (const key of batch) attempt(controller, key);
    }
  };
  bench.store.subscribe((event) => {
    for (const { controller, keys } of queues) for (const key of controller.keys(event)) keys.add(key);
    if (!scheduled && queues.some(({ keys }) => keys.size > 0)) {
      scheduled = true;
      bench.timers.next(drain);
    }
  });
}

/** What the rules refuse (content of a namespace that is going, a name too long) is left; the next event asks again. */
function attempt(controller: Controller, key: string): void {
  try {
    controller.reconcile(key);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

export const DEPLOYMENTS = storageOf({ group: 'apps', plural: 'deployments' });
export const REPLICA_SETS = storageOf({ group: 'apps', plural: 'replicasets' });
export const STATEFUL_SETS = storageOf({ group: 'apps', plural: 'statefulsets' });
export const PODS = storageOf({ group: '', plural: 'pods' });
export const CLAIMS = storageOf({ group: '', plural: 'persistentvolumeclaims' });
export const SERVICES = storageOf({ group: '', plural: 'services' });
export const ENDPOINT_SLICES = storageOf({ group: 'discovery.k8s.io', plural: 'endpointslices' });
export const DEFINITIONS = storageOf({ group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions' });
