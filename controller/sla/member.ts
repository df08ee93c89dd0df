import { type Leaf, measuredBy } from '../../constructs/spec/constraint.ts';
import type { Environment, Guarantee } from '../../synth/environment.ts';
import { type Agreement, agreementsOf } from './agreement.ts';
import { type Baseline, baselineOf, COMMIT_RESOLUTION_MS } from './baseline.ts';
import type { Happening } from './happening.ts';
import { type History, NO_TASK_HISTORY, type TaskHistory } from './history.ts';
import { horizonOf, mayScaleIn } from './horizon.ts';
import { lifeOf } from './life.ts';
import { namesOf, ownTotals } from './measure.ts';
import { withReported } from './reported.ts';

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
  /** Of all its parts. */
  readonly names: readonly string[];
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
  readonly key: string;
  readonly agreement: Agreement;
  readonly guarantee: Guarantee;
  readonly leaf: Leaf;
  readonly names: readonly string[];
  /** Judged by what is new since a watermark. Functions over a window look at samples as they are. */
  readonly isCounter: boolean;
  /** With what was consumed of this metric alone. */
  readonly baseline: Baseline | undefined;
  readonly horizonMs: number;
}

export interface JudgeInput {
  readonly environment: Environment;
  readonly history: History;
  /** By task id. */
  readonly facts: ReadonlyMap<string, TaskFacts>;
  /** Metric names that were pushed: only tasks that one of them measures are judged, with all their agreements. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Of the agreements that are started: no other is judged.
 * @param reported as {@link reportedTo} gives it.
 */
export function membersOf(
  { environment, history, facts, only }: JudgeInput,
  reported: ReadonlySet<string>,
  nowMs: number,
): readonly Member[] {
  const agreements = agreementsOf(environment);
  const shrinking = new Set(agreements.filter(({ template }) => mayScaleIn(template)).map(({ task }) => task.id));
  const members = agreements.flatMap((declared) => {
    const agreement = reported.size === 0 ? declared : withReported(declared, reported);
    const settledAtMs = facts.get(agreement.task.id)?.settledAtMs;
    const mayShrink = shrinking.has(agreement.task.id);
    const before = REMEMBERED.get(agreement);
    const isSame = before?.history === history && before.settledAtMs === settledAtMs && before.mayShrink === mayShrink;
    if (before !== undefined && isSame && nowMs >= before.atMs && nowMs < before.untilMs) return before.members;
    const now = circumstancesOf(agreement, { history, settledAtMs, mayShrink }, nowMs);
    const known = now === undefined ? NOBODY : remembered(agreement, now, before?.members ?? NOBODY);
    REMEMBERED.set(agreement, { history, settledAtMs, mayShrink, atMs: nowMs, untilMs: now?.untilMs ?? nowMs, members: known });
    return known;
  });
  if (only === undefined) return asBefore(environment, members);
  const touched = new Set(members.filter(({ names }) => names.some((name) => only.has(name))).map(({ agreement }) => agreement.task.id));
  return members.filter(({ agreement }) => touched.has(agreement.task.id));
}

const TOGETHER = new WeakMap<Environment, readonly Member[]>();

/** The same list, where it has the same members: what is made of it need not be made anew. */
function asBefore(environment: Environment, members: readonly Member[]): readonly Member[] {
  const before = TOGETHER.get(environment);
  if (before?.length === members.length && members.every((member, at) => member === before[at])) return before;
  TOGETHER.set(environment, members);
  return members;
}

type Circumstances = Pick<Member, 'history' | 'since' | 'baseline' | 'sinceMs' | 'horizonMs'>;

interface Given {
  readonly history: History;
  readonly settledAtMs: number | undefined;
  /** Whether any agreement of its task may scale it in. */
  readonly mayShrink: boolean;
}

/** What members were made of the last time, and until when the same would come of the same. */
const REMEMBERED = new WeakMap<
  Agreement,
  Given & { readonly atMs: number; readonly untilMs: number; readonly members: readonly Member[] }
>();
const NOBODY: readonly Member[] = [];

/** Undefined unless the agreement is started. */
function circumstancesOf(agreement: Agreement, { history, settledAtMs, mayShrink }: Given, nowMs: number) {
  const { task, template } = agreement;
  const { state, since, expiresAtMs = Number.POSITIVE_INFINITY } = lifeOf(agreement, history, nowMs);
  if (state !== 'started') return undefined;
  const known = history.tasks.get(task.id) ?? NO_TASK_HISTORY;
  const found = since && baselineOf(known, since);
  const baseline = found && { ...found, atMs: Math.min(found.atMs, nowMs) };
  const actedMs = baseline?.acted ? (settledAtMs ?? nowMs) + template.cooldown : 0;
  const sinceMs = since === undefined ? nowMs : Math.max(actedMs, Math.min(since.atMs + COMMIT_RESOLUTION_MS, nowMs));
  const isFixed = sinceMs < nowMs && found !== undefined && found.atMs < nowMs && (settledAtMs !== undefined || !found.acted);
  const horizonMs = horizonOf(template, mayShrink);
  return { history: known, since, baseline, sinceMs, horizonMs, untilMs: isFixed ? expiresAtMs : nowMs };
}

/** Its members as they were `before`, unless anything about them has changed: mostly nothing has. */
function remembered(agreement: Agreement, now: Circumstances, before: readonly Member[]): readonly Member[] {
  if (before.length > 0 && before.every((member) => isAsBefore(member, now))) return before;
  const { history, since, baseline, sinceMs, horizonMs } = now;
  return agreement.guarantees.flatMap((guarantee) =>
    placesOf(agreement).map((placed) => {
      const parts = measuredBy(guarantee.constraint).map((leaf) => ({ ...partOf(placed, guarantee, leaf, baseline), horizonMs }));
      const names = parts.flatMap((part) => part.names);
      return { agreement: placed, guarantee, names, history, since, baseline, sinceMs, horizonMs, parts };
    }),
  );
}

/** The agreement on each infrastructure of its task, on the first as it is. */
function placesOf(agreement: Agreement): readonly Agreement[] {
  const { task } = agreement;
  const [, ...others] = task.infrastructures;
  return [agreement, ...others.map((infrastructure) => ({ ...agreement, task: { ...task, infrastructure } }))];
}

function isAsBefore({ history, since, baseline, sinceMs, horizonMs }: Member, now: Circumstances): boolean {
  const isSame = history === now.history && since === now.since && sinceMs === now.sinceMs && horizonMs === now.horizonMs;
  return isSame && baseline?.revision === now.baseline?.revision && baseline?.atMs === now.baseline?.atMs;
}

function partOf(agreement: Agreement, guarantee: Guarantee, leaf: Leaf, baseline: Baseline | undefined): Omit<Part, 'horizonMs'> {
  const { infrastructure, infrastructures } = agreement.task;
  const place = infrastructure === infrastructures[0] ? '' : ` ${infrastructure}`;
  const key = `${agreement.id} ${guarantee.name} ${leaf.text}${place}`;
  const isCounter = guarantee.kind === 'counter' && leaf.over === undefined;
  const names = namesOf(agreement, guarantee, leaf);
  const own = baseline && { ...baseline, consumed: ownTotals(baseline.consumed, { agreement, guarantee, names }) };
  return { key, agreement, guarantee, leaf, names, isCounter, baseline: own };
}
