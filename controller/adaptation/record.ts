import { createHash } from 'node:crypto';
import { baselineOf } from '../sla/baseline.ts';
import { totalsOf } from '../sla/counter.ts';
import type { TaskHistory } from '../sla/history.ts';
import type { Judgement } from '../sla/judge.ts';
import { askedOf } from '../sla/measure.ts';
import type { DecisionRecord } from '../sla/trailer.ts';

/**
 * A decision as its commit's trailer says it. Its id is a hash of the task, the change, the evidence and the last happening that it
 * builds on: the same decision made twice, by a restarted or by another controller, is one.
 */
export function decisionRecord(
  { agreement, guarantee, kind, verdict, unknownSinceMs = 0, counted, since, history }: Judgement,
  { from, to, reason, limitedBy }: { from: number; to: number; reason: string; limitedBy?: string },
): DecisionRecord {
  const consumed = Object.fromEntries(Object.entries(totalsOf(counted)).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { value, limit, source, atMs } =
    verdict.state === 'unknown'
      ? { value: 0, limit: 0, source: verdict.reason, atMs: unknownSinceMs }
      : { ...verdict, atMs: verdict.evidenceAtMs };
  const at = new Date(atMs).toISOString();
  const isFallback = verdict.state === 'unknown';
  const evidence = isFallback ? 'unknown' : kind === 'counter' ? consumed : at;
  const before = since && baselineOf(history, since).revision;
  const id = createHash('sha256')
    .update(JSON.stringify([agreement.environment, agreement.task.id, agreement.id, guarantee, from, to, evidence, before]))
    .digest('hex')
    .slice(0, 12);
  return {
    id,
    environment: agreement.environment,
    task: agreement.task.id,
    agreement: agreement.id,
    guarantee,
    from,
    to,
    original: originalOf(history, from),
    ...(isFallback ? { fallback: true as const } : {}),
    evidence: { value, limit, at, source, consumed },
    queries: agreement.guarantees.filter(({ name }) => name === guarantee).flatMap((one) => askedOf(agreement, one)),
    reason,
    ...(limitedBy === undefined ? {} : { limitedBy }),
  };
}

/** The replicas that a human chose last, of a task that has `now`: what no decision has changed since is a human's. */
function originalOf({ human, decisions: [first, ...more] }: TaskHistory, now: number): number {
  const last = more.at(-1) ?? first;
  if (first === undefined || last === undefined || (human !== undefined && human.order > last.order)) return now;
  return last.original ?? human?.to ?? first.from;
}
