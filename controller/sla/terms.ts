import type { Guarantee } from '../../synth/environment.ts';
import type { Verdict } from './verdict.ts';

/** What a measure is judged by. */
export interface Terms {
  readonly guarantee: Guarantee;
  readonly nowMs: number;
  /** Violations are counted after this, and not longer than the window ago. */
  readonly sinceMs: number;
  readonly windowMs: number;
  readonly evaluateEveryMs: number;
  /** Why the verdict is unknown when there is no series, and when none is recent. */
  readonly absent: string;
  readonly stale: string;
}

export interface Measured {
  readonly verdict: Verdict;
  readonly violations: number;
}

/** The window is cut in slots of one evaluation period, counted back from now. */
export function slotOf(atMs: number, { nowMs, evaluateEveryMs }: Terms): number {
  return Math.floor((nowMs - atMs) / evaluateEveryMs);
}
