import { formatDuration } from '../../constructs/spec/units.ts';
import { groupBy } from '../sla/group-by.ts';
import type { History } from '../sla/history.ts';
import type { Judgement, TaskFacts } from '../sla/judge.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import { decisionRecord } from './record.ts';
import { scaledReplicas } from './replicas.ts';

export type Decision =
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'scale'; readonly from: number; readonly to: number; readonly reason: string; readonly limitedBy?: string };

/** What one guarantee alone would have done. */
export interface Proposal {
  readonly judgement: Judgement;
  readonly decision: Decision;
  /** True when it would scale out but for a limit: it still keeps others from scaling in. */
  readonly atLimit: boolean;
}

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
    const chosen = choose(proposals);
    if (chosen?.decision.kind !== 'scale') return { task, decision: chosen?.decision ?? NOTHING, proposals };
    return { task, decision: chosen.decision, record: decisionRecord(chosen.judgement, chosen.decision), proposals };
  });
}

const NOTHING: Decision = { kind: 'hold', reason: 'No guarantee was judged' };

function propose(judgement: Judgement, facts: TaskFacts | undefined, history: History, nowMs: number): Proposal {
  const { verdict, agreement } = judgement;
  const held = whyHeld(judgement, facts, history, nowMs);
  if (held !== undefined || verdict.state === 'unknown' || facts === undefined)
    return hold(judgement, held ?? 'Nothing is known of the task');
  const { template } = agreement;
  const from = facts.desired;
  const { to, limitedBy } = scaledReplicas(from, template);
  if (to === from) {
    const limit = limitedBy ?? `minReplicas ${template.minReplicas}`;
    return { ...hold(judgement, `${from} replicas are at the limit: ${limit}`), atLimit: true };
  }
  const limited = limitedBy === undefined ? {} : { limitedBy };
  return { judgement, decision: { kind: 'scale', from, to, reason: said(judgement), ...limited }, atLimit: false };
}

/** Why a judgement is not acted on, whatever its task's replicas. */
function whyHeld(judgement: Judgement, facts: TaskFacts | undefined, history: History, nowMs: number): string | undefined {
  const { agreement, verdict, violations } = judgement;
  const { template, task } = agreement;
  if (verdict.state === 'unknown') return `${judgement.guarantee} is unknown: ${verdict.reason}`;
  if (verdict.state === 'met') return said(judgement);
  if (template.inert !== undefined) return `${template.name} never acts: ${template.inert}`;
  if (violations <= template.maxAllowed) {
    return `${said(judgement)}: ${violations} of ${template.maxAllowed} allowed violations within ${formatDuration(template.window)}`;
  }
  if (facts?.scaledBy !== undefined) return `${facts.scaledBy} scales it`;
  if (facts?.settledAtMs === undefined || facts.unsettledReason !== undefined) {
    return `It does not run as wanted: ${facts?.unsettledReason ?? 'it is not known'}`;
  }
  const known = history.tasks.get(task.id);
  if (known !== judgement.history) return 'It has changed since it was judged';
  if (known.human === undefined && known.decisions.length === 0) return undefined;
  const readyMs = facts.settledAtMs + template.cooldown;
  if (nowMs < readyMs) return `Cooling down for ${formatDuration(readyMs - nowMs)} more`;
  if (judgement.kind === 'gauge' && verdict.evidenceAtMs <= readyMs)
    return 'No evidence yet that is newer than the last action and its cooldown';
  return undefined;
}

function choose(proposals: readonly Proposal[]): Proposal | undefined {
  const scaling = proposals.filter(({ decision }) => decision.kind === 'scale');
  const size = ({ decision }: Proposal) => (decision.kind === 'scale' ? decision.to : 0);
  const largest = scaling.reduce<Proposal | undefined>(
    (best, next) => (best === undefined || size(next) > size(best) ? next : best),
    undefined,
  );
  const outAtLimit = proposals.find(({ atLimit, judgement }) => atLimit && judgement.agreement.template.action === 'scale_out');
  const isIn = largest?.judgement.agreement.template.action === 'scale_in';
  if (largest !== undefined && !(isIn && outAtLimit !== undefined)) return largest;
  return (
    outAtLimit ??
    proposals.find(({ judgement }) => judgement.verdict.state === 'violated') ??
    proposals.find(({ judgement }) => judgement.verdict.state === 'unknown') ??
    proposals[0]
  );
}

function hold(judgement: Judgement, reason: string): Proposal {
  return { judgement, decision: { kind: 'hold', reason }, atLimit: false };
}

/** `deadlines_missed 1, promised < 1`; of a constraint on several metrics, the comparison that decided it. */
function said({ guarantee, kind, verdict, agreement }: Judgement): string {
  if (verdict.state === 'unknown') return `${guarantee} unknown`;
  const simple = agreement.guarantees.find(({ name }) => name === guarantee)?.constraint.comparator ?? '';
  const { compared, comparator = simple } = verdict;
  const what = compared === undefined || compared === guarantee ? guarantee : `${guarantee}: ${compared}`;
  const fresh = kind === 'counter' && verdict.value === 0 ? ' new' : '';
  return `${what} ${verdict.value}${fresh}, promised ${comparator} ${verdict.limit}`;
}
