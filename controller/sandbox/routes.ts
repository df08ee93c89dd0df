import { deleteOptions, draftOf, isDryRun, parseBody } from './body.ts';
import { deleted } from './deletion.ts';
import { describe } from './discovery.ts';
import { type Json, recordAt, textAt } from './json.ts';
import { apiVersionOf, type Kind, type Kinds } from './kinds.ts';
import { isDraft, type KubeObject } from './object.ts';
import { continueToken, listOf, metadataListOf, metadataOf, pageOf } from './paging.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts';
import type { Resources, WriteOptions } from './resources.ts';
import { reviewed } from './reviews.ts';
import { scaleOf } from './scale.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import { badRequest, invalid, methodNotAllowed, noSuchResource, StatusError } from './status.ts';
import { tableOf } from './table.ts';
import { required } from './validate.ts';
import { warningsOf } from './warnings.ts';
import { parseVersion, type WatchRequest } from './watch.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly accept: string;
  readonly userAgent: string;
  readonly body: string;
}

export type Reply =
  | { readonly status: number; readonly body: unknown; readonly warnings?: readonly string[] }
  | { readonly watch: WatchRequest };

/** The API: what a request asks for, done, and the answer. Throws StatusError. */
export class Routes {
  private readonly kinds: Kinds;
  private readonly resources: Resources;
  private readonly now: () => number;

  constructor(kinds: Kinds, resources: Resources, now: () => number) {
    this.kinds = kinds;
    this.resources = resources;
    this.now = now;
  }

  handle(call: Call): Reply {
    const parts = partsOf(call.path);
    const about = describe(this.kinds, parts);
    if (about !== undefined) return { status: 200, body: about };
    const review = call.method === 'POST' ? reviewed(call.path, parseBody(call.body)) : undefined;
    if (review !== undefined) return { status: 201, body: review };
    const target = this.target(parts);
    return target.name === undefined ? this.collection(call, target) : this.single(call, { ...target, name: target.name });
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
        const draft = draftOf(parseBody(call.body), kind);
        return { status: 201, body: this.resources.create(kind, namespace, draft, this.options(call, target, 'CreateOptions')) };
      }
      case 'DELETE': {
        const list = this.list(call, target);
        const options = deleteOptions(call.body, call.query);
        for (const object of this.select(call, target)) this.resources.delete(kind, object, options);
        return { status: 200, body: list };
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
    if (call.method === 'GET' && subresource === 'scale') return { status: 200, body: scaleOf(live) };
    if (call.method === 'GET') return { status: 200, body: this.presented(call, kind, live) };
    if (call.method === 'PUT') return { status: 200, body: this.write(call, target, live, parseBody(call.body), 'UpdateOptions') };
    if (call.method !== 'DELETE') throw methodNotAllowed();
    const left = this.resources.delete(kind, live, deleteOptions(call.body, call.query));
    return { status: 200, body: left ?? (kind.kind === 'Pod' ? live : deleted(kind, live)) };
  }

  private patch(call: Call, target: Target & { readonly name: string }): Reply {
    const { kind, namespace, name, subresource } = target;
    const patch = parseBody(call.body);
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
    return { status: created ? 201 : 200, body: object, warnings: warningsOf(kind, draft) };
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

  private presented(call: Call, kind: Kind, object: KubeObject): unknown {
    if (wantsMetadata(call)) return metadataOf(object);
    return wantsTable(call) ? tableOf(kind, [object], this.now()) : object;
  }

  private list(call: Call, target: Target) {
    const token = continueToken(call.query.get('continue'));
    const version = token?.version ?? this.resources.store.current;
    const filtered = call.query.has('labelSelector') || call.query.has('fieldSelector');
    const limit = Number(call.query.get('limit') ?? 0);
    const page = pageOf(this.select(call, target, token?.version), { version, after: token?.after, limit, filtered });
    if (wantsMetadata(call)) return metadataListOf(page);
    return wantsTable(call) ? tableOf(target.kind, page.objects, this.now(), page.metadata) : listOf(target.kind, page);
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
      present: (object) => this.presented(call, kind, { ...object, apiVersion: apiVersionOf(kind) }),
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

function partsOf(path: string): readonly string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw badRequest(`invalid URL escape in the path: ${path}`);
  }
}

/** kubectl's way of asking for columns. */
function wantsTable(call: Call): boolean {
  return call.accept.includes('as=Table');
}

function wantsMetadata(call: Call): boolean {
  return call.accept.includes('as=PartialObjectMetadata');
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
