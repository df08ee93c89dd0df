import { createHash } from 'node:crypto';
import { groupOf, type Manifest, type ObjectRef } from '../../../synth/manifest.ts';

/** Where the inventories are. Created when missing, never pruned. */
export const SYSTEM_NAMESPACE = 'rotterdam-system';
export const TOOLING = 'rotterdam-sync/0.1.0';
export const ID_LABEL = 'applyset.kubernetes.io/id';
/** On the parent and on its parts, so that one watch sees them all. */
export const INVENTORY_LABEL = 'rotterdam.dev/inventory';

const ANNOTATION = {
  tooling: 'applyset.kubernetes.io/tooling',
  kinds: 'applyset.kubernetes.io/contains-group-kinds',
  namespaces: 'applyset.kubernetes.io/additional-namespaces',
} as const;

/**
 * The ConfigMap that is the parent of what one environment of one repository (`syncId`) has on one infrastructure.
 * The infrastructure is in its name as two documents may lead to the same cluster: they must not prune each other.
 */
export function parentRef(target: { environment: string; infrastructure: string; syncId: string }): ObjectRef {
  const key = JSON.stringify([target.environment, target.infrastructure, target.syncId]);
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 10);
  const name = `rotterdam-${target.environment.slice(0, 90)}-${target.infrastructure.slice(0, 90)}-${digest}`;
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM_NAMESPACE, name };
}

/** The id of an ApplySet as KEP-3659 derives it from its parent: `applyset-<base64url(sha256(name.namespace.kind.group))>-v1`. */
export function setIdOf(parent: ObjectRef): string {
  const text = `${parent.name}.${parent.namespace ?? ''}.${parent.kind}.${groupOf(parent.apiVersion)}`;
  return `applyset-${createHash('sha256').update(text).digest('base64url')}-v1`;
}

export function parentManifest(
  parent: ObjectRef,
  content: { data: Readonly<Record<string, string>>; members: Iterable<ObjectRef> },
  resourceVersion?: string,
): Manifest {
  const members = [...content.members];
  return {
    apiVersion: parent.apiVersion,
    kind: parent.kind,
    metadata: {
      name: parent.name,
      ...(parent.namespace === undefined ? {} : { namespace: parent.namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      labels: { [ID_LABEL]: setIdOf(parent), [INVENTORY_LABEL]: setIdOf(parent) },
      annotations: {
        [ANNOTATION.tooling]: TOOLING,
        [ANNOTATION.kinds]: sorted(members.map(groupKind)),
        [ANNOTATION.namespaces]: sorted(members.flatMap(({ namespace }) => namespace ?? []).filter((name) => name !== parent.namespace)),
      },
    },
    data: content.data,
  };
}

/** Whether a parent was written by this tool, in whatever version. */
export function isOurs(parent: Manifest): boolean {
  return parent.metadata.annotations?.[ANNOTATION.tooling]?.split('/')[0] === TOOLING.split('/')[0];
}

/** `Deployment.apps`, `Service`. */
export function groupKind(ref: ObjectRef): string {
  const group = groupOf(ref.apiVersion);
  return group === '' ? ref.kind : `${ref.kind}.${group}`;
}

function sorted(names: readonly string[]): string {
  return [...new Set(names)].sort().join(',');
}
