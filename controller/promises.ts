import { isDeepStrictEqual } from 'node:util';
import type { Task } from '../synth/environment.ts';
import { type Decision, decide, type Proposal, type TaskDecision } from './adaptation/decide.ts';
import type { Desired } from './desired.ts';
import type { Clock, Keep, Log, MetricSource } from './ports.ts';
import { backoff, Queue } from './queue.ts';
import { totalsOf } from './sla/counter.ts';
import { groupBy } from './sla/group-by.ts';
import type { History, TaskHistory } from './sla/history.ts';
import { createJudge, type Judge, type Judgement, type TaskFacts, type Verdict } from './sla/judge.ts';
import { type IdleAgreement, idleAgreements } from './sla/life.ts';
import { namesMeasuring } from './sla/measure.ts';
import type { AgreementStatus } from './status.ts';
import type { Rollout } from './worker.ts';

export interface PromisesOptions {
  /** What is wanted now. */
  readonly desired: () => Desired | undefined;
  /** What a guarantee is asked of: the source it names, else those of an infrastructure. */
  readonly sourcesOf: (infrastructure: string, source: string | undefined) => readonly MetricSource[];
  /** Where violations that others reported are counted, and what a restart must not lose is kept. */
  readonly keep?: Keep | undefined;
  /** Undefined: the infrastructure is not looked after here. */
  readonly rolloutOn: (infrastructure: string, task: Task) => Rollout | undefined;
  /** Why a task's last decision isn't in force yet; undefined when it is. */
  readonly waitsFor: (task: string) => string | undefined;
  /** Writes decisions made on `desired`; resolves with the time after which all is to be judged again, where that is soon. */
  readonly write: (desired: Desired, decisions: readonly TaskDecision[]) => Promise<number | undefined>;
  /** Told what was judged, and what has been decided until then. @param all whether all agreements were judged. */
  readonly observed: (desired: Desired, judgements: readonly Judgement[], all: boolean) => void;
  readonly evaluateEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** After a failure, also where the time of the next evaluation has come. */
const SHORTEST_PAUSE_MS = 1_000;

/** The loop that judges the agreements and decides. */
export class Promises {
  readonly #options: PromisesOptions;
  readonly #judge: Judge;
  readonly #queue: Queue;
  /** By task id: what was decided last, and on what judgements. */
  readonly #decided = new Map<string, TaskDecision>();
  /** By task id. */
  #idle: ReadonlyMap<string, readonly IdleAgreement[]> = new Map();
  #pushed = new Set<string>();
  #nextFullMs = 0;
  #reason: string | undefined;

