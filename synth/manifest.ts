/** One Kubernetes object, as it is sent to an API server. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What names an object on a cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export function refOf(manifest: Manifest): ObjectRef {
  const { apiVersion, kind, metadata } = manifest;
  return { apiVersion, kind, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }), name: metadata.name };
}

/** The API group, '' for core: the same object keeps its identity across versions of its group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** One text per identity, for maps: `apps/Deployment/class/redis-app`. */
export function identity(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** For people: `Deployment class/redis-app`. */
export function printRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}
