import { LABEL } from '../../constructs/labels.ts';
import { groupOf, type ObjectRef, printRef, refOf } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { Clock, Cluster, LiveObject, ResourceType } from '../ports.ts';
import { SYSTEM_NAMESPACE } from './applyset.ts';

/** `default`, `kube-*` and our own: never deleted. */
export function isProtectedNamespace(ref: ObjectRef): boolean {
  return isNamespace(ref) && (ref.name === 'default' || ref.name === SYSTEM_NAMESPACE || ref.name.startsWith('kube-'));
}

export function isNamespace(ref: ObjectRef): boolean {
  return ref.kind === 'Namespace' && groupOf(ref.apiVersion) === '';
}

/** Keeps a namespace from being deleted with what others put into it. */
export interface NamespaceGuard {
  /** Rejects (waiting) naming what is not ours. All kinds are listed, so that the answer stands for a minute. */
  refuseForeign(ref: ObjectRef, signal?: AbortSignal): Promise<void>;
}

const STANDS_MS = 60_000;

export function createNamespaceGuard(cluster: Cluster, clock: Clock, setId: string): NamespaceGuard {
  const refused = new Map<string, { readonly untilMs: number; readonly foreign: readonly string[] }>();
  return {
    async refuseForeign(ref, signal) {
      const known = refused.get(ref.name);
      const nowMs = clock.now();
      const foreign = known !== undefined && known.untilMs > nowMs ? known.foreign : await foreignIn(cluster, ref.name, setId, signal);
      if (foreign.length === 0) return;
      const untilMs = foreign === known?.foreign ? known.untilMs : nowMs + STANDS_MS;
      refused.set(ref.name, { untilMs, foreign });
      const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : '';
      const message = `Cannot delete ${printRef(ref)} as it holds what is not ours: ${foreign.slice(0, 3).join(', ')}${more}`;
      throw new Failure('waiting', message, { afterMs: untilMs - nowMs });
    },
  };
}

/** All kinds that can be listed are asked. Rejects when one of them can't be: what was not seen counts as foreign. */
async function foreignIn(cluster: Cluster, namespace: string, setId: string, signal?: AbortSignal): Promise<string[]> {
  const types = (await cluster.resources(signal)).filter((type) => type.namespaced && !isDerived(type));
  const lists = await Promise.all(types.map((type) => cluster.list(type, { namespace }, signal)));
  return lists.flatMap(({ items }) => items.filter((object) => isForeign(object, setId)).map((object) => printRef(refOf(object))));
}

/** Kinds that only tell about others: their objects come and go by themselves. */
function isDerived({ apiVersion, kind }: ResourceType): boolean {
  const group = groupOf(apiVersion);
  return kind === 'Event' || kind === 'Endpoints' || kind === 'EndpointSlice' || DERIVED_GROUPS.includes(group);
}

const DERIVED_GROUPS = ['metrics.k8s.io', 'custom.metrics.k8s.io', 'packages.operators.coreos.com'];

function isForeign(object: LiveObject, setId: string): boolean {
  const { labels, ownerReferences = [] } = object.metadata;
  return labels?.[LABEL.applySetMember] !== setId && ownerReferences.length === 0 && !isServersOwn(object);
}

/** What Kubernetes and OpenShift put into every namespace. */
function isServersOwn({ kind, metadata }: LiveObject): boolean {
  const named = SERVERS_OWN[kind];
  if (named?.includes(metadata.name)) return true;
  const account =
    metadata.annotations?.['kubernetes.io/service-account.name'] ??
    metadata.annotations?.['openshift.io/internal-registry-auth-token.service-account'];
  return kind === 'Secret' && account !== undefined && SERVERS_OWN.ServiceAccount.includes(account);
}

const SERVERS_OWN: { readonly [kind: string]: readonly string[]; readonly ServiceAccount: readonly string[] } = {
  ServiceAccount: ['default', 'builder', 'deployer'],
  ConfigMap: ['kube-root-ca.crt', 'openshift-service-ca.crt'],
  RoleBinding: ['admin', 'system:image-builders', 'system:image-pullers', 'system:deployers'],
};
