import { expect, it } from 'vitest';
import { createAlarm } from '../../../../../controller/sync/watch/alarm.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';

it('an alarm rings once, at the earliest of its times, and not when it is closed', async () => {
  const clock = fakeClock(0);
  const rung: number[] = [];
  const alarm = createAlarm(clock, () => rung.push(clock.now()));
  alarm.set(300);
  alarm.set(100);
  alarm.set(200);
  await clock.advance(1000);
  expect(rung).toEqual([100]);
  alarm.set(500);
  await clock.advance(0);
  expect(rung).toEqual([100, 1000]);
  alarm.set(2000);
  alarm.close();
  await clock.advance(5000);
  expect(rung).toEqual([100, 1000]);
});
