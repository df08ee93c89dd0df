import type { Task } from '../synth/environment.ts';
import { agreementViews } from './agreement-views.ts';
import type { Desired } from './desired.ts';
import type { AgreementStatus, View } from './status.ts';
import { type Chronicle, chronicleOf, type Known } from './story/chronicle.ts';

/** What somebody who follows a branch has seen beside it. */
export interface Seen
  extends Omit<Known, 'inForce' | 'history' | 'tip' | 'infrastructureStatus'>,
    Pick<View, 'taskStatus' | 'infrastructureStatus'> {
  readonly agreementsOf: (task: Task) => readonly AgreementStatus[];
}

/** What the gateway tells of what is in force; undefined before anything is. */
export function viewOf(desired: Desired | undefined, seen: Seen): (View & Chronicle) | undefined {
  const { inForce, history, tip } = desired ?? {};
  if (inForce === undefined || history === undefined || tip === undefined) return undefined;
  const { taskStatus, infrastructureStatus, agreementsOf, nowMs } = seen;
  return {
    ...inForce,
    touched: history.touched,
    begunAtMs: ({ id }) => history.tasks.get(id)?.begun?.atMs,
    taskStatus,
    agreements: () => agreementViews(inForce.environment, history, nowMs, agreementsOf),
    infrastructureStatus,
    ...chronicleOf({ ...seen, inForce, history, tip }),
  };
}
