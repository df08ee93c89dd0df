import { parseConstraint } from '../../../../constructs/spec/constraint.ts';
import { defaultsSpec } from '../../../../constructs/spec/defaults.ts';
import { taskId } from '../../../../constructs/spec/names.ts';
import { taskSpec } from '../../../../constructs/spec/task.ts';
import { QueryError } from '../../../../controller/errors.ts';
import type { Commit, Log, MetricSource, Series } from '../../../../controller/ports.ts';
import { samplesOf, seriesOf } from '../../../../controller/series.ts';
import { type Counter, startCounter } from '../../../../controller/sla/counter.ts';
import { EMPTY_HISTORY, foldHistory, type History, type TasksIn } from '../../../../controller/sla/history.ts';
import type { TaskFacts } from '../../../../controller/sla/judge.ts';
import { type DecisionRecord, printDecision } from '../../../../controller/sla/trailer.ts';
import type { Environment, Guarantee, QosTemplate, Task } from '../../../../synth/environment.ts';
import { answerJoined } from '../../../support/joined-queries.ts';

export const START_MS = 1_700_000_000_000;
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function guarantee(constraint: string, changes: Partial<Guarantee> = {}): Guarantee {
  const parsed = parseConstraint(constraint);
  return { name: parsed.metric, constraint: parsed, kind: 'counter', aggregate: 'sum', ...changes };
}

export function template(name: string, changes: Partial<QosTemplate> = {}): QosTemplate {
  const guarantees = changes.guarantees ?? [guarantee('deadlines_missed < 1')];
  return {
    name,
    type: 'app-compss',
    maxAllowed: 0,
    window: 5 * MINUTE,
    cooldown: 0,
    action: 'scale_out',
    scaleFactor: 1.5,
    minReplicas: 1,
    maxReplicas: 30,
    guarantees,
    ...changes,
  };
}

export function task(name: string, qos: readonly QosTemplate[], replicas = 4, infrastructure = 'modena'): Task {
  const spec = taskSpec.parse({ replicas, type: 'compss', containers: [{ image: 'example/worker' }] });
  const origin = { file: `environments/city/tasks/${name}.json`, line: 1, column: 1, index: 0 };
  return { id: taskId(name), name, infrastructure, infrastructures: [infrastructure], dock: 'class', spec, annotations: {}, qos, origin };
}

export function environment(tasks: readonly Task[]): Environment {
  return {
    name: 'city',
    defaults: defaultsSpec.parse({}),
    infrastructures: new Map(),
    templates: new Map(),
    docks: new Map(),
    tasks: new Map(tasks.map((one) => [one.name, one])),
    agreements: new Map(),
    agreementTemplates: new Map(),
    functions: new Map(),
    manifests: [],
    sources: new Map(),
    issues: [],
  };
}

/** A commit to fold: what tasks say before and after it. */
export interface Said {
  readonly atMs: number;
  readonly replicas: Readonly<Record<string, number>>;
  readonly qos?: readonly string[];
  readonly message?: string;
  readonly decisions?: readonly DecisionRecord[];
}

/** A history of commits that declare all their tasks in one file. */
export function historyOf(said: readonly Said[]): History {
  const blobs = new Map<string, Said>();
  const commits = said.map((one, index): Commit => {
    blobs.set(`b${index}`, one);
    const message = [one.message ?? 'Change tasks', '', ...(one.decisions ?? []).map(printDecision)].join('\n');
    return commit(index, one.atMs, message, [
      { path: 'environments/city/tasks/all.json', before: index === 0 ? null : `b${index - 1}`, after: `b${index}` },
    ]);
  });
  const tasksIn: TasksIn = (_, id) => {
    const { replicas, qos = ['DeadlinesMissed_1'] } = blobs.get(id) ?? { replicas: {} };
    return Object.entries(replicas).map(([name, count]) => ({ name, replicas: count, qos }));
  };
  return foldHistory(EMPTY_HISTORY, commits, { environment: 'city', tasksIn });
}

