import { apiVersionOf, type Kind, type Kinds } from './kinds.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const PART_VERBS = ['get', 'patch', 'update'];

/** `/apis`: every group with its versions, in the order they came. */
export function groupList(kinds: Kinds) {
  const groups = [...new Set(kinds.all().map((kind) => kind.group))].filter((name) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((name) => groupOf(kinds, name)) };
}

/** `/apis/<group>`; undefined when there is none. */
export function group(kinds: Kinds, name: string) {
  const found = groupOf(kinds, name);
  return found.versions.length === 0 ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...found };
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined when nothing is served there. */
export function resourceList(kinds: Kinds, groupName: string, version: string) {
  const found = kinds.all().filter((kind) => kind.group === groupName && kind.version === version);
  if (found.length === 0) return undefined;
  const groupVersion = apiVersionOf({ group: groupName, version });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(resources) };
}

function groupOf(kinds: Kinds, name: string) {
  const versions = [...new Set(kinds.all().flatMap((kind) => (kind.group === name ? [kind.version] : [])))].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function resources(kind: Kind) {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  const whole = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs: kind.kind === 'Namespace' ? VERBS.filter((verb) => verb !== 'deletecollection') : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const parts = kind.subresources.map((part) => ({
    name: `${plural}/${part}`,
    singularName: '',
    namespaced,
    ...(part === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind: kind.kind }),
    verbs: PART_VERBS,
  }));
  return [whole, ...parts];
}
