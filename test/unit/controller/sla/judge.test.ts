import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { PushStore } from '../../../../controller/adapters/push/store.ts';
import { Failure } from '../../../../controller/errors.ts';
import type { MetricSource } from '../../../../controller/ports.ts';
import { seriesOf } from '../../../../controller/series.ts';
import { totalsOf } from '../../../../controller/sla/counter.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
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

const WORKFLOW = task('compss-workflow', [template('DeadlinesMissed_1')]);
const METRIC = 'deadlines_missed_compss_workflow';
const GAUGE = guarantee('pods < 50', { kind: 'gauge' });

function judgeOf(sources: readonly MetricSource[], clock = fakeClock(START_MS)) {
  return { clock, judge: createJudge({ sourceOf: () => sources, clock, log: silentLog, evaluateEveryMs: 15 * SECOND }) };
}

function agreed(tasks: readonly { name: string }[], atMs: number, qos = ['DeadlinesMissed_1']) {
  return historyOf([{ atMs, qos, replicas: Object.fromEntries(tasks.map(({ name }) => [name, 4])) }]);
}

describe('judge: queries', () => {
  test('asks one query for all agreements on a metric, once counters have started', async () => {
    const tasks = Array.from({ length: 40 }, (_, at) => task(`w${at}`, [template('DeadlinesMissed_1')]));
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    source.scrape(START_MS - MINUTE);
    for (const { id } of tasks) source.push(`deadlines_missed_${id}`, 0);
    source.scrape(START_MS);
    const input = { environment: environment(tasks), history: agreed(tasks, START_MS - MINUTE), facts: settled(tasks, START_MS) };
    await judge.judge(input);
    expect(source.queries.length).toBeLessThanOrEqual(3);
    source.queries.length = 0;
    await clock.advance(15 * SECOND);
    source.scrape(clock.now());
    const judgements = await judge.judge(input);
    expect(source.queries).toHaveLength(1);
    expect(judgements.map(({ verdict }) => verdict.state)).toEqual(tasks.map(() => 'met'));
  });

  test('asks a later source only for what an earlier one has no series of', async () => {
    const [push, prometheus] = [new FakePrometheus(), new FakePrometheus()];
    const tasks = [WORKFLOW, task('other', [template('DeadlinesMissed_1')])];
    const { judge } = judgeOf([push, prometheus]);
    push.push(METRIC, 0);
    prometheus.push('deadlines_missed_other', 0);
    for (const source of [push, prometheus]) source.scrape(START_MS);
    const judgements = await judge.judge({ environment: environment(tasks), history: agreed(tasks, START_MS), facts: new Map() });
    expect(judgements.map(({ verdict }) => verdict.state)).toEqual(['met', 'met']);
    expect(prometheus.queries.some((query) => query.includes(METRIC))).toBe(false);
  });

  test.each([
    { others: 'down as well', down: true, reason: 'ECONNREFUSED; ECONNREFUSED' },
    { others: 'without it', down: false, reason: 'ECONNREFUSED' },
  ])('what a source that is down would have is unknown, with the other one $others', async ({ down, reason }) => {
    const [first, second] = [new FakePrometheus(), new FakePrometheus()];
    first.failing = new Error('ECONNREFUSED');
    if (down) second.failing = first.failing;
    const one = task('a', [template('DeadlinesMissed_1')]);
    const history = agreed([one], START_MS);
    const judgements = await judgeOf([first, second]).judge.judge({
      environment: environment([one]),
      history,
      facts: settled([one], START_MS),
    });
    expect(judgements[0]?.verdict).toEqual({ state: 'unknown', reason });
  });

  test('judges only tasks that were pushed for, with all their agreements', async () => {
    const tasks = [
      task('a', [template('DeadlinesMissed_1'), template('Pods', { type: 'infr', guarantees: [GAUGE] })]),
      task('b', [template('DeadlinesMissed_1')]),
    ];
    const source = new FakePrometheus();
    const { judge } = judgeOf([source]);
    const history = agreed(tasks, START_MS, ['DeadlinesMissed_1', 'Pods']);
    const only = new Set(['deadlines_missed_a']);
    const judgements = await judge.judge({ environment: environment(tasks), history, facts: new Map(), only });
    expect(judgements.map(({ agreement }) => agreement.id)).toEqual(['a_DeadlinesMissed_1', 'a_Pods']);
  });
});

