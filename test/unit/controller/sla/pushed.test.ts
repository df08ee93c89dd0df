import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { PushStore } from '../../../../controller/adapters/push/store.ts';
import type { MetricSource } from '../../../../controller/ports.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
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

/** A Pushgateway that a Prometheus scrapes, or the embedded source. */
function places(clock: { now(): number }) {
  const prometheus = new FakePrometheus();
  const store = new PushStore(START_MS - HOUR);
  return {
    prometheus: {
      source: prometheus as MetricSource,
      push: (value: number) => {
        prometheus.push('load_web', value, { job: 'app', instance: 'one', pod: 'a' });
        prometheus.push('push_time_seconds', clock.now() / 1000, { job: 'app', instance: 'one' });
        prometheus.push('push_time_seconds', clock.now() / 1000 + 5, { job: 'app' });
      },
      scrape: () => prometheus.scrape(clock.now()),
    },
    push: {
      source: {
        name: 'push',
        samples: async (names, fromMs, toMs) => store.samples(names, fromMs, toMs),
        instant: async () => [],
      } as MetricSource,
      push: (value: number) => {
        const sample = { name: 'load_web', family: 'load_web', labels: { pod: 'a' }, value };
        store.apply(store.plan('POST', { job: 'app', instance: 'one' }, [sample], clock.now()));
      },
      scrape: () => undefined,
    },
  };
}

describe.each(['prometheus', 'push'] as const)('a gauge that is pushed, read from %s', (kind) => {
  const world = (qos: Partial<QosTemplate>, constraint = 'load < 80%', changes: Partial<Guarantee> = {}) => {
    const clock = fakeClock(START_MS);
    const { source, push, scrape } = places(clock)[kind];
    const guarantees = [guarantee(constraint, { name: 'g', kind: 'gauge', ...changes })];
    const web = task('web', [template('Q', { type: 'app', guarantees, ...qos })]);
    const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: EVERY_MS });
    const said = [{ atMs: START_MS - HOUR, qos: ['Q'], replicas: { web: 4 } }];
    let settledAtMs = START_MS - HOUR;
    const input = () => ({ environment: environment([web]), history: historyOf(said), facts: settled([web], settledAtMs) });
    return {
      push,
      pass: async (durationMs: number) => {
        for (let left = durationMs; left > 0; left -= EVERY_MS) {
          await clock.advance(EVERY_MS);
          scrape();
        }
      },
      act: (from: number, to: number) => {
        const decisions = [decision({ id: `d${said.length}`, task: 'web', agreement: 'web_Q', guarantee: 'g', from, to })];
        said.push({ atMs: clock.now(), qos: ['Q'], replicas: { web: to }, decisions } as (typeof said)[number]);
        settledAtMs = clock.now();
      },
      judge: async () => (await judge.judge(input()))[0]?.verdict,
      decide: async () => {
        const now = input();
        return decide(await judge.judge(now), { ...now, nowMs: clock.now() })[0]?.decision;
      },
    };
  };

  test.each<{ of: string; qos: Partial<QosTemplate>; constraint?: string }>([
    { of: 'scale_out', qos: {} },
    { of: 'a target', qos: { action: 'target', targetValue: 0.5 } },
    { of: 'scale_in', qos: { action: 'scale_in', scaleFactor: 0.5, window: MINUTE }, constraint: 'load > 99%' },
    { of: 'a window', qos: {}, constraint: 'avg(load, 1m) < 80%' },
  ])('is evidence for one action of $of, until it is pushed again, be it the same', async ({ qos, constraint }) => {
    const one = world(qos, constraint);
    one.push(0.95);
    await one.pass(5 * MINUTE);
    expect(await one.decide()).toMatchObject({ kind: 'scale' });
    one.act(8, 6);
    await one.pass(20 * MINUTE);
    expect(await one.decide()).toMatchObject({ kind: 'hold', reason: expect.stringMatching(/No evidence yet that is newer/) });
    one.push(0.95);
    await one.pass(2 * MINUTE);
    expect(await one.decide()).toMatchObject({ kind: 'scale' });
  });

  test('is unknown when it was pushed longer ago than maxAge', async () => {
    const one = world({}, 'load < 80%', { maxAge: 5 * MINUTE });
    one.push(0.5);
    await one.pass(4 * MINUTE);
    expect(await one.judge()).toMatchObject({ state: 'met', value: 0.5, evidenceAtMs: START_MS });
    await one.pass(2 * MINUTE);
    expect(await one.judge()).toEqual({ state: 'unknown', reason: 'It was pushed 6m ago, and counts for 5m' });
    one.push(0.5);
    await one.pass(EVERY_MS);
    expect(await one.judge()).toMatchObject({ state: 'met' });
  });
});
