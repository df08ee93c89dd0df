import { describe, expect, test } from 'vitest';
import type { Series } from '../../../../controller/ports.ts';
import { current, gaplessSinceMs } from '../../../../controller/sla/freshness.ts';
import { MINUTE, SECOND, START_MS } from './world.ts';

/** Ten minutes of samples up to START_MS. */
function scraped(everyMs: number, lateMs = 0, timesMs: readonly number[] = []): Series {
  const all = Array.from({ length: Math.floor((10 * MINUTE) / everyMs) }, (_, at) => START_MS - lateMs - at * everyMs).reverse();
  const kept = timesMs.length > 0 ? timesMs : all;
  return { name: 'load', labels: { late: `${lateMs}` }, timesMs: kept, values: kept.map(() => 1) };
}

describe('current: how old a sample may be', () => {
  test.each([
    { everyMs: 15 * SECOND, maxAgeMs: undefined, oldestMs: 45 * SECOND, why: 'two evaluations and a scrape interval' },
    { everyMs: 60 * SECOND, maxAgeMs: undefined, oldestMs: 90 * SECOND, why: 'two evaluations and a scrape interval' },
    { everyMs: SECOND, maxAgeMs: undefined, oldestMs: 31 * SECOND, why: 'two evaluations and a scrape interval' },
    { everyMs: 15 * SECOND, maxAgeMs: 20 * SECOND, oldestMs: 20 * SECOND, why: 'what the guarantee says' },
    { everyMs: 15 * SECOND, maxAgeMs: 5 * MINUTE, oldestMs: 5 * MINUTE, why: 'what the guarantee says' },
  ])('scraped every $everyMs ms, maxAge $maxAgeMs: $oldestMs ms, $why', ({ everyMs, maxAgeMs, oldestMs }) => {
    const freshness = { evaluateEveryMs: 15 * SECOND, maxAgeMs };
    expect(current([scraped(everyMs)], START_MS + oldestMs, freshness)).toHaveLength(1);
    expect(current([scraped(everyMs)], START_MS + oldestMs + 1, freshness)).toHaveLength(0);
  });

  test('of a single sample the interval is taken to be a minute', () => {
    const freshness = { evaluateEveryMs: 15 * SECOND, maxAgeMs: undefined };
    const one = scraped(MINUTE, 0, [START_MS]);
    expect(current([one], START_MS + 90 * SECOND, freshness)).toHaveLength(1);
    expect(current([one], START_MS + 91 * SECOND, freshness)).toHaveLength(0);
  });
});

describe('gaplessSinceMs', () => {
  const freshness = { evaluateEveryMs: 15 * SECOND, maxAgeMs: undefined };
  const fromMs = START_MS - 5 * MINUTE;

  test('many series that are scraped within a second each minute, or two, have no gap', () => {
    for (const everyMs of [MINUTE, 2 * MINUTE]) {
      const series = [0, 200, 400, 600, 800].map((lateMs) => scraped(everyMs, lateMs));
      expect(gaplessSinceMs(series, fromMs, freshness)).toBe(fromMs);
    }
  });

  test('a gap of three scrapes is one', () => {
    const times = [10, 9, 8, 7, 3, 2, 1, 0].map((at) => START_MS - at * 15 * SECOND);
    expect(gaplessSinceMs([scraped(15 * SECOND, 0, times)], START_MS - 3 * MINUTE, freshness)).toBe(START_MS - 45 * SECOND);
  });
});
