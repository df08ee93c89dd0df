import { type Fields, intersect, isEmpty, NOTHING, paths, subtract, union, withParents } from '../field-sets.ts';
import type { ManagedFields } from '../ports.ts';
import { isRecord, omit, withoutNulls } from './json.ts';
import type { Draft, KubeObject } from './object.ts';
import type { Shape } from './shapes.ts';
import { type Cause, StatusError } from './status.ts';
import { compare, fieldsOf, merge, remove } from './structure.ts';

/** Who writes: one entry of managedFields. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
  /** Of the write. */
  readonly time: string;
}

/**
 * Server-side apply (structured-merge-diff, merge/update.go): `live` with `config`, without what this manager set before
 * and doesn't any more, unless somebody else owns it. Throws the conflicts with other managers, unless forced.
 */
export function applyFields(live: KubeObject | undefined, config: Draft, who: Manager, shape: Shape, force: boolean): Draft {
  const wanted = withoutNulls(owned(config)) as Draft;
  const before = live === undefined ? {} : owned(live);
  const entries = live === undefined ? [] : managersOf(live, shape);
  const own = entries.find((entry) => same(entry, who));
  const others = entries.filter((entry) => entry !== own);
  const set = fieldsOf(wanted, shape);
  const managed = others.reduce((sum, entry) => union(sum, fieldsIn(entry)), set);
  const gone = subtract(withParents(fieldsIn(own)), withParents(managed));
  const after = remove(merge(before, wanted, shape), gone, shape) ?? {};
  const difference = compare(before, after, shape);
  const changed = union(difference.added, difference.modified);
  const conflicts = others.flatMap((entry) => {
    const fields = intersect(fieldsIn(entry), changed);
    return isEmpty(fields) ? [] : [{ entry, fields }];
  });
  if (conflicts.length > 0 && !force) throw conflictsOf(conflicts);
  const lost = union(changed, difference.removed);
  const left = others.map((entry) => withFields(entry, subtract(fieldsIn(entry), lost)));
  return rejoin(after, config, live, [...left, entryOf(who, set)]);
}

/** The object that a create, an update or a patch asks for, with what it changes owned by the writer. */
export function updateFields(live: KubeObject | undefined, next: Draft, who: Manager, shape: Shape): Draft {
  const sent = next.metadata.managedFields;
  const reset = Array.isArray(sent) && sent.every((entry) => isRecord(entry) && !('manager' in entry));
  if (live !== undefined && reset && sent.length > 0) return { ...next, metadata: omit(next.metadata, 'managedFields') };
  const after = owned(next);
  const difference = compare(live === undefined ? {} : owned(live), after, shape);
  const changed = union(difference.added, difference.modified);
  const lost = union(changed, difference.removed);
  // A writer may say who owns what; what it changes is its own all the same.
  const entries = (Array.isArray(sent) && sent.length > 0 ? sent : live?.metadata.managedFields) ?? [];
  const own = entries.find((entry) => same(entry, who));
  const left = entries.filter((entry) => entry !== own).map((entry) => withFields(entry, subtract(fieldsIn(entry), lost)));
  const set = union(subtract(fieldsIn(own), difference.removed), changed);
  // Taking fields away only is no reason for another time.
  const time = isEmpty(changed) ? own?.time : undefined;
  return rejoin(after, next, live, [...left, entryOf({ ...who, time: time ?? who.time }, set)]);
}

/** An object as far as its fields have owners. */
function owned(object: Draft): Draft {
  const { apiVersion: _, kind: __, ...rest } = object;
  const metadata = omit(object.metadata ?? {}, ...SYSTEM_FIELDS);
  return (isEmpty(metadata as Fields) ? omit(rest, 'metadata') : { ...rest, metadata }) as unknown as Draft;
}

const SYSTEM_FIELDS = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
];

function rejoin(after: unknown, sent: Draft, live: KubeObject | undefined, entries: readonly ManagedFields[]): Draft {
  const { apiVersion, kind } = sent;
  const base = live?.metadata ?? sent.metadata;
  const system = Object.fromEntries(Object.entries(base).filter(([key]) => SYSTEM_FIELDS.includes(key)));
  const fields = isRecord(after) ? after : {};
  const managedFields = entries.filter((entry) => !isEmpty(fieldsIn(entry))).sort(byOperationAndTime);
  const metadata = { ...system, ...(isRecord(fields.metadata) ? fields.metadata : {}), managedFields };
  return { apiVersion, kind, metadata, ...omit(fields, 'metadata') };
}

/** Without any entry, whoever wrote the object did so before it was first applied. */
function managersOf(live: KubeObject, shape: Shape): readonly ManagedFields[] {
  const entries = live.metadata.managedFields ?? [];
  if (entries.length > 0) return entries;
  const { apiVersion, metadata } = live;
  const who: Manager = { manager: 'before-first-apply', operation: 'Update', apiVersion, time: metadata.creationTimestamp };
  return [entryOf(who, fieldsOf(omit(owned(live), 'status'), shape))];
}

function same(entry: ManagedFields, who: Manager): boolean {
  const version = who.operation === 'Apply' || entry.apiVersion === who.apiVersion;
  return entry.manager === who.manager && entry.operation === who.operation && entry.subresource === who.subresource && version;
}

function entryOf({ manager, operation, apiVersion, subresource, time }: Manager, fields: Fields): ManagedFields {
  const entry = { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fields };
  return subresource === undefined ? entry : { ...entry, subresource };
}

function withFields(entry: ManagedFields, fields: Fields): ManagedFields {
  return { ...entry, fieldsV1: fields };
}

function fieldsIn(entry: ManagedFields | undefined): Fields {
  return (entry?.fieldsV1 as Fields | undefined) ?? NOTHING;
}

function byOperationAndTime(a: ManagedFields, b: ManagedFields): number {
  const key = (entry: ManagedFields) => `${entry.operation} ${entry.time ?? ''} ${entry.manager} ${entry.subresource ?? ''}`;
  return key(a) < key(b) ? -1 : 1;
}

function conflictsOf(conflicts: readonly { entry: ManagedFields; fields: Fields }[]): StatusError {
  const causes: Cause[] = conflicts.flatMap(({ entry, fields }) =>
    paths(fields).map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${printManager(entry)}`, field })),
  );
  const [first] = causes;
  const single = causes.length === 1 && first !== undefined;
  const lines = [...conflicts]
    .sort((a, b) => (a.entry.manager < b.entry.manager ? -1 : 1))
    .flatMap(({ entry, fields }) => [`conflicts with ${printManager(entry)}:`, ...paths(fields).map((path) => `- ${path}`)]);
  const message = single
    ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
    : `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
  return new StatusError(409, 'Conflict', message, { causes });
}

function printManager(entry: ManagedFields): string {
  const subresource = entry.subresource === undefined ? '' : ` with subresource "${entry.subresource}"`;
  return `"${entry.manager}"${subresource}${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`;
}
