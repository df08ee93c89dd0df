import { type Facts, itemsOf, type Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

export const JOBS: Readonly<Record<string, Rule>> = { 'batch/Job': job, 'batch/CronJob': cronJob };

/** Ready once it is complete. kstatus calls a running one done. */
function job({ spec, count, condition, is }: Facts): Verdict {
  const failure = condition('Failed');
  if (failure?.status === 'True') return failed(failure.message ?? 'the job failed');
  if (is('Complete')) return READY;
  return progressing(spec.suspend === true ? 'is suspended' : `${count('succeeded')} succeeded, ${count('active')} active`);
}

/** Failed when its last run ended without success; servers before 1.21 don't say. */
function cronJob({ spec, status }: Facts): Verdict {
  if (spec.suspend === true) return { ...READY, reason: 'is suspended' };
  const { lastScheduleTime, lastSuccessfulTime } = status;
  if (typeof lastScheduleTime !== 'string' || typeof lastSuccessfulTime !== 'string' || itemsOf(status.active).length > 0) return READY;
  return lastSuccessfulTime < lastScheduleTime ? failed(`its run of ${lastScheduleTime} did not succeed`) : READY;
}