test('judge: totals are those of now, whichever of several metrics an action has consumed', async () => {
  const both = task('compss-workflow', [
    template('Both', { guarantees: [guarantee('deadlines_missed < 1'), guarantee('tasks_failed < 1')] }),
  ]);
  const [missed, failed] = ['deadlines_missed_compss_workflow', 'tasks_failed_compss_workflow'];
  const consumed = { [`${missed}{job="compss"}`]: 5, [`${failed}{job="compss"}`]: 3 };
  const history = historyOf([
    { atMs: START_MS - HOUR, replicas: { 'compss-workflow': 2 }, qos: ['Both'] },
    { atMs: START_MS - MINUTE, replicas: { 'compss-workflow': 4 }, qos: ['Both'], decisions: [decision({ from: 2, to: 4, consumed })] },
  ]);
  const source = new FakePrometheus();
  const { judge, clock } = judgeOf([source]);
  source.scrape(START_MS - 90 * SECOND);
  source.push(missed, 7);
  source.push(failed, 4);
  await clock.advance(15 * SECOND);
  source.scrape(clock.now());
  const judgements = await judge.judge({ environment: environment([both]), history, facts: settled([both], START_MS) });
  expect(judgements.map(({ verdict }) => verdict)).toMatchObject([{ value: 2 }, { value: 1 }]);
  for (const { counted } of judgements)
    expect(totalsOf(counted)).toEqual({ [`${missed}{job="compss"}`]: 7, [`${failed}{job="compss"}`]: 4 });
});

describe('judge: unknown', () => {
  const source = () => {
    const prometheus = new FakePrometheus();
    prometheus.push(METRIC, 1);
    prometheus.scrape(START_MS);
    return prometheus;
  };
  const input = {
    environment: environment([WORKFLOW]),
    history: agreed([WORKFLOW], START_MS - HOUR),
    facts: settled([WORKFLOW], START_MS),
  };

  test.each([
    {
      why: 'the source is in error',
      sources: () => [Object.assign(source(), { failing: new Failure('transient', 'status 502 with HTML') })],
      reason: /502 with HTML/,
    },
    { why: 'there is no series', sources: () => [new FakePrometheus()], reason: /no recent samples of deadlines_missed_compss_workflow/ },
    { why: 'there is no source', sources: () => [], reason: /has no source of metrics: give it spec.prometheus/ },
    { why: 'a plain error is thrown', sources: () => [Object.assign(source(), { failing: new TypeError('boom') })], reason: /boom/ },
  ])('when $why', async ({ sources, reason }) => {
    const [judgement] = await judgeOf(sources()).judge.judge(input);
    expect(judgement?.verdict).toMatchObject({ state: 'unknown', reason: expect.stringMatching(reason) });
  });

  test('when its samples are too old', async () => {
    const { judge, clock } = judgeOf([source()]);
    await clock.advance(2 * MINUTE);
    const [judgement] = await judge.judge(input);
    expect(judgement?.verdict).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/too old/) });
  });

  test('when the history does not know the agreement', async () => {
    const [judgement] = await judgeOf([source()]).judge.judge({ ...input, history: historyOf([]) });
    expect(judgement?.verdict).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/history of its documents/) });
  });
});

