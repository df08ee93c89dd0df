import { groupOf, type Manifest, type ObjectRef } from '../../synth/manifest.ts';
import { UsageError } from '../errors.ts';
import type { ResourceType } from '../ports.ts';

/** `deployment/hello` as it was asked for. */
export interface Asked {
  /** Small letters: a kind, its plural, a short name, or plural and group (`deployments.apps`). */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

const SHORT: Readonly<Record<string, string>> = {
  cm: 'configmap',
  crd: 'customresourcedefinition',
  deploy: 'deployment',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  ns: 'namespace',
  po: 'pod',
  pvc: 'persistentvolumeclaim',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sts: 'statefulset',
  svc: 'service',
};

/** Throws UsageError for what is not `<kind>/<name>`. */
export function parseAsked(text: string, namespace: string | undefined): Asked {
  const [, kind = '', name = ''] = /^([^/\s]+)\/([^/\s]+)$/.exec(text) ?? [];
  if (kind === '') throw new UsageError(`Write an object as <kind>/<name>, for example deployment/hello: ${text}`);
  const small = kind.toLowerCase();
  return { kind: SHORT[small] ?? small, name, namespace };
}

/**
 * Which object that is on a cluster that serves `types`: the declared one of that name before all others. Throws UsageError for a kind that
 * there is none of, and when several docks have one of the name.
 */
export function refIn(asked: Asked, declared: readonly Manifest[], defaultDock: string, types: readonly ResourceType[]): ObjectRef {
  const isKind = (one: { readonly apiVersion: string; readonly kind: string; readonly plural?: string }) =>
    [one.kind.toLowerCase(), one.plural, `${one.plural}.${groupOf(one.apiVersion)}`].includes(asked.kind);
  const type = types.find(isKind);
  const isAsked = (one: Manifest) =>
    type === undefined ? isKind(one) : type.kind === one.kind && groupOf(type.apiVersion) === groupOf(one.apiVersion);
  const there = declared.filter((one) => isAsked(one) && one.metadata.name === asked.name);
  const docks = [...new Set(there.map(({ metadata }) => metadata.namespace ?? defaultDock))];
  if (asked.namespace === undefined && type?.namespaced !== false && docks.length > 1) {
    throw new UsageError(`Say which ${asked.kind}/${asked.name} is meant: -n ${docks.join(', or -n ')}`);
  }
  const kind = type ?? there[0];
  if (kind === undefined) throw new UsageError(`Cannot explain ${asked.kind}/${asked.name} as the cluster serves no such kind`);
  const namespaced = type?.namespaced ?? there[0]?.metadata.namespace !== undefined;
  const { apiVersion } = there[0] ?? kind;
  const namespace = asked.namespace ?? docks[0] ?? defaultDock;
  return { apiVersion, kind: kind.kind, ...(namespaced ? { namespace } : {}), name: asked.name };
}
