import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaledReplicas } from '../../../../controller/adaptation/replicas.ts';

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
});
