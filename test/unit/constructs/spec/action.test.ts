import { describe, expect, it } from 'vitest';
import { qosTemplateSpec } from '../../../../constructs/spec/qos-template.ts';

const guarantees = [{ name: 'latency', constraint: 'latency < 0.25' }];
const issuesOf = (spec: object) =>
  qosTemplateSpec
    .safeParse({ type: 'app', guarantees, ...spec })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('an action', () => {
  it.each<[object]>([
    [{}],
    [{ scaleFactor: 2 }],
    [{ action: 'scale_in', scaleFactor: 0.5, minReplicas: 2 }],
    [{ action: 'target', targetValue: 0.2, behavior: { scaleIn: { tolerance: 0.2 } } }],
    [{ action: 'step', step: -2, maxReplicas: 9 }],
    [{ action: 'set', setTo: 0 }],
    [{ action: 'none' }],
    [{ expectWithin: '5m', ineffectiveAfter: 2 }],
  ])('may be %o', (spec) => {
    expect(issuesOf(spec)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ action: 'target' }, 'action: Give the action target its targetValue'],
    [{ action: 'step' }, 'action: Give the action step its step'],
    [{ action: 'set' }, 'action: Give the action set its setTo'],
    [{ action: 'step', step: 0 }, 'step: Write a step other than 0'],
    [
      { action: 'target', targetValue: 1, scaleFactor: 2 },
      'scaleFactor: Remove scaleFactor, or write the action it is for (scale_out, scale_in): target',
    ],
    [{ targetValue: 1 }, 'targetValue: Remove targetValue, or write the action it is for (target): none is written'],
    [
      { action: 'scale_in', expectWithin: '5m' },
      'expectWithin: Remove expectWithin, or write the action it is for (scale_out, target, step, set): scale_in',
    ],
    [
      { action: 'none', maxReplicas: 5 },
      'maxReplicas: Remove maxReplicas, or write the action it is for (scale_out, scale_in, target, step, set): none',
    ],
    [{ ineffectiveAfter: 2 }, 'ineffectiveAfter: Give ineffectiveAfter an expectWithin: effects are judged within it'],
    [
      { action: 'scale_out', behavior: { scaleOut: { tolerance: 0.1 } } },
      'behavior.scaleOut.tolerance: Remove tolerance, or write the action it is for (target)',
    ],
    [{ behavior: { scaleIn: { stabilizationWindow: '61m' } } }, 'behavior.scaleIn.stabilizationWindow: Write at most 1h'],
  ])('must not be %o', (spec, issue) => {
    expect(issuesOf(spec)).toEqual([issue]);
  });
});
