import type { Effect } from '../adaptation/effect.ts';
import type { Agreement } from '../sla/agreement.ts';
import type { TaskHistory } from '../sla/history.ts';
import { askedOf } from '../sla/measure.ts';
import type { DecisionTold } from './task-story.ts';

/** A decision as its commit keeps it. Pure. */
export function decisionOf(
  { id, task, agreement, guarantee, evidence, queries, reason, limitedBy, fallback }: TaskHistory['decisions'][number],
  agreements: readonly Agreement[],
  effect?: Effect,
): DecisionTold {
  const own = agreements.find((one) => one.id === agreement && one.task.id === task);
  const asks = own?.guarantees.find(({ name }) => name === guarantee);
  const askedToday = own === undefined || asks === undefined ? [] : askedOf(own, asks);
  return {
    id,
    agreement,
    guarantee,
    queries: queries ?? askedToday,
    evidence,
    reason,
    ...(limitedBy === undefined ? {} : { limitedBy }),
    ...(fallback ? { fallback } : {}),
    ...(effect === undefined ? {} : { effect }),
  };
}
