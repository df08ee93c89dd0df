import type { Reach } from '../../../constructs/exposure.ts';

export type HealthState = 'ready' | 'progressing' | 'failed' | 'terminating' | 'missing';

/** What a rule says of an object. */
export interface Verdict {
  readonly state: HealthState;
  /** For people; empty when there is nothing to say. */
  readonly reason: string;
  /** Workloads only: replicas asked for, and those that are ready. */
  readonly desired?: number;
  readonly ready?: number;
  /** Services and Routes only: how they are reached from outside, when it is the cluster that says so. */
  readonly reach?: Reach;
}

export const READY: Verdict = { state: 'ready', reason: '' };
export const progressing = (reason: string): Verdict => ({ state: 'progressing', reason });
export const failed = (reason: string): Verdict => ({ state: 'failed', reason });
