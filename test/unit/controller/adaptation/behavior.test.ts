import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Behavior, ScalingPolicy } from '../../../../constructs/spec/behavior.ts';
import { behavedReplicas } from '../../../../controller/adaptation/behavior.ts';
import type { TaskHistory } from '../../../../controller/sla/history.ts';
import { decision, MINUTE, SECOND, START_MS } from '../sla/world.ts';

const NOW = START_MS;

type Rules = NonNullable<Behavior['scaleOut']>;
const rules = (changes: Partial<Rules> = {}): Rules => ({ policies: [], selectPolicy: 'Max', stabilizationWindow: 0, ...changes });
const pods = (value: number, period = 15 * SECOND): ScalingPolicy => ({ type: 'Pods', value, period });
const percent = (value: number, period = 15 * SECOND): ScalingPolicy => ({ type: 'Percent', value, period });

/** Replicas recommended so long ago. */
type Recommended = readonly (readonly [agoMs: number, replicas: number])[];

function behaved(
  from: number,
  wanted: number,
  behavior: Behavior,
  {
    recommended = [],
    decided = [],
  }: { recommended?: Recommended; decided?: readonly (readonly [agoMs: number, from: number, to: number])[] } = {},
) {
  const decisions: TaskHistory['decisions'] = decided.map(([agoMs, was, to], order) => ({
    ...decision({ id: `d${order}`, from: was, to }),
    revision: `c${order}`,
    atMs: NOW - agoMs,
    order,
  }));
  const recommendations = recommended.map(([agoMs, replicas]) => ({ atMs: NOW - agoMs, replicas }));
  return behavedReplicas(from, wanted, { action: 'target', behavior }, { nowMs: NOW, recommendations, decisions });
}

describe('stabilization windows', () => {
  const out = { scaleOut: rules({ stabilizationWindow: MINUTE }) };
  const into = { scaleIn: rules({ stabilizationWindow: 5 * MINUTE }) };
  const both = { scaleOut: rules({ stabilizationWindow: 5 * MINUTE }), scaleIn: rules({ stabilizationWindow: 5 * MINUTE }) };

  test.each<{ why: string; from: number; wanted: number; behavior: Behavior; recommended: Recommended; to: number }>([
    { why: 'without a window the present counts', from: 4, wanted: 8, behavior: {}, recommended: [[SECOND, 5]], to: 8 },
    {
      why: 'nor does a human count whose clock is an hour ahead',
      from: 4,
      wanted: 8,
      behavior: {},
      recommended: [[-60 * MINUTE, 4]],
      to: 8,
    },
    { why: 'out: the least of the window', from: 4, wanted: 8, behavior: out, recommended: [[30 * SECOND, 6]], to: 6 },
    { why: 'out: not what is older', from: 4, wanted: 8, behavior: out, recommended: [[MINUTE, 6]], to: 8 },
    { why: 'out: none while fewer were right', from: 4, wanted: 8, behavior: out, recommended: [[30 * SECOND, 2]], to: 4 },
    {
      why: 'in: the most of the window',
      from: 8,
      wanted: 2,
      behavior: into,
      recommended: [
        [4 * MINUTE, 5],
        [SECOND, 3],
      ],
      to: 5,
    },
    { why: 'in: not what is older', from: 8, wanted: 2, behavior: into, recommended: [[5 * MINUTE, 5]], to: 2 },
    { why: 'in: none while more were right', from: 8, wanted: 2, behavior: into, recommended: [[MINUTE, 12]], to: 8 },
    {
      why: 'in with both windows: never out, as kubernetes#98174',
      from: 8,
      wanted: 2,
      behavior: both,
      recommended: [
        [MINUTE, 20],
        [SECOND, 20],
      ],
      to: 8,
    },
    { why: 'out with both windows: never in', from: 8, wanted: 20, behavior: both, recommended: [[MINUTE, 2]], to: 8 },
  ])('$why', ({ from, wanted, behavior, recommended, to }) => {
    expect(behaved(from, wanted, behavior, { recommended }).to).toBe(to);
  });

  test('by default, target scales in by the most of five minutes', () => {
    const made = behavedReplicas(
      8,
      2,
      { action: 'target' },
      { nowMs: NOW, decisions: [], recommendations: [{ atMs: NOW - 4 * MINUTE, replicas: 7 }] },
    );
    expect(made).toEqual({ to: 7, limitedBy: 'behavior.scaleIn.stabilizationWindow 5m' });
  });
});

