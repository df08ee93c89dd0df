import { apiVersionOf, type Kind, storageOf } from './kinds.ts';
import type { KubeObject } from './object.ts';
import type { Selector } from './selectors.ts';
import { StatusError } from './status.ts';
import type { Store, StoreEvent } from './store.ts';
import type { Timers } from './timers.ts';

export interface WatchRequest {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly selector: Selector;
  /** The form in which objects are sent. */
  readonly present: (object: KubeObject) => unknown;
  /** Where to begin; from what there is now when absent or '0'. */
  readonly resourceVersion: string | null;
  readonly bookmarks: boolean;
  readonly timeoutSeconds: number;
}

/** Where lines go, in either version of HTTP. */
export interface WatchResponse {
  readonly writableEnded: boolean;
  write(line: string): unknown;
  end(): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const BOOKMARK_EVERY_MS = 60_000;
const BOOKMARK_BEFORE_END_MS = 2_000;

/** Streams events, one JSON object a line, until the time is over or the client leaves. Bookmarks come each minute and 2 s before the end. */
export function watch(request: WatchRequest, store: Store, timers: Timers, response: WatchResponse): void {
  const { kind, bookmarks, timeoutSeconds } = request;
  let isGone = false;
  const send = (type: string, object: unknown): void => {
    // Between the end of a connection and the news of it there may be writes.
    if (!isGone && !response.writableEnded) response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => {
    const metadata = { resourceVersion: String(store.current), creationTimestamp: null, ...(annotations ? { annotations } : {}) };
    send('BOOKMARK', { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata });
  };
  const deliver = (event: StoreEvent): void => {
    const seen = seenAs(event, request);
    if (seen !== undefined) send(seen.type, request.present(seen.object));
  };
  try {
    const backlog = backlogOf(request, store);
    for (const event of backlog) deliver(event);
    if (bookmarks && isFresh(request)) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    send('ERROR', error.body());
    response.end();
    return;
  }
  const leave = store.subscribe(deliver);
  const end = timers.after(timeoutSeconds * 1000, () => response.end());
  let reminder = (): void => {};
  const remind = (elapsedMs: number): void => {
    const atMs = Math.min(elapsedMs + BOOKMARK_EVERY_MS, timeoutSeconds * 1000 - BOOKMARK_BEFORE_END_MS);
    if (atMs <= elapsedMs) return;
    reminder = timers.after(atMs - elapsedMs, () => {
      bookmark();
      remind(atMs);
    });
  };
  if (bookmarks) remind(0);
  response.on('close', () => {
    isGone = true;
    leave();
    end();
    reminder();
  });
}

function isFresh({ resourceVersion }: WatchRequest): boolean {
  return resourceVersion === null || resourceVersion === '' || resourceVersion === '0';
}

function backlogOf(request: WatchRequest, store: Store): readonly StoreEvent[] {
  if (!isFresh(request)) return store.after(request.kind, parseVersion(request.resourceVersion ?? ''));
  const storage = storageOf(request.kind);
  return store
    .list(request.kind, request.namespace)
    .map((object) => ({ type: 'ADDED' as const, storage, object, previous: undefined, version: Number(object.metadata.resourceVersion) }));
}

export function parseVersion(text: string): number {
  if (!/^\d+$/.test(text)) {
    const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
    throw new StatusError(500, '', message);
  }
  return Number(text);
}

/** What an event is to a client with a selector: an object that begins to match is added, one that ceases to is deleted. */
function seenAs(event: StoreEvent, request: WatchRequest): { type: string; object: KubeObject } | undefined {
  const { object, previous } = event;
  if (event.storage !== storageOf(request.kind)) return undefined;
  if (request.namespace !== undefined && object.metadata.namespace !== request.namespace) return undefined;
  const is = event.type !== 'DELETED' && request.selector(object);
  const was = previous !== undefined && request.selector(previous);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return undefined;
  const { resourceVersion } = object.metadata;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
}
