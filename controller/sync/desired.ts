import { LABEL } from '../../constructs/labels.ts';
import { identity, type Manifest, type ObjectRef, printRef, refOf } from '../../synth/manifest.ts';
import type { ResourceType } from '../ports.ts';
import { type Turn, turnOf } from './after.ts';
import { hashOf } from './hash.ts';
import { kindOf } from './kinds.ts';

/** An object as it will be sent: in its namespace, with the label of our set. */
export interface Desired extends Turn {
  readonly key: string;
  readonly ref: ObjectRef;
  readonly manifest: Manifest;
  readonly hash: string;
  /** Undefined for a kind that the server doesn't serve. */
  readonly type: ResourceType | undefined;
  /** The CustomResourceDefinition of this plan that brings a kind not served yet. */
  readonly bringer?: string;
  /** The autoscaler that sets its replicas: `HorizontalPodAutoscaler web`. */
  readonly scaledBy?: string;
}

interface Definition {
  readonly name: string;
  readonly namespaced: boolean;
}

/** `types` are the kinds served, by `kindOf`. Pure. */
export function desire(
  target: { readonly manifests: readonly Manifest[]; readonly defaultDock: string },
  setId: string,
  types: ReadonlyMap<string, ResourceType>,
): Desired[] {
  const definitions = new Map(target.manifests.flatMap(definitionOf));
  return target.manifests.map((manifest) => {
    const kind = kindOf(manifest);
    const served = types.get(kind);
    const type = served?.apiVersion === manifest.apiVersion ? served : undefined;
    const definition = definitions.get(kind);
    const namespaced = served?.namespaced ?? definition?.namespaced ?? manifest.metadata.namespace !== undefined;
    const namespace = namespaced ? (manifest.metadata.namespace ?? target.defaultDock) : undefined;
    return desiredOf(manifest, { setId, namespace, type, bringer: type === undefined ? definition?.name : undefined });
  });
}

interface Circumstances {
  readonly setId: string;
  readonly namespace: string | undefined;
  readonly type: ResourceType | undefined;
  readonly bringer: string | undefined;
}

/** Manifests that nobody touched are the same objects from revision to revision: they are hashed once. */
const made = new WeakMap<Manifest, { readonly under: Circumstances; readonly desired: Desired }>();

function desiredOf(manifest: Manifest, under: Circumstances): Desired {
  const { setId, namespace, type, bringer } = under;
  const before = made.get(manifest);
  if (before !== undefined && isSame(before.under, under)) return before.desired;
  const ready = member(manifest, setId, namespace);
  const ref = refOf(ready);
  const turn = { ...turnOf(manifest.metadata), ...(bringer === undefined ? {} : { bringer }) };
  const desired = { key: identity(ref), ref, manifest: ready, hash: hashOf(ready), type, ...turn };
  made.set(manifest, { under, desired });
  return desired;
}

function isSame(a: Circumstances, b: Circumstances): boolean {
  return a.setId === b.setId && a.namespace === b.namespace && a.type === b.type && a.bringer === b.bringer;
}

export function notServed({ ref, bringer }: Desired): string {
  const kind = `${ref.kind} of ${ref.apiVersion}`;
  if (bringer !== undefined) return `Cannot apply ${printRef(ref)} yet as the cluster does not serve ${kind}: waits for '${bringer}'`;
  return `Cannot apply ${printRef(ref)} as the cluster does not serve ${kind}: install what defines it, or add its CustomResourceDefinition`;
}

function member(manifest: Manifest, setId: string, namespace: string | undefined): Manifest {
  const { namespace: _, ...metadata } = manifest.metadata;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      ...(namespace === undefined ? {} : { namespace }),
      name: metadata.name,
      labels: { ...metadata.labels, [LABEL.applySetMember]: setId },
    },
  };
}

function definitionOf(manifest: Manifest): [string, Definition][] {
  if (kindOf(manifest) !== 'apiextensions.k8s.io/CustomResourceDefinition') return [];
  const spec = manifest.spec as { readonly group?: string; readonly names?: { readonly kind?: string }; readonly scope?: string };
  return [[`${spec.group}/${spec.names?.kind}`, { name: manifest.metadata.name, namespaced: spec.scope === 'Namespaced' }]];
}