describe('policies', () => {
  test.each<{
    why: string;
    from: number;
    wanted: number;
    behavior: Behavior;
    decided?: readonly (readonly [number, number, number])[];
    to: number;
    limitedBy?: string;
  }>([
    { why: 'pods out', from: 10, wanted: 80, behavior: { scaleOut: rules({ policies: [pods(4)] }) }, to: 14, limitedBy: '4 Pods in 15s' },
    {
      why: 'percent out, rounded up',
      from: 3,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [percent(50)] }) },
      to: 5,
      limitedBy: '50 % in 15s',
    },
    {
      why: 'as much as wanted when less than allowed',
      from: 10,
      wanted: 11,
      behavior: { scaleOut: rules({ policies: [pods(4)] }) },
      to: 11,
    },
    { why: 'Max: whichever allows most', from: 3, wanted: 80, behavior: { scaleOut: rules({ policies: [pods(4), percent(100)] }) }, to: 7 },
    {
      why: 'Min: whichever allows least',
      from: 3,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4), percent(100)], selectPolicy: 'Min' }) },
      to: 6,
    },
    {
      why: 'Disabled: not at all',
      from: 3,
      wanted: 80,
      behavior: { scaleOut: rules({ selectPolicy: 'Disabled' }) },
      to: 3,
      limitedBy: 'which is Disabled',
    },
    { why: 'pods in', from: 10, wanted: 1, behavior: { scaleIn: rules({ policies: [pods(2)] }) }, to: 8 },
    { why: 'percent in, rounded down', from: 5, wanted: 1, behavior: { scaleIn: rules({ policies: [percent(50)] }) }, to: 2 },
    { why: 'Max in: whichever takes most', from: 10, wanted: 1, behavior: { scaleIn: rules({ policies: [pods(2), percent(50)] }) }, to: 5 },
    {
      why: 'Min in: whichever takes least',
      from: 10,
      wanted: 1,
      behavior: { scaleIn: rules({ policies: [pods(2), percent(50)], selectPolicy: 'Min' }) },
      to: 8,
    },
    {
      why: 'what was added in the period counts',
      from: 14,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4, MINUTE)] }) },
      decided: [[30 * SECOND, 11, 14]],
      to: 15,
    },
    {
      why: 'all of it added: no more',
      from: 15,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4, MINUTE)] }) },
      decided: [[30 * SECOND, 11, 15]],
      to: 15,
    },
    {
      why: 'more than that: not fewer',
      from: 20,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4, MINUTE)] }) },
      decided: [[30 * SECOND, 11, 20]],
      to: 20,
    },
    {
      why: 'what is older does not',
      from: 15,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4, MINUTE)] }) },
      decided: [[62 * SECOND, 11, 15]],
      to: 19,
    },
    {
      why: 'what was taken away in the period gives room',
      from: 10,
      wanted: 80,
      behavior: { scaleOut: rules({ policies: [pods(4, MINUTE)] }) },
      decided: [[30 * SECOND, 12, 10]],
      to: 16,
    },
    { why: 'the other direction has no policies', from: 10, wanted: 1, behavior: { scaleOut: rules({ policies: [pods(4)] }) }, to: 1 },
  ])('$why', ({ from, wanted, behavior, decided, to, limitedBy }) => {
    const made = behaved(from, wanted, behavior, decided === undefined ? {} : { decided });
    expect(made.to).toBe(to);
    if (limitedBy !== undefined) expect(made.limitedBy).toContain(limitedBy);
  });

  test('a window and a policy: the more careful of both', () => {
    const behavior = { scaleOut: rules({ policies: [pods(4)], stabilizationWindow: MINUTE }) };
    expect(behaved(10, 80, behavior, { recommended: [[SECOND, 12]] }).to).toBe(12);
    expect(behaved(10, 80, behavior, { recommended: [[SECOND, 60]] }).to).toBe(14);
  });
});

test('law: between what there is and what is wanted', () => {
  const replicas = fc.nat(100);
  const policy = fc.record({
    type: fc.constantFrom('Pods' as const, 'Percent' as const),
    value: fc.integer({ min: 1, max: 300 }),
    period: fc.constantFrom(15 * SECOND, MINUTE),
  });
  const anyRules = fc.record({
    policies: fc.array(policy, { maxLength: 3 }),
    selectPolicy: fc.constantFrom('Max' as const, 'Min' as const, 'Disabled' as const),
    stabilizationWindow: fc.constantFrom(0, MINUTE, 5 * MINUTE),
  });
  const past = fc.array(fc.tuple(fc.nat(400 * SECOND), replicas));
  const decided = fc.array(fc.tuple(fc.nat(120 * SECOND), replicas, replicas));
  fc.assert(
    fc.property(
      replicas,
      replicas,
      fc.record({ scaleOut: anyRules, scaleIn: anyRules }),
      past,
      decided,
      (from, wanted, behavior, recommended, decisions) => {
        const { to } = behaved(from, wanted, behavior, { recommended, decided: decisions });
        expect(to).toBeGreaterThanOrEqual(Math.min(from, wanted));
        expect(to).toBeLessThanOrEqual(Math.max(from, wanted));
      },
    ),
  );
});
