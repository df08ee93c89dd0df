import { parse as parseYaml } from 'yaml';
import { group, groupList, resourceList } from './discovery.ts';
import { isRecord, type Json, recordAt, textAt } from './json.ts';
import { apiVersionOf, type Kind, type Kinds } from './kinds.ts';
import { type Draft, isDraft, type KubeObject } from './object.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts';
import { type DeleteOptions, deleted, type Resources, scaleOf, type WriteOptions } from './resources.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import { badRequest, invalid, methodNotAllowed, noSuchResource, StatusError } from './status.ts';
import { required } from './validate.ts';
import { parseVersion, type WatchRequest } from './watch.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: string;
}

export type Reply = { readonly status: number; readonly body: unknown } | { readonly watch: WatchRequest };

export const VERSION = {
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

/** The API: what a request asks for, done, and the answer. Throws StatusError. */
export class Routes {
  private readonly kinds: Kinds;
  private readonly resources: Resources;

  constructor(kinds: Kinds, resources: Resources) {
    this.kinds = kinds;
    this.resources = resources;
  }

  handle(call: Call): Reply {
    const parts = call.path.split('/').filter(Boolean).map(decodeURIComponent);
    const about = this.describe(parts);
    if (about !== undefined) return { status: 200, body: about };
    const target = this.target(parts);
    return target.name === undefined ? this.collection(call, target) : this.single(call, { ...target, name: target.name });
  }

  private describe(parts: readonly string[]): unknown {
    const [root, first, second, ...rest] = parts;
    if (root === 'openapi' && first === 'v3') {
      return second === undefined ? openApiIndex(this.kinds) : openApiDocument(this.kinds, parts.slice(2).join('/'));
    }
    if (rest.length > 0) return undefined;
    if (['healthz', 'livez', 'readyz'].includes(root ?? '')) return 'ok';
    if (root === 'version') return VERSION;
    if (root === undefined) return { paths: ['/api', '/apis', '/healthz', '/livez', '/readyz', '/version'] };
    if (root === 'api' && first === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    if (root === 'api' && second === undefined) return resourceList(this.kinds, '', first ?? '');
    if (root === 'apis' && first === undefined) return groupList(this.kinds);
    if (root === 'apis' && second === undefined) return group(this.kinds, first ?? '');
    return root === 'apis' ? resourceList(this.kinds, first ?? '', second ?? '') : undefined;
  }

  private target(parts: readonly string[]): Target {
    const [root, ...after] = parts;
    if (root !== 'api' && root !== 'apis') throw noSuchResource();
    const [groupName = '', version = '', ...rest] = root === 'api' ? ['', ...after] : after;
    const scoped = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '');
    const [plural = '', name, subresource, ...more] = scoped ? rest.slice(2) : rest;
    const kind = this.kinds.find(groupName, version, plural);
    if (kind === undefined || more.length > 0 || (scoped && !kind.namespaced)) throw noSuchResource();
    if (!scoped && kind.namespaced && name !== undefined) throw noSuchResource();
    if (subresource !== undefined && !kind.subresources.some((known) => known === subresource)) throw noSuchResource();
    return { kind, namespace: scoped ? rest[1] : undefined, name, subresource: subresource as Target['subresource'] };
  }

  private collection(call: Call, target: Target): Reply {
    const { kind, namespace } = target;
    switch (call.method) {
      case 'GET':
        return isTrue(call.query.get('watch'))
          ? { watch: this.watchRequest(call, target) }
          : { status: 200, body: this.list(call, target) };
      case 'POST': {
        if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
        const draft = draftOf(parseBody(call), kind);
        return { status: 201, body: this.resources.create(kind, namespace, draft, this.options(call, target, 'CreateOptions')) };
      }
      case 'DELETE': {
        const { dryRun, ...options } = deleteOptions(call);
        const { metadata, items } = this.list(call, target);
        for (const item of this.select(call, target)) this.resources.delete(kind, item, { ...options, ...(dryRun ? { dryRun } : {}) });
        return { status: 200, body: { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items } };
      }
      default:
        throw methodNotAllowed();
    }
  }

  private single(call: Call, target: Target & { readonly name: string }): Reply {
    const { kind, namespace, name, subresource } = target;
    if (call.method === 'GET' && isTrue(call.query.get('watch'))) return { watch: this.watchRequest(call, target) };
    if (call.method === 'PATCH') return this.patch(call, target);
    const live = this.resources.get(kind, namespace, name);
    if (call.method === 'GET') return { status: 200, body: subresource === 'scale' ? scaleOf(live) : live };
    if (call.method === 'PUT') return { status: 200, body: this.write(call, target, live, parseBody(call), 'UpdateOptions') };
    if (call.method !== 'DELETE') throw methodNotAllowed();
    const left = this.resources.delete(kind, live, deleteOptions(call));
    return { status: 200, body: left ?? (kind.kind === 'Pod' ? live : deleted(kind, live)) };
  }

  private patch(call: Call, target: Target & { readonly name: string }): Reply {
    const { kind, namespace, name, subresource } = target;
    const patch = parseBody(call);
    if (call.contentType === 'application/apply-patch+yaml') return this.apply(call, target, patch);
    const live = this.resources.get(kind, namespace, name);
    const before = subresource === 'scale' ? scaleOf(live) : live;
    const after = patched(call.contentType, before, patch, kind);
    return { status: 200, body: this.write(call, target, live, after, 'PatchOptions') };
  }

  private apply(call: Call, target: Target & { readonly name: string }, config: unknown): Reply {
    const { kind, namespace, name } = target;
    if (!call.query.get('fieldManager')) {
      throw invalid(PATCH_OPTIONS, '', [required('fieldManager', 'is required for apply patch')]);
    }
    if (!isDraft(config)) throw badRequest('invalid object type: /, Kind=');
    const draft = draftOf(config, kind);
    const sent = draft.metadata.name;
    if (sent !== undefined && sent !== name) {
      throw badRequest(`the name of the object (${sent}) does not match the name on the URL (${name})`);
    }
    if (draft.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
    const options = { ...this.options(call, target, 'PatchOptions'), force: isTrue(call.query.get('force')) };
    const { created, object } = this.resources.apply(kind, namespace, name, { ...draft, metadata: { ...draft.metadata, name } }, options);
    return { status: created ? 201 : 200, body: object };
  }

  /** A whole object, its status or its scale, in the place of what is there. */
  private write(call: Call, target: Target & { readonly name: string }, live: KubeObject, sent: unknown, optionsKind: string): unknown {
    const { kind, name, subresource } = target;
    const options = this.options(call, target, optionsKind);
    if (subresource === 'scale') {
      const replicas = recordAt(sent, 'spec').replicas ?? 0;
      const resourceVersion = textAt(sent, 'metadata', 'resourceVersion');
      const metadata = resourceVersion === undefined ? live.metadata : { ...live.metadata, resourceVersion };
      return scaleOf(this.resources.update(kind, live, { ...live, metadata, spec: { ...live.spec, replicas } }, options));
    }
    const draft = draftOf(sent, kind);
    if (draft.metadata.name !== undefined && draft.metadata.name !== name) {
      throw badRequest(`the name of the object (${draft.metadata.name}) does not match the name on the URL (${name})`);
    }
    return this.resources.update(kind, live, draft, options);
  }

  private list(call: Call, target: Target) {
    const { kind, namespace } = target;
    const token = continueToken(call.query.get('continue'));
    const all = this.select(call, target, token?.version);
    const rest = token === undefined ? all : all.filter((object) => keyOf(object) > token.after);
    const limit = Number(call.query.get('limit') ?? 0);
    const page = limit > 0 ? rest.slice(0, limit) : rest;
    const last = page.at(-1);
    const version = token?.version ?? this.resources.store.current;
    const filtered = call.query.get('labelSelector') !== null || call.query.get('fieldSelector') !== null;
    const more =
      last === undefined || page.length === rest.length
        ? {}
        : { continue: printToken({ version, after: keyOf(last) }), ...(filtered ? {} : { remainingItemCount: rest.length - page.length }) };
    return {
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata: { resourceVersion: String(version), ...more },
      items: page.map((object) => item(kind, namespace, object)),
    };
  }

  private select(call: Call, { kind, namespace }: Target, version?: number): readonly KubeObject[] {
    const labels = labelSelector(call.query.get('labelSelector'));
    const fields = fieldSelector(call.query.get('fieldSelector'), kind.kind);
    return this.resources.store.list(kind, namespace, version).filter((object) => labels(object) && fields(object));
  }

  private watchRequest(call: Call, { kind, namespace, name }: Target): WatchRequest {
    const { query } = call;
    const labels = labelSelector(query.get('labelSelector'));
    const fields = fieldSelector(query.get('fieldSelector'), kind.kind);
    const resourceVersion = query.get('resourceVersion');
    if (resourceVersion) parseVersion(resourceVersion);
    return {
      kind,
      namespace,
      selector: (object) => (name === undefined || object.metadata.name === name) && labels(object) && fields(object),
      resourceVersion,
      bookmarks: isTrue(query.get('allowWatchBookmarks')),
      timeoutSeconds: Number(query.get('timeoutSeconds') ?? 1800) || 1800,
    };
  }

  private options(call: Call, { subresource }: Target, optionsKind: string): WriteOptions {
    const manager = call.query.get('fieldManager') || call.userAgent.split('/')[0] || 'unknown';
    return { manager, dryRun: isDryRun(call.query.getAll('dryRun'), optionsKind), subresource };
  }
}

interface Target {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: 'status' | 'scale' | undefined;
}

const PATCH_OPTIONS = { group: 'meta.k8s.io', kind: 'PatchOptions' } as const;

function patched(contentType: string, before: Json, patch: unknown, kind: Kind): unknown {
  switch (contentType) {
    case 'application/merge-patch+json':
      return mergePatch(before, patch);
    case 'application/json-patch+json':
      return jsonPatch(before, patch);
    case 'application/strategic-merge-patch+json':
      if (!kind.custom) return strategicMergePatch(before, patch, kind.shape);
  }
  const known = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
  const message = `the body of the request was in an unknown format - accepted media types include: ${known.join(', ')}`;
  throw new StatusError(415, 'UnsupportedMediaType', message);
}

function draftOf(body: unknown, kind: Kind): Draft {
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`);
  const draft = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...body, metadata: recordAt(body, 'metadata') };
  if (draft.kind !== kind.kind || draft.apiVersion !== apiVersionOf(kind)) {
    const sent = `${draft.kind} in version "${String(draft.apiVersion).split('/').at(-1)}"`;
    throw badRequest(`${sent} cannot be handled as a ${kind.kind}: no kind "${draft.kind}" is served for ${apiVersionOf(kind)} here`);
  }
  return draft;
}

function deleteOptions(call: Call): DeleteOptions {
  const body = call.body.trim() === '' ? {} : parseBody(call);
  const preconditions = recordAt(body, 'preconditions');
  const { uid, resourceVersion } = preconditions;
  const policy = textAt(body, 'propagationPolicy') ?? call.query.get('propagationPolicy') ?? 'Background';
  const dryRun = recordAt(body).dryRun;
  return {
    preconditions: { ...(typeof uid === 'string' ? { uid } : {}), ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) },
    propagationPolicy: policy === 'Foreground' || policy === 'Orphan' ? policy : 'Background',
    dryRun: isDryRun([...call.query.getAll('dryRun'), ...(Array.isArray(dryRun) ? dryRun.map(String) : [])], 'DeleteOptions'),
  };
}

function isDryRun(values: readonly string[], optionsKind: string): boolean {
  const unknown = values.filter((value) => value !== 'All');
  if (unknown.length === 0) return values.length > 0;
  const message = `Unsupported value: ${JSON.stringify(unknown)}: supported values: "All"`;
  throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }]);
}

function parseBody(call: Call): unknown {
  try {
    return /^\s*[[{]/.test(call.body) ? JSON.parse(call.body) : parseYaml(call.body);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** In a list of built-in kinds the items don't say what they are. */
function item(kind: Kind, _namespace: string | undefined, object: KubeObject): Json {
  if (kind.custom) return { ...object, apiVersion: apiVersionOf(kind) };
  const { apiVersion: _, kind: __, ...rest } = object;
  return rest;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

interface Token {
  readonly version: number;
  readonly after: string;
}

function continueToken(text: string | null): Token | undefined {
  if (text === null || text === '') return undefined;
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv: number; start: string };
    return { version: rv, after: start };
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
}

function printToken({ version, after }: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url');
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
