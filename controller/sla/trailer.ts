import { taskId } from '../../constructs/spec/names.ts';
import type { Commit, Revision } from '../ports.ts';

/** Series, `name{label="value"}` with sorted labels, to its value. */
export type Totals = Readonly<Record<string, number>>;

/** A decision as a commit keeps it: one self-contained line, from which a restarted controller knows what was done and on what evidence. */
export interface DecisionRecord {
  readonly id: string;
  /** Its name: other environments of the repository may have a task of the same name. */
  readonly environment: string;
  /** The task's id. */
  readonly task: string;
  readonly agreement: string;
  readonly guarantee: string;
  readonly from: number;
  readonly to: number;
  /** The replicas that a human chose last, from which decisions went on; decisions of old have none. */
  readonly original?: number;
  /** Nothing was known: `evidence` then says since when, and why; its value and limit mean nothing. */
  readonly fallback?: true;
  readonly evidence: {
    readonly value: number;
    readonly limit: number;
    /** RFC 3339. */
    readonly at: string;
    readonly source: string;
    /** Of every counter of the task: the new watermarks. */
    readonly consumed: Totals;
  };
  /** PromQL that shows what the guarantee was measured by; decisions of old have none, nor are they kept of many. */
  readonly queries?: readonly string[];
  readonly reason: string;
  readonly limitedBy?: string;
  readonly expects?: Expects;
  /** The commit that brought it has no trailer of it. */
  readonly squashed?: true;
}

/** What a scale-out is measured by afterwards, where its template says `expectWithin`. */
export interface Expects {
  /** Tells one template from another: with another one, what was futile before doesn't count. */
  readonly template: string;
  /** Scale-outs in a row right before this one that had no effect. */
  readonly futile: number;
}

const DECISION = 'Rotterdam-Decision';
const ALLOW_PRUNE = 'Rotterdam-Allow-Prune';

/** A word that lets deletions on an infrastructure go: a task's objects, or all when it names none. */
export interface PruneWord {
  readonly revision: Revision;
  readonly infrastructure: string;
  readonly task?: string;
}

/** `<infrastructure>` counts everywhere; `<environment>/<infrastructure>`, and that with a task, in one environment. */
export function allowPruneIn({ id: revision, message }: Commit, environment: string): readonly PruneWord[] {
  return trailerValues(message, ALLOW_PRUNE).flatMap((word) => {
    const isOwn = word.startsWith(`${environment}/`);
    const [infrastructure = '', task, ...more] = (isOwn ? word.slice(environment.length + 1) : word).split('/');
    if (more.length > 0 || (task !== undefined && !isOwn)) return [];
    return [{ revision, infrastructure, ...(task === undefined ? {} : { task }) }];
  });
}

/** `Rotterdam-Decision: {…}`; JSON escapes what would break the line. */
export function printDecision(decision: DecisionRecord): string {
  return `${DECISION}: ${JSON.stringify(decision)}`;
}

/** What a commit message says of decisions, oldest first. `git merge --squash` has the messages that it brings indented, the newest first. */
export function decisionLines(message: string): readonly string[] {
  const indented = message.split('\n').filter((line) => /^\s/.test(line));
  const squashed = trailerValues(indented.map((line) => line.trimStart()).join('\n'), DECISION).toReversed();
  return [...trailerValues(message, DECISION), ...squashed];
}

/** The values of every line of a commit message that begins with `key: `. */
export function trailerValues(message: string, key: string): readonly string[] {
  return message.split('\n').flatMap((line) => (line.startsWith(`${key}:`) ? [line.slice(key.length + 1).trim()] : []));
}

/** A trailer's value as a decision, or undefined when it isn't a whole one. A task's id may be written in both forms. */
export function parseDecision(value: string): DecisionRecord | undefined {
  const decision = json(value);
  if (!isRecord(decision) || !isRecord(decision.evidence)) return undefined;
  const { evidence } = decision;
  const texts = [
    decision.id,
    decision.environment,
    decision.task,
    decision.agreement,
    decision.guarantee,
    decision.reason,
    evidence.at,
    evidence.source,
  ];
  const counts = [decision.from, decision.to, ...(decision.original === undefined ? [] : [decision.original])];
  if (!texts.every((text) => typeof text === 'string') || !counts.every(isCount) || !isTotals(evidence.consumed)) return undefined;
  if (typeof evidence.value !== 'number' || typeof evidence.limit !== 'number') return undefined;
  const { expects, queries, ...record } = decision as unknown as DecisionRecord;
  return {
    ...{ ...record, task: taskId(record.task) },
    ...(isTexts(queries) ? { queries } : {}),
    ...(isExpects(expects) ? { expects } : {}),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isExpects(value: unknown): value is Expects {
  return isRecord(value) && typeof value.template === 'string' && isCount(value.futile);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isTotals(value: unknown): value is Totals {
  return isRecord(value) && Object.values(value).every((total) => typeof total === 'number');
}
