import { describe, expect, it } from 'vitest';
import { createRace } from '../../../../../controller/adapters/git/race.ts';
import { ConflictError, Failure } from '../../../../../controller/errors.ts';

/** Attempts that take 100 ms each, and a machine that draws `random`. */
function racing(random = 1) {
  let nowMs = 0;
  const race = createRace({ random: () => random, now: () => nowMs });
  const attempt = (error?: Error) =>
    race(async () => {
      nowMs += 100;
      if (error !== undefined) throw error;
      return 'won';
    });
  const lost = () => attempt(new ConflictError('moved')).catch(({ afterMs }) => afterMs);
  return { attempt, lost };
}

describe('createRace', () => {
  it('has a loser wait up to what the attempt took, doubled with each loss in a row, 10 s at most', async () => {
    const { lost } = racing();
    const waits: unknown[] = [];
    for (let race = 0; race < 9; race += 1) waits.push(await lost());
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('draws the time, so that losers part', async () => {
    expect(await racing(0.25).lost()).toBe(25);
  });

  it('begins anew after a race that was won', async () => {
    const { attempt, lost } = racing();
    await lost();
    await lost();
    expect(await attempt()).toBe('won');
    expect(await lost()).toBe(100);
  });

  it('leaves every other failure as it is', async () => {
    const failure = new Failure('transient', 'no answer');
    await expect(racing().attempt(failure)).rejects.toBe(failure);
  });
});
