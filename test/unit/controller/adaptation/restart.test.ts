import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import type { QosTemplate } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  environment,
  FakePrometheus,
  guarantee,
  historyOf,
  MINUTE,
  type Said,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from '../sla/world.ts';

const EVERY_MS = 15 * SECOND;
const STEPS = 60;

/** What happens before an evaluation. */
type Event =
  | { readonly kind: 'latency'; readonly value: number }
  | { readonly kind: 'missed'; readonly more: number }
  | { readonly kind: 'client restarts' }
  | { readonly kind: 'source down'; readonly steps: number }
  | { readonly kind: 'human'; readonly replicas: number };

const GAUGE = guarantee('latency < 0.25', { kind: 'gauge' });
const quick = { policies: [], selectPolicy: 'Max' as const };

/** By name, agreements that look back, wait and count, each in another way. */
const PROMISES: Readonly<Record<string, readonly QosTemplate[]>> = {
  'a count': [template('Q')],
  'a count with violations let pass': [template('Q', { maxAllowed: 2 })],
  'a count that must bring something': [template('Q', { expectWithin: MINUTE, ineffectiveAfter: 2, maxReplicas: 1_000 })],
  'a count in a stabilization window': [template('Q', { behavior: { scaleOut: { ...quick, stabilizationWindow: MINUTE } } })],
  'a target': [
    template('Q', {
      guarantees: [GAUGE],
      action: 'target',
      targetValue: 0.2,
      window: MINUTE,
      behavior: { scaleIn: { ...quick, stabilizationWindow: 2 * MINUTE } },
    }),
  ],
  'a target with policies': [
    template('Q', {
      ...{ guarantees: [GAUGE], action: 'target', targetValue: 0.2, window: MINUTE, cooldown: 30 * SECOND },
      behavior: {
        scaleOut: { ...quick, stabilizationWindow: 45 * SECOND, policies: [{ type: 'Pods', value: 2, period: 2 * MINUTE }] },
        scaleIn: { ...quick, stabilizationWindow: MINUTE, policies: [{ type: 'Percent', value: 50, period: MINUTE }] },
      },
    }),
  ],
  'a gauge that must bring something': [
    template('Q', { guarantees: [GAUGE], expectWithin: MINUTE, ineffectiveAfter: 2, maxReplicas: 1_000 }),
  ],
  'out and in': [
    template('Q', { maxAllowed: 1 }),
    template('R', { guarantees: [guarantee('latency > 0.2', { kind: 'gauge' })], action: 'step', step: -1, window: MINUTE, maxAllowed: 1 }),
  ],
};

/** Replays `events`, deciding by a judge that has run since the beginning or one that starts anew at every step `anew` says. */
async function replay(promised: readonly QosTemplate[], events: ReadonlyMap<number, Event>, anew: (step: number) => boolean) {
  const clock = fakeClock(START_MS);
  const source = new FakePrometheus();
  const start = () => createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: EVERY_MS });
  let judge = start();
  const qos = promised.map(({ name }) => name);
  const said: Said[] = [{ atMs: START_MS - MINUTE, qos, replicas: { web: 4 } }];
  let replicas = 4;
  let settledAtMs = START_MS;
  let missed = 0;
  let downUntil = -1;
  const decisions: unknown[] = [];
  const commit = (to: number, more: Partial<Said> = {}) => {
    replicas = to;
    settledAtMs = clock.now();
    said.push({ atMs: clock.now(), qos, replicas: { web: to }, ...more });
  };
  source.push('deadlines_missed_web', 0);
  source.push('latency_web', 0.22);
  source.scrape(START_MS - 2 * MINUTE);
  for (let step = 0; step < STEPS; step += 1) {
    const event = events.get(step);
    if (event?.kind === 'latency') source.push('latency_web', event.value);
    if (event?.kind === 'missed') missed += event.more;
    if (event?.kind === 'client restarts') missed = 0;
    if (event?.kind === 'source down') downUntil = step + event.steps;
    if (event?.kind === 'human' && event.replicas !== replicas) commit(event.replicas);
    source.push('deadlines_missed_web', missed);
    await clock.advance(EVERY_MS);
    source.failing = step < downUntil ? new Error('connection refused') : undefined;
    if (step >= downUntil) source.scrape(clock.now());
    if (anew(step)) judge = start();
    const web = task('web', promised, replicas);
    const input = { environment: environment([web]), history: historyOf(said), facts: settled([web], settledAtMs) };
    const [made] = decide(await judge.judge(input), { ...input, nowMs: clock.now() });
    decisions.push(made?.record ?? made?.decision);
    if (made?.record !== undefined) commit(made.record.to, { decisions: [made.record] });
  }
  return { decisions, replicas, acted: said.filter((one) => one.decisions !== undefined).length };
}

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('latency' as const), value: fc.constantFrom(0, 0.05, 0.1, 0.2, 0.24, 0.3, 0.5, 1) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('missed' as const), more: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('client restarts' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('source down' as const), steps: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('human' as const), replicas: fc.integer({ min: 1, max: 9 }) }) },
);
const events = fc.array(fc.tuple(fc.nat(STEPS - 1), event), { maxLength: 25 }).map((list) => new Map(list));

describe('a restart at any step changes no decision', { timeout: 60_000 }, () => {
  test.each(Object.entries(PROMISES))('%s', async (_, promised) => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(STEPS), async (happened, cut) => {
        const through = await replay(promised, happened, () => false);
        expect(await replay(promised, happened, (step) => step === cut)).toEqual(through);
        expect(await replay(promised, happened, () => true), 'also one at every step').toEqual(through);
      }),
      { numRuns: 8 },
    );
  });

  test('and these histories do act', async () => {
    const missed = [5, 8, 11].map((step) => [step, { kind: 'missed', more: 1 }] as const);
    const latency = [[6, 1] as const, [30, 0.05] as const].map(([step, value]) => [step, { kind: 'latency', value }] as const);
    for (const [name, promised] of Object.entries(PROMISES)) {
      const { acted } = await replay(promised, new Map<number, Event>([...missed, ...latency]), () => false);
      expect([name, acted > 0]).toEqual([name, true]);
    }
  });
});
