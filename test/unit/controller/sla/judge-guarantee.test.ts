import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { totalsOf } from '../../../../controller/sla/counter.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import { namesMeasuring } from '../../../../controller/sla/measure.ts';
import type { Guarantee, QosTemplate } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  decision,
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

const EVERY_MS = 15 * SECOND;

/** A task `web` whose agreement has one guarantee, and a Prometheus that scrapes every 15 s. */
function world(constraint: string, changes: Partial<Guarantee> = {}, qos: Partial<QosTemplate> = {}) {
  const clock = fakeClock(START_MS);
  const source = new FakePrometheus();
  const named = guarantee(constraint, { name: 'g', kind: 'gauge', ...changes });
  const web = task('web', [template('Q', { type: 'app', guarantees: [named], ...qos })]);
  const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: EVERY_MS });
  let said = [{ atMs: START_MS - HOUR, qos: ['Q'], replicas: { web: 4 } }];
  let settledAtMs = START_MS - HOUR;
  source.scrape(START_MS - HOUR);
  return {
    clock,
    source,
    /** So many scrapes of what stands there, 15 s apart. */
    scrape: async (times = 1, show: (at: number) => void = () => {}) => {
      for (let at = 0; at < times; at += 1) {
        await clock.advance(EVERY_MS);
        show(at);
        source.scrape(clock.now());
      }
    },
    act: (from: number, to: number) => {
      const decisions = [decision({ id: `d${said.length}`, task: 'web', agreement: 'web_Q', guarantee: 'g', from, to })];
      said = [...said, { atMs: clock.now(), qos: ['Q'], replicas: { web: to }, decisions } as (typeof said)[number]];
      settledAtMs = clock.now();
    },
    judge: async () => {
      const input = { environment: environment([web]), history: historyOf(said), facts: settled([web], settledAtMs) };
      const [judgement] = await judge.judge(input);
      if (judgement === undefined) throw new Error('nothing was judged');
      return { ...judgement, decision: decide([judgement], { ...input, nowMs: clock.now() })[0]?.decision };
    },
  };
}

describe('a constraint on several metrics', () => {
  test('shows every metric, and the comparison that decided', async () => {
    const { source, scrape, judge } = world('errors_web / requests_web < 1% and latency < 250ms');
    source.push('errors_web_web', 3);
    source.push('requests_web_web', 1000);
    source.push('latency', 0.4, { task: 'web' });
    await scrape(2);
    const { verdict, violations, agreement, decision: decided } = await judge();
    expect(verdict).toMatchObject({
      state: 'violated',
      value: 0.4,
      limit: 0.25,
      compared: 'latency',
      comparator: '<',
      shows: { errors_web: 3, requests_web: 1000, latency: 0.4 },
      source: 'prometheus',
    });
    expect(violations).toBe(2);
    expect(agreement.guarantees.flatMap((one) => namesMeasuring(agreement, one))).toContain('errors_web_web');
    expect(decided).toMatchObject({ kind: 'scale', reason: 'g: latency 0.4, promised < 0.25' });
  });

  test('is decided by one side when that suffices, and unknown when it does not', async () => {
    const either = world('a < 1 or b < 2');
    either.source.push('a', 0, { task: 'web' });
    await either.scrape();
    expect((await either.judge()).verdict).toMatchObject({ state: 'met', shows: { a: 0, b: expect.stringMatching(/no recent samples/) } });
    either.source.push('a', 5, { task: 'web' });
    await either.scrape();
    expect((await either.judge()).verdict).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/no recent samples of b_web/) });
  });

  test('asks one query for each metric', async () => {
    const { source, scrape, judge } = world('a + b < 3 and a > 0');
    source.push('a', 1, { task: 'web' });
    source.push('b', 1, { task: 'web' });
    await scrape();
    source.queries.length = 0;
    expect((await judge()).verdict).toMatchObject({ state: 'met', value: 2, limit: 3 });
    expect(source.queries).toHaveLength(2);
  });
});

describe('counters in an expression', () => {
  test('are what is new since the watermark, consumed by an action', async () => {
    const { source, scrape, judge, act } = world('misses + 2 * failures < 3', { kind: 'counter' });
    source.push('misses_web', 10);
    await scrape();
    expect((await judge()).verdict).toMatchObject({ state: 'unknown' });
    source.push('misses_web', 11);
    source.push('failures_web', 1);
    await scrape();
    const { verdict, counted } = await judge();
    expect(verdict).toMatchObject({ state: 'violated', value: 13, shows: { misses: 11, failures: 1 } });
    expect(totalsOf(counted)).toEqual({ 'misses_web{job="compss"}': 11, 'failures_web{job="compss"}': 1 });
    act(4, 6);
    await scrape(2);
    expect((await judge()).verdict).toMatchObject({ state: 'met', value: 0 });
  });

  test('beside a gauge: a stale miss is no violation again and again', async () => {
    const { source, scrape, judge } = world('misses < 1 and last(load, 1m) < 80%', { kind: 'counter' }, { maxAllowed: 2 });
    source.push('misses_web', 0);
    source.push('load', 0.1, { task: 'web' });
    await scrape();
    await judge();
    source.push('misses_web', 1);
    await scrape(10);
    expect(await judge()).toMatchObject({ verdict: { state: 'violated', value: 1, compared: 'misses' }, violations: 1 });
  });
});

