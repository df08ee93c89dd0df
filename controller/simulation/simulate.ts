import type { Environment, Task } from '../../synth/environment.ts';
import { type Decision, decide, type TaskDecision } from '../adaptation/decide.ts';
import { decisionMessage } from '../adaptation/message.ts';
import type { Clock, Commit, Log, MetricSource } from '../ports.ts';
import { EMPTY_HISTORY, foldHistory, type History } from '../sla/history.ts';
import { createJudge, type Judgement, type TaskFacts, type Verdict } from '../sla/judge.ts';
import type { DecisionRecord } from '../sla/trailer.ts';

export interface SimulationOptions {
  /** With one task: that with its templates is what is simulated, from the replicas of its spec. */
  readonly environment: Environment;
  readonly source: MetricSource;
  readonly fromMs: number;
  readonly toMs: number;
  /** How often agreements are judged. */
  readonly stepMs: number;
  /** How long each rollout takes. */
  readonly settleMs: number;
}

/** One evaluation. */
export interface Point {
  readonly atMs: number;
  /** From then on, with what was decided. */
  readonly replicas: number;
  /** One of each guarantee. */
  readonly verdicts: readonly { readonly guarantee: string; readonly verdict: Verdict }[];
  readonly decision: Decision;
}

export interface Simulated {
  readonly fromMs: number;
  readonly toMs: number;
  /** In the order of their time; one that was acted on is followed by one of the same time. */
  readonly points: readonly Point[];
  readonly decisions: readonly (DecisionRecord & { readonly atMs: number })[];
}

/**
 * Judges and decides as the controller does, on a clock of its own: every `stepMs`, once more after each decision, and when its rollout has settled. Decisions
 * are commits of a history in memory. What was recorded doesn't change with the replicas. The same input, the same result.
 */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { environment, source, fromMs, toMs, stepMs, settleMs } = options;
  const [declared] = environment.tasks.values();
  if (declared === undefined) throw new Error('A simulation needs a task');
  let nowMs = fromMs;
  const judge = createJudge({ sourceOf: () => [source], clock: clockAt(() => nowMs), log: SILENT, evaluateEveryMs: stepMs });
  let task = declared;
  let past = createPast(environment.name, task, fromMs);
  let settlesAtMs = fromMs;
  let nextMs = fromMs;
  const points: Point[] = [];
  const decisions: Simulated['decisions'][number][] = [];
  for (; nowMs <= toMs; nowMs = Math.min(nextMs, settlesAtMs > nowMs ? settlesAtMs : nextMs)) {
    nextMs = nowMs + stepMs;
    const now = { ...environment, tasks: new Map([[task.name, task]]) };
    const facts = new Map([[task.id, factsOf(task, settlesAtMs, nowMs)]]);
    const input = { environment: now, history: past.history, facts };
    const judgements = await judge.judge(input);
    const [decided] = decide(judgements, { ...input, nowMs });
    const record = decided?.record;
    if (record !== undefined) {
      task = { ...task, spec: { ...task.spec, replicas: record.to } };
      past = past.with(record, task, nowMs);
      settlesAtMs = nowMs + settleMs;
      nextMs = nowMs;
      decisions.push({ ...record, atMs: nowMs });
    }
    points.push(pointOf(nowMs, task, judgements, decided));
  }
  return { fromMs, toMs, points, decisions };
}

function pointOf(atMs: number, { spec }: Task, judgements: readonly Judgement[], decided: TaskDecision | undefined): Point {
  return {
    atMs,
    replicas: spec.replicas,
    verdicts: judgements.map(({ guarantee, verdict }) => ({ guarantee, verdict })),
    decision: decided?.decision ?? { kind: 'hold', reason: 'Nothing was judged' },
  };
}

function factsOf({ id, spec }: Task, settlesAtMs: number, nowMs: number): TaskFacts {
  const known = { taskId: id, desired: spec.replicas };
  if (settlesAtMs <= nowMs) return { ...known, settledAtMs: settlesAtMs };
  return { ...known, settledAtMs: undefined, unsettledReason: 'its rollout has not settled' };
}

interface Past {
  readonly history: History;
  with(record: DecisionRecord, task: Task, atMs: number): Past;
}

/** What commits would have told: the one that declared the task, and one for each decision. */
function createPast(environment: string, declared: Task, fromMs: number): Past {
  const path = declared.origin.file;
  const blobs: Task[] = [];
  const commitOf = (task: Task, message: string, atMs: number): Commit => {
    const at = blobs.push(task) - 1;
    return {
      id: `simulated-${at}`,
      parents: at === 0 ? [] : [`simulated-${at - 1}`],
      // As git keeps it.
      committedAtMs: Math.floor(atMs / 1000) * 1000,
      author: { name: 'simulation', email: '' },
      message,
      changes: [{ path, before: at === 0 ? null : `${at - 1}`, after: `${at}` }],
    };
  };
  const tasksIn = (_: string, blob: string) => {
    const task = blobs[Number(blob)];
    return task === undefined ? [] : [{ name: task.name, replicas: task.spec.replicas, qos: task.qos.map(({ name }) => name) }];
  };
  const after = (history: History, commit: Commit): Past => {
    const folded = foldHistory(history, [commit], { environment, tasksIn });
    return {
      history: folded,
      with: (record, task, atMs) => after(folded, commitOf(task, decisionMessage([{ ...record, name: task.name, path }]), atMs)),
    };
  };
  return after(EMPTY_HISTORY, commitOf(declared, 'Declare the task', fromMs));
}

/** A recording answers at once: nobody waits for time to pass. */
function clockAt(now: () => number): Clock {
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  return { now, sleep };
}

const quiet = () => undefined;
const SILENT: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
