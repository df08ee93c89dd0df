import { printConstraint } from '../../constructs/spec/constraint.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import type { Proposal } from '../adaptation/propose.ts';
import { askedOf } from '../sla/measure.ts';
import type { Evidence } from '../sla/verdict.ts';
import type { PromiseTold } from './task-story.ts';

/** How one guarantee of a task was judged, and what it alone would do. Pure. */
export function promiseOf({ judgement, decision }: Proposal): PromiseTold {
  const { agreement, guarantee: name, kind, verdict, series, violations, since } = judgement;
  const { template } = agreement;
  const guarantee = agreement.guarantees.find((one) => one.name === name);
  return {
    agreement: agreement.id,
    guarantee: name,
    promise: guarantee === undefined ? name : printConstraint(guarantee.constraint),
    answer: answerOf(template),
    ...(since === undefined ? {} : { since: { commit: since.revision, at: iso(since.atMs) } }),
    kind,
    queries: guarantee === undefined ? [] : askedOf(agreement, guarantee),
    series,
    ...(verdict.state === 'unknown' ? { reason: verdict.reason } : { evidence: evidenceOf(verdict) }),
    verdict: verdict.state,
    violations,
    decision,
  };
}

/** `scale_out × 1.5 up to 30` */
function answerOf(template: QosTemplate): string {
  const { action, scaleFactor, step = 0, setTo, targetValue, minReplicas, maxReplicas, inert } = template;
  if (inert !== undefined) return `nothing: ${inert}`;
  switch (action) {
    case 'none':
      return 'nothing but a report';
    case 'set':
      return `set to ${setTo}`;
    case 'target':
      return `target ${targetValue} each, ${minReplicas} to ${maxReplicas}`;
    case 'step':
      return `step ${step > 0 ? `+${step} up to ${maxReplicas}` : `${step} down to ${minReplicas}`}`;
    case 'scale_in':
      return `scale_in × ${scaleFactor} down to ${minReplicas}`;
    case 'scale_out':
      return `scale_out × ${scaleFactor} up to ${maxReplicas}`;
  }
}

function evidenceOf({ value, limit, evidenceAtMs, source, compared }: Evidence) {
  return { value, limit, at: iso(evidenceAtMs), source, ...(compared === undefined ? {} : { compared }) };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