describe('judge: one source breaks no other', () => {
  const tasks = [task('here', [template('DeadlinesMissed_1')]), task('there', [template('DeadlinesMissed_1')], 4, 'edge')];
  const input = { environment: environment(tasks), history: agreed(tasks, START_MS - HOUR), facts: settled(tasks, START_MS) };

  function world(there: MetricSource) {
    const here = new FakePrometheus();
    here.scrape(START_MS - HOUR);
    here.push('deadlines_missed_here', 0);
    here.scrape(START_MS);
    const clock = fakeClock(START_MS);
    const sourceOf = (name: string) => [name === 'edge' ? there : here];
    return { here, clock, judge: createJudge({ sourceOf, clock, log: silentLog, evaluateEveryMs: 15 * SECOND }) };
  }

  test('that hangs: it is waited for once, then not at all', async () => {
    const hanging: MetricSource = { name: 'hanging', samples: () => new Promise(() => {}), instant: () => new Promise(() => {}) };
    const { judge, clock } = world(hanging);
    const first = judge.judge(input);
    await clock.advance(2 * SECOND);
    expect((await first).map(({ verdict }) => verdict.state)).toEqual(['met', 'unknown']);
    expect((await judge.judge(input)).map(({ verdict }) => verdict)).toMatchObject([
      { state: 'met' },
      { reason: 'No answer yet from hanging' },
    ]);
  });

  test('that is slow: its answer counts in the next evaluation', async () => {
    const inner = new FakePrometheus();
    inner.scrape(START_MS - HOUR);
    inner.push('deadlines_missed_there', 0);
    inner.scrape(START_MS);
    const clocks: { clock?: { sleep(ms: number): Promise<void> } } = {};
    const slow: MetricSource = {
      name: 'slow',
      samples: async (names, fromMs, toMs) => {
        await clocks.clock?.sleep(3 * SECOND);
        return inner.samples(names, fromMs, toMs);
      },
      instant: async () => [],
    };
    const { judge, clock } = world(slow);
    clocks.clock = clock;
    const first = judge.judge(input);
    await clock.advance(15 * SECOND);
    expect((await first)[1]?.verdict).toMatchObject({ state: 'unknown' });
    expect((await judge.judge(input))[1]?.verdict).toMatchObject({ state: 'met' });
  });

  test('that answers late, after a human changed the task: the answer is void', async () => {
    const clocks: { clock?: { sleep(ms: number): Promise<void> } } = {};
    const late: MetricSource = {
      name: 'late',
      samples: async () => {
        await clocks.clock?.sleep(3 * SECOND);
        return [];
      },
      instant: async () => [],
    };
    const { judge, clock } = world(late);
    clocks.clock = clock;
    const first = judge.judge(input);
    await clock.advance(15 * SECOND);
    await first;
    const history = historyOf([
      { atMs: START_MS - HOUR, replicas: { here: 4, there: 4 } },
      { atMs: START_MS, replicas: { here: 4, there: 9 } },
    ]);
    expect((await judge.judge({ ...input, history }))[1]?.verdict).toMatchObject({ reason: 'It has changed since its source was asked' });
  });
});

describe('judge: late answers', () => {
  const agreedAt = START_MS - HOUR;
  const input = {
    environment: environment([WORKFLOW]),
    history: agreed([WORKFLOW], agreedAt),
    facts: settled([WORKFLOW], START_MS),
  };

  /** Its first answer takes 3 s. */
  function slowAtFirst() {
    const inner = new FakePrometheus();
    inner.scrape(agreedAt);
    inner.push(METRIC, 1);
    inner.scrape(START_MS);
    const clock = fakeClock(START_MS);
    let slow = true;
    const source: MetricSource = {
      name: 'slow',
      samples: async (names, fromMs, toMs) => {
        if (slow) await clock.sleep(3 * SECOND);
        slow = false;
        return inner.samples(names, fromMs, toMs);
      },
      instant: async () => [],
    };
    return { inner, ...judgeOf([source], clock) };
  }

  test('one that nobody asked for while it was fresh is dropped: the source is waited for again', async () => {
    const { inner, judge, clock } = slowAtFirst();
    const only = new Set([METRIC]);
    const first = judge.judge({ ...input, only });
    await clock.advance(5 * SECOND);
    expect((await first)[0]?.verdict).toMatchObject({ reason: 'No answer yet from slow' });
    await clock.advance(HOUR);
    inner.push(METRIC, 4);
    inner.scrape(clock.now());
    expect((await judge.judge({ ...input, only }))[0]?.verdict).toMatchObject({ state: 'violated', value: 4 });
  });

  test('one for a template that has changed is void', async () => {
    const { judge, clock } = slowAtFirst();
    const first = judge.judge(input);
    await clock.advance(15 * SECOND);
    await first;
    const laxer = task('compss-workflow', [template('DeadlinesMissed_1', { guarantees: [guarantee('deadlines_missed < 9')] })]);
    expect((await judge.judge({ ...input, environment: environment([laxer]) }))[0]?.verdict).toMatchObject({
      reason: 'It has changed since its source was asked',
    });
  });

  test('one for an environment that was only read again counts', async () => {
    const { judge, clock } = slowAtFirst();
    const first = judge.judge(input);
    await clock.advance(15 * SECOND);
    await first;
    const again = task('compss-workflow', [template('DeadlinesMissed_1')]);
    expect((await judge.judge({ ...input, environment: environment([again]) }))[0]?.verdict).toMatchObject({ state: 'violated' });
  });
});

