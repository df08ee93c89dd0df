import type { Clock } from '../ports.ts';
import type { EndingObject, ObjectHealth, SyncEngine, SyncTarget } from '../sync/engine.ts';

const LONGEST_ROLLOUT_MS = 10 * 60_000;

/** What is waited for: objects that don't run as wanted, and such that are being deleted. */
export interface Settling {
  readonly health: readonly ObjectHealth[];
  readonly ending: readonly EndingObject[];
}

/**
 * Waits, without asking the cluster anything, until all is ready and gone, something has failed, it takes too long or `signal` is
 * aborted. Tells how it stands whenever something moved; resolves with the last.
 */
export function untilSettled(
  { engine, target }: { readonly engine: SyncEngine; readonly target: SyncTarget },
  told: (settling: Settling) => void,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Settling> {
  const over = new AbortController();
  const seen = (): Settling => ({ health: engine.health(target), ending: engine.ending() });
  return new Promise((resolve) => {
    const look = () => {
      const now = seen();
      told(now);
      if (isSettled(now) || now.health.some(({ state }) => state === 'failed')) end();
    };
    const end = () => {
      stop();
      over.abort();
      resolve(seen());
    };
    const stop = engine.onChange(look);
    clock.sleep(LONGEST_ROLLOUT_MS, AbortSignal.any([signal, over.signal])).then(end, end);
    look();
  });
}

export function isSettled({ health, ending }: Settling): boolean {
  return ending.length === 0 && health.every(({ state }) => state === 'ready');
}