  constructor(options: PromisesOptions) {
    this.#options = options;
    const { clock, log, evaluateEveryMs, sourcesOf, keep } = options;
    this.#judge = createJudge({ sourceOf: sourcesOf, keep, clock, log, evaluateEveryMs });
    this.#queue = new Queue({
      work: (signal) => this.#keep(signal),
      failed: ({ reason, againAfterMs }) => {
        if (reason !== this.#reason) log.warn({ reason, againAfterMs }, 'evaluation failed');
        this.#reason = reason;
      },
      // What can't be written now is judged all the same, when its time has come.
      pauseMs: (...failure) => Math.min(backoff(...failure), Math.max(SHORTEST_PAUSE_MS, this.#nextFullMs - clock.now())),
      clock,
    });
  }

  /** Metrics of these names were pushed: what they are evidence of is judged at once. */
  pushed(names: readonly string[]): void {
    for (const name of names) this.#pushed.add(name);
    this.#queue.look();
  }

  /** Why decisions can't be written, while they can't. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Everything is judged again: what is wanted, or what runs, has changed. */
  judgeAll(): void {
    this.#nextFullMs = 0;
    this.#queue.look();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  agreementsOf(task: Task): readonly AgreementStatus[] {
    const { proposals, idle } = this.judgedOf(task);
    return [...proposals.map(statusOf), ...idle.flatMap(idleStatus)];
  }

  /** How each guarantee of a task was judged, and the agreements that are not judged. */
  judgedOf({ id }: Task): { readonly proposals: readonly Proposal[]; readonly idle: readonly IdleAgreement[] } {
    return { proposals: this.#decided.get(id)?.proposals ?? [], idle: this.#idle.get(id) ?? [] };
  }

  /** What is done about a task's agreements, all together; undefined before they were judged. */
  decisionOn({ id }: Task): Decision | undefined {
    return this.#decided.get(id)?.decision;
  }

  /** Judges, decides, writes. After a push only what it is evidence of; everything when its time has come. */
  async #keep(signal: AbortSignal): Promise<number> {
    const { evaluateEveryMs, clock, write } = this.#options;
    const desired = this.#options.desired();
    if (desired?.inForce === undefined) return evaluateEveryMs;
    const { environment } = desired.inForce;
    const pushed = this.#pushed;
    this.#pushed = new Set();
    const leftMs = this.#nextFullMs - clock.now();
    // A clock that was set back must not stop the judging until it has caught up.
    const all = leftMs <= 0 || leftMs > evaluateEveryMs;
    if (all) this.#nextFullMs = clock.now() + evaluateEveryMs;
    const facts = this.#facts([...environment.tasks.values()], desired.history);
    const input = { environment, history: desired.history, facts };
    const judgements = await this.#judge.judge(all ? input : { ...input, only: pushed }, signal);
    this.#options.observed(desired, judgements, all);
    const decisions = decide(judgements, { ...input, nowMs: clock.now() });
    this.#note(decisions, pushed, all);
    if (all) this.#noteIdle(idleAgreements(environment, desired.history, clock.now()));
    const againMs = await write(desired, decisions);
    if (againMs !== undefined) this.#nextFullMs = Math.min(this.#nextFullMs, clock.now() + againMs);
    this.#reason = undefined;
    return Math.max(0, this.#nextFullMs - clock.now());
  }

  #facts(tasks: readonly Task[], history: History): ReadonlyMap<string, TaskFacts> {
    const { rolloutOn, waitsFor, clock } = this.#options;
    const nowMs = clock.now();
    return new Map(
      tasks.map((task) => {
        const known = factsOf(task, (place) => rolloutOn(place, task));
        const facts = { ...known, settledAtMs: settledMs(known.settledAtMs, history.tasks.get(task.id), nowMs) };
        const reason = waitsFor(task.id);
        return [task.id, reason === undefined ? facts : { ...facts, unsettledReason: reason }];
      }),
    );
  }

  #note(decisions: readonly TaskDecision[], pushed: ReadonlySet<string>, all: boolean): void {
    const before = new Map(this.#decided);
    if (all) this.#decided.clear();
    for (const decision of decisions) {
      this.#decided.set(decision.task, decision);
      this.#tellVerdicts(decision, before.get(decision.task), pushed);
      const hold = holdOf(decision);
      if (hold === undefined || timeless(hold) === timeless(holdOf(before.get(decision.task)))) continue;
      this.#options.log.info({ task: decision.task, reason: hold }, 'hold');
    }
  }

  /** Said once by each process: git has it. */
  #noteIdle(idle: readonly IdleAgreement[]): void {
    const known = new Map([...this.#idle.values()].flat().map(({ agreement, reason }) => [agreement.id, reason]));
    this.#idle = groupBy(idle, ({ agreement }) => agreement.task.id);
    for (const { agreement, state, reason } of idle) {
      if (known.get(agreement.id) === reason) continue;
      this.#options.log.info({ agreement: agreement.id, task: agreement.task.id, state, reason }, 'agreement');
    }
  }

  /** A verdict is news when it changed, or when somebody just pushed what it is about. */
  #tellVerdicts({ proposals }: TaskDecision, before: TaskDecision | undefined, pushed: ReadonlySet<string>): void {
    const known = new Map(before?.proposals.map(({ judgement }) => [guaranteeOf(judgement), judgement.verdict]));
    for (const { judgement } of proposals) {
      const { verdict, agreement, guarantee } = judgement;
      const last = known.get(guaranteeOf(judgement));
      const isNews = last === undefined || !showsTheSame(last, verdict);
      if (!isNews && !isMeasuredBy(judgement, pushed)) continue;
      const why = whyNothing(judgement);
      this.#options.log.info({ agreement: agreement.id, guarantee, task: agreement.task.id, ...shown(verdict), ...why }, 'verdict');
    }
  }
}

/** Whoever looks after the first infrastructure of a task decides; how it runs on those looked after elsewhere isn't known here. */
function factsOf(task: Task, rolloutOn: (infrastructure: string) => Rollout | undefined): TaskFacts {
  const { id, spec, infrastructures } = task;
  const rollouts = infrastructures.flatMap((place) => {
    const rollout = rolloutOn(place);
    return rollout === undefined ? [] : [{ place, ...rollout }];
  });
  const isHere = rollouts[0]?.place === infrastructures[0];
  const unsettled = rollouts.find(({ reason }) => reason !== undefined);
  const where = infrastructures.length === 1 ? '' : `${unsettled?.place}: `;
  const reason = isHere ? unsettled && `${where}${unsettled.reason}` : 'its infrastructure is not looked after here';
  const scaledBy = rollouts.find(({ health }) => health?.scaledBy !== undefined)?.health?.scaledBy;
  return {
    taskId: id,
    desired: spec.replicas,
    settledAtMs: isHere ? latest(rollouts.map(({ settledAtMs }) => settledAtMs)) : undefined,
    ...(reason === undefined ? {} : { unsettledReason: reason }),
    ...(scaledBy === undefined ? {} : { scaledBy }),
  };
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((last, atMs) => (last === undefined || atMs === undefined ? undefined : Math.max(last, atMs)));
}

/** Not before the change that it settles, whatever a cluster's clock says. */
function settledMs(settledAtMs: number | undefined, history: TaskHistory | undefined, nowMs: number): number | undefined {
  if (settledAtMs === undefined) return undefined;
  const changes = [history?.decisions.at(-1), history?.human].flatMap((one) => one?.atMs ?? []);
  return Math.max(settledAtMs, ...changes.filter((atMs) => atMs <= nowMs));
}

/** What is held for a while says for how long, and is the same hold as time passes. */
function timeless(reason: string | undefined): string | undefined {
  return reason?.replaceAll(/\b(?:\d+(?:ms|[dhms]))+\b/g, '');
}

/** Why nothing is done about a task one of whose promises is broken. */
function holdOf(decided: TaskDecision | undefined): string | undefined {
  const violated = decided?.proposals.some(({ judgement }) => judgement.verdict.state === 'violated');
  return violated && decided?.decision.kind === 'hold' ? decided.decision.reason : undefined;
}

function guaranteeOf({ agreement, guarantee }: Judgement): string {
  return `${agreement.id} ${guarantee}`;
}

function isMeasuredBy({ agreement, guarantee: name }: Judgement, pushed: ReadonlySet<string>): boolean {
  const guarantee = pushed.size === 0 ? undefined : agreement.guarantees.find((one) => one.name === name);
  return guarantee !== undefined && namesMeasuring(agreement, guarantee).some((metric) => pushed.has(metric));
}

/** Said of a counter that shows misses which were acted on, or were there before the agreement. */
function whyNothing({ kind, verdict, counted }: Judgement): { readonly reason?: string } {
  if (kind !== 'counter' || verdict.state !== 'met' || verdict.value !== 0) return {};
  const consumed = Object.entries(totalsOf(counted)).flatMap(([series, total]) => (total === 0 ? [] : [`${series} ${total}`]));
  return consumed.length === 0 ? {} : { reason: `nothing new: ${consumed.join(', ')} is already consumed` };
}

function shown(verdict: Judgement['verdict']): Readonly<Record<string, unknown>> {
  if (verdict.state === 'unknown') return verdict;
  const { state, value, limit, source } = verdict;
  return { state, value, limit, source };
}

function showsTheSame(one: Verdict, other: Verdict): boolean {
  if (one.state === 'unknown' || other.state === 'unknown') return isDeepStrictEqual(one, other);
  return one.state === other.state && Object.is(one.value, other.value) && one.limit === other.limit && one.source === other.source;
}

function idleStatus({ agreement, state, reason }: IdleAgreement): readonly AgreementStatus[] {
  return agreement.guarantees.map(({ name }) => ({ id: agreement.id, guarantee: name, state, reason }));
}

const statuses = new WeakMap<Proposal, AgreementStatus>();

/** Asked for by every reader; a proposal stays as it was made. */
function statusOf(proposal: Proposal): AgreementStatus {
  const known = statuses.get(proposal);
  if (known !== undefined) return known;
  const status = agreementStatus(proposal);
  statuses.set(proposal, status);
  return status;
}

function agreementStatus({ judgement, decision, ineffective }: Proposal): AgreementStatus {
  const { agreement, guarantee, verdict, violations, budgetRemaining } = judgement;
  const told = { id: agreement.id, guarantee, decision, ...(budgetRemaining === undefined ? {} : { budgetRemaining }) };
  if (verdict.state === 'unknown') return { ...told, state: 'unknown', reason: verdict.reason };
  const { state, value, limit, evidenceAtMs, source, shows } = verdict;
  const held = decision.kind === 'hold' ? decision.reason : undefined;
  const reason = state === 'violated' ? held : whyNothing(judgement).reason;
  const evidenceAt = new Date(evidenceAtMs).toISOString();
  const about = { state, value, limit, evidenceAt, source, violations, maxAllowed: agreement.template.maxAllowed };
  const more = { ...(shows && { shows }), ...(ineffective && { ineffective }), ...(reason === undefined ? {} : { reason }) };
  return { ...told, ...about, ...more };
}
