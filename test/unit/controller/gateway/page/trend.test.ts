import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTrends, drawn } from '../../../../../controller/gateway/page/trend.js';

const SIZE = { width: 132, height: 30 };
const agreement = (value: number | undefined, state = 'met') => ({ id: 'web_fast', guarantee: 'misses', value, state });

describe('createTrends', () => {
  it('keeps what changed, from events and from what was seen', () => {
    const trends = createTrends();
    trends.event({ at: '2026-01-01T00:00:00Z', agreement: 'web_fast', guarantee: 'misses', state: 'violated', value: 2 });
    const start = Date.parse('2026-01-01T00:00:00Z');
    trends.seen(agreement(2, 'violated'), start + 1_000);
    trends.seen(agreement(0), start + 2_000);
    trends.seen(agreement(undefined, 'unknown'), start + 3_000);
    expect(trends.of(agreement(0))).toEqual([
      { atMs: start, value: 2, isViolated: true },
      { atMs: start + 2_000, value: 0, isViolated: false },
    ]);
  });

  it('forgets the oldest of more than 60, and what comes late', () => {
    const trends = createTrends();
    for (let at = 0; at < 100; at += 1) trends.seen(agreement(at), at);
    trends.seen(agreement(7), 3);
    expect(trends.of(agreement(0)).map(({ value }: { value: number }) => value)).toEqual(Array.from({ length: 60 }, (_, at) => at + 40));
  });
});

describe('drawn', () => {
  it('stays inside its box, whatever the values', () => {
    const point = fc.record({ atMs: fc.nat(1e6), value: fc.double({ noNaN: true, min: -1e12, max: 1e12 }), isViolated: fc.boolean() });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 })), (points, limit) => {
        const shown = drawn(
          points.sort((a, b) => a.atMs - b.atMs),
          limit ?? undefined,
          1e6,
          SIZE,
        );
        const marks = [...shown.violated, ...(shown.end === undefined ? [] : [shown.end])];
        for (const { x, y } of marks) expect(x >= 0 && x <= SIZE.width && y >= 0 && y <= SIZE.height).toBe(true);
        expect(shown.line).not.toMatch(/NaN|Infinity/);
        expect(shown.violated).toHaveLength(points.filter(({ isViolated }) => isViolated).length);
      }),
    );
  });

  it('is a line of steps until now, the limit where it is', () => {
    const points = [
      { atMs: 0, value: 0, isViolated: false },
      { atMs: 60_000, value: 2, isViolated: true },
    ];
    expect(drawn(points, 1, 120_000, SIZE)).toMatchObject({
      line: 'M4 26H66V4H128',
      limit: 15,
      violated: [{ x: 66, y: 4 }],
      end: { x: 128, y: 4 },
    });
  });
});
