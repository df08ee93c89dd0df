import { agreementId } from '../../constructs/spec/names.ts';
import type { Objective } from '../../constructs/spec/qos-template.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { Environment, QosTemplate, Task } from '../environment.ts';
import { groupBy } from '../group-by.ts';
import { holdsPromql } from './promql.ts';

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is left of an agreement's error budget: 1 of an untouched one, below 0 when it is overspent. */
export const BUDGET_REMAINING = 'rotterdam:agreement_budget_remaining:ratio';

const HOLDS = 'rotterdam:guarantee_holds:bool';
const AGREEMENT_HOLDS = 'rotterdam:agreement_holds:bool';
const OBJECTIVE = 'rotterdam:agreement_objective:ratio';
const VIOLATED = 'rotterdam:agreement_violated:ratio';
/** Long windows read one value for five minutes, not one for each evaluation. */
const SLOT = 'rotterdam:agreement_violated:ratio_slot';

const EVALUATE = '30s';
const SLOT_INTERVAL = '5m';
const MIN_SHORT_MS = 60_000;

/**
 * Of the SRE workbook, for a window of 30 days 1h, 6h, 1d and 3d: each alert says that so many budgets would be spent in the window if it
 * went on like this, over a long window and over a twelfth of it, so that it ends soon after the trouble.
 */
const BURNS = [
  { share: 1 / 720, factor: 14.4, severity: 'page' },
  { share: 1 / 120, factor: 6, severity: 'page' },
  { share: 1 / 30, factor: 3, severity: 'ticket' },
  { share: 1 / 10, factor: 1, severity: 'ticket' },
] as const;

/** Recording rules and burn-rate alerts for the agreements that have an objective, by the infrastructure whose sources judge them. Pure. */
export function rulesOf(environment: Environment): ReadonlyMap<string, readonly RuleGroup[]> {
  const promised = groupBy(promisesOf(environment), ({ task }) => [task.infrastructure]);
  return new Map([...promised].map(([infrastructure, own]) => [infrastructure, groupsOf(environment.name, own)]));
}

function groupsOf(environment: string, promised: readonly Promised[]): readonly RuleGroup[] {
  const windows = [...new Set(promised.map(({ objective }) => objective.window))].sort((a, b) => a - b);
  const prefix = `rotterdam-${environment}`;
  const scope = `environment="${environment}"`;
  const by = 'environment, agreement, task, objective_window';
  const agreements = { record: AGREEMENT_HOLDS, expr: `min by (${by}) (${HOLDS}{${scope}})` };
  const rules = [...promised.flatMap((promise) => promiseRules(environment, promise)), agreements];
  const promises = { name: `${prefix}-promises`, interval: EVALUATE, rules };
  return [promises, ...windows.flatMap((windowMs) => burnGroups(prefix, scope, windowMs))];
}

interface Promised {
  readonly id: string;
  readonly task: Task;
  readonly template: QosTemplate;
  readonly objective: Objective;
}

function promisesOf({ tasks, agreements }: Environment): readonly Promised[] {
  const generated = [...tasks.values()].flatMap((task) =>
    task.qos.map((template) => ({ id: agreementId(task.id, template.name), task, template })),
  );
  const declared = [...agreements.values()].flatMap(({ id, task: name, template, generated: isBound }) => {
    const task = tasks.get(name);
    return isBound || task === undefined ? [] : [{ id, task, template }];
  });
  return [...generated, ...declared].flatMap((promise) => {
    const { objective } = promise.template;
    const isJudged = (agreements.get(promise.id)?.state ?? 'started') === 'started';
    return objective === undefined || !isJudged ? [] : [{ ...promise, objective }];
  });
}

function promiseRules(environment: string, { id, task, template, objective }: Promised): readonly Rule[] {
  const labels = { environment, agreement: id, task: task.id, objective_window: formatDuration(objective.window) };
  return [
    { record: OBJECTIVE, expr: `vector(${objective.target})`, labels },
    ...template.guarantees.map((guarantee) => ({
      record: HOLDS,
      expr: holdsPromql(guarantee, template, task),
      labels: { ...labels, guarantee: guarantee.name },
    })),
  ];
}

function burnGroups(prefix: string, scope: string, windowMs: number): readonly RuleGroup[] {
  const window = formatDuration(windowMs);
  const selector = `{${scope}, objective_window="${window}"}`;
  const fast = burning('page', `1 - avg_over_time(${AGREEMENT_HOLDS}`, windowMs, selector);
  const slow = burning('ticket', `avg_over_time(${SLOT}`, windowMs, selector);
  const known = new Set(fast.records.map(({ record }) => record));
  const longer = slow.records.filter(({ record }) => !known.has(record));
  const slot = { record: SLOT, expr: `1 - avg_over_time(${AGREEMENT_HOLDS}${selector}[${SLOT_INTERVAL}])` };
  const spent = `avg_over_time(${SLOT}${selector}[${window}])`;
  const budget = { record: BUDGET_REMAINING, expr: `1 - ${spent} / (1 - ${OBJECTIVE}${selector})` };
  return [
    { name: `${prefix}-burn-${window}`, interval: EVALUATE, rules: [...fast.records, fast.alert] },
    { name: `${prefix}-budget-${window}`, interval: SLOT_INTERVAL, rules: [slot, ...longer, budget, slow.alert] },
  ];
}

function burning(severity: Burn['severity'], source: string, windowMs: number, selector: string) {
  const burns = burnsOf(windowMs).filter((burn) => burn.severity === severity);
  const ranges = [...new Set(burns.flatMap(({ long, short }) => [short, long]))];
  const records = ranges.map((range) => ({ record: `${VIOLATED}_${range}`, expr: `${source}${selector}[${range}])` }));
  return { records, alert: alertOf(burns, severity, selector, formatDuration(windowMs)) };
}

interface Burn {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
  readonly severity: 'page' | 'ticket';
}

function burnsOf(windowMs: number): readonly Burn[] {
  return BURNS.map(({ share, factor, severity }) => {
    const longMs = toSeconds(windowMs * share);
    return { long: formatDuration(longMs), short: formatDuration(Math.max(MIN_SHORT_MS, toSeconds(longMs / 12))), factor, severity };
  });
}

function toSeconds(durationMs: number): number {
  return Math.round(durationMs / 1000) * 1000;
}

function alertOf(burns: readonly Burn[], severity: Burn['severity'], selector: string, window: string): Rule {
  const expr = burns
    .map(({ long, short, factor }) => {
      const limit = `${factor} * (1 - ${OBJECTIVE}${selector})`;
      return `(${VIOLATED}_${short}${selector} > ${limit} and ${VIOLATED}_${long}${selector} > ${limit})`;
    })
    .join(' or ');
  return {
    alert: 'RotterdamErrorBudgetBurn',
    expr,
    labels: { severity },
    annotations: {
      summary: 'Agreement {{ $labels.agreement }} spends its error budget too fast',
      description: `Violated {{ $value | humanizePercentage }} of the time: at this rate the budget of ${window} is spent ${severity === 'page' ? 'within days' : 'before it ends'}.`,
    },
  };
}