describe('judge: two sources of one infrastructure', () => {
  const pushed = new Set([METRIC]);
  const tasks = [WORKFLOW, task('other', [template('DeadlinesMissed_1')])];

  function world() {
    const push = Object.assign(new FakePrometheus(), { name: 'push' });
    const prometheus = new FakePrometheus();
    for (const source of [push, prometheus]) source.scrape(START_MS - HOUR);
    const clock = fakeClock(START_MS);
    let hangs = false;
    const hanging: MetricSource = {
      name: 'prometheus',
      samples: (names, fromMs, toMs) => (hangs ? new Promise(() => {}) : prometheus.samples(names, fromMs, toMs)),
      instant: async () => [],
    };
    const hang = () => {
      hangs = true;
    };
    return { push, prometheus, hang, ...judgeOf([push, hanging], clock) };
  }

  test('what the first one answers does not wait for the second, that hangs', async () => {
    const { push, prometheus, hang, judge, clock } = world();
    push.push(METRIC, 0);
    prometheus.push('deadlines_missed_other', 0);
    for (const source of [push, prometheus]) source.scrape(START_MS);
    const input = { environment: environment(tasks), history: agreed(tasks, START_MS - HOUR), facts: settled(tasks, START_MS) };
    expect((await judge.judge(input)).map(({ verdict }) => verdict.state)).toEqual(['met', 'met']);
    hang();
    push.push(METRIC, 2);
    push.scrape(START_MS + SECOND);
    await clock.advance(SECOND);
    const [fresh] = await judge.judge({ ...input, only: pushed });
    expect(fresh?.verdict).toMatchObject({ state: 'violated', value: 2 });
    const all = judge.judge(input);
    await clock.advance(2 * SECOND);
    expect((await all).map(({ verdict }) => verdict.state)).toEqual(['violated', 'unknown']);
  });

  test('judgements stay in the order of the agreements', async () => {
    const both = task('compss-workflow', [template('Pods', { type: 'infr', guarantees: [GAUGE] }), template('DeadlinesMissed_1')]);
    const { push, prometheus, judge } = world();
    const tasks = [task('other', [template('DeadlinesMissed_1')]), both];
    push.push(METRIC, 0);
    push.push('deadlines_missed_other', 0);
    prometheus.push('pods', 1);
    for (const source of [push, prometheus]) source.scrape(START_MS);
    const history = agreed(tasks, START_MS - HOUR, ['DeadlinesMissed_1', 'Pods']);
    const input = { environment: environment(tasks), history, facts: settled(tasks, START_MS) };
    await judge.judge(input);
    const ids = (await judge.judge(input)).map(({ agreement }) => agreement.id);
    expect(ids).toEqual(['other_DeadlinesMissed_1', 'compss_workflow_Pods', 'compss_workflow_DeadlinesMissed_1']);
  });

  test('an action consumes what both have counted for the task', async () => {
    const both = task('compss-workflow', [
      template('DeadlinesMissed_1', { guarantees: [guarantee('deadlines_missed < 1'), guarantee('exceptions < 1')] }),
    ]);
    const { push, prometheus, judge } = world();
    push.push(METRIC, 2);
    prometheus.push('exceptions_compss_workflow', 5);
    for (const source of [push, prometheus]) source.scrape(START_MS);
    const input = { environment: environment([both]), history: agreed([both], START_MS - HOUR), facts: settled([both], START_MS) };
    await judge.judge(input);
    const totals = (await judge.judge(input)).map(({ counted }) => totalsOf(counted));
    expect(totals).toEqual(Array(2).fill({ [`${METRIC}{job="compss"}`]: 2, 'exceptions_compss_workflow{job="compss"}': 5 }));
  });

  test('what was consumed from the second is not new when the first shows it', async () => {
    const { push, prometheus, judge, clock } = world();
    prometheus.push(METRIC, 3, { instance: 'gateway', job: 'compss' });
    prometheus.scrape(START_MS);
    const consumed = { [`${METRIC}{instance="gateway",job="compss"}`]: 3 };
    const history = historyOf([
      { atMs: START_MS - HOUR, replicas: { 'compss-workflow': 4 } },
      { atMs: START_MS, replicas: { 'compss-workflow': 6 }, decisions: [decision({ consumed })] },
    ]);
    await clock.advance(15 * SECOND);
    for (const source of [push, prometheus]) source.scrape(clock.now());
    const input = { environment: environment([WORKFLOW]), history, facts: settled([WORKFLOW], START_MS) };
    expect((await judge.judge(input))[0]?.verdict).toMatchObject({ state: 'met', value: 0, source: 'prometheus' });
    push.push(METRIC, 3);
    for (let at = 0; at < 20; at += 1) {
      await clock.advance(15 * SECOND);
      push.scrape(clock.now());
      expect((await judge.judge(input))[0]?.verdict).toMatchObject({ state: 'met', value: 0, source: 'push' });
    }
  });
});

