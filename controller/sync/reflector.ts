import { identity, refOf } from '../../synth/manifest.ts';
import { ApiError, Failure } from '../errors.ts';
import type { Clock, Cluster, ListOptions, LiveObject, ResourceType, WatchEvent } from '../ports.ts';
import { hashOf } from './hash.ts';

/** The objects of one kind that a selector picks, kept up to date by a watch. */
export interface Reflector<T> {
  /** By identity. */
  readonly items: ReadonlyMap<string, T>;
  /** Resolves when `items` follows the server; asks at once when it doesn't, and rejects with why it can't, as with a watch that is refused. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Takes in the answer to a write of ours, so that its event is no news. */
  put(object: LiveObject): void;
  close(): void;
}

interface Versioned {
  readonly resourceVersion: string;
}

const BACKOFF_MS = { first: 200, most: 30_000 };
/** A watch that ends sooner than this without an event is a server in trouble, not one that ended it in turn. */
const SHORTEST_WATCH_MS = 5000;

export function createReflector<T extends Versioned>(options: {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly type: ResourceType;
  readonly select: ListOptions;
  readonly project: (object: LiveObject) => T;
  /** Something moved: what was kept before, and is now; neither when it can no longer be known, and `ready` says why. */
  readonly changed: (before: T | undefined, after: T | undefined) => void;
}): Reflector<T> {
  const { cluster, clock, type, select, project, changed } = options;
  const items = new Map<string, T>();
  const closing = new AbortController();
  let putWhileListing = new Set<string>();
  let live = false;
  let listing: Promise<void> | undefined;
  let watchedSinceMs = 0;
  /** Watches and lists in a row that came to nothing. */
  let failures = 0;
  let recoveries = 0;
  let refusal: Failure | undefined;

  const keep = (key: string, after: T | undefined) => {
    const before = items.get(key);
    if (after === undefined) items.delete(key);
    else items.set(key, after);
    if (before !== after) changed(before, after);
  };

  const relist = async (): Promise<void> => {
    putWhileListing = new Set();
    const { items: found, resourceVersion } = await cluster.list(type, select, closing.signal);
    const present = new Map(found.map((object) => [identity(refOf(object)), object]));
    for (const key of [...items.keys()]) if (!present.has(key) && !putWhileListing.has(key)) keep(key, undefined);
    for (const [key, object] of present) if (!putWhileListing.has(key)) keep(key, project(object));
    live = true;
    void follow(resourceVersion);
  };
  const listOnce = () => {
    listing ??= relist().finally(() => {
      listing = undefined;
    });
    return listing;
  };

  const take = (event: WatchEvent): string => {
    if (event.type === 'BOOKMARK') return event.resourceVersion;
    const key = identity(refOf(event.object));
    const { resourceVersion } = event.object.metadata;
    if (!isOlder(resourceVersion, items.get(key)?.resourceVersion)) keep(key, event.type === 'DELETED' ? undefined : project(event.object));
    return resourceVersion;
  };

  const isSound = () => clock.now() - watchedSinceMs >= SHORTEST_WATCH_MS;
  const trust = () => {
    failures = 0;
    refusal = undefined;
  };

  const follow = async (from: string): Promise<void> => {
    try {
      for (let version = from; !closing.signal.aborted; ) {
        watchedSinceMs = clock.now();
        const before = version;
        for await (const event of cluster.watch(type, version, select, closing.signal)) {
          version = take(event);
          trust();
        }
        if (version === before && !isSound()) throw new Failure('transient', 'The watch ended at once');
      }
    } catch (error) {
      live = false;
      if (isSound()) trust();
      noteRefusal(error);
      await recover(isExpired(error));
    }
  };

  /** A list alone would go unnoticed: what it tells grows old. */
  const noteRefusal = (error: unknown) => {
    if (!(error instanceof Failure) || error.outcome !== 'terminal' || isExpired(error)) return;
    const isNews = refusal === undefined;
    refusal = error;
    if (isNews) changed(undefined, undefined);
  };

  /** A list proves nothing: as long as watches fail, the time between them grows. Only the first that is too old goes on at once. */
  const recover = async (expired: boolean): Promise<void> => {
    const own = ++recoveries;
    for (let attempt = failures + (expired ? 0 : 1); !closing.signal.aborted && !live && own === recoveries; attempt++) {
      failures += 1;
      try {
        await clock.sleep(backoffMs(attempt, type), closing.signal);
        if (!live && own === recoveries) await listOnce();
      } catch {
        // Whoever is told looks, asks by `ready` and gets the reason.
        if (!closing.signal.aborted) changed(undefined, undefined);
      }
    }
  };

  return {
    items,
    async ready(signal) {
      if (!live) await unlessAborted(listOnce(), signal);
      if (isSound()) refusal = undefined;
      if (refusal !== undefined) throw refusal;
    },
    put(object) {
      const key = identity(refOf(object));
      putWhileListing.add(key);
      // The watch may have been faster than the answer.
      if (!isOlder(object.metadata.resourceVersion, items.get(key)?.resourceVersion)) items.set(key, project(object));
    },
    close: () => closing.abort(new Failure('waiting', 'The watch was closed')),
  };
}

function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** Versions of one server are ordered; what can't be compared counts as news. */
function isOlder(version: string, than: string | undefined): boolean {
  return than !== undefined && Number(version) < Number(than);
}

/** Doubles from 200 ms to 30 s; spread over half of it by the kind and the attempt, so that watches don't come back as one. */
function backoffMs(attempt: number, type: ResourceType): number {
  if (attempt === 0) return 0;
  const full = Math.min(BACKOFF_MS.first * 2 ** (attempt - 1), BACKOFF_MS.most);
  return full * (0.5 + Number.parseInt(hashOf([type.plural, attempt]).slice(0, 4), 16) / 0x20000);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  return await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
