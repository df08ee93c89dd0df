import { isRecord, type Json, listAt, recordAt } from './json.ts';

/**
 * How the fields of a kind are merged and owned, as far as it differs from the rule: objects field by field, lists as
 * one value. Taken from the x-kubernetes-list-type, -list-map-keys and -map-type of Kubernetes' OpenAPI documents.
 */
export interface Shape {
  /** An object that is one value. */
  readonly atomic?: true;
  /** An object without a schema: what is in it is owned entry by entry, the entries that hold others included. */
  readonly open?: true;
  readonly fields?: Readonly<Record<string, Shape>>;
  /** A list of objects that these fields tell apart. */
  readonly keys?: readonly string[];
  /** A list of scalars that is a set. */
  readonly set?: true;
  /** Of a keyed list's items, or of the values of an object whose keys are not fields. */
  readonly item?: Shape;
}

export const PLAIN: Shape = {};
const OPEN: Shape = { open: true };
const ATOMIC: Shape = { atomic: true };

export function childShape(shape: Shape, field: string): Shape {
  return shape.fields?.[field] ?? shape.item ?? (shape.open ? OPEN : PLAIN);
}

/** Values of key fields that an item may leave out. */
export const KEY_DEFAULTS: Json = { protocol: 'TCP' };

const by = (keys: string, item: Shape = PLAIN): Shape => ({ keys: keys.split(' '), item });
const of = (fields: Readonly<Record<string, Shape>>): Shape => ({ fields });

const metadata = of({ finalizers: { set: true }, ownerReferences: by('uid', ATOMIC) });
const conditions = of({ conditions: by('type') });
const kind = (fields: Readonly<Record<string, Shape>>): Shape => of({ metadata, status: conditions, ...fields });

const container = of({
  env: by(
    'name',
    of({
      valueFrom: of({ configMapKeyRef: ATOMIC, fieldRef: ATOMIC, resourceFieldRef: ATOMIC, secretKeyRef: ATOMIC, fileKeyRef: ATOMIC }),
    }),
  ),
  ports: by('containerPort protocol'),
  volumeDevices: by('devicePath'),
  volumeMounts: by('mountPath'),
  resources: of({ claims: by('name') }),
});
const podSpec = of({
  containers: by('name', container),
  initContainers: by('name', container),
  ephemeralContainers: by('name', container),
  hostAliases: by('ip'),
  imagePullSecrets: by('name', ATOMIC),
  nodeSelector: ATOMIC,
  resourceClaims: by('name'),
  schedulingGates: by('name'),
  topologySpreadConstraints: by('topologyKey whenUnsatisfiable', of({ labelSelector: ATOMIC })),
  volumes: by('name'),
});
const claim = kind({ spec: of({ selector: ATOMIC, dataSource: ATOMIC }) });
const workload = kind({ spec: of({ selector: ATOMIC, template: of({ metadata, spec: podSpec }) }) });

const SHAPES: Readonly<Record<string, Shape>> = {
  Pod: kind({ spec: podSpec, status: of({ conditions: by('type'), podIPs: by('ip') }) }),
  Service: kind({ spec: of({ ports: by('port protocol'), selector: ATOMIC }) }),
  ServiceAccount: kind({ secrets: by('name', ATOMIC) }),
  PersistentVolumeClaim: claim,
  ResourceQuota: kind({ spec: of({ scopeSelector: ATOMIC }) }),
  Node: kind({ spec: of({ podCIDRs: { set: true } }), status: of({ conditions: by('type'), addresses: by('type') }) }),
  NetworkPolicy: kind({ spec: of({ podSelector: ATOMIC }) }),
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: workload,
  RoleBinding: kind({ roleRef: ATOMIC }),
  ClusterRoleBinding: kind({ roleRef: ATOMIC }),
};

export function shapeOf(name: string): Shape {
  return SHAPES[name] ?? kind({});
}

/** The shape of a custom resource, from the schema of its definition. */
export function customShape(schema: Json): Shape {
  const { fields, ...rest } = schemaShape(schema);
  return { ...rest, fields: { ...fields, metadata } };
}

function schemaShape(schema: unknown): Shape {
  if (!isRecord(schema)) return OPEN;
  if (schema.type === 'array') return listShape(schema);
  if (schema['x-kubernetes-map-type'] === 'atomic') return ATOMIC;
  const fields = Object.entries(recordAt(schema, 'properties')).map(([name, field]) => [name, schemaShape(field)] as const);
  if (isRecord(schema.additionalProperties)) return { open: true, item: schemaShape(schema.additionalProperties) };
  if (fields.length === 0) return OPEN;
  return { fields: Object.fromEntries(fields), ...(schema['x-kubernetes-preserve-unknown-fields'] === true ? { open: true } : {}) };
}

function listShape(schema: Json): Shape {
  if (schema['x-kubernetes-list-type'] === 'set') return { set: true };
  if (schema['x-kubernetes-list-type'] !== 'map') return PLAIN;
  return { keys: listAt(schema, 'x-kubernetes-list-map-keys').map(String), item: schemaShape(schema.items) };
}
