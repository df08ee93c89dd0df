import { apiVersionOf, type Kind, type Kinds } from './kinds.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';

/** What the server says of itself under a path without objects; undefined when there is nothing. */
export function describe(kinds: Kinds, parts: readonly string[]): unknown {
  const [root, first, second, ...rest] = parts;
  if (root === 'openapi' && first === 'v3') {
    return second === undefined ? openApiIndex(kinds) : openApiDocument(kinds, parts.slice(2).join('/'));
  }
  if (rest.length > 0) return undefined;
  if (['healthz', 'livez', 'readyz'].includes(root ?? '')) return 'ok';
  if (root === 'version') return VERSION;
  if (root === undefined) return { paths: ['/api', '/apis', '/healthz', '/livez', '/readyz', '/version'] };
  if (root === 'api' && first === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (root === 'api' && second === undefined) return resourceList(kinds, '', first ?? '');
  if (root === 'apis' && first === undefined) return groupList(kinds);
  if (root === 'apis' && second === undefined) return group(kinds, first ?? '');
  return root === 'apis' ? resourceList(kinds, first ?? '', second ?? '') : undefined;
}

const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'sandbox',
};

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const PART_VERBS = ['get', 'patch', 'update'];

/** `/apis`: every group with its versions, in the order they came. */
function groupList(kinds: Kinds) {
  const groups = [...new Set(kinds.all().map((kind) => kind.group))].filter((name) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((name) => groupOf(kinds, name)) };
}

/** `/apis/<group>`; undefined when there is none. */
function group(kinds: Kinds, name: string) {
  const found = groupOf(kinds, name);
  return found.versions.length === 0 ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...found };
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined when nothing is served there. */
function resourceList(kinds: Kinds, groupName: string, version: string) {
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
