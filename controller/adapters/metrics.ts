import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the gauges show; read at each scrape. */
export interface Observed {
  readonly infrastructures: readonly { readonly name: string; readonly state: string }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly replicas: { readonly desired: number; readonly ready: number };
    readonly agreements: readonly { readonly id: string; readonly guarantee: string; readonly state: string }[];
  }[];
}

export interface Metrics {
  /** One finished sync of one infrastructure. */
  synced(infrastructure: string, outcome: 'done' | 'failed', durationMs: number): void;
  decided(task: string): void;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** The controller's own metrics, Prometheus text format. */
export function createMetrics(observe: () => Observed): Metrics {
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
  const decisions = new Counter({ name: 'rotterdam_decisions_total', help: 'Decisions written to git.', labelNames: ['task'], registers });
  new Gauge({
    name: 'rotterdam_infrastructure_state',
    help: '1 for the state that the infrastructure is in.',
    labelNames: ['infrastructure', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { name, state } of observe().infrastructures) this.set({ infrastructure: name, state }, 1);
    },
  });
  new Gauge({
    name: 'rotterdam_task_replicas',
    help: 'Replicas of a task.',
    labelNames: ['task', 'which'],
    registers,
    collect() {
      this.reset();
      for (const { id, replicas } of observe().tasks) {
        this.set({ task: id, which: 'desired' }, replicas.desired);
        this.set({ task: id, which: 'ready' }, replicas.ready);
      }
    },
  });
  new Gauge({
    name: 'rotterdam_guarantee_state',
    help: '1 for the verdict on the guarantee: met, violated or unknown.',
    labelNames: ['agreement', 'guarantee', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { id, guarantee, state } of observe().tasks.flatMap(({ agreements }) => agreements)) {
        this.set({ agreement: id, guarantee, state }, 1);
      }
    },
  });
  return {
    synced: (infrastructure, outcome, durationMs) => syncs.observe({ infrastructure, outcome }, durationMs / 1000),
    decided: (task) => decisions.inc({ task }),
    text: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