describe('judge: what the history of a source does not reach', () => {
  const past = { environment: environment([WORKFLOW]), facts: settled([WORKFLOW], START_MS) };

  test('what stands there when it begins is no evidence', async () => {
    const source = new FakePrometheus();
    const { judge } = judgeOf([source]);
    source.push(METRIC, 7);
    source.scrape(START_MS - MINUTE);
    source.scrape(START_MS);
    const [judgement] = await judge.judge({ ...past, history: agreed([WORKFLOW], START_MS - 30 * 24 * HOUR) });
    expect(judgement?.verdict).toMatchObject({ state: 'met', value: 0 });
  });

  test('what appears after it has begun is', async () => {
    const source = new FakePrometheus();
    const { judge } = judgeOf([source]);
    source.scrape(START_MS - MINUTE);
    source.push(METRIC, 1);
    source.scrape(START_MS);
    const [judgement] = await judge.judge({ ...past, history: agreed([WORKFLOW], START_MS - 10 * MINUTE) });
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 1 });
  });

  test('without up, the first sight is no evidence', async () => {
    const source = new FakePrometheus();
    const { judge } = judgeOf([source]);
    source.push(METRIC, 7);
    source.scrape(START_MS, { up: false });
    const [judgement] = await judge.judge({ ...past, history: agreed([WORKFLOW], START_MS - MINUTE) });
    expect(judgement?.verdict).toMatchObject({ state: 'met', value: 0 });
  });

  test('a counter of days ago is known again after a restart', async () => {
    const source = new FakePrometheus();
    const clock = fakeClock(START_MS);
    source.push(METRIC, 7);
    source.scrape(START_MS);
    source.push(METRIC, 9);
    await clock.advance(72 * HOUR);
    source.scrape(clock.now());
    const { judge } = judgeOf([source], clock);
    const [judgement] = await judge.judge({ ...past, history: agreed([WORKFLOW], START_MS) });
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 2 });
  });
});

