import { describe, expect, test } from 'vitest';
import type { MetricSource } from '../../../controller/ports.ts';
import { createJudge } from '../../../controller/sla/judge.ts';
import { violationNotice } from '../../../controller/sla/notice.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { environment, guarantee, HOUR, historyOf, SECOND, START_MS, settled, silentLog, task, template } from './sla/world.ts';

const LOAD = template('Load', { type: 'app', guarantees: [guarantee('load < 80', { kind: 'gauge' })] });
const WORKFLOW = task('w', [LOAD]);
const INPUT = {
  environment: environment([WORKFLOW]),
  history: historyOf([{ atMs: START_MS - HOUR, replicas: { w: 4 }, qos: ['Load'] }]),
  facts: settled([WORKFLOW], START_MS - HOUR),
};

/** A source that shows each of `values` for 15 s, and what is told at its end by a controller that looks every 15 s, `offMs` after each scrape. */
async function toldOf(values: readonly number[], offMs: number, lookFrom = 0) {
  const clock = fakeClock(START_MS);
  const source = new FaultySource('prometheus', clock);
  const judge = createJudge({ sourceOf: (): MetricSource[] => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
  const ids: (string | undefined)[] = [];
  for (const [at, value] of values.entries()) {
    source.targets.set('load_w', value);
    source.scrape();
    await clock.advance(offMs);
    const [judgement] = at < lookFrom ? [] : await judge.judge(INPUT);
    ids.push(judgement && violationNotice(judgement)?.id);
    await clock.advance(15 * SECOND - offMs);
  }
  return ids;
}

describe("the id of a gauge's violation", () => {
  const episode = [50, 90, 91, 92];

  test('is that of its beginning, whenever it is looked at', async () => {
    const [none, first, ...later] = await toldOf(episode, SECOND);
    expect(none).toBeUndefined();
    expect(first).toBeDefined();
    expect(new Set(later)).toEqual(new Set([first]));
  });

  test.each([
    { why: 'looks at other times', offMs: 9 * SECOND, lookFrom: 0 },
    { why: 'was restarted meanwhile', offMs: SECOND, lookFrom: 3 },
  ])('is the same to a controller that $why', async ({ offMs, lookFrom }) => {
    expect((await toldOf(episode, offMs, lookFrom)).at(-1)).toBe((await toldOf(episode, SECOND)).at(-1));
  });

  test('is another one after it was met', async () => {
    const ids = await toldOf([50, 90, 50, 90], SECOND);
    expect(new Set([ids[1], ids[3]]).size).toBe(2);
    expect(ids[2]).toBeUndefined();
  });
});
