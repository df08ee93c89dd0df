import { groupOf, type ObjectRef } from '../../../synth/manifest.ts';
import type { ResourceType, Rule } from '../../ports.ts';
import { SYSTEM_NAMESPACE } from '../inventory/applyset.ts';
import { kindOf } from '../kinds.ts';

/** One thing to be allowed to do. */
export interface Right {
  readonly verb: string;
  /** '' for core. */
  readonly group: string;
  /** `deployments` */
  readonly resource: string;
  /** Undefined: in the whole cluster. */
  readonly namespace?: string;
  /** It isn't needed when there is such a namespace. */
  readonly unlessThere?: string;
}

type Target = Pick<ObjectRef, 'apiVersion' | 'kind' | 'namespace'>;

/** To see all objects of these kinds, and for the `verbs` where the objects are. Kinds not served yet need none. */
export function rightsFor(targets: readonly Target[], types: ReadonlyMap<string, ResourceType>, verbs: readonly string[]): Right[] {
  const rights = new Map<string, Right>();
  for (const target of targets) {
    const type = types.get(kindOf(target));
    if (type === undefined) continue;
    const what = { group: groupOf(type.apiVersion), resource: type.plural };
    const place = type.namespaced && target.namespace !== undefined ? { namespace: target.namespace } : {};
    for (const verb of ['list', 'watch']) addTo(rights, { verb, ...what });
    for (const verb of verbs) addTo(rights, { verb, ...what, ...place });
  }
  return [...rights.values()];
}

/** To read the inventory, and to keep it. */
export function inventoryRights(writes: boolean): Right[] {
  const verbs = ['get', 'list', 'watch', ...(writes ? ['create', 'update', 'delete'] : [])];
  const keep = verbs.map((verb) => ({ verb, group: '', resource: 'configmaps', namespace: SYSTEM_NAMESPACE }));
  const make = writes ? ['create', 'patch'] : [];
  return [...keep, ...make.map((verb) => ({ verb, group: '', resource: 'namespaces', unlessThere: SYSTEM_NAMESPACE }))];
}

export function keyOf({ verb, group, resource, namespace = '' }: Right): string {
  return `${verb} ${resource}.${group} ${namespace}`;
}

/** Whether one of the rules grants it. Those for objects of certain names say nothing of others. */
export function isGranted({ verb, group, resource }: Right, rules: readonly Rule[]): boolean {
  const has = (list: readonly string[] | undefined, one: string) => list?.some((each) => each === one || each === '*') ?? false;
  return rules.some((rule) => {
    const forAll = (rule.resourceNames ?? []).length === 0;
    return forAll && has(rule.verbs, verb) && has(rule.apiGroups, group) && has(rule.resources, resource);
  });
}

/** `list, watch services in the whole cluster; create deployments.apps in namespaces 'a', 'b'` */
export function printRights(rights: readonly Right[]): string {
  const verbs = grouped(rights, (right) => `${nameOf(right)} ${right.namespace ?? ''}`);
  const places = grouped(verbs, (same) => `${same.map(({ verb }) => verb)} ${same.map(nameOf)[0]} ${same[0]?.namespace === undefined}`);
  return places
    .map((same) => {
      const [[first] = []] = same;
      const said = [...new Set(same[0]?.map(({ verb }) => verb))].join(', ');
      return first === undefined ? '' : `${said} ${nameOf(first)} ${where(same.flatMap(([right]) => right?.namespace ?? []))}`;
    })
    .join('; ');
}

function addTo(rights: Map<string, Right>, right: Right): void {
  const key = keyOf(right);
  if (!rights.has(key)) rights.set(key, right);
}

function nameOf({ group, resource }: Right): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function where(namespaces: readonly string[]): string {
  if (namespaces.length === 0) return 'in the whole cluster';
  return `in namespace${namespaces.length === 1 ? '' : 's'} ${namespaces.map((name) => `'${name}'`).join(', ')}`;
}

function grouped<T>(items: readonly T[], keyFor: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyFor(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
