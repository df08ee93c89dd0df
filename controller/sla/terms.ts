import type { Freshness } from './freshness.ts';
import type { Judgement } from './verdict.ts';

/** What a guarantee is judged by. */
export interface Terms extends Freshness {
  readonly nowMs: number;
  /** Violations are counted after this, and not longer than the window ago. */
  readonly sinceMs: number;
  readonly windowMs: number;
}

export type Measured = Pick<Judgement, 'verdict' | 'violations' | 'past' | 'knownSinceMs' | 'violatedSinceMs' | 'knownUntilMs'>;

/** The window is cut in slots of one evaluation period, counted back from now. */
export function slotOf(atMs: number, { nowMs, evaluateEveryMs }: Terms): number {
  return Math.floor((nowMs - atMs) / evaluateEveryMs);
}
