import type { Comparator } from '../../constructs/spec/constraint.ts';
import type { Agreement } from './agreement.ts';
import type { Counter } from './counter.ts';
import type { Happening } from './happening.ts';
import type { TaskHistory } from './history.ts';

/** What a verdict rests on. */
export interface Evidence {
  /** Of a counter what is new since the watermark, of a gauge the aggregated value; of several comparisons the first that decides. */
  readonly value: number;
  readonly limit: number;
  /** No part of the evidence is older: a counter's last growth (its newest sample when it never grew), a gauge's oldest newest sample, or when that was pushed. */
  readonly evidenceAtMs: number;
  /** Where the window begins that it rests on: there when there is one, as a function's or a range in a query. */
  readonly beginsAtMs?: number;
  readonly source: string;
  /** Of a constraint that is more than `metric comparator number`: what `value` and `limit` are the sides of, as written… */
  readonly compared?: string;
  readonly comparator?: Comparator;
  /** …and what each metric, or function of one, shows: its value, or why it is unknown. */
  readonly shows?: Readonly<Record<string, number | string>>;
}

/** An agreement's guarantee, judged. `unknown` never acts. */
export type Verdict = ({ readonly state: 'met' | 'violated' } & Evidence) | { readonly state: 'unknown'; readonly reason: string };

/** What a guarantee was worth at a time. */
export interface Worth {
  readonly atMs: number;
  readonly value: number;
  readonly holds: boolean;
}

export interface Judgement {
  readonly agreement: Agreement;
  readonly guarantee: string;
  readonly kind: 'counter' | 'gauge';
  readonly verdict: Verdict;
  /** Since when it is unknown; there when it is, and falls back. */
  readonly unknownSinceMs?: number;
  /** Of what falls back and is unknown: when its sources say that it was known last, where they were just asked. */
  readonly knownUntilMs?: number | undefined;
  /** What is left of the agreement's error budget, a ratio, below 0 when it is overspent; absent when nobody records it. */
  readonly budgetRemaining?: number;
  /** Inside the template's window, after the last action. */
  readonly violations: number;
  /** What it was worth inside the horizon of its task, one value an evaluation period, oldest first; absent when nobody looks back. */
  readonly past?: readonly Worth[];
  /** Since when, inside that horizon, the samples of all that it measures have come without a gap. */
  readonly knownSinceMs?: number | undefined;
  /** Of a gauge that is violated: when that began, where what was read reaches so far. */
  readonly violatedSinceMs?: number | undefined;
  /** How many series its source has of it. */
  readonly series: number;
  /** All counters of the task, as they stood: an action consumes {@link totalsOf} them. */
  readonly counted: readonly Counter[];
  /** When the agreement was created or started. */
  readonly since?: Happening | undefined;
  /** What was known of the task when it was judged: an action taken since makes the judgement void. */
  readonly history: TaskHistory;
}

export function unknown(reason: string): Verdict {
  return { state: 'unknown', reason };
}
