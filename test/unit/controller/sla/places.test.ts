import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { Failure } from '../../../../controller/errors.ts';
import type { MetricSource } from '../../../../controller/ports.ts';
import { totalsOf } from '../../../../controller/sla/counter.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import type { QosTemplate, Task } from '../../../../synth/environment.ts';
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

const METRIC = 'missed_web';
const COUNTED = (limit: number, changes: Partial<QosTemplate> = {}) =>
  template('Missed', { guarantees: [guarantee(`missed < ${limit}`)], ...changes });
const LOAD = (changes: Partial<QosTemplate>) =>
  template('Load', { type: 'app', guarantees: [guarantee('load < 50', { kind: 'gauge' })], ...changes });

function onBoth(qos: readonly QosTemplate[], replicas = 4): Task {
  return { ...task('web', qos, replicas, 'north'), infrastructures: ['north', 'south'] };
}

interface WorldOptions {
  readonly task: Task;
  readonly north?: MetricSource;
  readonly south?: MetricSource;
  readonly history?: ReturnType<typeof historyOf>;
}

/** Sources of two infrastructures, scraped for two minutes before the agreement is made. */
async function world({ task: web, north, south, history }: WorldOptions) {
  const clock = fakeClock(START_MS);
  const sources = { north: north ?? new FakePrometheus(), south: south ?? new FakePrometheus() };
  const fakes = [sources.north, sources.south].filter((source) => source instanceof FakePrometheus);
  for (const fake of fakes) fake.scrape(START_MS - MINUTE);
  const known =
    history ?? historyOf([{ atMs: START_MS - 30 * SECOND, replicas: { web: web.spec.replicas }, qos: web.qos.map(({ name }) => name) }]);
  const judgeOf = () =>
    createJudge({ sourceOf: (name) => [sources[name as 'north' | 'south']], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
  const input = { environment: environment([web]), history: known, facts: settled([web], START_MS - 20 * SECOND) };
  const judge = judgeOf();
  const look = async (by = judge) => {
    await clock.advance(15 * SECOND);
    for (const fake of fakes) fake.scrape(clock.now());
    return by.judge(input);
  };
  return { ...sources, look, judgeOf, input, clock, decided: async () => decide(await look(), { ...input, nowMs: clock.now() }) };
}

const down: MetricSource = {
  name: 'south',
  samples: () => Promise.reject(new Failure('transient', 'status 502')),
  instant: () => Promise.reject(new Failure('transient', 'status 502')),
};

class Named extends FakePrometheus {
  override readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

describe('overPlaces: a counter', () => {
  test('is the sum over the infrastructures, whose series may have the same labels', async () => {
    const [north, south] = [new Named('north'), new Named('south')];
    const { look, judgeOf } = await world({ task: onBoth([COUNTED(5)]), north, south });
    north.push(METRIC, 3);
    south.push(METRIC, 1);
    const [met] = await look();
    expect(met).toMatchObject({
      verdict: { state: 'met', value: 4 },
      violations: 0,
      series: 2,
      agreement: { task: { infrastructure: 'north' } },
    });
    south.push(METRIC, 2);
    const [violated] = await look();
    expect(violated, 'neither would be violated alone').toMatchObject({
      verdict: { state: 'violated', value: 5, source: 'north, south' },
      violations: 1,
    });
    expect(totalsOf(violated?.counted ?? [])).toEqual({
      'missed_web{__infrastructure__="north",job="compss"}': 3,
      'missed_web{__infrastructure__="south",job="compss"}': 2,
    });
    const [again] = await look(judgeOf());
    expect(again?.verdict, 'the same for a judge that has just started').toMatchObject({ state: 'violated', value: 5 });
  });

  test('what an action consumed is consumed on each', async () => {
    const [north, south] = [new Named('north'), new Named('south')];
    const web = onBoth([COUNTED(1)], 6);
    const consumed = {
      'missed_web{__infrastructure__="north",job="compss"}': 3,
      'missed_web{__infrastructure__="south",job="compss"}': 8,
    };
    const history = historyOf([
      { atMs: START_MS - HOUR, replicas: { web: 4 }, qos: ['Missed'] },
      {
        atMs: START_MS - 30 * SECOND,
        replicas: { web: 6 },
        qos: ['Missed'],
        decisions: [decision({ task: 'web', from: 4, to: 6, consumed })],
      },
    ]);
    const { look } = await world({ task: web, north, south, history });
    north.push(METRIC, 3);
    south.push(METRIC, 8);
    expect((await look())[0]).toMatchObject({ verdict: { state: 'met', value: 0 } });
    north.push(METRIC, 4);
    const [violated] = await look();
    expect(violated).toMatchObject({ verdict: { state: 'violated', value: 1 } });
    expect(totalsOf(violated?.counted ?? [])).toEqual({ ...consumed, 'missed_web{__infrastructure__="north",job="compss"}': 4 });
    // A series that is new in the north has nothing to do with what the south had counted.
    north.push(METRIC, 9, { job: 'another' });
    expect((await look())[0]).toMatchObject({ verdict: { value: 10 } });
  });

  test.each([
    { why: 'what is known is too much already', limit: 3, pushed: 3, verdict: { state: 'violated', value: 3 } },
    { why: 'what is known is not too much', limit: 5, pushed: 3, verdict: { state: 'unknown', reason: 'south: status 502' } },
  ])('while one infrastructure cannot be asked and $why: $verdict.state', async ({ limit, pushed, verdict }) => {
    const north = new Named('north');
    const { look } = await world({ task: onBoth([COUNTED(limit)]), north, south: down });
    north.push(METRIC, pushed);
    expect((await look())[0]).toMatchObject({ verdict });
  });

  test('one that scales in on too little is unknown while a part of it is', async () => {
    const north = new Named('north');
    const few = template('Few', { action: 'scale_in', scaleFactor: 0.5, guarantees: [guarantee('missed > 5')] });
    const { look } = await world({ task: onBoth([few]), north, south: down });
    north.push(METRIC, 1);
    expect((await look())[0]).toMatchObject({ verdict: { state: 'unknown', reason: 'south: status 502' } });
  });

  test('of one source that tells of both infrastructures counts once, and is asked once', async () => {
    const shared = new Named('shared');
    const { look } = await world({ task: onBoth([COUNTED(9)]), north: shared, south: shared });
    shared.push(METRIC, 3);
    await look();
    shared.queries.length = 0;
    expect((await look())[0]).toMatchObject({ verdict: { state: 'met', value: 3 }, series: 1 });
    expect(shared.queries).toHaveLength(1);
  });

  test('violations are counted by the sum', async () => {
    const [north, south] = [new Named('north'), new Named('south')];
    const { look, decided } = await world({ task: onBoth([COUNTED(4, { maxAllowed: 1 })]), north, south });
    north.push(METRIC, 2);
    south.push(METRIC, 2);
    expect((await look())[0]).toMatchObject({ violations: 1 });
    south.push(METRIC, 3);
    const [made] = await decided();
    expect(made?.proposals[0]?.judgement).toMatchObject({ violations: 2, verdict: { value: 5 } });
    expect(made?.decision).toMatchObject({ kind: 'scale', from: 4, to: 6 });
  });
});

describe('overPlaces: a gauge', () => {
  const OUT = LOAD({ action: 'scale_out', maxAllowed: 0 });
  const IN = LOAD({ action: 'scale_in', scaleFactor: 0.5, maxAllowed: 0 });
  const TARGET = LOAD({ action: 'target', targetValue: 40, maxAllowed: 0 });

  test.each<{ why: string; qos: QosTemplate; north: number; south: number | undefined; verdict: object }>([
    { why: 'is violated where any of them is', qos: OUT, north: 10, south: 60, verdict: { state: 'violated', value: 60, source: 'south' } },
    { why: 'is met where all are', qos: OUT, north: 10, south: 20, verdict: { state: 'met' } },
    { why: 'is violated though another one is unknown', qos: OUT, north: 60, south: undefined, verdict: { state: 'violated', value: 60 } },
    { why: 'is unknown where one is and none is violated', qos: OUT, north: 10, south: undefined, verdict: { state: 'unknown' } },
    { why: 'that scales in is met while one is', qos: IN, north: 60, south: 10, verdict: { state: 'met', value: 10 } },
    { why: 'that scales in is violated when all are', qos: IN, north: 60, south: 70, verdict: { state: 'violated' } },
    { why: 'that scales in is unknown while one is', qos: IN, north: 60, south: undefined, verdict: { state: 'unknown' } },
    { why: 'with a target is the greatest', qos: TARGET, north: 10, south: 45, verdict: { value: 45, source: 'south' } },
    {
      why: 'with a target is the greatest known, where that is beyond it',
      qos: TARGET,
      north: 45,
      south: undefined,
      verdict: { value: 45 },
    },
    { why: 'with a target is unknown where less might do', qos: TARGET, north: 10, south: undefined, verdict: { state: 'unknown' } },
  ])('$why', async ({ qos, north: here, south: there, verdict }) => {
    const [north, south] = [new Named('north'), new Named('south')];
    const { look } = await world({ task: onBoth([qos]), north, south: there === undefined ? down : south });
    north.push('load_web', here);
    if (there !== undefined) south.push('load_web', there);
    const judgements = await look();
    expect(judgements).toHaveLength(1);
    expect(judgements[0]).toMatchObject({ verdict });
  });

  test('a query is asked with the name of each infrastructure', async () => {
    const shared = new Named('shared');
    shared.answer = (expression, atMs) => [{ name: '', labels: {}, timesMs: [atMs], values: [expression.includes('south') ? 60 : 10] }];
    const queried = LOAD({ guarantees: [guarantee('load < 50', { kind: 'gauge', query: 'load{at="$infrastructure"}' })] });
    const { look } = await world({ task: onBoth([queried]), north: shared, south: shared });
    expect((await look())[0]).toMatchObject({ verdict: { state: 'violated', value: 60 } });
  });
});
