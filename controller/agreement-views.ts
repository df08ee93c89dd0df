import type { Environment, Task } from '../synth/environment.ts';
import { agreementsOf } from './sla/agreement.ts';
import type { History } from './sla/history.ts';
import { lifeOf } from './sla/life.ts';
import { originalAgreement } from './sla/original-agreement.ts';
import type { AgreementStatus, AgreementView, AssessmentView } from './status.ts';

/** Every agreement of an environment as SLALite gives it, with how it was judged last; `judged` tells that of a task's guarantees. */
export function agreementViews(
  environment: Environment,
  history: History,
  nowMs: number,
  judged: (task: Task) => readonly AgreementStatus[],
): readonly AgreementView[] {
  const statuses = new Map<string, readonly AgreementStatus[]>();
  return agreementsOf(environment).map((agreement) => {
    const { task } = agreement;
    const known = statuses.get(task.id) ?? judged(task);
    statuses.set(task.id, known);
    const own = known.filter(({ id }) => id === agreement.id);
    const guarantees = Object.fromEntries(own.map((status) => [status.guarantee, assessmentOf(status)]));
    return { ...originalAgreement(agreement, lifeOf(agreement, history, nowMs)), assessment: { guarantees } };
  });
}

function assessmentOf({ guarantee, state, reason, value, evidenceAt }: AgreementStatus): AssessmentView {
  const datetime = evidenceAt === undefined ? {} : { datetime: evidenceAt };
  return {
    ...(evidenceAt === undefined ? {} : { last_execution: evidenceAt }),
    state,
    ...(reason === undefined ? {} : { reason }),
    last_values: value === undefined ? {} : { [guarantee]: { key: guarantee, value, ...datetime } },
  };
}
