import { describe, expect, it } from 'vitest';
import { inTime } from '../../../controller/in-time.ts';
import { fakeClock } from '../../support/fake-clock.ts';

describe('inTime', () => {
  it('rejects as the work does, whose end stops the clock', async () => {
    const clock = fakeClock();
    await expect(inTime(Promise.reject(new Error('the journal is full')), clock, 1_500)).rejects.toThrow('the journal is full');
  });

  it('resolves with the work, and without it when that takes longer', async () => {
    const clock = fakeClock();
    await inTime(Promise.resolve(), clock, 1_500);
    let isOver = false;
    const late = inTime(new Promise(() => undefined), clock, 1_500).then(() => {
      isOver = true;
    });
    await clock.advance(1_400);
    expect(isOver).toBe(false);
    await clock.advance(200);
    await late;
  });
});
