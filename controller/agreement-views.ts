import type { Environment, Task } from '../synth/environment.ts';
import { type Agreement, agreementsOf } from './sla/agreement.ts';
import type { History } from './sla/history.ts';
import { type Life, lifeOf } from './sla/life.ts';
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
    const life = lifeOf(agreement, history, nowMs);
    const own = asOf(life, agreement, known);
    const guarantees = Object.fromEntries(own.map((status) => [status.guarantee, assessmentOf(status)]));
    return { ...originalAgreement(agreement, life), assessment: { guarantees } };
  });
}

/** What was judged before its state changed is not true of it any more. */
function asOf({ state, reason }: Life, { id, guarantees }: Agreement, known: readonly AgreementStatus[]): readonly AgreementStatus[] {
  if (state !== 'started') {
    return guarantees.map(({ name }) => ({ id, guarantee: name, state, ...(reason === undefined ? {} : { reason }) }));
  }
  const isIdle = (status: AgreementStatus) => status.state === 'stopped' || status.state === 'terminated';
  return known
    .filter((status) => status.id === id && guarantees.some(({ name }) => name === status.guarantee))
    .map((status) => (isIdle(status) ? { id, guarantee: status.guarantee, state: 'unknown', reason: JUST_STARTED } : status));
}

const JUST_STARTED = 'Not judged yet since it was started';

function assessmentOf({ guarantee, state, reason, value, evidenceAt }: AgreementStatus): AssessmentView {
  const datetime = evidenceAt === undefined ? {} : { datetime: evidenceAt };
  return {
    ...(evidenceAt === undefined ? {} : { last_execution: evidenceAt }),
    state,
    ...(reason === undefined ? {} : { reason }),
    last_values: value === undefined ? {} : { [guarantee]: { key: guarantee, value, ...datetime } },
  };
}
