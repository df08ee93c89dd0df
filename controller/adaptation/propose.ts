import { formatDuration } from '../../constructs/spec/units.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import type { History } from '../sla/history.ts';
import type { Judgement, TaskFacts } from '../sla/judge.ts';
import { behavedReplicas } from './behavior.ts';
import type { Decision } from './decision.ts';
import { whyFutile } from './effect.ts';
import { fallBack } from './fallback.ts';
import { recommendationsOf } from './recommendations.ts';
import { limitedReplicas, wantedReplicas } from './replicas.ts';

export type { Decision } from './decision.ts';

/** What one guarantee alone would have done. */
export interface Proposal {
  readonly judgement: Judgement;
  readonly decision: Decision;
  /** True when it would scale out but for a limit: it still keeps others from scaling in. */
  readonly atLimit: boolean;
  /** Its scale-outs brought nothing: it makes no more. */
  readonly ineffective?: true;
}

const CHANGED = 'It has changed since it was judged';

/** What is done about one judgement, its task's other guarantees aside. Pure. */
export function propose(judgement: Judgement, facts: TaskFacts | undefined, history: History, nowMs: number): Proposal {
  const { verdict, agreement } = judgement;
  if (verdict.state === 'unknown') return { judgement, decision: fallenBack(judgement, facts, history, nowMs), atLimit: false };
  const held = whyHeld(judgement, facts, history, nowMs);
  if (held !== undefined || facts === undefined) return hold(judgement, held ?? 'Nothing is known of the task');
  const { template } = agreement;
  const from = facts.desired;
  const wanted = wantedReplicas(from, template, verdict.value);
  if (wanted === from && template.action !== 'scale_in') return hold(judgement, `${said(judgement)}: ${from} replicas are right`);
  const futile = wanted > from ? whyFutile(judgement, nowMs) : undefined;
  if (futile !== undefined) return { ...hold(judgement, futile.reason), ...(futile.ineffective ? { ineffective: true } : {}) };
  const past = { nowMs, recommendations: recommendationsOf(judgement, from), decisions: judgement.history.decisions };
  const behaved = behavedReplicas(from, wanted, template, past);
  const scaled = limitedReplicas(from, behaved.to, template);
  const limitedBy = scaled.limitedBy ?? behaved.limitedBy;
  if (scaled.to === from) {
    const reason = `${from} replicas are at the limit: ${limitedBy ?? `minReplicas ${template.minReplicas}`}`;
    return { ...hold(judgement, reason), atLimit: wanted > from };
  }
  const limited = limitedBy === undefined ? {} : { limitedBy };
  return { judgement, decision: { kind: 'scale', from, to: scaled.to, reason: said(judgement), ...limited }, atLimit: false };
}

/** `deadlines_missed 1, promised < 1`; of a constraint on several metrics, the comparison that decided it. */
function said({ guarantee, kind, verdict, agreement }: Judgement): string {
  if (verdict.state === 'unknown') return `${guarantee} unknown`;
  const simple = agreement.guarantees.find(({ name }) => name === guarantee)?.constraint.comparator ?? '';
  const { compared, comparator = simple } = verdict;
  const what = compared === undefined || compared === guarantee ? guarantee : `${guarantee}: ${compared}`;
  const { targetValue, action } = agreement.template;
  if (action === 'target' && kind === 'gauge') return `${what} ${verdict.value} for a target of ${targetValue}`;
  const fresh = kind === 'counter' && verdict.value === 0 ? ' new' : '';
  return `${what} ${verdict.value}${fresh}, promised ${comparator} ${verdict.limit}`;
}

function fallenBack(judgement: Judgement, facts: TaskFacts | undefined, history: History, nowMs: number): Decision {
  const decision = fallBack(judgement, facts, nowMs);
  if (decision.kind === 'hold' || history.tasks.get(judgement.agreement.task.id) === judgement.history) return decision;
  return { kind: 'hold', reason: CHANGED };
}

/** Why a judgement is not acted on, whatever its task's replicas. */
function whyHeld(judgement: Judgement, facts: TaskFacts | undefined, history: History, nowMs: number): string | undefined {
  const { agreement, verdict } = judgement;
  const { template, task } = agreement;
  const idle = whyIdle(judgement, template);
  if (idle !== undefined) return idle;
  if (facts?.scaledBy !== undefined) return `${facts.scaledBy} scales it`;
  if (facts?.settledAtMs === undefined || facts.unsettledReason !== undefined) {
    return `It does not run as wanted: ${facts?.unsettledReason ?? 'it is not known'}`;
  }
  const known = history.tasks.get(task.id);
  if (known !== judgement.history) return CHANGED;
  if (known.human === undefined && known.decisions.length === 0) return undefined;
  const readyMs = facts.settledAtMs + template.cooldown;
  if (nowMs < readyMs) return `Cooling down for ${formatDuration(readyMs - nowMs)} more`;
  if (judgement.kind !== 'gauge' || verdict.state === 'unknown') return undefined;
  if (Math.min(verdict.evidenceAtMs, verdict.beginsAtMs ?? verdict.evidenceAtMs) <= readyMs)
    return 'No evidence yet that is newer than the last action and its cooldown';
  return undefined;
}

/** Why there is nothing to act on. A target is kept up, violated or not. */
function whyIdle(judgement: Judgement, template: QosTemplate): string | undefined {
  if (template.inert !== undefined && judgement.verdict.state === 'violated') return `${template.name} never acts: ${template.inert}`;
  if (template.action === 'target' && judgement.kind === 'gauge') return undefined;
  if (judgement.verdict.state === 'met') return said(judgement);
  if (template.action === 'target') return `${said(judgement)}: a count is no target`;
  if (template.action === 'none') return `${said(judgement)}: ${template.name} only reports`;
  const { violations } = judgement;
  if (violations > template.maxAllowed) return undefined;
  return `${said(judgement)}: ${violations} of ${template.maxAllowed} allowed violations within ${formatDuration(template.window)}`;
}

function hold(judgement: Judgement, reason: string): Proposal {
  return { judgement, decision: { kind: 'hold', reason }, atLimit: false };
}
