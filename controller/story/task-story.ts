import type { Effect } from '../adaptation/effect.ts';
import type { DecisionStatus } from '../status.ts';

/** The way from each promise of a task to what runs, now and for each past change of its replicas. Times are RFC 3339. */
export interface TaskStory {
  readonly task: string;
  readonly environment: string;
  /** In force. */
  readonly revision: string;
  /** `file:line:column` */
  readonly declaredAt: string;
  readonly replicas: number;
  /** When it was looked at. */
  readonly at: string;
  readonly promises: readonly PromiseTold[];
  /** Agreements that are not judged. */
  readonly idle: readonly { readonly agreement: string; readonly state: 'stopped' | 'terminated'; readonly reason: string }[];
  /** What is done about all of them; absent where nothing is promised. */
  readonly decision?: DecisionStatus;
  readonly rollout: readonly RolloutTold[];
  /** Newest first. */
  readonly actions: readonly ActionTold[];
}

export interface EvidenceTold {
  /** What the value is of, where the promise compares more than one metric with a number. */
  readonly compared?: string;
  readonly value: number;
  readonly limit: number;
  readonly at: string;
  readonly source: string;
}

export interface PromiseTold {
  readonly agreement: string;
  readonly guarantee: string;
  /** The condition that must hold, and what is done when it doesn't. */
  readonly promise: string;
  readonly answer: string;
  /** The commit that bound the task to it. */
  readonly since?: { readonly commit: string; readonly at: string };
  readonly kind: 'counter' | 'gauge';
  /** PromQL that shows what each of its metrics is measured by. */
  readonly queries: readonly string[];
  readonly series: number;
  readonly evidence?: EvidenceTold;
  readonly verdict: 'met' | 'violated' | 'unknown';
  /** Why it is unknown. */
  readonly reason?: string;
  /** Within the window. */
  readonly violations: number;
  /** What it alone would do. */
  readonly decision: DecisionStatus;
}

export interface RolloutTold {
  readonly infrastructure: string;
  /** As its inventory says. */
  readonly applied?: string;
  readonly desired?: number;
  readonly ready?: number;
  readonly health: string;
  /** Since when it is as it is, as far as the cluster tells. */
  readonly since?: string;
  /** Why it could not be looked at. */
  readonly failed?: string;
}

export interface ActionTold {
  readonly from: number;
  readonly to: number;
  readonly commit: CommitNamed;
  /** Absent where somebody changed the number by hand. */
  readonly decision?: DecisionTold;
}

export interface CommitNamed {
  readonly id: string;
  readonly at: string;
  /** `Name <email>` */
  readonly author?: string;
  readonly subject?: string;
}

export interface DecisionTold {
  readonly id: string;
  readonly agreement: string;
  readonly guarantee: string;
  /** As it was asked then; where that isn't known any more, as the agreement asks today, if there is one. */
  readonly queries: readonly string[];
  readonly evidence: EvidenceTold & { readonly consumed: Readonly<Record<string, number>> };
  readonly reason: string;
  readonly limitedBy?: string;
  /** Nothing was known of the promise: `evidence` says since when, and why. */
  readonly fallback?: true;
  /** Where the template expects one of a scale-out: whether the promise was kept again in time, or that is still waited for. */
  readonly effect?: Effect;
}
