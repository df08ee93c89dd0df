import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measuredBy, parseConstraint } from '../../../../constructs/spec/constraint.ts';
import type { Sample, Series } from '../../../../controller/ports.ts';
import { samplesOf } from '../../../../controller/series.ts';
import { overWindow } from '../../../../controller/sla/window.ts';
import { MINUTE, SECOND } from './world.ts';

const NOW_MS = 1_000_000;

/** Samples as [seconds before now, value]. */
function series(samples: readonly (readonly [number, number])[], labels: Record<string, string> = {}, name = 'x'): Series {
  return { name, labels, timesMs: samples.map(([ago]) => NOW_MS - ago * SECOND), values: samples.map(([, value]) => value) };
}

function over(call: string, all: readonly Series[], aggregate: 'sum' | 'avg' | 'max' | 'min' = 'sum', present = all) {
  const [leaf] = measuredBy(parseConstraint(`${call} > 0`));
  if (leaf?.over === undefined) throw new Error('no window');
  return overWindow(leaf.over, { all, present }, NOW_MS, aggregate);
}

const STEADY = series([
  [75, 100],
  [60, 1],
  [45, 3],
  [30, 2],
  [0, 6],
]);

describe('overWindow', () => {
  it.each<[string, number, string]>([
    ['avg(x, 1m)', 11 / 3, 'the sample at the begin is before the window'],
    ['max(x, 1m)', 6, ''],
    ['min(x, 1m)', 2, ''],
    ['sum(x, 1m)', 11, ''],
    ['count(x, 1m)', 3, ''],
    ['last(x, 1m)', 6, ''],
    ['increase(x, 1m)', 2 + 2 + 4, 'from the sample before the window, a lower value begins again at 0'],
    ['rate(x, 1m)', 8 / 60, 'over the time between the samples'],
    ['quantile(0.5, x, 1m)', 3, 'the middle one'],
    ['quantile(0.25, x, 1m)', 2.5, 'between two'],
    ['quantile(0, x, 1m)', 2, 'the least'],
    ['quantile(1, x, 1m)', 6, 'the greatest'],
  ])('%s is %d: %s', (call, value) => {
    expect(over(call, [STEADY])).toBeCloseTo(value, 12);
  });

  it.each(['avg(x, 1m)', 'quantile(0.5, x, 1m)', 'rate(x, 1m)', 'increase(x, 1m)'])('%s of no samples is unknown', (call) => {
    expect(over(call, [series([[90, 1]])])).toMatch(/no samples|fewer than two samples/);
    expect(over(call, [])).toMatch(/no samples|fewer than two samples/);
  });

  it('passes over samples that are no numbers', () => {
    const broken = series([
      [30, 2],
      [15, Number.NaN],
      [0, 4],
    ]);
    expect(over('avg(x, 1m)', [broken])).toBe(3);
    expect(over('increase(x, 1m)', [broken])).toBe(2);
  });

  it('aggregates what each series shows, ranks and counts the samples of all', () => {
    const two = [
      series(
        [
          [30, 1],
          [0, 3],
        ],
        { pod: 'a' },
      ),
      series(
        [
          [30, 10],
          [0, 30],
        ],
        { pod: 'b' },
      ),
    ];
    expect(over('avg(x, 1m)', two)).toBe(22);
    expect(over('avg(x, 1m)', two, 'max')).toBe(20);
    expect(over('increase(x, 1m)', two)).toBe(22);
    expect(over('quantile(0.5, x, 1m)', two)).toBe(6.5);
    expect(over('count(x, 1m)', two)).toBe(4);
  });

  it('of a series that has ended, only its growth and its samples count', () => {
    const ended = series(
      [
        [50, 1],
        [40, 3],
      ],
      { pod: 'a' },
    );
    const goes = series(
      [
        [30, 10],
        [0, 12],
      ],
      { pod: 'b' },
    );
    expect(over('avg(x, 1m)', [ended, goes], 'sum', [goes])).toBe(11);
    expect(over('increase(x, 1m)', [ended, goes], 'sum', [goes])).toBe(4);
    expect(over('count(x, 1m)', [ended, goes], 'sum', [goes])).toBe(4);
  });
});

