import type { Clock, Log } from './ports.ts';

/** What happened, as the log has it. */
export interface FeedEvent {
  /** Grows within one run of the controller: `<when it started>-<number>`. */
  readonly id: string;
  /** `decision`, `verdict`, `synced`… */
  readonly event: string;
  readonly at: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Feed {
  /** What the controller logs goes here as well. */
  readonly log: Log;
  /** Events after the one of this id; undefined when that is not known any more, or was another run's. All that are kept when there is no id. */
  since(id: string | undefined): readonly FeedEvent[] | undefined;
  /** Calls back with each event to come. Returns what stops it. */
  follow(listener: (event: FeedEvent) => void): () => void;
}

const MOST_KEPT = 1_000;

/** Lets others see what is logged at `info` and above: one line is one event. The newest are kept for those who come back. */
export function createFeed(log: Log, clock: Clock): Feed {
  const run = clock.now().toString(36);
  const kept: FeedEvent[] = [];
  const listeners = new Set<(event: FeedEvent) => void>();
  let count = 0;
  const tell = (fields: Readonly<Record<string, unknown>>, event: string) => {
    count += 1;
    const told = { id: `${run}-${count}`, event: event.replaceAll(' ', '-'), at: new Date(clock.now()).toISOString(), fields };
    kept.push(told);
    if (kept.length > MOST_KEPT) kept.shift();
    for (const listener of listeners) listener(told);
  };
  const both =
    (level: 'info' | 'warn' | 'error'): Log['info'] =>
    (fields, event) => {
      log[level](fields, event);
      tell(fields, event);
    };
  return {
    log: { debug: (fields, event) => log.debug(fields, event), info: both('info'), warn: both('warn'), error: both('error') },
    since: (id) => {
      if (id === undefined) return [...kept];
      const [from, number = ''] = id.split('-');
      const seen = Number(number);
      if (from !== run || !Number.isInteger(seen) || seen > count || seen < count - kept.length) return undefined;
      return kept.slice(kept.length - (count - seen));
    },
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
