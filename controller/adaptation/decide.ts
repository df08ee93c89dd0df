import type { Environment } from '../../synth/environment.ts';
import { groupBy } from '../sla/group-by.ts';
import type { History } from '../sla/history.ts';
import type { Judgement, TaskFacts } from '../sla/judge.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import { admit, type Choice } from './admit.ts';
import { expectsOf } from './effect.ts';
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

export interface DecideInput {
  readonly environment: Environment;
  readonly history: History;
  /** By task id. */
  readonly facts: ReadonlyMap<string, TaskFacts>;
  readonly nowMs: number;
}

/** One decision per judged task: out wins over in, then the largest step out and the smallest step in, as far as there is room. Pure. */
export function decide(judgements: readonly Judgement[], { environment, history, facts, nowMs }: DecideInput): readonly TaskDecision[] {
  const proposed = [...groupBy(judgements, ({ agreement }) => agreement.task.id)].map(([task, judged]) => ({
    task,
    proposals: judged.map((judgement) => propose(judgement, facts.get(task), history, nowMs)),
  }));
  const choices = proposed.map(({ proposals }) => choose(proposals, nowMs) ?? NOTHING);
  return admit(choices, environment).map(({ decision, judgement }, at) => {
    const { task, proposals } = proposed[at] ?? { task: '', proposals: [] };
    if (decision.kind !== 'scale' || judgement === undefined) return { task, decision, proposals };
    const isAnswer = decision.to > decision.from && judgement.verdict.state !== 'unknown';
    const expects = isAnswer ? expectsOf(judgement, nowMs) : undefined;
    return { task, decision, record: { ...decisionRecord(judgement, decision), ...(expects && { expects }) }, proposals };
  });
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
