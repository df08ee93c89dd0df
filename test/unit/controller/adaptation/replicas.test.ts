import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, limitedReplicas, targetReplicas, wantedReplicas } from '../../../../controller/adaptation/replicas.ts';

function scaledReplicas(from: number, action: Action, value = 0) {
  return limitedReplicas(from, wantedReplicas(from, action, value), action);
}

const out = (scaleFactor: number, minReplicas = 1, maxReplicas = 30) =>
  ({ action: 'scale_out', scaleFactor, minReplicas, maxReplicas }) as const;
const into = (scaleFactor: number, minReplicas = 1, maxReplicas = 30) =>
  ({ action: 'scale_in', scaleFactor, minReplicas, maxReplicas }) as const;

test.each([
  { from: 4, template: out(1.5), to: 6, reason: 'the newsletter' },
  { from: 6, template: out(1.5), to: 9, reason: 'and again' },
  { from: 9, template: out(1.5), to: 14, reason: 'rounded up' },
  { from: 21, template: out(1.5), to: 30, limitedBy: 'maxReplicas 30', reason: 'the limit' },
  { from: 20, template: out(1.5), to: 30, reason: 'just the limit' },
  { from: 30, template: out(1.5), to: 30, limitedBy: 'maxReplicas 30', reason: 'no room' },
  { from: 55, template: out(1.5), to: 55, limitedBy: 'maxReplicas 30', reason: 'scale_out never shrinks' },
  { from: 1, template: out(1.25), to: 2, reason: 'at least one step' },
  { from: 50, template: out(1.1, 1, 100), to: 55, reason: '50 × 1.1 is 55.00000000000001' },
  { from: 0, template: out(1.5), to: 1, reason: 'zero is left' },
  { from: 0, template: out(1.5, 3), to: 3, reason: 'zero is left to the minimum' },
  { from: 1, template: out(1.5, 5), to: 5, limitedBy: 'minReplicas 5', reason: 'a minimum lifts' },
  { from: 55, template: into(0.5), to: 27, reason: 'the maximum is for scaling out' },
  { from: 27, template: into(0.5), to: 13, reason: 'rounded down' },
  { from: 100, template: into(0.57, 1, 200), to: 57, reason: '100 × 0.57 is 56.99999999999999' },
  { from: 3, template: into(0.9), to: 2, reason: 'at least one step' },
  { from: 4, template: into(0.5, 3), to: 3, limitedBy: 'minReplicas 3', reason: 'the minimum' },
  { from: 1, template: into(0.5), to: 1, limitedBy: 'minReplicas 1', reason: 'no room' },
  { from: 2, template: into(0.5, 5), to: 2, limitedBy: 'minReplicas 5', reason: 'scale_in never grows' },
  { from: 0, template: into(0.5, 0), to: 0, limitedBy: 'minReplicas 0', reason: 'nothing to take' },
])('$from replicas, $template.action × $template.scaleFactor → $to: $reason', ({ from, template, to, limitedBy }) => {
  expect(scaledReplicas(from, template)).toEqual({ to, ...(limitedBy === undefined ? {} : { limitedBy }) });
});

const LIMITS = { scaleFactor: 1.25, minReplicas: 1, maxReplicas: 30 };
const step = (count: number, more = {}): Action => ({ action: 'step', step: count, ...LIMITS, ...more });
const set = (count: number, more = {}): Action => ({ action: 'set', setTo: count, ...LIMITS, ...more });
const target = (targetValue: number, more = {}): Action => ({ action: 'target', targetValue, ...LIMITS, ...more });

