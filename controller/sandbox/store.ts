import { type Kind, storageOf } from './kinds.ts';
import type { KubeObject } from './object.ts';
import { expired } from './status.ts';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly storage: string;
  readonly object: KubeObject;
  /** What was there before; undefined when ADDED. */
  readonly previous: KubeObject | undefined;
  readonly version: number;
}

/** How many events are remembered: a watch that is further behind gets 410. */
const HISTORY = 20_000;

/** An object with the name of what it is stored in. */
export interface Entry {
  readonly storage: string;
  readonly object: KubeObject;
}

type ByNamespace = Map<string, Map<string, KubeObject>>;

/** All objects, one version for all of them that grows with each write, and the last writes in order. */
export class Store {
  private version = 1;
  private readonly objects = new Map<string, ByNamespace>();
  private readonly uids = new Map<string, Entry>();
  /** Uids of the objects that an object owns. */
  private readonly owned = new Map<string, Set<string>>();
  private readonly listeners = new Set<(event: StoreEvent) => void>();
  /** The version since when a storage's events are known, where that isn't the beginning. */
  private readonly since = new Map<string, number>();
  private history: StoreEvent[] = [];
  private forgotten = 0;

  get current(): number {
    return this.version;
  }

  get(kind: Stored, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.objects
      .get(storageOf(kind))
      ?.get(namespace ?? '')
      ?.get(name);
  }

  byUid(uid: string): Entry | undefined {
    return this.uids.get(uid);
  }

  dependents(uid: string): readonly Entry[] {
    return [...(this.owned.get(uid) ?? [])].flatMap((dependent) => this.uids.get(dependent) ?? []);
  }

  /** Sorted by namespace and name, as they were at `version` (now when undefined). Throws 410 when that is forgotten. */
  list(kind: Stored, namespace?: string, version?: number): readonly KubeObject[] {
    const now = this.objects.get(storageOf(kind)) ?? new Map<string, Map<string, KubeObject>>();
    const found = version === undefined || version >= this.version ? now : this.past(storageOf(kind), now, version);
    const namespaces = namespace === undefined ? [...found.keys()].sort() : [namespace];
    return namespaces.flatMap((key) => {
      const objects = found.get(key) ?? new Map<string, KubeObject>();
      return [...objects.keys()].sort().flatMap((name) => objects.get(name) ?? []);
    });
  }

  /** Those of one namespace, in no order. */
  within(kind: Stored, namespace: string | undefined): Iterable<KubeObject> {
    return (
      this.objects
        .get(storageOf(kind))
        ?.get(namespace ?? '')
        ?.values() ?? []
    );
  }

  put(kind: Stored, draft: KubeObject): KubeObject {
    const storage = storageOf(kind);
    const { namespace, name } = draft.metadata;
    const previous = this.get(kind, namespace, name);
    const object = this.stamp(draft);
    const all = this.objects.get(storage) ?? new Map<string, Map<string, KubeObject>>();
    const inNamespace = all.get(namespace ?? '') ?? new Map<string, KubeObject>();
    this.objects.set(storage, all.set(namespace ?? '', inNamespace.set(name, object)));
    this.index(previous, undefined);
    this.index(object, storage);
    this.record({ type: previous === undefined ? 'ADDED' : 'MODIFIED', storage, object, previous, version: this.version });
    return object;
  }

  /** `draft` is what the last update made of it. */
  remove(kind: Stored, draft: KubeObject): KubeObject {
    const storage = storageOf(kind);
    const { namespace, name } = draft.metadata;
    const previous = this.get(kind, namespace, name);
    const object = this.stamp(draft);
    this.objects
      .get(storage)
      ?.get(namespace ?? '')
      ?.delete(name);
    this.index(previous, undefined);
    this.record({ type: 'DELETED', storage, object, previous, version: this.version });
    return object;
  }

  /** The storage begins now: nobody can ask what was before. */
  begin(kind: Stored): void {
    if (!this.since.has(storageOf(kind))) this.since.set(storageOf(kind), this.version);
  }

  /** Events after `version`. Throws 410 when some of them are forgotten. */
  after(kind: Stored, version: number): readonly StoreEvent[] {
    const storage = storageOf(kind);
    const oldest = Math.max(this.forgotten, this.since.get(storage) ?? 0);
    if (version < oldest) throw expired(`too old resource version: ${version} (${oldest})`);
    return this.history.filter((event) => event.version > version && event.storage === storage);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private stamp(object: KubeObject): KubeObject {
    this.version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
  }

  private index(object: KubeObject | undefined, storage: string | undefined): void {
    if (object === undefined) return;
    const { uid, ownerReferences = [] } = object.metadata;
    if (storage === undefined) this.uids.delete(uid);
    else this.uids.set(uid, { storage, object });
    for (const owner of ownerReferences) {
      const dependents = this.owned.get(owner.uid) ?? new Set<string>();
      if (storage !== undefined) this.owned.set(owner.uid, dependents.add(uid));
      else if (dependents.delete(uid) && dependents.size === 0) this.owned.delete(owner.uid);
    }
  }

  private record(event: StoreEvent): void {
    this.history.push(event);
    if (this.history.length > 2 * HISTORY) {
      this.forgotten = this.history[HISTORY - 1]?.version ?? this.forgotten;
      this.history = this.history.slice(HISTORY);
    }
    for (const listener of this.listeners) listener(event);
  }

  private past(storage: string, now: ByNamespace, version: number): ByNamespace {
    if (version < this.forgotten) throw expired('The provided continue parameter is too old to display a consistent list result.');
    const then: ByNamespace = new Map([...now].map(([namespace, objects]) => [namespace, new Map(objects)]));
    for (let index = this.history.length - 1; index >= 0; index -= 1) {
      const event = this.history[index];
      if (event === undefined || event.version <= version) break;
      if (event.storage !== storage) continue;
      const { namespace = '', name } = event.object.metadata;
      if (event.previous === undefined) then.get(namespace)?.delete(name);
      else then.set(namespace, (then.get(namespace) ?? new Map<string, KubeObject>()).set(name, event.previous));
    }
    return then;
  }
}

type Stored = Pick<Kind, 'group' | 'plural'>;
