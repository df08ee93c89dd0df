import { describe, expect, test } from 'vitest';
import { openConstant } from '../../../../controller/adapters/constant.ts';
import { Failure, QueryError } from '../../../../controller/errors.ts';
import type { MetricSource, Series } from '../../../../controller/ports.ts';
import { createJudge, type Judge, type JudgeInput } from '../../../../controller/sla/judge.ts';
import type { Guarantee } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  environment,
  FakePrometheus,
  guarantee,
  historyOf,
  MINUTE,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from './world.ts';

const GAUGE = { kind: 'gauge', maxAllowed: 0 } as const;

/** Many tasks with the same promise, agreed a minute ago. */
function promised(count: number, guarantees: readonly Guarantee[]): JudgeInput {
  const tasks = Array.from({ length: count }, (_, at) => task(`t-${at}`, [template('Q', { type: 'app', guarantees })]));
  const replicas = Object.fromEntries(tasks.map(({ name }) => [name, 4]));
  const history = historyOf([{ atMs: START_MS - MINUTE, replicas, qos: ['Q'] }]);
  return { environment: environment(tasks), history, facts: settled(tasks, START_MS - MINUTE) };
}

function judgeOf(source: MetricSource, clock = fakeClock(START_MS)): Judge {
  return createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
}

async function states(judge: Judge, input: JudgeInput): Promise<readonly string[]> {
  return (await judge.judge(input)).map(({ verdict }) => verdict.state);
}

describe('a query that fails for a group', () => {
  const COUNT = 100;
  const input = promised(COUNT, [guarantee('latency < 5', { kind: 'gauge' })]);
  const met = (guilty: readonly number[]) => Array.from({ length: COUNT }, (_, at) => (guilty.includes(at) ? 'unknown' : 'met'));

  /** All tasks show a value, under a name that they share, or that is their own. */
  function source(names: 'shared' | 'own'): FakePrometheus {
    const prometheus = new FakePrometheus();
    for (let at = 0; at < COUNT; at += 1) {
      if (names === 'shared') prometheus.push('latency', 1, { task: `t-${at}` });
      else prometheus.push(`latency_t_${at}`, 1, { task: `t_${at}` });
    }
    prometheus.scrape(START_MS);
    return prometheus;
  }

  test.each(['shared', 'own'] as const)('is split until the guilty is found, whose names are %s: the others are judged', async (names) => {
    const prometheus = source(names);
    prometheus.refuses = (of) => of?.replace('_', '-') === 't-37';
    const judge = judgeOf(prometheus);
    expect(await states(judge, input)).toEqual(met([37]));
    expect((await judge.judge(input))[37]?.verdict).toEqual({ state: 'unknown', reason: 'prometheus refused a query: too many samples' });
    prometheus.queries.length = 0;
    expect(await states(judge, input), 'the next time').toEqual(met([37]));
    expect(prometheus.queries.length, 'the guilty is known, and asked for alone').toBeLessThanOrEqual(4);
  });

  test('what two guarantees of a task are measured by is not counted twice', async () => {
    const twice = ['a', 'b'].map((name) => guarantee('latency < 1.5', { kind: 'gauge', name }));
    const prometheus = source('own');
    prometheus.refuses = (of) => of === 't_37';
    const judge = judgeOf(prometheus);
    for (let at = 0; at < 3; at += 1) {
      const judged = await judge.judge(promised(COUNT, twice));
      expect(judged.flatMap(({ verdict }) => (verdict.state === 'unknown' ? [] : [verdict.value]))).toEqual(Array(198).fill(1));
    }
  });

  test('several guilty ones are found, and come back when they are mended', async () => {
    const prometheus = source('shared');
    prometheus.refuses = (of) => of === 't-3' || of === 't-99';
    const judge = judgeOf(prometheus);
    expect(await states(judge, input)).toEqual(met([3, 99]));
    prometheus.refuses = () => false;
    expect(await states(judge, input)).toEqual(met([]));
    prometheus.queries.length = 0;
    expect(await states(judge, input)).toEqual(met([]));
    expect(prometheus.queries).toHaveLength(1);
  });

  test('where all are guilty, the source is asked a bounded number of times', async () => {
    const prometheus = source('shared');
    prometheus.refuses = () => true;
    const judge = judgeOf(prometheus);
    expect(new Set(await states(judge, input))).toEqual(new Set(['unknown']));
    for (let round = 0; round < 5; round += 1) {
      prometheus.queries.length = 0;
      await judge.judge(input);
      expect(prometheus.queries.length).toBeLessThan(200);
    }
  });

  test('a source that answers nothing is not asked again and again', async () => {
    const prometheus = source('shared');
    prometheus.refuses = () => true;
    prometheus.instant = async () => Promise.reject(new Error('hanging'));
    await states(judgeOf(prometheus), input);
    expect(prometheus.queries).toHaveLength(1);
  });
});

