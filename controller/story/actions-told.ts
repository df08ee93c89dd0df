import type { Environment } from '../../synth/environment.ts';
import { type Effect, effectsOf } from '../adaptation/effect.ts';
import { agreementsOf } from '../sla/agreement.ts';
import { NO_TASK_HISTORY, type TaskHistory } from '../sla/history.ts';
import type { Judgement } from '../sla/verdict.ts';
import { decisionOf } from './decision-told.ts';
import type { ActionTold } from './task-story.ts';

/** Every change of a task's replicas, newest first. Pure. @param judgements of its agreements, as far as there are any. */
export function actionsOf(
  environment: Environment,
  history: TaskHistory = NO_TASK_HISTORY,
  judgements: readonly Judgement[],
  nowMs: number,
): readonly ActionTold[] {
  const effects = effectsOf(history, judgements, nowMs);
  const told = [
    ...history.decisions.map((happened) => ({
      order: happened.order,
      action: decisionTold(happened, environment, effects.get(happened.id)),
    })),
    ...history.humans.map(({ order, from, to, revision, atMs, author, subject }) => ({
      order,
      action: { from, to, commit: { id: revision, at: iso(atMs), author, subject } },
    })),
  ];
  return told.sort((a, b) => b.order - a.order).map(({ action }) => action);
}

/** A decision, and the commit that has it. */
export function decisionTold(happened: TaskHistory['decisions'][number], environment: Environment, effect?: Effect): Required<ActionTold> {
  const { from, to, revision, atMs } = happened;
  return { from, to, commit: { id: revision, at: iso(atMs) }, decision: decisionOf(happened, agreementsOf(environment), effect) };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
