import type { ObjectRef } from '../../../synth/manifest.ts';
import { printRef, refOf } from '../../../synth/manifest.ts';
import { ApiError, Failure } from '../../errors.ts';
import type { Clock, Cluster, ListOptions, LiveObject, ResourceType, WatchEvent } from '../../ports.ts';
import { refused } from './answer.ts';
import { createDiscovery, groupPath } from './discovery.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { afterReading } from './session.ts';
import { type Call, collect, createTransport, type Incoming, isWhole } from './transport.ts';
import { watchEvents } from './watch.ts';

const MANAGER = 'rotterdam-sync';
const AUTHORIZATION = 'authorization.k8s.io/v1';
const PAGE = 500;
/** API servers send a bookmark about once a minute, so that silence means that something between us lost it. */
const WATCH_IDLE_MS = 150_000;
/** Half of it at least: watches that began together don't end together. */
const WATCH_SECONDS = 3600;

/**
 * One API server over one HTTP/2 connection. `name` and `secret` are for messages: the infrastructure, and the secret that
 * holds `kubeconfig` (its text). Throws a terminal Failure when the kubeconfig holds what is not taken.
 */
export function createCluster(options: {
  readonly name: string;
  readonly kubeconfig: string;
  readonly clock: Clock;
  readonly secret?: string;
  /** For one answer, 30 s when absent. */
  readonly requestTimeoutMs?: number;
}): Cluster {
  const peer = { name: `infrastructure '${options.name}'`, secret: options.secret ?? options.name };
  const access = readKubeconfig(options.kubeconfig, peer.name);
  const { clock, requestTimeoutMs = 30_000 } = options;
  const transport = createTransport({ name: peer.name, access, clock, requestTimeoutMs });

  const send = async (call: Call, signal?: AbortSignal, warned?: (warning: string) => void): Promise<unknown> => {
    const answer = await transport.send(call, signal);
    if (answer.status >= 300) throw refused(answer, peer);
    if (warned !== undefined) for (const warning of answer.warnings) warned(warning);
    return answer.body;
  };
  const find = async (call: Call, signal?: AbortSignal) => {
    try {
      return await send(call, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
  const discovery = createDiscovery((path, signal) => find({ method: 'GET', path }, signal));

  const pathOf = async (ref: ObjectRef, collection: boolean, signal?: AbortSignal): Promise<string> => {
    const type = await discovery.resource(ref.apiVersion, ref.kind, signal);
    if (type === undefined) {
      throw new Failure('terminal', `Cannot find ${printRef(ref)} as ${peer.name} does not serve ${ref.kind} of ${ref.apiVersion}`);
    }
    const path = collectionPath(type, ref.namespace);
    return collection ? path : `${path}/${encodeURIComponent(ref.name)}`;
  };

  /** A kind that is not found any more is looked for again. */
  const noting = (type: ResourceType, error: unknown): unknown => {
    if (error instanceof ApiError && error.status === 404) discovery.forget(type.apiVersion);
    return error;
  };
  const listPage = async (type: ResourceType, listOptions: ListOptions, query: Readonly<Record<string, unknown>>, signal?: AbortSignal) => {
    const path = collectionPath(type, listOptions.namespace, query);
    const accept = acceptOf('PartialObjectMetadataList', listOptions);
    const answer = await send({ method: 'GET', path, accept }, signal).catch((error) => Promise.reject(noting(type, error)));
    return answer as ListPage;
  };

  return {
    async version(signal) {
      return ((await send({ method: 'GET', path: '/version' }, signal)) as { gitVersion: string }).gitVersion;
    },
    async review(kind, spec, signal) {
      const path = `/apis/${AUTHORIZATION}/${kind.toLowerCase()}s`;
      const body = { apiVersion: AUTHORIZATION, kind, spec };
      return ((await send({ method: 'POST', path, body }, signal)) as { readonly status?: unknown }).status;
    },
    resource: discovery.resource,
    resources: discovery.resources,
    async get(ref, signal) {
      if ((await discovery.resource(ref.apiVersion, ref.kind, signal)) === undefined) return undefined;
      return (await find({ method: 'GET', path: await pathOf(ref, false, signal) }, signal)) as LiveObject | undefined;
    },
    async list<T>(type: ResourceType, listOptions: ListOptions & { project?: (object: LiveObject) => T } = {}, signal?: AbortSignal) {
      const { namespace, metadataOnly, project = (object: LiveObject) => object as T } = listOptions;
      const items: T[] = [];
      let token = '';
      for (;;) {
        const query = { ...selectors(listOptions), limit: PAGE, ...(token ? { continue: token } : {}) };
        const page = await listPage(type, { namespace, metadataOnly }, query, signal);
        for (const item of page.items ?? []) items.push(project(typed(item, type)));
        token = page.metadata.continue ?? '';
        if (token === '') return { items, resourceVersion: page.metadata.resourceVersion };
      }
    },
    async versionOf(type, { namespace } = {}, signal) {
      return (await listPage(type, { namespace, metadataOnly: true }, { limit: 1 }, signal)).metadata.resourceVersion;
    },
    async watch(type, resourceVersion, listOptions = {}, signal) {
      const timeoutSeconds = Math.round((WATCH_SECONDS * (1 + Math.random())) / 2);
      const query = { ...selectors(listOptions), watch: 1, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
      const path = collectionPath(type, listOptions.namespace, query);
      const accept = acceptOf('PartialObjectMetadata', listOptions);
      const incoming = await transport.open({ method: 'GET', path, accept }, WATCH_IDLE_MS, signal);
      if (incoming.status !== 200) throw noting(type, refused(await collect(incoming), peer));
      return eventsOf(incoming, type, peer.name, signal);
    },
    async apply(manifest, { force = false, dryRun = false, warned } = {}, signal) {
      const query = toQuery({ fieldManager: MANAGER, force, ...(dryRun ? { dryRun: 'All' } : {}) });
      const path = `${await pathOf(refOf(manifest), false, signal)}${query}`;
      const call: Call = { method: 'PATCH', path, body: manifest, contentType: 'application/apply-patch+yaml' };
      return (await send(call, signal, warned)) as LiveObject;
    },
    async create(manifest, signal) {
      const path = `${await pathOf(refOf(manifest), true, signal)}${toQuery({ fieldManager: MANAGER })}`;
      return (await send({ method: 'POST', path, body: manifest }, signal)) as LiveObject;
    },
    async replace(manifest, signal) {
      const path = `${await pathOf(refOf(manifest), false, signal)}${toQuery({ fieldManager: MANAGER })}`;
      return (await send({ method: 'PUT', path, body: manifest }, signal)) as LiveObject;
    },
    async remove(ref, { uid }, signal) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', preconditions: { uid } };
      const left = (await find({ method: 'DELETE', path: await pathOf(ref, false, signal), body }, signal)) as LiveObject | undefined;
      return left?.kind === 'Status' ? undefined : left;
    },
    close: () => transport.close(),
  };
}

interface ListPage {
  readonly items: readonly LiveObject[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

function collectionPath(type: ResourceType, namespace: string | undefined, query: Readonly<Record<string, unknown>> = {}): string {
  const inside = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(type.apiVersion)}${inside}/${type.plural}${toQuery(query)}`;
}

function selectors({ labelSelector }: ListOptions): Readonly<Record<string, unknown>> {
  return labelSelector === undefined ? {} : { labelSelector };
}

function toQuery(fields: Readonly<Record<string, unknown>>): string {
  const text = new URLSearchParams(Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** What the server is asked for: the whole, or the metadata alone where it knows how to. */
function acceptOf(form: string, { metadataOnly = false }: ListOptions): string {
  return metadataOnly ? `application/json;as=${form};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}

/** Items of a list come without the kind that the list is of, and metadata alone with the kind of that. */
function typed(object: LiveObject, { apiVersion, kind }: ResourceType): LiveObject {
  return Object.assign(object, { apiVersion, kind });
}

async function* eventsOf(
  incoming: Incoming,
  type: ResourceType,
  peer: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent> {
  try {
    for await (const event of watchEvents(textOf(incoming, peer, signal), peer)) {
      if (event.type !== 'BOOKMARK') typed(event.object, type);
      yield event;
    }
  } finally {
    afterReading(() => incoming.stream.destroy());
  }
}

async function* textOf({ stream }: Incoming, peer: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  try {
    // It is ended by who asked for it, when that is safe.
    for await (const text of stream.iterator({ destroyOnReturn: false })) yield text as string;
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new Failure('transient', `Cannot watch ${peer} as the connection broke`, { cause });
  }
  if (!isWhole(stream)) throw new Failure('transient', `Cannot watch ${peer} as the connection broke`);
}
