import type { Happening } from './happening.ts';
import type { TaskHistory } from './history.ts';
import type { Totals } from './trailer.ts';

/** Where an agreement's evidence begins: at its creation or its last start, the last decision on its task, or a human's last change of the replicas. */
export interface Baseline {
  readonly revision: string;
  /** Samples up to here are no evidence. */
  readonly atMs: number;
  /** Watermarks that the last decision wrote down. */
  readonly consumed: Totals;
  /** True when that decision is the baseline: `consumed` then stands above what samples up to `atMs` say. */
  readonly decided: boolean;
  /** False when nothing but the agreement's creation or start happened to the task. */
  readonly acted: boolean;
}

/** Commits tell whole seconds: the last millisecond of the second is meant, so that nothing from before is taken for new. */
export const COMMIT_RESOLUTION_MS = 999;

const NOTHING: Totals = {};

/** @param since when the agreement was created or started, as {@link lifeOf} says it. */
export function baselineOf(history: TaskHistory, since: Happening): Baseline {
  const decision = history.decisions.at(-1);
  const last = [history.human, decision].reduce<Happening>(
    (latest, next) => (next !== undefined && next.order >= latest.order ? next : latest),
    since,
  );
  return {
    revision: last.revision,
    atMs: last.atMs + COMMIT_RESOLUTION_MS,
    consumed: decision?.evidence.consumed ?? NOTHING,
    decided: decision !== undefined && last === decision,
    acted: decision !== undefined || history.human !== undefined,
  };
}
