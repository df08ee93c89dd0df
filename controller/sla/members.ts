import { type Leaf, measuredBy } from '../../constructs/spec/constraint.ts';
import type { Environment, Guarantee } from '../../synth/environment.ts';
import { type Agreement, agreementsOf } from './agreement.ts';
import { type Baseline, baselineOf, COMMIT_RESOLUTION_MS } from './baseline.ts';
import { type History, NO_TASK_HISTORY } from './history.ts';
import { horizonOf, mayScaleIn } from './horizon.ts';
import { lifeOf } from './life.ts';
import { namesOf, ownTotals } from './measure.ts';
import { type JudgeInput, type Known, keyOf, type Member, type Part } from './member.ts';
import { withReported } from './reported.ts';

interface Remembered {
  readonly members: readonly Member[];
  readonly settledAtMs: number | undefined;
  /** Until when the same would come of the same. */
  readonly untilMs: number;
}

/** The members of one judge. They are made anew only where something about them has changed: mostly nothing has. */
export class Members {
  #environment: Environment | undefined;
  #history: History | undefined;
  #nowMs = 0;
  /** In the order of the environment's agreements. */
  #remembered: Remembered[] = [];
  /** Ids of tasks that any agreement may scale in. */
  #shrinking: ReadonlySet<string> = new Set();
  #all: readonly Member[] = NOBODY;

  /**
   * Of the agreements that are started: no other is judged. The same list as before, where it has the same members: what is made of it need
   * not be made anew.
   * @param reported as {@link reportedTo} gives it.
   */
  of({ environment, history, facts, only }: JudgeInput, reported: ReadonlySet<string>, nowMs: number): readonly Member[] {
    const agreements = agreementsOf(environment);
    let hasChanged = environment !== this.#environment;
    if (hasChanged) this.#enter(environment, agreements);
    const isSame = history === this.#history && nowMs >= this.#nowMs;
    this.#history = history;
    this.#nowMs = nowMs;
    for (let at = 0; at < agreements.length; at += 1) {
      const declared = agreements[at] as Agreement;
      const agreement = reported.size === 0 ? declared : withReported(declared, reported);
      const settledAtMs = facts.get(agreement.task.id)?.settledAtMs;
      const before = this.#remembered[at] as Remembered;
      if (isSame && nowMs < before.untilMs && before.settledAtMs === settledAtMs && agreement === declared) continue;
      const now = this.#look(agreement, history, settledAtMs, nowMs, before.members);
      this.#remembered[at] = now;
      hasChanged ||= now.members !== before.members;
    }
    if (hasChanged) this.#all = this.#remembered.flatMap(({ members }) => members);
    return only === undefined ? this.#all : measuredByAny(only, this.#all);
  }

  /** What was known of an agreement is handed on to the same one of another revision. */
  #enter(environment: Environment, agreements: readonly Agreement[]): void {
    const known = new Map(this.#remembered.map((one) => [one.members[0]?.agreement.id, one]));
    this.#remembered = agreements.map(({ id }) => ({ members: known.get(id)?.members ?? NOBODY, settledAtMs: undefined, untilMs: 0 }));
    this.#shrinking = new Set(agreements.filter(({ template }) => mayScaleIn(template)).map(({ task }) => task.id));
    this.#environment = environment;
  }

  #look(agreement: Agreement, history: History, settledAtMs: number | undefined, nowMs: number, before: readonly Member[]): Remembered {
    const mayShrink = this.#shrinking.has(agreement.task.id);
    const now = circumstancesOf(agreement, history, settledAtMs, mayShrink, nowMs);
    return { members: now === undefined ? NOBODY : membersOf(agreement, now, before), settledAtMs, untilMs: now?.untilMs ?? nowMs };
  }
}

const NOBODY: readonly Member[] = [];

function measuredByAny(pushed: ReadonlySet<string>, members: readonly Member[]): readonly Member[] {
  const measured = members.filter(({ parts }) => parts.some((part) => namesOf(part).some((name) => pushed.has(name))));
  const touched = new Set(measured.map(({ agreement }) => agreement.task.id));
  return members.filter(({ agreement }) => touched.has(agreement.task.id));
}