describe('a window', () => {
  test('is unknown while it has no samples, and acts on none from before the last action', async () => {
    const { source, scrape, judge, act } = world('avg(load, 1m) < 80%');
    const show = (value: number) => () => source.push('load', value, { task: 'web' });
    await scrape(8, show(0.95));
    expect(await judge()).toMatchObject({ verdict: { state: 'violated', value: 0.95 }, decision: { kind: 'scale' } });
    act(4, 6);
    await scrape(3, show(0.95));
    expect(await judge()).toMatchObject({ verdict: { state: 'violated' }, violations: 0, decision: { kind: 'hold' } });
    await scrape(2, show(0.95));
    expect(await judge()).toMatchObject({ verdict: { state: 'violated' }, decision: { kind: 'scale' } });
  });

  test('counts violations in slots, each with its own window', async () => {
    const { source, scrape, judge } = world('max(load, 30s) < 80%', {}, { maxAllowed: 3, window: 2 * MINUTE });
    await scrape(8, (at) => source.push('load', at === 4 ? 0.9 : 0.1, { task: 'web' }));
    expect(await judge()).toMatchObject({ verdict: { state: 'met', value: 0.1 }, violations: 2 });
  });

  test('of a quantile over a histogram, and over pushed response times', async () => {
    const { source, scrape, judge } = world('quantile(0.95, response_time_seconds, 1m) < 250ms');
    const seen = { '0.1': 0, '0.25': 0, '0.5': 0, '+Inf': 0 };
    await scrape(6, () => {
      for (const [le, add] of [
        ['0.1', 5],
        ['0.25', 8],
        ['0.5', 20],
        ['+Inf', 20],
      ] as const) {
        seen[le] += add;
        source.push('response_time_seconds_bucket', seen[le], { le, task: 'web' });
      }
    });
    expect((await judge()).verdict).toMatchObject({ state: 'violated', value: expect.closeTo(0.479, 3), limit: 0.25 });
    const pushed = world('quantile(0.95, response_time_seconds, 1m) < 250ms');
    await pushed.scrape(6, (at) => pushed.source.push('response_time_seconds_web', at / 10));
    expect((await pushed.judge()).verdict).toMatchObject({ state: 'violated', value: expect.closeTo(0.485, 9) });
  });
});

describe('a query with a range', () => {
  const queried = (query: string, qos: Partial<QosTemplate> = {}) => {
    const one = world('load < 80%', { query }, qos);
    one.source.answer = (_, atMs) => [{ name: '', labels: {}, timesMs: [atMs], values: [0.95] }];
    return one;
  };

  test('acts on nothing from before the last action', async () => {
    const { scrape, judge, act } = queried('avg_over_time(load{task="$task"}[2m])');
    expect((await judge()).decision).toMatchObject({ kind: 'scale' });
    act(4, 6);
    await scrape(7);
    expect(await judge()).toMatchObject({ verdict: { state: 'violated' }, violations: 0, decision: { kind: 'hold' } });
    await scrape(2);
    expect((await judge()).decision).toMatchObject({ kind: 'scale' });
  });

  test.each(['avg_over_time(load{task="$task"}[2m])', undefined])('nor does a target: %s', async (query) => {
    const target = { action: 'target', targetValue: 0.5 } as const;
    const { scrape, judge, act, source } =
      query === undefined ? world('avg(load, 2m) < 80%', {}, target) : queried('avg_over_time(load{task="$task"}[2m])', target);
    const show = () => source.push('load', 0.95, { task: 'web' });
    await scrape(9, show);
    expect((await judge()).decision).toMatchObject({ kind: 'scale' });
    act(4, 8);
    await scrape(8, show);
    expect((await judge()).decision).toMatchObject({ kind: 'hold', reason: expect.stringMatching(/newer than the last action/) });
    await scrape(1, show);
    expect((await judge()).decision).toMatchObject({ kind: 'scale' });
  });
});

describe('maxAge', () => {
  test.each([
    { maxAge: 20 * SECOND, after: 2, state: 'unknown' },
    { maxAge: 5 * MINUTE, after: 2, state: 'met' },
    { maxAge: undefined, after: 2, state: 'met' },
    { maxAge: undefined, after: 8, state: 'unknown' },
    { maxAge: 10 * MINUTE, after: 30, state: 'met' },
  ])('of $maxAge ms: $state after $after missed scrapes', async ({ maxAge, after, state }) => {
    const { source, scrape, judge, clock } = world('load < 80%', maxAge === undefined ? {} : { maxAge });
    source.push('load', 0.1, { task: 'web' });
    await scrape();
    await clock.advance(after * EVERY_MS);
    expect((await judge()).verdict.state).toBe(state);
  });
});