describe('a query of many tasks at once', () => {
  const QUERY = 'avg by (task) (response_seconds)';
  const by = guarantee('response < 5', { ...GAUGE, query: QUERY, by: 'task' });
  const answer = (values: Readonly<Record<string, number>>, atMs = START_MS): readonly Series[] =>
    Object.entries(values).map(([of, value]) => ({ name: '', labels: { task: of }, timesMs: [atMs], values: [value] }));

  test('each agreement takes the series of its task, with _ or -', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = () => answer({ 't-0': 1, t_1: 9, other: 9 });
    const judgements = await judgeOf(prometheus).judge(promised(3, [by]));
    expect(judgements.map(({ verdict }) => verdict)).toMatchObject([
      { state: 'met', value: 1 },
      { state: 'violated', value: 9 },
      { state: 'unknown', reason: expect.stringMatching(/^Its query must give one series with task t_2: 0/) },
    ]);
    expect(prometheus.queries).toEqual([QUERY]);
  });

  test('two series of one task are not guessed at', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = () => [...answer({ 't-0': 1 }), ...answer({ 't-0': 2 })];
    expect(await states(judgeOf(prometheus), promised(1, [by]))).toEqual(['unknown']);
  });

  test('as many queries as there are questions, not agreements: counters and windows too', async () => {
    const prometheus = new FakePrometheus();
    const everybody = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`t_${at}`, 0]));
    prometheus.answer = (_, atMs) => answer(everybody, atMs);
    const counter = guarantee('misses < 1', { kind: 'counter', query: 'sum by (task) (misses)', by: 'task' });
    const clock = fakeClock(START_MS);
    const judge = judgeOf(prometheus, clock);
    const input = promised(500, [by, counter]);
    await judge.judge(input);
    prometheus.queries.length = 0;
    expect(new Set(await states(judge, input))).toEqual(new Set(['met']));
    expect(prometheus.queries.filter((query) => query !== 'up')).toHaveLength(2);
  });

  test('the same words without a label are one query as well; other words are another', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = (query) => (query === 'broken' ? [] : [{ name: '', labels: {}, timesMs: [START_MS], values: [1] }]);
    const of = (query: string) => guarantee(`${query} < 5`, { ...GAUGE, query, name: query });
    const input = promised(20, [of('load'), of('broken')]);
    const judgements = await judgeOf(prometheus).judge(input);
    expect([...prometheus.queries].sort()).toEqual(['broken', 'load']);
    expect(judgements.filter(({ verdict }) => verdict.state === 'met')).toHaveLength(20);
  });

  test('of the source that the guarantee names', async () => {
    const [here, mimir] = [new FakePrometheus(), new FakePrometheus()];
    mimir.answer = () => answer({ t_0: 1 });
    const asked: unknown[] = [];
    const judge = createJudge({
      sourceOf: (infrastructure, source) => {
        asked.push([infrastructure, source]);
        return source === 'mimir' ? [mimir] : [here];
      },
      clock: fakeClock(START_MS),
      log: silentLog,
      evaluateEveryMs: 15 * SECOND,
    });
    expect(await states(judge, promised(1, [{ ...by, source: 'mimir' }]))).toEqual(['met']);
    expect(here.queries).toEqual([]);
    expect(asked).toContainEqual(['modena', 'mimir']);
  });
});