describe('judge: violations inside the window', () => {
  test('a counter: slots in which it grew', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const input = { environment: environment([WORKFLOW]), history: agreed([WORKFLOW], START_MS), facts: settled([WORKFLOW], START_MS) };
    source.scrape(START_MS);
    const counts: number[] = [];
    for (const value of [0, 1, 1, 2, 3, 3]) {
      source.push(METRIC, value);
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
      counts.push((await judge.judge(input))[0]?.violations ?? -1);
    }
    expect(counts).toEqual([0, 1, 1, 2, 3, 3]);
    await clock.advance(4 * MINUTE);
    source.scrape(clock.now());
    await clock.advance(2 * MINUTE);
    source.scrape(clock.now());
    const [old] = await judge.judge(input);
    expect(old, 'it stands violated, but did not grow inside the window').toMatchObject({ violations: 1, verdict: { state: 'violated' } });
  });

  test('the number is the same for a judge that has just started', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const input = { environment: environment([WORKFLOW]), history: agreed([WORKFLOW], START_MS), facts: settled([WORKFLOW], START_MS) };
    source.scrape(START_MS);
    for (const value of [1, 2, 3]) {
      source.push(METRIC, value);
      await clock.advance(20 * SECOND);
      source.scrape(clock.now());
      await judge.judge(input);
    }
    const [again] = await judgeOf([source], clock).judge.judge(input);
    expect(again).toMatchObject({ violations: 3 });
    expect(again).toEqual((await judge.judge(input))[0]);
  });

  const infrastructure = task(
    'nginx',
    [
      template('KubeletTooManyPods', {
        type: 'infr',
        maxAllowed: 2,
        cooldown: MINUTE,
        action: 'scale_in',
        scaleFactor: 0.5,
        guarantees: [GAUGE],
      }),
    ],
    55,
  );

  test('a gauge: slots in which its sum was too much', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'] }]);
    const counts: number[] = [];
    for (const pods of [10, 13, 13, 13, 12]) {
      for (const node of ['a', 'b', 'c', 'd']) source.push('pods', pods, { node });
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
      const [judgement] = await judge.judge({ environment: environment([infrastructure]), history, facts: new Map() });
      counts.push(judgement?.violations ?? -1);
      if (judgement?.verdict.state !== 'unknown') expect(judgement?.verdict.value).toBe(4 * pods);
    }
    expect(counts).toEqual([0, 1, 2, 3, 3]);
  });

  test('a gauge: its past while somebody looks back, and since when it is known', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'] }]);
    const input = { environment: environment([infrastructure]), history, facts: new Map() };
    const read = async (pods: number) => {
      source.push('pods', pods);
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
      return (await judge.judge(input))[0];
    };
    for (const pods of [10, 20]) await read(pods);
    const early = await read(30);
    expect(early?.past?.map(({ atMs, value }) => [clock.now() - atMs, value])).toEqual([
      [30_000, 10],
      [15_000, 20],
      [0, 30],
    ]);
    expect(clock.now() - (early?.knownSinceMs ?? 0), 'the samples begin then').toBe(30_000);
    for (let at = 0; at < 20; at += 1) await read(40);
    const full = await read(40);
    expect(clock.now() - (full?.knownSinceMs ?? 0), 'as far as it looks back').toBe(5 * MINUTE);
    expect(full).toEqual((await judgeOf([source], clock).judge.judge(input))[0]);
    await clock.advance(3 * MINUTE);
    const back = await read(40);
    expect(clock.now() - (back?.knownSinceMs ?? 0), 'a source that comes back begins anew').toBe(0);
  });

  test.each([
    { why: 'a series that is new while its source looks is known all the time', up: true, before: false, knownMs: 5 * MINUTE },
    { why: 'one that was there before comes back', up: true, before: true, knownMs: 15 * SECOND },
    { why: 'one of a source that was not looking may have been there', up: false, before: false, knownMs: 15 * SECOND },
  ])('$why', async ({ up, before, knownMs }) => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'] }]);
    const evaluate = async () => {
      await clock.advance(15 * SECOND);
      source.scrape(clock.now(), { up });
      return (await judge.judge({ environment: environment([infrastructure]), history, facts: new Map() }))[0];
    };
    if (before) source.push('pods', 90);
    await evaluate();
    source.remove('pods');
    for (let at = 0; at < 40; at += 1) await evaluate();
    source.push('pods', 90);
    await evaluate();
    const judgement = await evaluate();
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 90 });
    expect(clock.now() - (judgement?.knownSinceMs ?? 0)).toBe(knownMs);
  });

  test('a series that is new in the embedded source, while it looks, is known all the time', async () => {
    const store = new PushStore(START_MS - HOUR);
    const source: MetricSource = {
      name: 'push',
      samples: async (names, fromMs, toMs) => store.samples(names, fromMs, toMs),
      instant: async () => [],
    };
    const { judge, clock } = judgeOf([source]);
    const sample = { name: 'pods', family: 'pods', labels: {}, value: 90 };
    store.apply(store.plan('POST', { job: 'kubelet' }, [sample], clock.now()));
    await clock.advance(15 * SECOND);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'] }]);
    const [judgement] = await judge.judge({ environment: environment([infrastructure]), history, facts: new Map() });
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 90 });
    expect(clock.now() - (judgement?.knownSinceMs ?? 0)).toBe(5 * MINUTE);
  });

  test('a gauge: only those after the last action has settled and cooled down', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const history = historyOf([
      { atMs: START_MS - HOUR, replicas: { nginx: 110 }, qos: ['KubeletTooManyPods'] },
      { atMs: START_MS, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'], decisions: [decision({ task: 'nginx', from: 110, to: 55 })] },
    ]);
    source.push('pods', 99);
    for (let at = 0; at < 8; at += 1) {
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
    }
    const [judgement] = await judge.judge({
      environment: environment([infrastructure]),
      history,
      facts: settled([infrastructure], START_MS + 15 * SECOND),
    });
    expect(judgement).toMatchObject({ violations: 3, verdict: { state: 'violated' } });
  });

  test('a gauge: those of an overloaded task that flaps, so that it scales once it is ready', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const limits = { type: 'infr', maxAllowed: 2, cooldown: 15 * SECOND, guarantees: [GAUGE] } as const;
    const overloaded = task('nginx', [template('TooManyPods', limits)]);
    const history = historyOf([
      { atMs: START_MS - HOUR, replicas: { nginx: 2 }, qos: ['TooManyPods'] },
      { atMs: START_MS, replicas: { nginx: 4 }, qos: ['TooManyPods'], decisions: [decision({ task: 'nginx', from: 2, to: 4 })] },
    ]);
    source.push('pods', 99);
    const seen: [number, string][] = [];
    for (let at = 1; at <= 8; at += 1) {
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
      const settledAt = { taskId: 'nginx', desired: 4, settledAtMs: START_MS + SECOND };
      const facts = new Map([['nginx', at % 4 === 0 ? settledAt : { ...settledAt, unsettledReason: '3 of 4 ready' }]]);
      const judgements = await judge.judge({ environment: environment([overloaded]), history, facts });
      const [made] = decide(judgements, { environment: environment([overloaded]), facts, history, nowMs: clock.now() });
      seen.push([judgements[0]?.violations ?? -1, made?.decision.kind ?? '']);
    }
    expect(seen.slice(0, 4)).toEqual([
      [0, 'hold'],
      [1, 'hold'],
      [2, 'hold'],
      [3, 'scale'],
    ]);
    expect(seen.slice(4).map(([, kind]) => kind)).toEqual(['hold', 'hold', 'hold', 'scale']);
  });

  test('a gauge one of whose series has stopped is unknown until that series is too old', async () => {
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { nginx: 55 }, qos: ['KubeletTooManyPods'] }]);
    const input = { environment: environment([infrastructure]), history, facts: new Map() };
    for (const node of ['a', 'b']) source.push('pods', 30, { node });
    const states: string[] = [];
    for (let at = 0; at < 14; at += 1) {
      if (at === 5) source.gateway.delete(JSON.stringify(['pods', { node: 'b' }]));
      await clock.advance(15 * SECOND);
      source.scrape(clock.now());
      const verdict = (await judge.judge(input))[0]?.verdict;
      states.push(verdict?.state === 'unknown' ? 'unknown' : String(verdict?.value));
    }
    expect(states.slice(0, 6)).toEqual(Array(6).fill('60'));
    expect(states.slice(6, 8)).toEqual(Array(2).fill('unknown'));
    expect(states.at(-1)).toBe('30');
  });
});

