import type { Issue } from '../constructs/spec/issue.ts';
import type { Environment, Task } from '../synth/environment.ts';
import type { Revision } from './ports.ts';

/** What is in force, and what has been seen of it: what readers by REST ask, without asking anybody else. */
export interface View {
  readonly environment: Environment;
  readonly revision: Revision;
  /** By path: the last commit that changed it. `author` is `Name <email>`. */
  readonly touched: ReadonlyMap<string, { readonly revision: Revision; readonly atMs: number; readonly author: string }>;
  /** When a task was first declared; undefined where the history doesn't tell. */
  readonly begunAtMs: (task: Task) => number | undefined;
  taskStatus(task: Task): TaskStatus;
  /** All agreements, as SLALite gives them. */
  agreements(): readonly AgreementView[];
  /** Undefined when it isn't looked after here. */
  infrastructureStatus(name: string): InfrastructureStatus | undefined;
}

/** What the controller has seen, as `status --json` and `/api/v1/status` show it. Times are RFC 3339. */
export interface Status {
  readonly environment: string;
  /** The revision in force; null before there is one. */
  readonly revision: string | null;
  /** The branch's tip; differs from `revision` while the tip is not valid. */
  readonly tip: string | null;
  /** Why the repository can't be read or written, when it can't. */
  readonly reason?: string;
  /** What somebody should know of how decisions are written. */
  readonly conditions: readonly ConditionStatus[];
  readonly issues: readonly Issue[];
  readonly infrastructures: readonly InfrastructureStatus[];
  readonly tasks: readonly TaskStatus[];
  readonly functions: readonly FunctionStatus[];
}

export interface ConditionStatus {
  /** `WaitsForMerge`, `WriteRefused`, `ManyCommits` */
  readonly type: string;
  readonly reason: string;
  readonly since: string;
}

/** `unknown`: nobody looks at it here. */
export type InfrastructureState =
  | 'ready'
  | 'progressing'
  | 'degraded'
  | 'held'
  | 'suspended'
  | 'waiting'
  | 'removing'
  | 'unreachable'
  | 'failed'
  | 'unknown';

export interface InfrastructureStatus {
  readonly name: string;
  readonly state: InfrastructureState;
  /** The revision applied there last; null before the first. */
  readonly revision: string | null;
  /** When that was done, as far as this watch knows. */
  readonly appliedAt?: string;
  readonly reason?: string;
}

export interface TaskStatus {
  readonly id: string;
  readonly name: string;
  readonly dock: string;
  /** The first of several. */
  readonly infrastructure: string;
  /** When there are several, in their order; replicas and health are then those of the one that is worst off. */
  readonly infrastructures?: readonly TaskPlaceStatus[];
  readonly replicas: { readonly desired: number; readonly ready: number };
  readonly health: string;
  /** The autoscaler that sets the replicas, whatever the document says: `HorizontalPodAutoscaler web`. */
  readonly scaledBy?: string;
  readonly reason?: string;
  readonly url?: string;
  /** Of a COMPSs task: all of its workers, on all of its infrastructures, from when all are ready. */
  readonly workers?: readonly WorkerAddress[];
  readonly agreements: readonly AgreementStatus[];
  /** What is done about all of its agreements together; absent before they were judged. */
  readonly decision?: DecisionStatus;
}

export type DecisionStatus =
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'scale'; readonly from: number; readonly to: number; readonly reason: string; readonly limitedBy?: string };

export interface WorkerAddress {
  readonly name: string;
  /** Where a master reaches it. */
  readonly ip: string;
  readonly hostIp: string;
  readonly podIp: string;
  /** Its pod's phase. */
  readonly status: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number;
}

export interface TaskPlaceStatus {
  readonly name: string;
  readonly ready: number;
  readonly health: string;
  readonly reason?: string;
}

export interface AgreementStatus {
  readonly id: string;
  readonly guarantee: string;
  /** `stopped` and `terminated` ones are not judged. */
  readonly state: 'met' | 'violated' | 'unknown' | 'stopped' | 'terminated';
  readonly value?: number;
  readonly limit?: number;
  readonly evidenceAt?: string;
  /** Where the evidence was found. */
  readonly source?: string;
  /** Of a constraint on several metrics: what each shows, or why that is unknown. */
  readonly shows?: Readonly<Record<string, number | string>>;
  /** What is left of the agreement's error budget, a ratio; below 0 when it is overspent. */
  readonly budgetRemaining?: number;
  /** Inside the template's window, and how many of them are let pass. */
  readonly violations?: number;
  readonly maxAllowed?: number;
  /** What this guarantee alone would have done; the task's decision may be another one's. */
  readonly decision?: DecisionStatus;
  /** Its scale-outs brought nothing: it makes no more until somebody changes the replicas or the template. */
  readonly ineffective?: true;
  /** Why it is unknown or isn't judged, or why nothing is done about a violation. */
  readonly reason?: string;
}

/** An agreement as SLALite's REST API gives it. Times are RFC 3339. */
export interface AgreementView {
  readonly id: string;
  readonly name: string;
  readonly state: 'started' | 'stopped' | 'terminated';
  readonly details: {
    readonly id: string;
    readonly type: 'agreement';
    readonly name: string;
    readonly provider: { readonly id: string; readonly name: string };
    readonly client: { readonly id: string; readonly name: string };
    readonly creation?: string;
    readonly expiration?: string;
    readonly guarantees: readonly object[];
  };
  readonly assessment: { readonly guarantees: Readonly<Record<string, AssessmentView>> };
}

/** How a guarantee was judged last. */
export interface AssessmentView {
  readonly last_execution?: string;
  readonly state: AgreementStatus['state'];
  readonly reason?: string;
  readonly last_values: Readonly<Record<string, { readonly key: string; readonly value: number; readonly datetime?: string }>>;
}

export interface FunctionStatus {
  readonly id: string;
  readonly name: string;
  readonly dock: string;
  readonly infrastructure: string;
  readonly state: 'waiting';
  readonly reason: string;
}