export function commit(index: number, atMs: number, message: string, changes: Commit['changes'] = [], parents = [`c${index - 1}`]): Commit {
  const author = { name: 'somebody', email: 'somebody@example.org' };
  return { id: `c${index}`, parents, committedAtMs: Math.floor(atMs / 1000) * 1000, author, message, changes };
}

export function decision(changes: Partial<DecisionRecord> & { consumed?: Readonly<Record<string, number>> } = {}): DecisionRecord {
  const { consumed = {}, ...rest } = changes;
  return {
    id: 'd1',
    environment: 'city',
    task: 'compss_workflow',
    agreement: 'compss_workflow_DeadlinesMissed_1',
    guarantee: 'deadlines_missed',
    from: 4,
    to: 6,
    evidence: { value: 1, limit: 1, at: '2023-11-14T22:13:20.000Z', source: 'prometheus', consumed },
    reason: 'deadlines_missed 1, promised < 1',
    ...rest,
  };
}

/** What counts for a task, as it stands. */
export function counted(consumed: Readonly<Record<string, number>>): readonly Counter[] {
  return [startCounter({ revision: 'c0', atMs: START_MS, consumed, decided: true, acted: true })];
}

export function settled(tasks: readonly Task[], atMs: number): ReadonlyMap<string, TaskFacts> {
  return new Map(tasks.map(({ id, spec }) => [id, { taskId: id, desired: spec.replicas, settledAtMs: atMs }]));
}

/** A Prometheus that scrapes what stands in a Pushgateway, whenever it is told to. */
export class FakePrometheus implements MetricSource {
  readonly name: string = 'prometheus';
  readonly queries: string[] = [];
  readonly #series = new Map<string, { name: string; labels: Record<string, string>; timesMs: number[]; values: number[] }>();
  readonly gateway = new Map<string, { name: string; labels: Record<string, string>; value: number }>();
  failing: Error | undefined;
  /** Whether a query that would get a series of this task is refused. */
  refuses: (task: string | undefined) => boolean = () => false;
  answer: ((expression: string, atMs: number) => readonly Series[]) | undefined;

  push(name: string, value: number, labels: Record<string, string> = { job: 'compss' }): void {
    this.gateway.set(JSON.stringify([name, labels]), { name, labels, value });
  }

  remove(name: string): void {
    for (const [key, series] of this.gateway) if (series.name === name) this.gateway.delete(key);
  }

  scrape(atMs: number, { up = true }: { up?: boolean } = {}): void {
    if (up) this.#sample('up', { job: 'pushgateway' }, atMs, 1);
    for (const { name, labels, value } of this.gateway.values()) this.#sample(name, labels, atMs, value);
  }

  /** Everything that it knew is gone. */
  lose(): void {
    this.#series.clear();
  }

  async samples(
    names: readonly string[],
    fromMs: number,
    toMs: number,
    _?: AbortSignal,
    tasks?: readonly string[],
  ): Promise<readonly Series[]> {
    this.queries.push(names.join('|'));
    if (this.failing !== undefined) throw this.failing;
    const asked = [...this.#series.values()]
      .filter(({ name }) => names.includes(name))
      .filter(({ labels }) => tasks === undefined || tasks.includes(labels.task ?? ''));
    if (asked.some(({ labels }) => this.refuses(labels.task))) throw new QueryError('prometheus refused a query: too many samples');
    return asked
      .map((series) =>
        seriesOf(
          series,
          samplesOf(series).filter(({ atMs }) => atMs > fromMs && atMs <= toMs),
        ),
      )
      .filter(({ timesMs }) => timesMs.length > 0);
  }

  async instant(expression: string, atMs: number, _?: AbortSignal, __?: number): Promise<readonly Series[]> {
    this.queries.push(expression);
    if (this.failing !== undefined) throw this.failing;
    return answerJoined(expression, (one) => this.answer?.(one, atMs) ?? []);
  }

  #sample(name: string, labels: Record<string, string>, atMs: number, value: number): void {
    const key = JSON.stringify([name, labels]);
    const series = this.#series.get(key) ?? { name, labels, timesMs: [], values: [] };
    series.timesMs.push(atMs);
    series.values.push(value);
    this.#series.set(key, series);
  }
}
