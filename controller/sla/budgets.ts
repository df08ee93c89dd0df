import { BUDGET_REMAINING } from '../../synth/rules/rules.ts';
import type { Clock, MetricSource } from '../ports.ts';
import type { Agreement } from './agreement.ts';

/** It is recorded every five minutes. */
const ASK_EVERY_MS = 60_000;
const MAX_AGE_MS = 900_000;

export interface Budgets {
  /** Asks for what the source has recorded, once a minute and beside whatever else is done. Never rejects. */
  look(source: MetricSource, signal?: AbortSignal): void;
  /** Ratio of the agreement's error budget that is left, below 0 when it is overspent; undefined when nobody recorded it lately. */
  remaining(agreement: Agreement): number | undefined;
}

/** What the recording rules that `synth` writes say of error budgets: thirty days are more than a controller that remembers nothing can judge. */
export function createBudgets(clock: Clock): Budgets {
  const askedMs = new Map<string, number>();
  const known = new Map<string, { readonly value: number; readonly atMs: number }>();
  const ask = async (source: MetricSource, nowMs: number, signal?: AbortSignal) => {
    for (const { labels, timesMs, values } of await source.samples([BUDGET_REMAINING], nowMs - MAX_AGE_MS, nowMs, signal)) {
      const [atMs, value] = [timesMs.at(-1), values.at(-1)];
      if (atMs === undefined || value === undefined || !Number.isFinite(value)) continue;
      known.set(`${labels.environment} ${labels.agreement}`, { value, atMs });
    }
  };
  return {
    look: (source, signal) => {
      const nowMs = clock.now();
      if (nowMs - (askedMs.get(source.name) ?? Number.NEGATIVE_INFINITY) < ASK_EVERY_MS) return;
      askedMs.set(source.name, nowMs);
      ask(source, nowMs, signal).catch(() => undefined);
    },
    remaining: ({ environment, id }) => {
      const last = known.get(`${environment} ${id}`);
      return last === undefined || clock.now() - last.atMs > MAX_AGE_MS ? undefined : last.value;
    },
  };
}
