import { COMMIT_RESOLUTION_MS } from '../sla/baseline.ts';
import type { TaskHistory } from '../sla/history.ts';
import type { Judgement, Worth } from '../sla/verdict.ts';
import { wantedReplicas } from './replicas.ts';

/** Replicas that were right at a time, whatever was done about it. */
export interface Recommendation {
  readonly atMs: number;
  readonly replicas: number;
}

/**
 * What a HorizontalPodAutoscaler would have in its list: for each value of the judgement's past the replicas that its template wanted then in
 * place of those of then, and those that the agreement was made with or a human last chose. Rebuilt from the source's samples and git alone.
 * @param from the replicas now
 */
export function recommendationsOf({ agreement, past = [], since, history }: Judgement, from: number): readonly Recommendation[] {
  const { template } = agreement;
  if (since === undefined) return [];
  const { human } = history;
  // A human's new number starts anew.
  const start = human !== undefined && human.order > since.order ? human : since;
  const startMs = start.atMs + COMMIT_RESOLUTION_MS;
  const wanted = ({ atMs, value, holds }: Worth): Recommendation => {
    const then = replicasAt(atMs, history, from);
    const right = holds && template.action !== 'target';
    return { atMs, replicas: right ? then : wantedReplicas(then, template, value) };
  };
  return [{ atMs: startMs, replicas: replicasAt(startMs, history, from) }, ...past.filter(({ atMs }) => atMs > startMs).map(wanted)];
}

function replicasAt(atMs: number, { decisions }: TaskHistory, now: number): number {
  return decisions.find((decision) => decision.atMs + COMMIT_RESOLUTION_MS >= atMs)?.from ?? now;
}
