import { groupOf, type ObjectRef } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { Cluster, ResourceType } from '../ports.ts';
import { stopsAll } from './write/refusal.ts';

type Kind = Pick<ObjectRef, 'apiVersion' | 'kind'>;

export interface Kinds {
  /** By `kindOf`. Kinds that the server doesn't serve are not in it. */
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Kinds that the server couldn't tell about, and why. */
  readonly unknown: ReadonlyMap<string, Failure>;
}

/** `apps/Deployment`: the same in all versions of the group. */
export function kindOf({ apiVersion, kind }: Kind): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** Built-in kinds that have no health of their own: their metadata tells all that is kept of them. */
export function isWithoutHealth(kind: Kind): boolean {
  return WITHOUT_HEALTH.has(kindOf(kind));
}

const WITHOUT_HEALTH: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/LimitRange',
  '/Secret',
  '/ServiceAccount',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/NetworkPolicy',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

/** Looks up what we want in its version, and what we own in any version that is served. A broken API group hurts its own kinds only. */
export async function lookUp(
  cluster: Cluster,
  wanted: readonly Kind[],
  owned: readonly Kind[],
  signal: AbortSignal | undefined,
): Promise<Kinds> {
  const kinds = new Map([...owned, ...wanted].map((kind) => [kindOf(kind), kind]));
  const recorded = new Set(owned.map(kindOf));
  const types = new Map<string, ResourceType>();
  const unknown = new Map<string, Failure>();
  await Promise.all(
    [...kinds].map(async ([key, { apiVersion, kind }]) => {
      try {
        const type = await cluster.resource(apiVersion, kind, signal);
        const found = type ?? (recorded.has(key) ? (await cluster.resources(signal)).find((one) => kindOf(one) === key) : undefined);
        if (found !== undefined) types.set(key, found);
      } catch (error) {
        if (stopsAll(error) || !(error instanceof Failure)) throw error;
        unknown.set(key, error);
      }
    }),
  );
  return { types, unknown };
}
