import { formatDuration } from '../../constructs/spec/units.ts';
import { COMMIT_RESOLUTION_MS } from '../sla/baseline.ts';
import type { Proposal } from './propose.ts';

/**
 * Why a task must not be scaled in from `from` replicas to `to` now, or undefined: every guarantee of all its agreements must have been
 * known without a gap for its window, and none may be violated or at its target with the replicas there are, unless fewer are its own wish.
 */
export function whyNotIn(proposals: readonly Proposal[], from: number, to: number, nowMs: number): string | undefined {
  for (const proposal of proposals) {
    const why = whyKept(proposal, from, to, nowMs);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyKept({ judgement, decision }: Proposal, from: number, to: number, nowMs: number): string | undefined {
  const { verdict, agreement, guarantee, knownSinceMs = nowMs, since } = judgement;
  const { template } = agreement;
  const name = `${guarantee} of ${template.name}`;
  if (verdict.state === 'unknown') return `${name} is unknown: ${verdict.reason}`;
  // An agreement that is younger than its window has only been there since.
  const neededMs = nowMs - Math.max(nowMs - template.window, Math.min(nowMs, (since?.atMs ?? 0) + COMMIT_RESOLUTION_MS));
  const knownMs = nowMs - knownSinceMs;
  if (knownMs < neededMs) return `${name} is known for ${formatDuration(knownMs)} of ${formatDuration(neededMs)}`;
  if (decision.kind === 'scale') return undefined;
  if (template.action === 'target' && judgement.kind === 'gauge') return `${name} needs ${from}: ${decision.reason}`;
  const isInward =
    template.action === 'scale_in' || (template.step ?? 0) < 0 || (template.action === 'set' && (template.setTo ?? from) <= to);
  if (verdict.state === 'violated' && !isInward) return `${name} is violated: ${decision.reason}`;
  return undefined;
}
