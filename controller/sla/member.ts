import type { Leaf } from '../../constructs/spec/constraint.ts';
import type { Environment, Guarantee } from '../../synth/environment.ts';
import type { Agreement } from './agreement.ts';
import type { Baseline } from './baseline.ts';
import type { Counter } from './counter.ts';
import type { Happening } from './happening.ts';
import type { History, TaskHistory } from './history.ts';

/** What the rest of the controller knows of a task. */
export interface TaskFacts {
  readonly taskId: string;
  /** Replicas in the documents in force. */
  readonly desired: number;
  /** When the rollout of the replicas in force had settled first; undefined until it has. Evidence counts from here on. */
  readonly settledAtMs: number | undefined;
  /** Why the task doesn't run as wanted now, also when it once had settled: nothing is decided meanwhile. */
  readonly unsettledReason?: string;
  /** The autoscaler that sets its replicas: nothing is decided meanwhile. */
  readonly scaledBy?: string;
}

/** One guarantee of one agreement on one infrastructure of its task, with all that it is judged by but its samples. */
export interface Member {
  /** As if its task were on this infrastructure alone. */
  readonly agreement: Agreement;
  readonly guarantee: Guarantee;
  readonly history: TaskHistory;
  /** When the agreement was created or started. */
  readonly since: Happening | undefined;
  readonly baseline: Baseline | undefined;
  /** Violations before this are consumed. */
  readonly sinceMs: number;
  /** How far back it is looked at what it was worth. */
  readonly horizonMs: number;
  /** One for each leaf of its constraint. */
  readonly parts: readonly Part[];
}

/** What is read for a guarantee: the series of one metric. */
export interface Part {
  readonly agreement: Agreement;
  readonly guarantee: Guarantee;
  readonly leaf: Leaf;
  /** Judged by what is new since a watermark. Functions over a window look at samples as they are. */
  readonly isCounter: boolean;
  /** With what was consumed of this metric alone. */
  readonly baseline: Baseline | undefined;
  readonly horizonMs: number;
  readonly known: Known;
}

/** What earlier readings of a part came to; changed by each. A cache: what is lost with the process is read again from the sources. */
export interface Known {
  counter: Counter | undefined;
  /** The source that had its series: when that is the first one, it is asked alone, so that no other delays it. */
  answeredBy: string | undefined;
}

export interface JudgeInput {
  readonly environment: Environment;
  readonly history: History;
  /** By task id. */
  readonly facts: ReadonlyMap<string, TaskFacts>;
  /** Metric names that were pushed: only tasks that one of them measures are judged, with all their agreements. */
  readonly only?: ReadonlySet<string>;
}

/** Tells a part from all others, also where another revision has made it anew. */
export function keyOf({ agreement, guarantee, leaf }: Pick<Part, 'agreement' | 'guarantee' | 'leaf'>): string {
  const { infrastructure, infrastructures } = agreement.task;
  const place = infrastructure === infrastructures[0] ? '' : ` ${infrastructure}`;
  return `${agreement.id} ${guarantee.name} ${leaf.text}${place}`;
}
