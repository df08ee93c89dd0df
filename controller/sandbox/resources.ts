import { randomInt, randomUUID } from 'node:crypto';
import { ServiceAddresses, withDefaults } from './defaults.ts';
import { afterDeletion, type DeleteOptions } from './deletion.ts';
import { equal, isRecord, listAt, omit } from './json.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { type Draft, type KubeObject, timestamp } from './object.ts';
import { applyFields, type Manager, updateFields } from './ownership.ts';
import { alreadyExists, badRequest, conflict, forbidden, invalid, modified, notFound } from './status.ts';
import type { Store } from './store.ts';
import { required, validate, wrong } from './validate.ts';

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun?: boolean;
  readonly subresource?: 'status' | 'scale' | undefined;
}

/** The rules of writing: what becomes of a draft, who owns what of it, which versions agree, how objects go. */
export class Resources {
  readonly store: Store;
  private readonly now: () => number;
  private readonly addresses = new ServiceAddresses();

  constructor(store: Store, now: () => number) {
    this.store = store;
    this.now = now;
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject {
    const found = this.store.get(kind, namespace, name);
    if (found === undefined) throw notFound(kind, name);
    return { ...found, apiVersion: apiVersionOf(kind) };
  }

  create(kind: Kind, namespace: string | undefined, draft: Draft, options: WriteOptions): KubeObject {
    const named = this.named(kind, namespace, draft);
    const { name } = named.metadata;
    if (name !== undefined && this.store.get(kind, namespace, name) !== undefined) throw alreadyExists(kind, name);
    const content = kind.subresources.includes('status') ? omit(named, 'status') : named;
    const complete = withoutEmpty(kind, withDefaults(kind, content));
    return this.insert(kind, updateFields(undefined, complete, this.by(kind, options, 'Update'), kind.shape), options);
  }

  update(kind: Kind, live: KubeObject, draft: Draft, options: WriteOptions): KubeObject {
    const { resourceVersion, uid } = draft.metadata;
    const { name } = live.metadata;
    if (kind.custom && !resourceVersion) {
      const cause = wrong('metadata.resourceVersion', '0', 'must be specified for an update');
      throw invalid({ group: kind.group, kind: kind.plural }, name, [cause]);
    }
    if (uid !== undefined && uid !== live.metadata.uid) {
      throw conflict(kind, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`);
    }
    if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) throw modified(kind, name);
    const complete = withoutEmpty(kind, withDefaults(kind, replacement(kind, live, draft, options.subresource)));
    return this.replace(kind, live, updateFields(live, complete, this.by(kind, options, 'Update'), kind.shape), options);
  }

  /** Server-side apply. `created` says whether there was no such object before. */
  apply(kind: Kind, namespace: string | undefined, name: string, config: Draft, options: WriteOptions & { readonly force: boolean }) {
    const live = this.store.get(kind, namespace, name);
    if (live === undefined && options.subresource !== undefined) throw notFound(kind, name);
    mustMean(kind, name, live, config);
    const wanted = configuration(kind, this.named(kind, namespace, config), options.subresource);
    const merged = applyFields(live, wanted, this.by(kind, options, 'Apply'), kind.shape, options.force);
    const complete = withDefaults(kind, merged);
    const object = live === undefined ? this.insert(kind, complete, options) : this.replace(kind, live, complete, options);
    return { created: live === undefined, object };
  }

  /** The object that is left with a time of deletion when something still holds it, or undefined when it is gone. */
  delete(kind: Kind, live: KubeObject, options: DeleteOptions): KubeObject | undefined {
    const left = afterDeletion(kind, live, options, timestamp(this.now()));
    if (options.dryRun || left === live) return left;
    if (left !== undefined) return this.store.put(kind, left);
    this.store.remove(kind, live);
    return undefined;
  }

  private by(kind: Kind, options: WriteOptions, operation: 'Apply' | 'Update'): Manager {
    const { manager, subresource } = options;
    return { manager, operation, subresource, apiVersion: apiVersionOf(kind), time: timestamp(this.now()) };
  }

  /** The draft with the namespace of the request and a name, where one is to be generated. */
  private named(kind: Kind, namespace: string | undefined, draft: Draft): Draft {
    const { metadata } = draft;
    if (metadata.namespace !== undefined && metadata.namespace !== (namespace ?? '')) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    const generated =
      metadata.name === undefined && metadata.generateName !== undefined ? { name: generateName(metadata.generateName) } : {};
    const scope = kind.namespaced && namespace !== undefined ? { namespace } : {};
    return { ...draft, metadata: { ...metadata, ...generated, ...scope } };
  }

  private insert(kind: Kind, draft: Draft, options: WriteOptions): KubeObject {
    const { name, namespace } = draft.metadata;
    if (kind.namespaced) this.mustTakeContent(kind, name ?? '', namespace ?? '');
    validate(kind, draft, undefined);
    if (name === undefined) throw invalid(kind, '', [required('metadata.name')]);
    const { metadata, ...rest } = kind.kind === 'Service' ? this.addresses.assign(draft, undefined) : draft;
    const { managedFields, ...own } = metadata;
    const generation = hasGeneration(kind, draft) ? { generation: 1 } : {};
    const identity = { uid: randomUUID(), resourceVersion: '', ...generation, creationTimestamp: timestamp(this.now()) };
    const status = kind.subresources.includes('status') && !kind.custom && rest.status === undefined ? { status: {} } : {};
    const object: KubeObject = {
      ...rest,
      metadata: { ...omit(own, 'uid', 'deletionTimestamp'), name, ...identity, managedFields: managedFields ?? [] },
      ...status,
    };
    const tidy = withoutEmpty(kind, object);
    return options.dryRun ? { ...tidy, metadata: omit(tidy.metadata, 'resourceVersion') } : this.store.put(kind, tidy);
  }

  private replace(kind: Kind, live: KubeObject, draft: Draft, options: WriteOptions): KubeObject {
    validate(kind, draft, live);
    const next = kind.kind === 'Service' ? this.addresses.assign(draft, live) : draft;
    const changed = !equal(omit(next, 'metadata', 'status'), omit(live, 'metadata', 'status'));
    const generation = live.metadata.generation === undefined ? {} : { generation: live.metadata.generation + (changed ? 1 : 0) };
    const { name, uid, resourceVersion, creationTimestamp } = live.metadata;
    const metadata = { ...next.metadata, name, uid, resourceVersion, creationTimestamp, ...generation };
    const object = withoutEmpty(kind, { ...next, metadata });
    if (equal(timeless(object), timeless(live))) return live;
    if (options.dryRun) return object;
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const gone = deletionTimestamp !== undefined && finalizers.length === 0 && listAt(object, 'spec', 'finalizers').length === 0;
    return gone ? this.store.remove(kind, object) : this.store.put(kind, object);
  }

  private mustTakeContent(kind: Kind, name: string, namespace: string): void {
    const found = this.store.get(NAMESPACES, undefined, namespace);
    if (found === undefined) throw notFound({ ...kind, ...NAMESPACES }, namespace);
    if (found.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(kind, name, why, [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }]);
  }
}

export const NAMESPACES = { group: '', plural: 'namespaces' } as const;

/** What an update asks for: all but the status, or the status alone. */
function replacement(kind: Kind, live: KubeObject, draft: Draft, subresource: WriteOptions['subresource']): Draft {
  if (subresource === 'status') return { ...live, ...('status' in draft ? { status: draft.status ?? {} } : {}) };
  if (!kind.subresources.includes('status')) return draft;
  return { ...omit(draft, 'status'), ...(live.status === undefined ? {} : { status: live.status }) };
}

/** As much of an applied configuration as the place it is sent to is for. */
function configuration(kind: Kind, config: Draft, subresource: WriteOptions['subresource']): Draft {
  const { apiVersion, kind: name, metadata, status } = config;
  if (subresource === 'status')
    return { apiVersion, kind: name, metadata: pickName(metadata), ...(status === undefined ? {} : { status }) };
  return kind.subresources.includes('status') ? omit(config, 'status') : config;
}

function pickName({ name, namespace }: Draft['metadata']): Draft['metadata'] {
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}

/** Throws when a configuration names a version or a uid that the object hasn't. */
function mustMean(kind: Kind, name: string, live: KubeObject | undefined, config: Draft): void {
  const { resourceVersion, uid } = config.metadata;
  if (live === undefined && uid !== undefined) {
    throw conflict(kind, name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  }
  if (live === undefined) return;
  if (uid !== undefined && uid !== live.metadata.uid) {
    throw invalid(kind, name, [wrong('metadata.uid', JSON.stringify(uid), 'field is immutable')]);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) throw modified(kind, name);
}

/** Five letters and digits that make no words, as Kubernetes appends them. */
export function generateName(prefix: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return prefix + Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Empty maps and lists are none, in the metadata and in the data of built-in kinds. */
function withoutEmpty<T extends Draft>(kind: Kind, object: T): T {
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const empty = Object.entries(object.metadata).flatMap(([key, value]) => (isEmpty(value) ? [key] : []));
  const metadata = omit(object.metadata, ...empty);
  const data = kind.custom ? [] : ['data', 'binaryData'].filter((key) => isEmpty(object[key]));
  return { ...omit(object, ...data), metadata };
}

function hasGeneration(kind: Kind, draft: Draft): boolean {
  return kind.custom || ('spec' in draft && !WITHOUT_GENERATION.includes(kind.kind)) || kind.kind === 'EndpointSlice';
}

const WITHOUT_GENERATION = [
  'Namespace',
  'Node',
  'Service',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'LimitRange',
  'HorizontalPodAutoscaler',
];

function timeless(object: KubeObject): unknown {
  const entries = object.metadata.managedFields ?? [];
  return {
    ...object,
    metadata: { ...object.metadata, managedFields: entries.map((entry) => (isRecord(entry) ? omit(entry, 'time') : entry)) },
  };
}
