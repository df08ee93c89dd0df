import { equal } from '../json.ts';
import type { KubeObject } from '../object.ts';
import type { Entry, StoreEvent } from '../store.ts';
import type { Bench, Controller } from './controller.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Deletes what has lost its last owner, and lets owners go that wait for what they own. */
export class Garbage implements Controller {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ type, object }: StoreEvent): readonly string[] {
    const { uid, ownerReferences = [], deletionTimestamp } = object.metadata;
    const owners = ownerReferences.map((owner) => owner.uid);
    if (type === 'DELETED') return [...owners, ...this.bench.store.dependents(uid).map((entry) => entry.object.metadata.uid)];
    return owners.length > 0 || deletionTimestamp !== undefined ? [uid] : [];
  }

  reconcile(uid: string): void {
    const entry = this.bench.store.byUid(uid);
    if (entry === undefined) return;
    const { deletionTimestamp, finalizers = [] } = entry.object.metadata;
    if (deletionTimestamp === undefined) this.checkOwners(entry);
    else if (finalizers.includes(ORPHAN)) this.orphan(entry);
    else if (finalizers.includes(FOREGROUND)) this.deleteDependents(entry);
  }

  private checkOwners({ storage, object }: Entry): void {
    const owners = object.metadata.ownerReferences ?? [];
    const alive = owners.filter((owner) => this.bench.store.byUid(owner.uid) !== undefined);
    if (owners.length === 0 || alive.length === owners.length) return;
    if (alive.length === 0) this.bench.delete(storage, object);
    else this.bench.update(storage, object, { metadata: { ...object.metadata, ownerReferences: alive } });
  }

  private orphan(entry: Entry): void {
    const { uid } = entry.object.metadata;
    for (const { storage, object } of this.bench.store.dependents(uid)) {
      const ownerReferences = object.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
      this.bench.update(storage, object, { metadata: { ...object.metadata, ownerReferences } });
    }
    this.release(entry, ORPHAN);
  }

  private deleteDependents(entry: Entry): void {
    const { uid } = entry.object.metadata;
    const dependents = this.bench.store.dependents(uid);
    for (const { storage, object } of dependents) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const inner = this.bench.store.dependents(object.metadata.uid).length > 0;
      this.bench.delete(storage, object, { propagationPolicy: inner ? 'Foreground' : 'Background' });
    }
    const blocks = ({ metadata }: KubeObject) => metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion);
    if (!this.bench.store.dependents(uid).some(({ object }) => blocks(object))) this.release(entry, FOREGROUND);
  }

  private release({ storage, object }: Entry, finalizer: string): void {
    const finalizers = object.metadata.finalizers?.filter((name) => name !== finalizer) ?? [];
    if (equal(finalizers, object.metadata.finalizers)) return;
    this.bench.update(storage, object, { metadata: { ...object.metadata, finalizers } });
  }
}
