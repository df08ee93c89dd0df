import { apiVersionOf, type Kind, type Kinds } from './kinds.ts';

/**
 * As much of OpenAPI v3 as kubectl asks for: that PATCH of a kind knows `dryRun`, `fieldManager`, `fieldValidation` and
 * `force`, so that it leaves validation to the server. Schemas are not told.
 */
export function openApiIndex(kinds: Kinds) {
  const roots = new Set(kinds.all().map(rootOf));
  return { paths: Object.fromEntries([...roots].map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
}

/** The document of `api/v1` or `apis/<group>/<version>`; undefined when nothing is served there. */
export function openApiDocument(kinds: Kinds, root: string) {
  const served = kinds.all().filter((kind) => rootOf(kind) === root);
  if (served.length === 0) return undefined;
  const paths = Object.fromEntries(served.map((kind) => [pathOf(kind), { patch: patchOf(kind) }]));
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'sandbox' }, paths, components: { schemas: {} } };
}

function rootOf(kind: Kind): string {
  return `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;
}

function pathOf(kind: Kind): string {
  return `/${rootOf(kind)}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}/{name}`;
}

function patchOf(kind: Kind) {
  const query = (name: string, type: string) => ({ name, in: 'query', schema: { type } });
  return {
    parameters: [query('dryRun', 'string'), query('fieldManager', 'string'), query('fieldValidation', 'string'), query('force', 'boolean')],
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version },
  };
}
