import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { QueryError } from '../../../../controller/errors.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import { idleAgreements, lifeOf } from '../../../../controller/sla/life.ts';
import { originalAgreement } from '../../../../controller/sla/original-agreement.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { cityFiles } from '../../../support/source-files.ts';
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

const METRIC = 'deadlines_missed_compss_workflow';

/** What Rotterdam and SLALite got wrong about agreements, one test each. */
describe("the original's defects", () => {
  test('all agreements ended at the start of 2024, silently: here they last, and an end is said', () => {
    const files = {
      'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
      'tasks/w.json': { name: 'compss-workflow', image: 'compss/worker', replicas: 2, qos: [{ qosid: 'DeadlinesMissed_1' }] },
    };
    const history = historyOf([{ atMs: START_MS, replicas: { 'compss-workflow': 2 } }]);
    const inTenYears = START_MS + 10 * 365 * 24 * HOUR;
    expect(idleAgreements(loadEnvironment('city', cityFiles(files)), history, inTenYears)).toEqual([]);
    const limited = {
      ...files,
      'defaults.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nspec: {agreements: {lifetime: 30d}}\n',
    };
    expect(idleAgreements(loadEnvironment('city', cityFiles(limited)), history, inTenYears)).toMatchObject([
      { agreement: { id: 'compss_workflow_DeadlinesMissed_1' }, state: 'terminated', reason: 'Expired at 2023-12-14T22:13:20.000Z' },
    ]);
  });

  test("an agreement's record was found only while ids had no '-': here a task is found by either form of its id", () => {
    const agreement = {
      id: 'an-agreement',
      name: 'A',
      details: { provider: { id: 'p', name: 'P' }, client: { id: 'compss-workflow', name: 'W' }, guarantees: [] },
    };
    const files = {
      'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
      'tasks/w.json': { name: 'compss-workflow', image: 'compss/worker', replicas: 2 },
      'sla/1.json': agreement,
      'sla/2.json': { ...agreement, id: 'another', details: { ...agreement.details, client: { id: 'compss_workflow', name: 'W' } } },
    };
    expect(agreementsOf(loadEnvironment('city', cityFiles(files))).map(({ id, task: { name } }) => [id, name])).toEqual([
      ['an-agreement', 'compss-workflow'],
      ['another', 'compss-workflow'],
    ]);
  });

  test('one guarantee that failed ended the evaluation of its agreement: here the others are judged and acted on', async () => {
    const broken = guarantee('latency < 1', { name: 'broken', kind: 'gauge', query: 'histogram_quantile(' });
    const web = task('compss-workflow', [template('DeadlinesMissed_1', { guarantees: [broken, guarantee('deadlines_missed < 1')] })]);
    const source = new FakePrometheus();
    source.instant = () => Promise.reject(new QueryError('bad_data: unexpected end of input'));
    const clock = fakeClock(START_MS);
    source.scrape(START_MS - HOUR);
    source.push(METRIC, 1);
    source.scrape(START_MS);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { 'compss-workflow': 4 } }]);
    const input = { environment: environment([web]), history, facts: settled([web], START_MS - HOUR) };
    const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
    const judgements = await judge.judge(input);
    expect(judgements.map(({ verdict }) => verdict.state)).toEqual(['unknown', 'violated']);
    expect(decide(judgements, { ...input, nowMs: clock.now() })[0]?.decision).toMatchObject({ kind: 'scale', from: 4, to: 6 });
  });

  test('violations were counted for ever: here one a week never adds up', async () => {
    const rarely = task('compss-workflow', [template('DeadlinesMissed_1', { maxAllowed: 2, window: 10 * MINUTE })]);
    const source = new FakePrometheus();
    const clock = fakeClock(START_MS);
    const input = {
      environment: environment([rarely]),
      history: historyOf([{ atMs: START_MS - MINUTE, replicas: { 'compss-workflow': 4 } }]),
      facts: settled([rarely], START_MS),
    };
    const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
    source.scrape(START_MS - MINUTE);
    for (const missed of [1, 2, 3, 4, 5]) {
      await clock.advance(7 * 24 * HOUR);
      source.scrape(clock.now() - MINUTE);
      source.push(METRIC, missed);
      source.scrape(clock.now());
      const judgements = await judge.judge(input);
      expect(judgements).toMatchObject([{ violations: 1 }]);
      expect(decide(judgements, { ...input, nowMs: clock.now() })[0]?.decision).toMatchObject({ kind: 'hold' });
    }
  });

  test("a template's guarantees all had one name, and the last came twice: here each is judged once under its own", () => {
    const files = {
      'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
      'tasks/w.json': { name: 'compss-workflow', image: 'compss/worker', replicas: 2, qos: [{ qosid: 'DeadlinesMissed_2' }] },
    };
    const [agreement] = agreementsOf(loadEnvironment('city', cityFiles(files)));
    if (agreement === undefined) throw new Error('no agreement');
    const history = historyOf([{ atMs: START_MS, replicas: { 'compss-workflow': 2 }, qos: ['DeadlinesMissed_2'] }]);
    const { details } = originalAgreement(agreement, lifeOf(agreement, history, START_MS));
    expect(details.guarantees.map(({ name }) => name)).toEqual(['deadlines_missed_1', 'deadlines_missed_2']);
  });

  /** What is seen of a gauge of the infrastructure of a task. */
  async function judged(constraint: string, show: (source: FakePrometheus) => void) {
    const guarantees = [guarantee(constraint, { kind: 'gauge' })];
    const web = task('web', [template('Q', { type: 'infr', guarantees })]);
    const source = new FakePrometheus();
    show(source);
    source.scrape(START_MS);
    const history = historyOf([{ atMs: START_MS - HOUR, replicas: { web: 4 }, qos: ['Q'] }]);
    const input = { environment: environment([web]), history, facts: settled([web], START_MS - HOUR) };
    const judge = createJudge({ sourceOf: () => [source], clock: fakeClock(START_MS), log: silentLog, evaluateEveryMs: 15 * SECOND });
    return (await judge.judge(input))[0]?.verdict;
  }

  test('series of all jobs but three were taken for 0: here whoever exposes them counts', async () => {
    const verdict = await judged('node_memory_MemAvailable_bytes > 2048000000', (source) =>
      source.push('node_memory_MemAvailable_bytes', 3e9, { job: 'node-exporter' }),
    );
    expect(verdict).toMatchObject({ state: 'met', value: 3e9 });
  });

  test('one metric was divided by 1048576, as nobody else knew: here it is what it shows', async () => {
    const verdict = await judged('go_memstats_frees_total < 100000', (source) => source.push('go_memstats_frees_total', 2e6));
    expect(verdict).toMatchObject({ state: 'violated', value: 2e6 });
  });

  test('several series were summed as integers, fractions became the time: here fractions add up', async () => {
    const verdict = await judged('load < 1', (source) => {
      for (const pod of ['a', 'b', 'c']) source.push('load', 0.25, { pod });
    });
    expect(verdict).toMatchObject({ state: 'met', value: 0.75 });
  });

  test('metrics that were not sampled within 0.1 s of each other never met: here each is what it showed last', async () => {
    const verdict = await judged('errors / requests < 5% and errors < 10', (source) => {
      source.push('requests', 100);
      source.scrape(START_MS - 7 * SECOND);
      source.remove('requests');
      source.push('errors', 1);
    });
    expect(verdict).toMatchObject({ state: 'met', value: 0.01 });
  });
});
