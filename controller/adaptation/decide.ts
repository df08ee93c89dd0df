import { groupBy } from '../sla/group-by.ts';
import type { History } from '../sla/history.ts';
import type { Judgement, TaskFacts } from '../sla/judge.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import { type Decision, type Proposal, propose } from './propose.ts';
import { decisionRecord } from './record.ts';
import { whyNotIn } from './scale-in.ts';

export type { Decision, Proposal } from './propose.ts';

export interface TaskDecision {
  /** The task's id. */
  readonly task: string;
  readonly decision: Decision;
  /** What the commit says of it; there when the decision is to scale. */
  readonly record?: DecisionRecord;
  /** One of every guarantee of the task, in order. */
  readonly proposals: readonly Proposal[];
}

/** One decision per judged task: out wins over in, then the largest step out and the smallest step in. Pure. */
export function decide(
  judgements: readonly Judgement[],
  facts: ReadonlyMap<string, TaskFacts>,
  history: History,
  nowMs: number,
): readonly TaskDecision[] {
  return [...groupBy(judgements, ({ agreement }) => agreement.task.id)].map(([task, judged]) => {
    const proposals = judged.map((judgement) => propose(judgement, facts.get(task), history, nowMs));
    const { decision, judgement } = choose(proposals, nowMs) ?? NOTHING;
    if (decision.kind !== 'scale' || judgement === undefined) return { task, decision, proposals };
    return { task, decision, record: decisionRecord(judgement, decision), proposals };
  });
}

interface Choice {
  readonly decision: Decision;
  readonly judgement?: Judgement;
}

const NOTHING: Choice = { decision: { kind: 'hold', reason: 'No guarantee was judged' } };

function choose(proposals: readonly Proposal[], nowMs: number): Choice | undefined {
  const scaling = proposals.flatMap((proposal) =>
    proposal.decision.kind === 'scale' ? [{ ...proposal, decision: proposal.decision }] : [],
  );
  const largest = scaling.reduce<(typeof scaling)[number] | undefined>(
    (best, next) => (best === undefined || next.decision.to > best.decision.to ? next : best),
    undefined,
  );
  if (largest === undefined) return whoHolds(proposals);
  const { from, to } = largest.decision;
  const kept = to < from ? whyNotIn(proposals, from, to, nowMs) : undefined;
  return kept === undefined ? largest : { decision: { kind: 'hold', reason: `Not scaled in ${from} → ${to}: ${kept}` } };
}

function whoHolds(proposals: readonly Proposal[]): Proposal | undefined {
  return (
    proposals.find(({ atLimit }) => atLimit) ??
    proposals.find(({ judgement }) => judgement.verdict.state === 'violated') ??
    proposals.find(({ judgement }) => judgement.verdict.state === 'unknown') ??
    proposals[0]
  );
}