describe('a quantile of a histogram', () => {
  const bucket = (le: string, from: number, to: number, pod = 'a') =>
    series(
      [
        [60, from],
        [0, to],
      ],
      { le, pod },
      'x_bucket',
    );
  const HISTOGRAM = [bucket('0.1', 5, 55), bucket('0.25', 5, 85), bucket('0.5', 5, 95), bucket('+Inf', 5, 105)];

  it.each<[string, number, string]>([
    ['quantile(0.25, x, 1m)', 0.05, 'linear from 0 in the first bucket'],
    ['quantile(0.5, x, 1m)', 0.1, 'the bound of a bucket'],
    ['quantile(0.65, x, 1m)', 0.175, 'linear inside a bucket'],
    ['quantile(0.95, x, 1m)', 0.5, 'no more than the greatest finite bound'],
  ])('%s is %d: %s', (call, value) => {
    expect(over(call, HISTOGRAM)).toBeCloseTo(value, 12);
  });

  it('adds the buckets of all its series, by the number of their bounds', () => {
    expect(over('quantile(0.5, x, 1m)', [...HISTOGRAM, bucket('0.10', 0, 100, 'b'), bucket('+Inf', 0, 100, 'b')])).toBeCloseTo(
      0.1 * (100 / 150),
      12,
    );
  });

  it('without observations inside the window is unknown', () => {
    expect(over('quantile(0.5, x, 1m)', [bucket('0.1', 5, 5), bucket('+Inf', 5, 5)])).toBe('Its histogram has no observations within 1m');
    expect(over('quantile(0.5, x, 1m)', [bucket('0.1', 5, 9)])).toMatch(/no observations/);
  });

  it('with negative bounds gives the bound', () => {
    expect(over('quantile(0.1, x, 1m)', [bucket('-1', 0, 5), bucket('1', 0, 10), bucket('+Inf', 0, 10)])).toBe(-1);
  });
});

/** Slow and plain: looks at every sample by itself. */
function naive(how: string, samples: readonly Sample[], windowMs: number): number | undefined {
  const inside = samples.filter(({ atMs }) => atMs > NOW_MS - windowMs && atMs <= NOW_MS).map(({ value }) => value);
  if (how === 'count') return inside.length;
  if (how === 'increase' || how === 'rate') {
    let growth: number | undefined;
    let covered = 0;
    for (const [at, sample] of samples.entries()) {
      const before = samples[at - 1];
      if (before === undefined || before.atMs <= NOW_MS - windowMs - 5 * MINUTE || sample.atMs <= NOW_MS - windowMs || sample.atMs > NOW_MS)
        continue;
      growth = (growth ?? 0) + (sample.value >= before.value ? sample.value - before.value : sample.value);
      covered += (sample.atMs - before.atMs) / 1000;
    }
    return growth === undefined || how === 'increase' ? growth : growth / covered;
  }
  if (inside.length === 0) return undefined;
  const sorted = [...inside].sort((a, b) => a - b);
  const total = inside.reduce((sum, value) => sum + value, 0);
  return { avg: total / inside.length, max: sorted.at(-1), min: sorted[0], sum: total, last: inside.at(-1) }[how];
}

describe('laws', () => {
  const samples = fc
    .uniqueArray(fc.record({ ago: fc.integer({ min: -60, max: 900 }), value: fc.integer({ min: 0, max: 50 }) }), {
      selector: ({ ago }) => ago,
      maxLength: 40,
    })
    .map((list) => list.sort((a, b) => b.ago - a.ago).map(({ ago, value }) => [ago, value] as const));

  it.each(['avg', 'max', 'min', 'sum', 'count', 'last', 'increase', 'rate'])('%s is what a naive reading says', (how) => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 600 }), (list, seconds) => {
        const one = series(list);
        const value = over(`${how}(x, ${seconds}s)`, [one]);
        const expected = naive(how, samplesOf(one), seconds * SECOND);
        if (expected === undefined) expect(typeof value).toBe('string');
        else expect(value).toBeCloseTo(expected, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('a quantile lies between the least and the greatest, and grows with its share', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 99 }), (list, percent) => {
        const one = [series(list)];
        const value = over(`quantile(${percent}%, x, 10m)`, one);
        if (typeof value === 'string') return;
        expect(value).toBeGreaterThanOrEqual(Number(over('min(x, 10m)', one)));
        expect(value).toBeLessThanOrEqual(Number(over('max(x, 10m)', one)));
        expect(value).toBeLessThanOrEqual(Number(over(`quantile(${percent + 1}%, x, 10m)`, one)));
      }),
    );
  });
});
