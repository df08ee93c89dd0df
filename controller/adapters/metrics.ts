import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the gauges show; read once at each scrape. */
export interface Observed {
  readonly conditions: readonly { readonly type: string }[];
  readonly infrastructures: readonly { readonly name: string; readonly state: string }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly replicas: { readonly desired: number; readonly ready: number };
    readonly agreements: readonly ObservedGuarantee[];
  }[];
}

/** Of a guarantee; what isn't known of it has no series. */
interface ObservedGuarantee {
  readonly id: string;
  readonly guarantee: string;
  readonly state: string;
  readonly value?: number;
  readonly limit?: number;
  /** RFC 3339. */
  readonly evidenceAt?: string;
  readonly budgetRemaining?: number;
}

/** A Prometheus shouldn't have to bear more of one target: what comes after so many tasks, and so many guarantees, has no series. */
const MOST = 10_000;

export interface Metrics {
  /** One finished sync of one infrastructure. */
  synced(infrastructure: string, outcome: 'done' | 'failed', durationMs: number): void;
  decided(task: string): void;
  /** A decision can't be written until somebody helps. */
  refused(): void;
  /** One notice was taken by a notifier, or never will be. */
  notified(notifier: string, outcome: 'sent' | 'dropped'): void;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** The controller's own metrics, Prometheus text format. What is gone has no series any more. */
export function createMetrics(observe: () => Observed, now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const syncs = new Histogram({
    name: 'rotterdam_sync_duration_seconds',
    help: 'Time of one sync of one infrastructure.',
    labelNames: ['infrastructure', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  });
  const decisions = new Counter({
    name: 'rotterdam_decisions_total',
    help: 'Decisions written to git; without a task those on tasks that are too many.',
    labelNames: ['task'],
    registers,
  });
  const refusals = new Counter({
    name: 'rotterdam_decisions_refused_total',
    help: 'Decisions that git refused for good.',
    registers,
  });
  const notices = new Counter({
    name: 'rotterdam_notices_total',
    help: 'Notices of violations and decisions.',
    labelNames: ['notifier', 'outcome'],
    registers,
  });
  const deciding = new Set<string>();
  const gauges = createGauges(registers);
  return {
    synced: (infrastructure, outcome, durationMs) => syncs.observe({ infrastructure, outcome }, durationMs / 1000),
    decided: (task) => {
      if (deciding.size < MOST) deciding.add(task);
      decisions.inc(deciding.has(task) ? { task } : {});
    },
    refused: () => refusals.inc(),
    notified: (notifier, outcome) => notices.inc({ notifier, outcome }),
    text: async () => {
      const seen = observe();
      const there = new Set(seen.tasks.map(({ id }) => id));
      for (const task of deciding) {
        if (there.has(task)) continue;
        deciding.delete(task);
        decisions.remove({ task });
      }
      setGauges(gauges, seen, now());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registers: Registry[]) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: `rotterdam_${name}`, help, labelNames, registers });
  const labels = ['task', 'agreement', 'guarantee'] as const;
  return {
    infrastructure: gauge('infrastructure_state', '1 for the state that the infrastructure is in.', ['infrastructure', 'state']),
    replicas: gauge('task_replicas', 'Replicas of a task.', ['task', 'which']),
    state: gauge('agreement_state', '1 for the verdict on the guarantee: met, violated or unknown.', [...labels, 'state']),
    value: gauge('agreement_value', 'What the guarantee was judged by; of a counter what is new.', labels),
    limit: gauge('agreement_limit', 'What the value is held against.', labels),
    age: gauge('agreement_evidence_age_seconds', 'Time since the newest evidence that the guarantee was judged by.', labels),
    condition: gauge('condition', '1 while it holds: WaitsForMerge, WriteRefused, ManyCommits.', ['type']),
    budget: gauge('agreement_budget_remaining', 'Ratio of the error budget that is left, below 0 when it is overspent.', [
      'task',
      'agreement',
    ]),
    dropped: gauge('dropped', `Tasks and guarantees that have no series, as they come after the first ${MOST}.`, ['what']),
  };
}

function setGauges(gauges: Gauges, { conditions, infrastructures, tasks }: Observed, nowMs: number): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  for (const { type } of conditions) gauges.condition.set({ type }, 1);
  for (const { name, state } of infrastructures) gauges.infrastructure.set({ infrastructure: name, state }, 1);
  for (const { id, replicas } of tasks.slice(0, MOST)) {
    gauges.replicas.set({ task: id, which: 'desired' }, replicas.desired);
    gauges.replicas.set({ task: id, which: 'ready' }, replicas.ready);
  }
  const guarantees = tasks.flatMap(({ id, agreements }) => agreements.map((one) => ({ task: id, ...one })));
  for (const one of guarantees.slice(0, MOST)) setGuarantee(gauges, one, nowMs);
  gauges.dropped.set({ what: 'tasks' }, Math.max(0, tasks.length - MOST));
  gauges.dropped.set({ what: 'guarantees' }, Math.max(0, guarantees.length - MOST));
}

function setGuarantee(gauges: Gauges, of: ObservedGuarantee & { readonly task: string }, nowMs: number): void {
  const labels = { task: of.task, agreement: of.id, guarantee: of.guarantee };
  gauges.state.set({ ...labels, state: of.state }, 1);
  if (of.value !== undefined) gauges.value.set(labels, of.value);
  if (of.limit !== undefined) gauges.limit.set(labels, of.limit);
  if (of.budgetRemaining !== undefined) gauges.budget.set({ task: of.task, agreement: of.id }, of.budgetRemaining);
  if (of.evidenceAt !== undefined) gauges.age.set(labels, Math.max(0, nowMs - Date.parse(of.evidenceAt)) / 1000);
}
