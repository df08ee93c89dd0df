import type { SyncEngine, SyncReport, SyncTarget } from './engine.ts';
import type { SyncProgress } from './execute.ts';
import { unlessAborted } from './watch/unless-aborted.ts';

/**
 * Syncs, and again whenever something moved, until no change waits for a task, or nothing moves any more: what is waited for was
 * refused, or has failed. The report is the last one, with all that was applied.
 */
export async function syncInTurns(
  engine: SyncEngine,
  target: SyncTarget,
  signal?: AbortSignal,
  progress?: (news: SyncProgress) => void,
): Promise<SyncReport> {
  let wake = () => {};
  const stop = engine.onChange(() => wake());
  try {
    let [before, wasStill]: [SyncReport | undefined, boolean] = [undefined, false];
    for (;;) {
      const moved = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const last = await engine.sync(target, signal, progress);
      before = joined(before, last);
      // What moved while it was looked at is not yet seen: it is still when it is so twice.
      if (last.waiting.length === 0 || (isStill(last) && wasStill)) return before;
      wasStill = isStill(last);
      if (!wasStill) await unlessAborted(moved, signal);
    }
  } finally {
    stop();
  }
}

function isStill({ applied, health }: SyncReport): boolean {
  return applied.length === 0 && health.every(({ state }) => state !== 'progressing' && state !== 'terminating');
}

function joined(before: SyncReport | undefined, last: SyncReport): SyncReport {
  if (before === undefined) return last;
  return { ...last, applied: [...before.applied, ...last.applied], durationMs: before.durationMs + last.durationMs };
}
