import { compareText } from '../../constructs/spec/issue.ts';
import type { Environment } from '../../synth/environment.ts';
import type { Judgement } from '../sla/judge.ts';
import { type Budget, budgetsOf, roomFor } from './budgets.ts';
import type { Decision } from './propose.ts';

/** What is to be done about a task, and the judgement that it is done for. */
export interface Choice {
  readonly decision: Decision;
  readonly judgement?: Judgement | undefined;
}

/**
 * Limits choices to scale out to what quotas and totals have room for. Where that is not enough for all, the more important agreement
 * is served first, then the one whose violation costs more, then by name. What others give up in the same tick is not there yet.
 */
export function admit(choices: readonly Choice[], environment: Environment): readonly Choice[] {
  const growing = choices.filter(({ decision }) => decision.kind === 'scale' && decision.to > decision.from);
  if (growing.length === 0) return choices;
  const budgets = budgetsOf(environment);
  if (budgets.length === 0) return choices;
  const admitted = new Map([...growing].sort(byUrgency).map((choice) => [choice, admitOne(choice, budgets)]));
  return choices.map((choice) => admitted.get(choice) ?? choice);
}

function admitOne({ decision, judgement }: Choice, budgets: readonly Budget[]): Choice {
  const task = judgement?.agreement.task;
  if (decision.kind !== 'scale' || task === undefined) return { decision, judgement };
  const { from, to } = decision;
  const { more, limitedBy } = roomFor(task, budgets);
  const granted = Math.min(to - from, more);
  for (const budget of budgets) budget.left -= granted * budget.costOf(task);
  if (granted === to - from || limitedBy === undefined) return { decision, judgement };
  if (granted === 0) return { decision: { kind: 'hold', reason: `${decision.reason}: ${from} replicas are at the limit: ${limitedBy}` } };
  return { decision: { ...decision, to: from + granted, limitedBy }, judgement };
}

function byUrgency({ judgement: a }: Choice, { judgement: b }: Choice): number {
  if (a === undefined || b === undefined) return 0;
  return (
    b.agreement.importance - a.agreement.importance ||
    penaltyOf(b) - penaltyOf(a) ||
    compareText(a.agreement.task.name, b.agreement.task.name)
  );
}

function penaltyOf({ agreement, guarantee }: Judgement): number {
  const { penalties = [] } = agreement.guarantees.find(({ name }) => name === guarantee) ?? {};
  return penalties.reduce((sum, { value }) => sum + (Number(value) || 0), 0);
}
