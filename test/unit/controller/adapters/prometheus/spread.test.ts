import { describe, expect, it } from 'vitest';
import { createSpread, spreadMs } from '../../../../../controller/adapters/prometheus/spread.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';

describe('createSpread', () => {
  it('waits as long as the name says, once for what is asked together', async () => {
    const clock = fakeClock();
    const spread = createSpread('mimir', clock);
    let asked = 0;
    const ask = () => void spread().then(() => (asked += 1));
    ask();
    ask();
    await clock.advance(spreadMs('mimir') - 1);
    expect(asked).toBe(0);
    await clock.advance(1);
    ask();
    await clock.settle();
    expect(asked).toBe(3);
    await clock.advance(15_000);
    ask();
    await clock.settle();
    expect(asked, 'the next time it waits again').toBe(3);
  });

  it('spreads many sources, each always at the same place', () => {
    const waits = Array.from({ length: 1_000 }, (_, at) => spreadMs(`source-${at}`));
    expect(waits).toEqual(Array.from({ length: 1_000 }, (_, at) => spreadMs(`source-${at}`)));
    const quarters = [0, 1, 2, 3].map((quarter) => waits.filter((ms) => Math.floor(ms / 62.5) === quarter).length);
    for (const count of quarters) expect(count).toBeGreaterThan(180);
    expect(Math.max(...waits)).toBeLessThan(250);
  });
});
