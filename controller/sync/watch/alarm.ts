import type { Clock } from '../../ports.ts';

/** Rings once at the earliest of the times that it was set to. */
export interface Alarm {
  set(atMs: number): void;
  close(): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let pending: { readonly atMs: number; readonly off: AbortController } | undefined;
  return {
    set(atMs) {
      if (pending !== undefined && pending.atMs <= atMs) return;
      pending?.off.abort(new Error('Set to an earlier time'));
      const own = { atMs, off: new AbortController() };
      pending = own;
      const rung = () => {
        if (pending !== own) return;
        pending = undefined;
        ring();
      };
      void clock.sleep(Math.max(0, atMs - clock.now()), own.off.signal).then(rung, () => undefined);
    },
    close() {
      pending?.off.abort(new Error('Closed'));
      pending = undefined;
    },
  };
}
