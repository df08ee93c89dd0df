import { listAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';
import { about, forbidden, preconditionFailed } from './status.ts';

export interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

const PERMANENT = ['default', 'kube-system', 'kube-public'];

/** What is left of an object that is deleted: undefined when nothing holds it. Throws when the preconditions don't hold. */
export function afterDeletion(kind: Kind, live: KubeObject, options: DeleteOptions, time: string): KubeObject | undefined {
  const { metadata } = live;
  mustMeet(kind, live, options.preconditions ?? {});
  if (kind.kind === 'Namespace' && PERMANENT.includes(metadata.name)) {
    throw forbidden(kind, metadata.name, 'this namespace may not be deleted');
  }
  const going = metadata.deletionTimestamp !== undefined;
  const finalizers = going ? (metadata.finalizers ?? []) : withPolicy(metadata.finalizers ?? [], options);
  if (finalizers.length === 0 && listAt(live, 'spec', 'finalizers').length === 0) return undefined;
  if (going) return live;
  return {
    ...live,
    metadata: {
      ...metadata,
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
      deletionTimestamp: time,
      deletionGracePeriodSeconds: 0,
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    ...(kind.kind === 'Namespace' ? { status: { ...live.status, phase: 'Terminating' } } : {}),
  };
}

/** The answer to a deletion that is done. */
export function deleted(kind: Kind, object: KubeObject): Readonly<Record<string, unknown>> {
  const details = { ...about(kind, object.metadata.name), uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function mustMeet(kind: Kind, { metadata }: KubeObject, { uid, resourceVersion }: NonNullable<DeleteOptions['preconditions']>): void {
  const fails = (what: string, wanted: string, found: string, why: string) =>
    preconditionFailed(
      kind,
      metadata.name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). ${why}`,
    );
  if (uid !== undefined && uid !== metadata.uid) {
    throw fails('UID', uid, metadata.uid, 'The object might have been deleted and then recreated');
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw fails('ResourceVersion', resourceVersion, metadata.resourceVersion, 'The object might have been modified');
  }
}

/** The finalizers that make a deletion wait for what the object owns, or let go of it. */
function withPolicy(finalizers: readonly string[], { propagationPolicy }: DeleteOptions): readonly string[] {
  const others = finalizers.filter((name) => name !== 'foregroundDeletion' && name !== 'orphan');
  if (propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion'];
  return propagationPolicy === 'Orphan' ? [...others, 'orphan'] : others;
}