describe('a query of each task, in the same words', () => {
  const COUNT = 120;
  const own = guarantee('load < 5', { ...GAUGE, query: 'max(load{task="$task"}) # of $task' });
  const input = promised(COUNT, [own]);
  const gives = (value: number, atMs: number) => [{ name: '', labels: {}, timesMs: [atMs], values: [value] }];
  const met = (guilty: readonly number[]) => Array.from({ length: COUNT }, (_, at) => (guilty.includes(at) ? 'unknown' : 'met'));

  test('is one query for fifty of them', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = (query, atMs) => gives(query.includes('"t_7"') ? 9 : 1, atMs);
    const judgements = await judgeOf(prometheus).judge(input);
    expect(judgements.flatMap(({ verdict }, at) => (verdict.state === 'violated' ? [at, verdict.value] : []))).toEqual([7, 9]);
    expect(prometheus.queries).toHaveLength(3);
  });

  test('is split where it fails: the guilty one fails alone, and apart from then on, until it is mended', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = (_, atMs) => gives(1, atMs);
    let guilty = 'task="t_37"';
    const instant = prometheus.instant.bind(prometheus);
    prometheus.instant = async (query, atMs) => {
      if (!query.includes(guilty)) return instant(query, atMs);
      prometheus.queries.push(query);
      throw new QueryError('422 too many samples');
    };
    const judge = judgeOf(prometheus);
    expect(await states(judge, input)).toEqual(met([37]));
    prometheus.queries.length = 0;
    expect(await states(judge, input)).toEqual(met([37]));
    expect(prometheus.queries).toHaveLength(4);
    guilty = 'nobody';
    expect(await states(judge, input)).toEqual(met([]));
    prometheus.queries.length = 0;
    await judge.judge(input);
    expect(prometheus.queries).toHaveLength(3);
  });

  test('is one for fewer of them, where so many at once are too much', async () => {
    const prometheus = new FakePrometheus();
    prometheus.answer = (_, atMs) => gives(1, atMs);
    const instant = prometheus.instant.bind(prometheus);
    prometheus.instant = async (query, atMs) => {
      if (query.split('label_replace').length > 21) throw new QueryError('no answer within 10 s');
      return instant(query, atMs);
    };
    const judge = judgeOf(prometheus);
    for (let at = 0; at < 4; at += 1) {
      prometheus.queries.length = 0;
      expect(await states(judge, input)).toEqual(met([]));
    }
    expect(prometheus.queries).toHaveLength(Math.ceil(COUNT / 13));
  });

  test('a source that answers nothing is asked no more often', async () => {
    const prometheus = new FakePrometheus();
    prometheus.failing = new Failure('transient', 'ECONNREFUSED');
    expect(new Set(await states(judgeOf(prometheus), input))).toEqual(new Set(['unknown']));
    expect(prometheus.queries.length).toBeLessThanOrEqual(2 * 3);
  });

  test('a source that looks at no words is asked for each', async () => {
    const constant = openConstant({ type: 'constant', name: 'always', value: 1 });
    expect(new Set(await states(judgeOf(constant), input))).toEqual(new Set(['met']));
  });
});

describe('more names than a query should list', () => {
  test('only those that the source has are asked for', async () => {
    const prometheus = new FakePrometheus();
    for (let at = 0; at < 600; at += 1) prometheus.push('latency', 1, { task: `t-${at}` });
    prometheus.push('latency_t_7', 9);
    prometheus.scrape(START_MS);
    const source: MetricSource = Object.assign(prometheus, { names: async () => ['latency', 'latency_t_7', 'else'] });
    const judgements = await judgeOf(source).judge(promised(600, [guarantee('latency < 5', { kind: 'gauge' })]));
    expect(prometheus.queries).toEqual(['latency|latency_t_7']);
    expect(judgements.filter(({ verdict }) => verdict.state === 'met')).toHaveLength(599);
    expect(judgements[7]?.verdict).toMatchObject({ state: 'violated', value: 9 });
  });

  test('all are asked for where the source does not tell which it has', async () => {
    const prometheus = new FakePrometheus();
    for (let at = 0; at < 300; at += 1) prometheus.push('latency', 1, { task: `t-${at}` });
    prometheus.scrape(START_MS);
    const source: MetricSource = Object.assign(prometheus, { names: async () => Promise.reject(new Failure('transient', '404')) });
    expect(new Set(await states(judgeOf(source), promised(300, [guarantee('latency < 5', { kind: 'gauge' })])))).toEqual(new Set(['met']));
  });
});
