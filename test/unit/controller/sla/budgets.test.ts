import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../controller/errors.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { environment, FakePrometheus, historyOf, MINUTE, START_MS, settled, silentLog, task, template } from './world.ts';

const LABELS = { environment: 'city', agreement: 'web_Q' };
const RECORDED = 'rotterdam:agreement_budget_remaining:ratio';

function world(objective: { target: number; window: number } | null = { target: 0.999, window: 30 * 86_400_000 }) {
  const clock = fakeClock(START_MS);
  const source = new FakePrometheus();
  const web = task('web', [template('Q', objective === null ? {} : { objective })]);
  const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15_000 });
  const input = { environment: environment([web]), history: historyOf([]), facts: settled([web], START_MS) };
  const budget = async () => (await judge.judge(input))[0]?.budgetRemaining;
  return { clock, source, budget };
}

describe('the error budget of an agreement', () => {
  it('is what its source has recorded, from the second evaluation on', async () => {
    const { source, budget } = world();
    source.push(RECORDED, 0.4, LABELS);
    source.push(RECORDED, 0.9, { ...LABELS, environment: 'village' });
    source.scrape(START_MS);
    await budget();
    expect(await budget()).toBe(0.4);
  });

  it('is asked for once a minute, and forgotten a quarter of an hour after it was recorded', async () => {
    const { source, clock, budget } = world();
    source.push(RECORDED, 0.4, LABELS);
    source.scrape(START_MS);
    for (let at = 0; at < 3; at += 1) await budget();
    expect(source.queries.filter((query) => query === RECORDED)).toHaveLength(1);
    await clock.advance(16 * MINUTE);
    expect(await budget()).toBeUndefined();
  });

  it('is unknown where nobody records it, or the source fails, and nobody asks without an objective', async () => {
    const none = world();
    await none.budget();
    expect(await none.budget()).toBeUndefined();
    const failing = world();
    failing.source.failing = new Failure('transient', 'down');
    await failing.budget();
    expect(await failing.budget()).toBeUndefined();
    const without = world(null);
    await without.budget();
    expect(without.source.queries).not.toContain(RECORDED);
  });
});
