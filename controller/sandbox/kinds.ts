import { recordAt } from './json.ts';
import { customShape, type Shape, shapeOf } from './shapes.ts';

/** A kind in one version of its group, as the server serves it. */
export interface Kind {
  /** '' for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly ('status' | 'scale')[];
  readonly shape: Shape;
  /** Defined by a CustomResourceDefinition. */
  readonly custom: boolean;
}

export function apiVersionOf(kind: Pick<Kind, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** What one store of objects is called, whatever version they are asked for in: `apps/deployments`. */
export function storageOf(kind: Pick<Kind, 'group' | 'plural'>): string {
  return `${kind.group}/${kind.plural}`;
}

/** The kinds that are served now: those of this table, and those that definitions brought. */
export class Kinds {
  private readonly kinds: Kind[] = BUILT_IN.map(builtIn);

  all(): readonly Kind[] {
    return this.kinds;
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.kinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
  }

  /** The kind of an owner reference, in any version of its group. */
  named(group: string, kind: string): Kind | undefined {
    return this.kinds.find((candidate) => candidate.group === group && candidate.kind === kind);
  }

  stored(storage: string): Kind | undefined {
    return this.kinds.find((kind) => storageOf(kind) === storage);
  }

  /** Serves `kinds` in place of all others of the same group and plural. */
  define(group: string, plural: string, kinds: readonly Kind[]): void {
    const kept = this.kinds.filter((kind) => kind.group !== group || kind.plural !== plural);
    this.kinds.splice(0, this.kinds.length, ...kept, ...kinds);
  }
}

/** The kinds that a CustomResourceDefinition brings: one for each version that it serves. */
export function definedKinds(definition: Readonly<Record<string, unknown>>): readonly Kind[] {
  const spec = recordAt(definition, 'spec');
  const names = recordAt(spec, 'names');
  const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  return versions
    .filter((version) => version.served === true)
    .map((version) => ({
      group: String(spec.group),
      version: String(version.name),
      kind: String(names.kind),
      plural: String(names.plural),
      singular: String(names.singular ?? String(names.kind).toLowerCase()),
      namespaced: spec.scope === 'Namespaced',
      shortNames: strings(names.shortNames),
      categories: strings(names.categories),
      subresources: (['status', 'scale'] as const).filter((name) => name in recordAt(version, 'subresources')),
      shape: customShape(recordAt(version, 'schema', 'openAPIV3Schema')),
      custom: true,
    }));
}

type Row = readonly [apiVersion: string, kind: string, scope: 'namespaced' | 'cluster', shortNames: string, traits: string];

const BUILT_IN: readonly Row[] = [
  ['v1', 'Namespace', 'cluster', 'ns', 'status'],
  ['v1', 'Node', 'cluster', 'no', 'status'],
  ['v1', 'Pod', 'namespaced', 'po', 'status all'],
  ['v1', 'Service', 'namespaced', 'svc', 'status all'],
  ['v1', 'ServiceAccount', 'namespaced', 'sa', ''],
  ['v1', 'ConfigMap', 'namespaced', 'cm', ''],
  ['v1', 'Secret', 'namespaced', '', ''],
  ['v1', 'PersistentVolumeClaim', 'namespaced', 'pvc', 'status'],
  ['v1', 'ResourceQuota', 'namespaced', 'quota', 'status'],
  ['v1', 'LimitRange', 'namespaced', 'limits', ''],
  ['v1', 'Event', 'namespaced', 'ev', ''],
  ['apps/v1', 'Deployment', 'namespaced', 'deploy', 'status scale all'],
  ['apps/v1', 'ReplicaSet', 'namespaced', 'rs', 'status scale all'],
  ['apps/v1', 'StatefulSet', 'namespaced', 'sts', 'status scale all'],
  ['discovery.k8s.io/v1', 'EndpointSlice', 'namespaced', '', ''],
  ['networking.k8s.io/v1', 'Ingress', 'namespaced', 'ing', 'status'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'namespaced', 'netpol', ''],
  ['rbac.authorization.k8s.io/v1', 'Role', 'namespaced', '', ''],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'namespaced', '', ''],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'cluster', '', ''],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'cluster', '', ''],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'namespaced', 'hpa', 'status all'],
  ['autoscaling/v1', 'HorizontalPodAutoscaler', 'namespaced', 'hpa', 'status all'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'cluster', 'crd crds', 'status api-extensions'],
];

function builtIn([apiVersion, kind, scope, shortNames, traits]: Row): Kind {
  const slash = apiVersion.indexOf('/');
  const words = traits.split(' ').filter(Boolean);
  const singular = kind.toLowerCase();
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    kind,
    plural: plural(singular),
    singular,
    namespaced: scope === 'namespaced',
    shortNames: shortNames.split(' ').filter(Boolean),
    categories: words.filter((word) => word === 'all' || word === 'api-extensions'),
    subresources: words.filter((word) => word === 'status' || word === 'scale'),
    shape: shapeOf(kind),
    custom: false,
  };
}

function plural(singular: string): string {
  if (singular.endsWith('ss')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
