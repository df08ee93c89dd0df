import { identity, refOf } from '../../../synth/manifest.ts';
import { ApiError, Failure } from '../../errors.ts';
import type { Clock, Cluster, ListOptions, LiveObject, ResourceType, WatchEvent } from '../../ports.ts';
import { hashOf } from '../hash.ts';
import { unlessAborted } from './unless-aborted.ts';

/** The objects of one kind that a selector picks, kept up to date by a watch. */
export interface Reflector<T> {
  /** By identity. */
  readonly items: ReadonlyMap<string, T>;
  /** Resolves when `items` follows the server; asks at once when it doesn't, and rejects with why it can't, as with a watch that is refused. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Takes in the answer to a write of ours, so that its event is no news. */
  put(object: LiveObject): T;
  /** Stops watching until `ready`, which lists what moved meanwhile: for more writes of ours than there are objects. */
  pause(): void;
  close(): void;
}

interface Versioned {
  readonly resourceVersion: string;
}

const BACKOFF_MS = { first: 200, most: 30_000 };
/** A watch that ends sooner than this without an event is a server in trouble, not one that ended it in turn. */
const SHORTEST_WATCH_MS = 5000;

/**
 * Lists once. A watch that ends goes on from the last version that was heard of; the list is asked for again only when that version
 * is too old, or the server is behind it, set back to an older state.
 */
export function createReflector<T extends Versioned>(options: {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly type: ResourceType;
  readonly select: ListOptions;
  readonly project: (object: LiveObject) => T;
  /** Something moved: what was kept before, and is now; neither when it can no longer be known, and `ready` says why, or can again. */
  readonly changed: (before: T | undefined, after: T | undefined) => void;
}): Reflector<T> {
  const { cluster, clock, type, select, project, changed } = options;
  const items = new Map<string, T>();
  const closing = new AbortController();
  /** While it lists. */
  let putMeanwhile: Set<string> | undefined;
  /** The last version heard of; undefined when there is none to go on from. */
  let version: string | undefined;
  let live = false;
  let catchingUp: Promise<void> | undefined;
  let watchedSinceMs = 0;
  /** Attempts in a row that came to nothing. */
  let failures = 0;
  let recoveries = 0;
  let isLost = false;
  let watching = new AbortController();

  let isListed = false;

  const keep = (key: string, after: T | undefined) => {
    const before = items.get(key);
    if (after === undefined) items.delete(key);
    else items.set(key, after);
    // Who asked for the first list looks at it: what is in it is no news.
    if (isListed && before !== after) changed(before, after);
  };

  const relist = async (): Promise<string> => {
    const meanwhile = new Set<string>();
    putMeanwhile = meanwhile;
    const keyed = (object: LiveObject) => {
      const key = identity(refOf(object));
      const known = items.get(key);
      return [key, known?.resourceVersion === object.metadata.resourceVersion ? known : project(object)] as const;
    };
    const found = await cluster.list(type, { ...select, project: keyed }, closing.signal).finally(() => {
      putMeanwhile = undefined;
    });
    const present = new Map(found.items);
    for (const key of [...items.keys()]) if (!present.has(key) && !meanwhile.has(key)) keep(key, undefined);
    for (const [key, item] of present) if (!meanwhile.has(key)) keep(key, item);
    isListed = true;
    return found.resourceVersion;
  };

  const catchUp = async (): Promise<void> => {
    if (version !== undefined && isOlder(await cluster.versionOf(type, select, closing.signal), version)) version = undefined;
    const isResumed = version !== undefined;
    version ??= await relist();
    try {
      closing.signal.throwIfAborted();
      watching = new AbortController();
      const events = await cluster.watch(type, version, select, watching.signal);
      live = true;
      watchedSinceMs = clock.now();
      void follow(events, watching.signal);
    } catch (error) {
      if (!isExpired(error)) throw error;
      version = undefined;
      if (!isResumed) throw error;
      await catchUp();
    }
  };
  const catchUpOnce = () => {
    catchingUp ??= catchUp().finally(() => {
      catchingUp = undefined;
    });
    return catchingUp;
  };

  const take = (event: WatchEvent): string => {
    if (event.type === 'BOOKMARK') return event.resourceVersion;
    const key = identity(refOf(event.object));
    const { resourceVersion } = event.object.metadata;
    // Our own write, known from its answer.
    if (event.type !== 'DELETED' && items.get(key)?.resourceVersion === resourceVersion) return resourceVersion;
    if (!isOlder(resourceVersion, items.get(key)?.resourceVersion)) keep(key, event.type === 'DELETED' ? undefined : project(event.object));
    return resourceVersion;
  };

  /** Whoever is told looks, asks by `ready` and gets the reason, or none any more. */
  const tellLost = (lost: boolean) => {
    if (isLost !== lost) changed(undefined, undefined);
    isLost = lost;
  };
  const trust = () => {
    failures = 0;
    tellLost(false);
  };

  const follow = async (events: AsyncIterable<WatchEvent>, givenUp: AbortSignal): Promise<void> => {
    try {
      for await (const event of events) {
        const next = take(event);
        if (next === version) continue;
        version = next;
        trust();
      }
    } catch (error) {
      if (isExpired(error)) version = undefined;
    }
    if (givenUp.aborted) return;
    live = false;
    if (clock.now() - watchedSinceMs >= SHORTEST_WATCH_MS) trust();
    await recover();
  };

  /** At once after a watch that was sound; as long as none is, the time between attempts grows. */
  const recover = async (): Promise<void> => {
    const own = ++recoveries;
    const isNeeded = () => !closing.signal.aborted && !live && own === recoveries;
    while (isNeeded()) {
      try {
        await clock.sleep(backoffMs(failures, type), closing.signal);
        failures += 1;
        if (isNeeded()) await catchUpOnce();
      } catch {
        if (!closing.signal.aborted) tellLost(true);
      }
    }
  };

  return {
    items,
    async ready(signal) {
      if (!live) await unlessAborted(catchUpOnce(), signal);
    },
    put(object) {
      const key = identity(refOf(object));
      const { resourceVersion } = object.metadata;
      putMeanwhile?.add(key);
      // The watch may have been faster than the answer, and have told that the object is gone.
      const item = project(object);
      const isPassed = version !== undefined && !isOlder(version, resourceVersion);
      if (!isPassed && !isOlder(resourceVersion, items.get(key)?.resourceVersion)) items.set(key, item);
      return item;
    },
    pause() {
      // Events that are on their way say nothing that the list won't.
      live = false;
      version = undefined;
      watching.abort(new Failure('waiting', 'The watch was paused'));
    },
    close() {
      const closed = new Failure('waiting', 'The watch was closed');
      closing.abort(closed);
      watching.abort(closed);
    },
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