test.each<{ from: number; action: Action; value?: number; to: number; limitedBy?: string; reason: string }>([
  { from: 4, action: step(2), to: 6, reason: 'so many more' },
  { from: 4, action: step(-3), to: 1, reason: 'so many fewer' },
  { from: 4, action: step(-5), to: 1, limitedBy: 'minReplicas 1', reason: 'not below the minimum' },
  { from: 2, action: step(-5, { minReplicas: 0 }), to: 0, limitedBy: 'minReplicas 0', reason: 'not below zero' },
  { from: 29, action: step(5), to: 30, limitedBy: 'maxReplicas 30', reason: 'not above the maximum' },
  { from: 40, action: step(5), to: 40, limitedBy: 'maxReplicas 30', reason: 'a step out never shrinks' },
  { from: 4, action: set(9), to: 9, reason: 'up to it' },
  { from: 9, action: set(4), to: 4, reason: 'down to it' },
  { from: 4, action: set(4), to: 4, reason: 'it is there' },
  { from: 4, action: { action: 'none', ...LIMITS }, to: 4, reason: 'it only reports' },
  { from: 4, action: target(100), value: 200, to: 8, reason: 'twice the value' },
  { from: 4, action: target(100), value: 101, to: 4, reason: 'within the tolerance' },
  { from: 10, action: target(100), value: 110, to: 10, reason: 'just within the tolerance, 1.1 being no binary fraction' },
  { from: 10, action: target(100), value: 90, to: 10, reason: 'just within it, below' },
  { from: 10, action: target(100), value: 111, to: 12, reason: 'rounded up' },
  { from: 10, action: target(100), value: 81, to: 9, reason: 'rounded up when going in as well' },
  { from: 3, action: target(100), value: 100 * (2 / 3), to: 2, reason: '3 × 2/3 is 2, not a little more' },
  { from: 10, action: target(100), value: 0, to: 1, limitedBy: 'minReplicas 1', reason: 'nothing to do' },
  { from: 10, action: target(100, { minReplicas: 0 }), value: 0, to: 0, reason: 'nothing to do, and none is enough' },
  { from: 0, action: target(100), value: 0, to: 0, reason: 'nothing to do for none' },
  { from: 0, action: target(100), value: 101, to: 2, reason: 'zero is left by the ratio itself' },
  { from: 0, action: target(100), value: 5, to: 1, reason: 'zero is left for anything, without tolerance' },
  { from: 10, action: target(100), value: -5, to: 10, reason: 'no value below 0 tells anything' },
  { from: 40, action: target(100), value: 200, to: 40, limitedBy: 'maxReplicas 30', reason: 'a target never shrinks what wants to grow' },
  {
    from: 10,
    action: target(100, { behavior: { scaleOut: rules(0.3), scaleIn: rules(0) } }),
    value: 129,
    to: 10,
    reason: 'a tolerance of its own out',
  },
  { from: 10, action: target(100, { behavior: { scaleOut: rules(0.3), scaleIn: rules(0) } }), value: 89, to: 9, reason: 'and in' },
])('$from replicas, $action.action of $value → $to: $reason', ({ from, action, value, to, limitedBy }) => {
  expect(scaledReplicas(from, action, value)).toEqual({ to, ...(limitedBy === undefined ? {} : { limitedBy }) });
});

function rules(tolerance: number) {
  return { policies: [], selectPolicy: 'Max', tolerance };
}

describe('laws', () => {
  const replicas = fc.nat(200);
  const limits = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 200 })).map(([min, more]) => ({ min, max: min + more }));
  const growing = fc.double({ min: 1.01, max: 5, noNaN: true });
  const shrinking = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  test('scale_out never shrinks, and exceeds the maximum only where it was exceeded', () => {
    fc.assert(
      fc.property(replicas, growing, limits, (from, factor, { min, max }) => {
        const { to } = scaledReplicas(from, out(factor, min, max));
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(Math.max(from, max));
        expect(to).toBeGreaterThanOrEqual(Math.min(min, max));
      }),
    );
  });

  test('scale_in never grows, and goes below the minimum only where it was', () => {
    fc.assert(
      fc.property(replicas, shrinking, limits, (from, factor, { min, max }) => {
        const { to } = scaledReplicas(from, into(factor, min, max));
        expect(to).toBeLessThanOrEqual(from);
        expect(to).toBeGreaterThanOrEqual(Math.min(from, min));
      }),
    );
  });

  test('more replicas never give fewer', () => {
    fc.assert(
      fc.property(
        replicas,
        fc.oneof(
          growing.map((factor) => out(factor)),
          shrinking.map((factor) => into(factor)),
        ),
        (from, template) => {
          expect(scaledReplicas(from + 1, template).to).toBeGreaterThanOrEqual(scaledReplicas(from, template).to);
        },
      ),
    );
  });

  test('a higher value never gives fewer replicas, and a ratio of 1 changes nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (from, ratio, more) => {
          const template = { action: 'target' } as const;
          expect(targetReplicas(from, ratio + more, template)).toBeGreaterThanOrEqual(targetReplicas(from, ratio, template));
          expect(targetReplicas(from, 1, template)).toBe(from);
        },
      ),
    );
  });

  test('whatever is wanted, what is given lies within the limits, or between them and what there was', () => {
    fc.assert(
      fc.property(replicas, fc.integer({ min: -50, max: 400 }), limits, (from, wanted, { min, max }) => {
        const { to } = limitedReplicas(from, wanted, { minReplicas: min, maxReplicas: max });
        expect(Math.sign(to - from) * Math.sign(wanted - from)).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThanOrEqual(Math.min(from, min));
        expect(to).toBeLessThanOrEqual(Math.max(from, max));
      }),
    );
  });
});
