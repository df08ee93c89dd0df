import { scalingRulesOf } from '../../constructs/spec/behavior.ts';
import type { QosTemplate } from '../../synth/environment.ts';

/**
 * How far back a decision on a guarantee looks at what it was worth, in ms; 0 when the present is enough.
 * @param mayShrink whether any agreement of its task may scale it in
 */
export function horizonOf(template: QosTemplate, mayShrink: boolean): number {
  const stabilizing = (['scaleOut', 'scaleIn'] as const).map((direction) => scalingRulesOf(template, direction).stabilizationWindow);
  const warmUp = mayShrink ? template.window : 0;
  const { expectWithin = 0, maxAllowed, window } = template;
  const effect = expectWithin > 0 && maxAllowed > 0 ? expectWithin + window : expectWithin;
  return Math.max(...stabilizing, warmUp, effect);
}

export function mayScaleIn({ action, step = 0 }: QosTemplate): boolean {
  return action === 'scale_in' || action === 'target' || action === 'set' || (action === 'step' && step < 0);
}