type Circumstances = Pick<Member, 'history' | 'since' | 'baseline' | 'sinceMs' | 'horizonMs'>;

/** Undefined unless the agreement is started. */
function circumstancesOf(
  agreement: Agreement,
  history: History,
  settledAtMs: number | undefined,
  mayShrink: boolean,
  nowMs: number,
): (Circumstances & Pick<Remembered, 'untilMs'>) | undefined {
  const { task, template } = agreement;
  const { state, since, expiresAtMs = Number.POSITIVE_INFINITY } = lifeOf(agreement, history, nowMs);
  if (state !== 'started') return undefined;
  const known = history.tasks.get(task.id) ?? NO_TASK_HISTORY;
  const found = since && baselineOf(known, since);
  const baseline = found && found.atMs > nowMs ? { ...found, atMs: nowMs } : found;
  const actedMs = baseline?.acted ? (settledAtMs ?? nowMs) + template.cooldown : 0;
  const sinceMs = since === undefined ? nowMs : Math.max(actedMs, Math.min(since.atMs + COMMIT_RESOLUTION_MS, nowMs));
  const isFixed = sinceMs < nowMs && found !== undefined && found.atMs < nowMs && (settledAtMs !== undefined || !found.acted);
  const horizonMs = horizonOf(template, mayShrink);
  return { history: known, since, baseline, sinceMs, horizonMs, untilMs: isFixed ? expiresAtMs : nowMs };
}

/** As they were `before`, unless anything about them has changed. */
function membersOf(agreement: Agreement, now: Circumstances, before: readonly Member[]): readonly Member[] {
  const [first] = before;
  if (first?.agreement === agreement && before.every((member) => isAsBefore(member, now))) return before;
  const { history, since, baseline, sinceMs, horizonMs } = now;
  const known = knownOf(before);
  const members = agreement.guarantees.map((guarantee) =>
    placesOf(agreement).map((placed) => {
      const parts = measuredBy(guarantee.constraint).map((leaf) => partOf(placed, guarantee, leaf, { baseline, horizonMs }, known));
      return { agreement: placed, guarantee, history, since, baseline, sinceMs, horizonMs, parts };
    }),
  );
  return members.length === 1 ? (members[0] ?? NOBODY) : members.flat();
}

function isAsBefore({ history, since, baseline, sinceMs, horizonMs }: Member, now: Circumstances): boolean {
  const isSame = history === now.history && since === now.since && sinceMs === now.sinceMs && horizonMs === now.horizonMs;
  return isSame && baseline?.revision === now.baseline?.revision && baseline?.atMs === now.baseline?.atMs;
}

function knownOf(before: readonly Member[]): ReadonlyMap<string, Known> {
  return new Map(before.flatMap(({ parts }) => parts.map((part) => [keyOf(part), part.known])));
}

/** The agreement on each infrastructure of its task, on the first as it is. */
function placesOf(agreement: Agreement): readonly Agreement[] {
  const { task } = agreement;
  const [, ...others] = task.infrastructures;
  return [agreement, ...others.map((infrastructure) => ({ ...agreement, task: { ...task, infrastructure } }))];
}

function partOf(
  agreement: Agreement,
  guarantee: Guarantee,
  leaf: Leaf,
  { baseline, horizonMs }: Pick<Part, 'baseline' | 'horizonMs'>,
  known: ReadonlyMap<string, Known>,
): Part {
  const measured = { agreement, guarantee, leaf };
  // Not spread: each object would have a shape of its own.
  return {
    agreement,
    guarantee,
    leaf,
    isCounter: guarantee.kind === 'counter' && leaf.over === undefined,
    baseline: baseline && ownBaseline(baseline, measured),
    horizonMs,
    known: known.get(keyOf(measured)) ?? { counter: undefined, answeredBy: undefined },
  };
}

/** With what was consumed of its metric alone. */
function ownBaseline(baseline: Baseline, measured: Pick<Part, 'agreement' | 'guarantee' | 'leaf'>): Baseline {
  const consumed = ownTotals(baseline.consumed, measured);
  return consumed === baseline.consumed ? baseline : { ...baseline, consumed };
}
