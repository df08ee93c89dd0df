import { type Fields, givenBy, isEmpty, NOTHING, subtract, union } from '../../field-sets.ts';
import type { LiveObject, ManagedFields } from '../../ports.ts';
import { MANAGER } from '../watch/live.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const APPLIER = 'kubectl-client-side-apply';
/** They hold what was there before `kubectl apply`: it took over what it applied, and no more. */
const BEFORE = ['kubectl-create', 'kubectl', 'before-first-apply'];

/**
 * An object that `kubectl apply` kept, as it is to be written so that its fields are ours: the next apply then removes those that
 * we don't mention, as `kubectl apply` would have. Undefined for any other object. After k8s.io/client-go/util/csaupgrade, which
 * leaves behind what `kubectl create --save-config` made.
 */
export function takenFromKubectl(object: LiveObject): LiveObject | undefined {
  const { metadata } = object;
  const { [LAST_APPLIED]: applied, ...annotations } = metadata.annotations ?? {};
  if (applied === undefined) return undefined;
  const lastApplied = parsed(applied);
  let ours: Fields = NOTHING;
  const managedFields = (metadata.managedFields ?? []).map((entry) => {
    const fields = fieldsIn(entry);
    const taken = isWholly(entry) ? fields : isPartly(entry) ? givenBy(lastApplied, fields) : NOTHING;
    ours = union(ours, taken);
    return { ...entry, fieldsV1: subtract(fields, taken) };
  });
  if (isEmpty(ours)) return undefined;
  return { ...object, metadata: { ...metadata, annotations, managedFields: withOurs(managedFields, ours, object.apiVersion) } };
}

function withOurs(entries: readonly ManagedFields[], fields: Fields, apiVersion: string): readonly ManagedFields[] {
  const own = entries.find(isOurs);
  const entry: ManagedFields = { manager: MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', ...own };
  const others = entries.filter((one) => one !== own && !isEmpty(fieldsIn(one)));
  return [...others, { ...entry, fieldsV1: union(fieldsIn(own), fields) }];
}

function isOurs({ manager, operation }: ManagedFields): boolean {
  return manager === MANAGER && operation === 'Apply';
}

function isWholly({ manager, operation, subresource = '' }: ManagedFields): boolean {
  return manager === APPLIER && operation === 'Update' && subresource === '';
}

function isPartly({ manager, operation, subresource = '' }: ManagedFields): boolean {
  return BEFORE.includes(manager) && operation === 'Update' && subresource === '';
}

function fieldsIn(entry: ManagedFields | undefined): Fields {
  return (entry?.fieldsV1 ?? NOTHING) as Fields;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
