import { equal, isRecord, type Json, listAt, omit, recordAt, textAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { Draft, KubeObject } from './object.ts';
import { matchesLabelSelector } from './selectors.ts';
import { badRequest, type Cause, invalid } from './status.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Throws what the real server refuses and people run into: names, labels, selectors, fields that can't change. */
export function validate(kind: Kind, draft: Draft, live: KubeObject | undefined): void {
  const replicas = recordAt(draft, 'spec').replicas;
  if (kind.subresources.includes('scale') && !kind.custom && replicas !== undefined && !Number.isInteger(replicas)) {
    const type = `${kind.kind}Spec.spec.replicas of type int32`;
    const message = `json: cannot unmarshal ${Number.isFinite(replicas) ? 'number' : typeof replicas} into Go struct field ${type}`;
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${message}`);
  }
  const rules = kind.custom ? undefined : RULES[kind.kind];
  const causes = [...metadata(kind, draft), ...(rules?.(draft) ?? []), ...(live === undefined ? [] : immutable(kind, draft, live))];
  if (causes.length > 0) throw invalid(kind, draft.metadata.name ?? '', causes);
}

const RULES: Readonly<Record<string, (draft: Draft) => readonly Cause[]>> = {
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: workload,
  Pod: (pod) => containers(pod.spec, 'spec'),
  Service: service,
};

function metadata(kind: Kind, draft: Draft): readonly Cause[] {
  const { name, labels } = draft.metadata;
  if (name === undefined || name === '') return [required('metadata.name', 'name or generateName is required')];
  const causes = [];
  const label = kind.kind === 'Namespace' || kind.kind === 'Service';
  const isPath = kind.group === 'rbac.authorization.k8s.io';
  if (isPath ? /[/%]|^\.\.?$/.test(name) : !(label ? LABEL : SUBDOMAIN).test(name)) {
    causes.push(wrong('metadata.name', JSON.stringify(name), label ? RFC_1123_LABEL : RFC_1123_SUBDOMAIN));
  } else if (name.length > (label ? 63 : 253)) {
    causes.push(wrong('metadata.name', JSON.stringify(name), `must be no more than ${label ? 63 : 253} characters`));
  }
  return [...causes, ...labelCauses('metadata.labels', labels ?? {})];
}

function labelCauses(field: string, labels: Json): readonly Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const named = LABEL_KEY.test(key) ? [] : [wrong(field, JSON.stringify(key), NAME_PART)];
    if (!LABEL_VALUE.test(String(value))) return [...named, wrong(field, JSON.stringify(value), A_LABEL)];
    return String(value).length > 63 ? [...named, wrong(field, JSON.stringify(value), 'must be no more than 63 characters')] : named;
  });
}

function workload(draft: Draft): readonly Cause[] {
  const spec = recordAt(draft, 'spec');
  const { labels } = recordAt(spec, 'template', 'metadata');
  const selector = recordAt(spec, 'selector');
  const causes = [];
  if (typeof spec.replicas === 'number' && spec.replicas < 0) {
    causes.push(wrong('spec.replicas', String(spec.replicas), 'must be greater than or equal to 0'));
  }
  const selects = Object.keys(selector).length > 0;
  if (!selects) causes.push(required('spec.selector'));
  const matches = isRecord(labels) && matchesLabelSelector(selector, labels as Record<string, string>);
  if (!selects || !matches) {
    causes.push(wrong('spec.template.metadata.labels', JSON.stringify(labels ?? null), '`selector` does not match template `labels`'));
  }
  const template = recordAt(spec, 'template');
  const named = labelCauses('spec.template.labels', recordAt(template, 'metadata', 'labels'));
  return [...causes, ...named, ...containers(template.spec, 'spec.template.spec')];
}

function containers(spec: unknown, path: string): readonly Cause[] {
  const all = listAt(spec, 'containers');
  if (all.length === 0) return [required(`${path}.containers`)];
  return all.flatMap((container, index) => {
    const at = `${path}.containers[${index}]`;
    const missing = ['name', ...(path === 'spec.template.spec' || path === 'spec' ? ['image'] : [])].filter(
      (field) => !textAt(container, field),
    );
    return missing.map((field) => required(`${at}.${field}`));
  });
}

function service(draft: Draft): readonly Cause[] {
  const spec = recordAt(draft, 'spec');
  const ports = listAt(spec, 'ports');
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None') return [required('spec.ports')];
  return ports.flatMap((port, index) => {
    const named = ports.length === 1 || textAt(port, 'name');
    return named ? [] : [required(`spec.ports[${index}].name`)];
  });
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const RESIZABLE = ['resources', 'volumeAttributesClassName', 'volumeName'];

function immutable(kind: Kind, draft: Draft, live: KubeObject): readonly Cause[] {
  if (kind.custom) return [];
  const [now, was] = [recordAt(draft, 'spec'), recordAt(live, 'spec')];
  if ((kind.kind === 'Deployment' || kind.kind === 'ReplicaSet') && !equal(now.selector, was.selector)) {
    return [wrong('spec.selector', JSON.stringify(now.selector), 'field is immutable')];
  }
  if (kind.kind === 'StatefulSet' && !equal(omit(now, ...CHANGEABLE), omit(was, ...CHANGEABLE))) {
    const names = CHANGEABLE.map((name) => `'${name}'`);
    const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    const message = `Forbidden: updates to statefulset spec for fields other than ${list} are forbidden`;
    return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
  }
  if (kind.kind === 'PersistentVolumeClaim' && !equal(omit(now, ...RESIZABLE), omit(was, ...RESIZABLE))) {
    const message = 'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
  }
  if (kind.kind.endsWith('RoleBinding') && !equal(draft.roleRef, live.roleRef)) {
    return [wrong('roleRef', JSON.stringify(draft.roleRef), 'cannot change roleRef')];
  }
  return [];
}

export function required(field: string, why?: string): Cause {
  return { reason: 'FieldValueRequired', message: why === undefined ? 'Required value' : `Required value: ${why}`, field };
}

export function wrong(field: string, value: string, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}`, field };
}

const ENDS = 'and must start and end with an alphanumeric character';
const RFC_1123_LABEL = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${ENDS} (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`;
const RFC_1123_SUBDOMAIN = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${ENDS} (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
const NAME_PART = `name part must consist of alphanumeric characters, '-', '_' or '.', ${ENDS} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
const A_LABEL = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${ENDS} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