describe('judge: a query of its own', () => {
  const queried = (changes = {}) =>
    task('nginx', [
      template('Latency', {
        type: 'app',
        guarantees: [guarantee('latency < 1', { kind: 'gauge', query: 'max(latency{task="$task",dock="$dock"})', ...changes })],
      }),
    ]);

  test.each([
    {
      gives: 'one series',
      series: [{ name: '', labels: {}, timesMs: [START_MS], values: [2] }],
      verdict: { state: 'violated', value: 2 },
    },
    {
      gives: 'none',
      series: [],
      verdict: { state: 'unknown', reason: 'Its query must give one series: 0, from samples of the last 1m30s' },
    },
    {
      gives: 'two',
      series: [1, 2].map((value) => ({ name: '', labels: { at: String(value) }, timesMs: [START_MS], values: [value] })),
      verdict: { state: 'unknown', reason: 'Its query must give one series: 2' },
    },
    { gives: 'NaN', series: [{ name: '', labels: {}, timesMs: [START_MS], values: [Number.NaN] }], verdict: { state: 'unknown' } },
  ])('that gives $gives', async ({ series, verdict }) => {
    const one = queried();
    const source = new FakePrometheus();
    source.answer = () => series;
    const input = {
      environment: environment([one]),
      history: agreed([one], START_MS - HOUR, ['Latency']),
      facts: settled([one], START_MS),
    };
    const [judgement] = await judgeOf([source]).judge.judge(input);
    expect(judgement?.verdict).toMatchObject(verdict);
    expect(source.queries).toEqual(['max(latency{task="nginx",dock="class"})']);
  });

  test.each([
    [undefined, 90 * SECOND],
    [20 * SECOND, 20 * SECOND],
  ])('rests on no samples older than maxAge: %s is %d ms', async (maxAge, asked) => {
    const one = queried(maxAge === undefined ? {} : { maxAge });
    const source = new FakePrometheus();
    const ages: unknown[] = [];
    source.instant = async (_, atMs, __, maxAgeMs) => {
      ages.push(maxAgeMs);
      return [{ name: '', labels: {}, timesMs: [atMs], values: [2] }];
    };
    const history = agreed([one], START_MS - HOUR, ['Latency']);
    await judgeOf([source]).judge.judge({ environment: environment([one]), history, facts: settled([one], START_MS) });
    expect(ages).toEqual([asked]);
  });

  test('as a counter counts from its value at the creation', async () => {
    const one = queried({ kind: 'counter', query: 'sum(misses)' });
    const source = new FakePrometheus();
    const { judge, clock } = judgeOf([source]);
    source.scrape(START_MS - MINUTE);
    source.answer = (_, atMs) => [{ name: '', labels: {}, timesMs: [atMs], values: [atMs < START_MS ? 5 : 8] }];
    await clock.advance(MINUTE);
    const input = {
      environment: environment([one]),
      history: agreed([one], START_MS - MINUTE, ['Latency']),
      facts: settled([one], START_MS),
    };
    const [judgement] = await judge.judge(input);
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 3 });
  });

  test.each([
    { shows: 'a sum that falls as a part of it is gone, then grows', name: '', values: [5, 8, 6, 7], fresh: [0, 3, 3, 4] },
    { shows: 'a series that begins anew', name: 'misses', values: [5, 8, 1, 2], fresh: [0, 3, 1, 2] },
  ])('as a counter, of $shows', async ({ name, values, fresh }) => {
    const one = queried({ kind: 'counter', query: 'misses' });
    const source = new FakePrometheus();
    const shown: { atMs: number; value: number }[] = [];
    source.answer = (expression, atMs) => {
      const there = shown.filter((sample) => sample.atMs <= atMs);
      const samples = expression.includes('[') ? there : there.slice(-1).map(({ value }) => ({ atMs, value }));
      return samples.length === 0 ? [] : [seriesOf({ name, labels: {} }, samples)];
    };
    const clock = fakeClock(START_MS);
    const start = () => createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
    const input = { environment: environment([one]), history: agreed([one], START_MS, ['Latency']), facts: settled([one], START_MS) };
    const judge = start();
    const seen: unknown[] = [];
    for (const value of values) {
      shown.push({ atMs: clock.now(), value });
      source.scrape(clock.now());
      await clock.advance(15 * SECOND);
      const [going, begun] = await Promise.all([judge.judge(input), start().judge(input)]);
      seen.push([going, begun].map(([judgement]) => judgement?.verdict.state !== 'unknown' && judgement?.verdict.value));
    }
    expect(seen).toEqual(fresh.map((count) => [count, count]));
  });
});
