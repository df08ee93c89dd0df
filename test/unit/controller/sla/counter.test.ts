import { describe, expect, test } from 'vitest';
import type { Series } from '../../../../controller/ports.ts';
import type { Baseline } from '../../../../controller/sla/baseline.ts';
import { foldCounter, newSince, startCounter } from '../../../../controller/sla/counter.ts';
import { HOUR, MINUTE, SECOND, START_MS } from './world.ts';

const BASELINE: Baseline = { revision: 'c1', atMs: START_MS, consumed: { 'misses{pod="a"}': 3 }, decided: true, acted: true };

/** A scrape every 15 s from one second to another, both after the baseline. */
function scraped(pod: string, value: number, fromS: number, toS: number, name = 'misses'): Series {
  const timesMs = [];
  for (let at = fromS; at <= toS; at += 15) timesMs.push(START_MS + at * SECOND);
  return { name, labels: { pod }, timesMs, values: timesMs.map(() => value) };
}

function joined(one: Series, other: Series): Series {
  return { ...one, timesMs: [...one.timesMs, ...other.timesMs], values: [...one.values, ...other.values] };
}

const fold = (series: readonly Series[], counter = startCounter(BASELINE)) => foldCounter(counter, series, { keptMs: HOUR });

describe('foldCounter: a series that appears where another one of its metric was consumed', () => {
  test.each<{ reason: string; rounds: readonly (readonly Series[])[]; fresh: readonly number[] }>([
    {
      reason: 'the other one is scraped a little later: it counts once that is seen',
      rounds: [
        [scraped('a', 3, 5, 65), scraped('b', 4, 70, 70)],
        [scraped('a', 3, 5, 80), scraped('b', 4, 70, 85)],
      ],
      fresh: [0, 4],
    },
    {
      reason: 'the other one has stopped: its first value never counts',
      rounds: [[scraped('a', 3, 5, 65), scraped('b', 4, 70, 70)], [scraped('b', 4, 70, 190)]],
      fresh: [0, 0],
    },
    {
      reason: 'the other one has stopped: what grew while that was not clear counts',
      rounds: [[scraped('a', 3, 5, 65), scraped('b', 4, 70, 70)], [joined(scraped('b', 4, 70, 85), scraped('b', 5, 100, 190))]],
      fresh: [0, 1],
    },
    { reason: 'the source has never shown the other one', rounds: [[scraped('b', 4, 70, 70)]], fresh: [0] },
    { reason: 'the other one is of another metric', rounds: [[scraped('b', 4, 70, 70, 'misses_total')]], fresh: [4] },
  ])('$reason', ({ rounds, fresh }) => {
    let counter = startCounter(BASELINE);
    for (const [round, series] of rounds.entries()) {
      counter = fold(series, counter);
      expect(newSince(counter)).toBe(fresh[round]);
    }
    expect(newSince(fold(rounds.at(-1) ?? [])), 'the same after a restart').toBe(fresh.at(-1));
  });

  test('its first value is no growth', () => {
    const { growths } = fold([scraped('b', 4, 70, (10 * MINUTE) / SECOND)]);
    expect(growths).toEqual([]);
  });
});
