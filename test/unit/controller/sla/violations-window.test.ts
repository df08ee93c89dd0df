import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJudge } from '../../../../controller/sla/judge.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  environment,
  FakePrometheus,
  guarantee,
  HOUR,
  historyOf,
  MINUTE,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from './world.ts';

const PERIOD = 15 * SECOND;
const METRIC = 'seen_compss_workflow';

interface Seen {
  readonly atMs: number;
  readonly value: number;
}

/** What the judge counts after these values were scraped, each `afterMs` after the one before. */
async function violationsOf(
  kind: 'counter' | 'gauge',
  values: readonly { readonly afterMs: number; readonly value: number }[],
  terms: { limit: number; windowMs: number },
) {
  const qos = template('Seen', {
    maxAllowed: 1,
    window: terms.windowMs,
    type: 'app',
    guarantees: [guarantee(`seen < ${terms.limit}`, { kind })],
  });
  const web = task('compss-workflow', [qos]);
  const source = new FakePrometheus();
  const clock = fakeClock(START_MS);
  source.scrape(START_MS - HOUR);
  const seen: Seen[] = [];
  for (const { afterMs, value } of values) {
    await clock.advance(afterMs);
    source.push(METRIC, value);
    source.scrape(clock.now());
    seen.push({ atMs: clock.now(), value });
  }
  const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: PERIOD });
  const history = historyOf([{ atMs: START_MS - HOUR, replicas: { 'compss-workflow': 4 }, qos: ['Seen'] }]);
  const [judgement] = await judge.judge({ environment: environment([web]), history, facts: settled([web], START_MS - HOUR) });
  return { judgement, seen, nowMs: clock.now() };
}

/** The sentences of the documents, slot by slot. */
function counted(
  kind: 'counter' | 'gauge',
  seen: readonly Seen[],
  { limit, windowMs, nowMs }: { limit: number; windowMs: number; nowMs: number },
): number {
  const fromMs = nowMs - windowMs;
  let violated = 0;
  for (let slot = 0; slot * PERIOD <= windowMs; slot += 1) {
    const endMs = nowMs - slot * PERIOD;
    const inside = seen.filter(({ atMs }) => atMs > fromMs && atMs <= endMs && atMs > endMs - PERIOD);
    const counts = kind === 'gauge' ? inside : inside.filter((one) => one.value > (seen[seen.indexOf(one) - 1]?.value ?? 0));
    if ((counts.at(-1)?.value ?? 0) >= limit) violated += 1;
  }
  const standsViolated = kind === 'counter' && (seen.at(-1)?.value ?? 0) >= limit;
  return violated === 0 && standsViolated ? 1 : violated;
}

const terms = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  windowMs: fc.integer({ min: 1, max: 20 }).map((count) => count * 10 * SECOND),
});
const steps = (value: fc.Arbitrary<number>) =>
  fc.array(fc.record({ afterMs: fc.constantFrom(5 * SECOND, 10 * SECOND, 15 * SECOND), value }), { minLength: 4, maxLength: 30 });

describe('violations: inside the sliding window', () => {
  test('a counter counts the slots in which it grew and was violated', async () => {
    await fc.assert(
      fc.asyncProperty(terms, steps(fc.constantFrom(0, 0, 1, 2)), async ({ limit, windowMs }, added) => {
        let total = 0;
        const values = added.map(({ afterMs, value }) => {
          total += value;
          return { afterMs, value: total };
        });
        const { judgement, seen, nowMs } = await violationsOf('counter', values, { limit, windowMs });
        expect(judgement?.violations).toBe(counted('counter', seen, { limit, windowMs, nowMs }));
      }),
      { numRuns: 60 },
    );
  });

  test('a gauge counts the slots at whose end it was violated', async () => {
    await fc.assert(
      fc.asyncProperty(terms, steps(fc.integer({ min: 0, max: 5 })), async ({ limit, windowMs }, values) => {
        const { judgement, seen, nowMs } = await violationsOf('gauge', values, { limit, windowMs });
        expect(judgement?.violations).toBe(counted('gauge', seen, { limit, windowMs, nowMs }));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    { why: 'just inside', ageMs: MINUTE - 1, violations: 2 },
    { why: 'at its edge', ageMs: MINUTE, violations: 1 },
  ])('one that lies $why', async ({ ageMs, violations }) => {
    const values = [
      { afterMs: 0, value: 0 },
      { afterMs: 5 * SECOND, value: 1 },
      { afterMs: ageMs, value: 2 },
    ];
    const { judgement } = await violationsOf('counter', values, { limit: 1, windowMs: MINUTE });
    expect(judgement?.violations).toBe(violations);
  });
});
