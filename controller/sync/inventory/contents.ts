import { LABEL } from '../../../constructs/labels.ts';
import { groupOf, type ObjectRef, printRef, refOf } from '../../../synth/manifest.ts';
import { Failure } from '../../errors.ts';
import type { Clock, Cluster, LiveObject, ResourceType } from '../../ports.ts';
import { kindOf } from '../kinds.ts';
import { SYSTEM_NAMESPACE } from './applyset.ts';

/** `default`, `kube-*` and our own: never deleted. */
export function isProtectedNamespace(ref: ObjectRef): boolean {
  const isSystems = ref.name === 'default' || ref.name === SYSTEM_NAMESPACE || ref.name.startsWith('kube-');
  return kindOf(ref) === NAMESPACE && isSystems;
}

/** Whether others live in objects of this kind, and go with them. */
export function isHome(ref: ObjectRef): boolean {
  return kindOf(ref) === NAMESPACE || kindOf(ref) === DEFINITION;
}

/** Keeps namespaces and definitions from being deleted with what others put into them. */
export interface ContentsGuard {
  /** Rejects (waiting) naming what is not ours. Much has to be listed for it, so that the answer stands for a minute. */
  refuseForeign(ref: ObjectRef, signal?: AbortSignal): Promise<void>;
}

const NAMESPACE = '/Namespace';
const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';
const STANDS_MS = 60_000;

export function createContentsGuard(cluster: Cluster, clock: Clock, setId: string): ContentsGuard {
  const refused = new Map<string, { readonly untilMs: number; readonly foreign: readonly string[] }>();
  return {
    async refuseForeign(ref, signal) {
      const nowMs = clock.now();
      const known = refused.get(printRef(ref));
      const answer =
        known !== undefined && known.untilMs > nowMs
          ? known
          : { untilMs: nowMs + STANDS_MS, foreign: await foreignIn(cluster, ref, setId, signal) };
      if (answer.foreign.length === 0) return;
      refused.set(printRef(ref), answer);
      const more = answer.foreign.length > 3 ? ` and ${answer.foreign.length - 3} more` : '';
      const message = `Cannot delete ${printRef(ref)} as it holds what is not ours: ${answer.foreign.slice(0, 3).join(', ')}${more}`;
      throw new Failure('waiting', message, { afterMs: answer.untilMs - nowMs });
    },
  };
}

/** Rejects when a kind can't be listed: what was not seen counts as foreign. */
async function foreignIn(cluster: Cluster, ref: ObjectRef, setId: string, signal: AbortSignal | undefined): Promise<string[]> {
  const lists = await Promise.all((await listings(cluster, ref, signal)).map((list) => list()));
  return lists.flatMap(({ items }) => items.filter((object) => isForeign(object, setId)).map((object) => printRef(refOf(object))));
}

async function listings(
  cluster: Cluster,
  ref: ObjectRef,
  signal: AbortSignal | undefined,
): Promise<(() => Promise<{ readonly items: readonly LiveObject[] }>)[]> {
  if (!isHome(ref)) return [];
  const types = await cluster.resources(signal);
  if (kindOf(ref) === DEFINITION) {
    const defined = types.filter(({ plural, apiVersion }) => `${plural}.${groupOf(apiVersion)}` === ref.name);
    return defined.map((type) => () => cluster.list(type, { metadataOnly: true }, signal));
  }
  const inside = types.filter((type) => type.namespaced && !isDerived(type));
  return inside.map((type) => () => cluster.list(type, { namespace: ref.name, metadataOnly: true }, signal));
}

/** Kinds that only tell about others: their objects come and go by themselves. */
function isDerived({ apiVersion, kind }: ResourceType): boolean {
  return ['Event', 'Endpoints', 'EndpointSlice'].includes(kind) || DERIVED_GROUPS.includes(groupOf(apiVersion));
}

const DERIVED_GROUPS = ['metrics.k8s.io', 'custom.metrics.k8s.io', 'packages.operators.coreos.com'];

function isForeign(object: LiveObject, setId: string): boolean {
  const { labels, ownerReferences = [] } = object.metadata;
  return labels?.[LABEL.applySetMember] !== setId && ownerReferences.length === 0 && !isServersOwn(object);
}

/** What Kubernetes and OpenShift put into every namespace. */
function isServersOwn({ kind, metadata: { name, annotations = {} } }: LiveObject): boolean {
  if (SERVERS_OWN[kind]?.includes(name)) return true;
  const account =
    annotations['kubernetes.io/service-account.name'] ?? annotations['openshift.io/internal-registry-auth-token.service-account'];
  return kind === 'Secret' && account !== undefined && SERVERS_OWN.ServiceAccount.includes(account);
}

const SERVERS_OWN: { readonly [kind: string]: readonly string[]; readonly ServiceAccount: readonly string[] } = {
  ServiceAccount: ['default', 'builder', 'deployer'],
  ConfigMap: ['kube-root-ca.crt', 'openshift-service-ca.crt'],
  RoleBinding: ['admin', 'system:image-builders', 'system:image-pullers', 'system:deployers'],
};
