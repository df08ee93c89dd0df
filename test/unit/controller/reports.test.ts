import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { decide } from '../../../controller/adaptation/decide.ts';
import { openPushJournal, type PushJournal } from '../../../controller/adapters/push/journal.ts';
import { createReports } from '../../../controller/reports.ts';
import type { History } from '../../../controller/sla/history.ts';
import { createJudge } from '../../../controller/sla/judge.ts';
import { fakeClock } from '../../support/fake-clock.ts';
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
} from './sla/world.ts';

const GAUGE = template('Load', { type: 'app', maxAllowed: 2, guarantees: [guarantee('load < 5', { kind: 'gauge' })] });
const TARGET = template('Requests', { action: 'target', targetValue: 10, guarantees: [guarantee('requests < 100', { kind: 'gauge' })] });
const LOST = template('Lost', { guarantees: [guarantee('jobs_lost < 1', { name: 'lost' })] });
const WORKFLOW = task('compss-workflow', [template('DeadlinesMissed_1'), GAUGE, TARGET, LOST]);
const CITY = environment([WORKFLOW]);
const AGREED = { atMs: START_MS - HOUR, replicas: { 'compss-workflow': 4 }, qos: ['DeadlinesMissed_1', 'Load', 'Requests', 'Lost'] };
const MISSED = { task: 'compss_workflow', agreement: 'compss_workflow', guarantee: 'deadlines_missed' };
const LOADED = { ...MISSED, agreement: 'compss_workflow_Load', guarantee: 'load' };

const opened: { journal: PushJournal; directory: string }[] = [];
afterEach(async () => {
  for (const { journal, directory } of opened.splice(0)) {
    await journal.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

async function world(directory = mkdtempSync(join(tmpdir(), 'rotterdam-reports-')), clock = fakeClock(START_MS)) {
  const journal = await openPushJournal({ directory, clock, log: silentLog });
  opened.push({ journal, directory });
  const prometheus = new FakePrometheus();
  const report = createReports({ keep: { source: journal.source(), push: journal.push }, environment: () => CITY, clock });
  const judge = createJudge({
    sourceOf: () => [prometheus],
    keep: { source: journal.source(), push: journal.push },
    clock,
    log: silentLog,
    evaluateEveryMs: 15 * SECOND,
  });
  /** What is decided now, with replicas settled since `settledMs`. */
  const decided = async (history: History = historyOf([AGREED])) => {
    await clock.advance(SECOND);
    const facts = settled([WORKFLOW], START_MS - 30 * MINUTE);
    const judgements = await judge.judge({ environment: CITY, history, facts });
    const [made] = decide(judgements, { environment: CITY, facts, history, nowMs: clock.now() });
    return { judgements, made };
  };
  return { report, decided, clock, directory, journal, prometheus };
}

describe('a violation that was reported', () => {
  test('is on disk, judged as one new of a counter, and acted on', async () => {
    const { report, decided } = await world();
    await report(MISSED, undefined);
    const { judgements, made } = await decided();
    expect(judgements.find(({ guarantee: name }) => name === 'deadlines_missed (reported)')).toMatchObject({
      kind: 'counter',
      verdict: { state: 'violated', value: 1, limit: 1, source: 'push' },
    });
    expect(made).toMatchObject({ decision: { kind: 'scale', from: 4, to: 6 } });
  });

  test('leaves no trace where nothing was reported', async () => {
    const { decided } = await world();
    expect((await decided()).judgements.map(({ guarantee: name }) => name)).toEqual(['deadlines_missed', 'load', 'requests', 'lost']);
  });

  test.each([
    { why: 'the same id, sent again', first: 'v1', second: 'v1', afterMs: 60 * SECOND, value: 1 },
    { why: 'another id', first: 'v1', second: 'v2', afterMs: 0, value: 2 },
    { why: 'no id, within the second', first: undefined, second: undefined, afterMs: 0, value: 1 },
    { why: 'no id, a second later', first: undefined, second: undefined, afterMs: SECOND, value: 2 },
  ])('counts $value with $why', async ({ first, second, afterMs, value }) => {
    const { report, decided, clock } = await world();
    await report(MISSED, first);
    await clock.advance(afterMs);
    await report(MISSED, second);
    const { judgements } = await decided();
    expect(judgements.find(({ guarantee: name }) => name.endsWith('(reported)'))?.verdict).toMatchObject({ value });
  });

  test.each([
    { why: 'the same id', ids: ['v1', 'v2', 'v1'], value: 2 },
    { why: 'no id, within the second', ids: [undefined, undefined, undefined], value: 1 },
  ])('counts once, sent again after a restart: $why', async ({ ids, value }) => {
    const first = await world();
    const [one, two, again] = ids;
    await first.report(MISSED, one);
    await first.report(MISSED, two);
    const second = await world(first.directory, first.clock);
    await second.report(MISSED, again);
    const { judgements } = await second.decided();
    expect(judgements.find(({ guarantee: name }) => name.endsWith('(reported)'))?.verdict).toMatchObject({ value });
  });

  test('once acted on brings nothing new, also to a controller that was restarted', async () => {
    const first = await world();
    await first.report(MISSED, 'v1');
    const { made } = await first.decided();
    const record = made?.record;
    if (record === undefined) throw new Error('nothing was decided');
    const acted = historyOf([AGREED, { ...AGREED, atMs: first.clock.now(), replicas: { 'compss-workflow': 6 }, decisions: [record] }]);
    await first.clock.advance(5 * MINUTE);
    const second = await world(first.directory, first.clock);
    for (const { decided } of [first, second]) {
      const { judgements } = await decided(acted);
      expect(judgements.find(({ guarantee: name }) => name.endsWith('(reported)'))?.verdict).toMatchObject({ state: 'met', value: 0 });
    }
  });

  test.each([
    { why: 'reported', guarantee: 'deadlines_missed (reported)', evidence: MISSED },
    { why: 'counted by another metric', guarantee: 'lost', evidence: undefined },
  ])('that is the first one $why, after an action on other evidence, is new', async ({ guarantee: name, evidence }) => {
    const { report, decided, prometheus, clock } = await world();
    const consumed = { 'deadlines_missed_compss_workflow{job="compss"}': 1 };
    const acted = { ...AGREED, atMs: START_MS - 10 * MINUTE, replicas: { 'compss-workflow': 6 }, decisions: [decision({ consumed })] };
    prometheus.push('deadlines_missed_compss_workflow', 1);
    for (let atMs = START_MS - 12 * MINUTE; atMs <= START_MS; atMs += MINUTE) prometheus.scrape(atMs);
    if (evidence === undefined) prometheus.push('jobs_lost_compss_workflow', 1);
    else await report(evidence, 'v1');
    await clock.advance(SECOND);
    prometheus.scrape(clock.now());
    const { judgements } = await decided(historyOf([AGREED, acted]));
    expect(judgements.find((one) => one.guarantee === name)?.verdict).toMatchObject({ state: 'violated', value: 1 });
  });

  test('is let pass as often as the template allows', async () => {
    const { report, decided, clock } = await world();
    const kinds: string[] = [];
    for (const id of ['v1', 'v2', 'v3']) {
      await report(LOADED, id);
      await clock.advance(15 * SECOND);
      kinds.push((await decided()).made?.decision.kind ?? '');
    }
    expect(kinds).toEqual(['hold', 'hold', 'scale']);
  });

  test.each([
    { why: 'by our id of the agreement', report: LOADED, names: ['load (reported)'] },
    { why: "by the original's id of the agreement", report: MISSED, names: ['deadlines_missed (reported)'] },
    {
      why: "by the original's name of an inline guarantee",
      report: { ...MISSED, guarantee: 'deadlines_missed_compss_workflow' },
      names: ['deadlines_missed (reported)'],
    },
    {
      why: "by the task's name",
      report: { ...MISSED, task: 'compss-workflow', agreement: undefined },
      names: ['deadlines_missed (reported)'],
    },
  ])('is about the guarantee named $why', async ({ report: given, names }) => {
    const { report, decided } = await world();
    await report(given, undefined);
    const { judgements } = await decided();
    expect(judgements.map(({ guarantee: name }) => name).filter((name) => name.endsWith('(reported)'))).toEqual(names);
  });

  test.each([
    { why: 'no such task', report: { ...MISSED, task: 'other' } },
    { why: 'no such guarantee', report: { ...MISSED, guarantee: 'latency' } },
    { why: 'a target, which is kept by values', report: { ...MISSED, guarantee: 'requests' } },
  ])('of what nobody promised is refused: $why', async ({ report: given }) => {
    const { report } = await world();
    await expect(report(given, undefined)).rejects.toMatchObject({
      outcome: 'terminal',
      message: expect.stringMatching(/^Cannot take a violation of '.+' as no agreement of task '.+' promises that$/),
    });
  });

  test('that the disk did not take is not taken for known when it comes again', async () => {
    const clock = fakeClock(START_MS);
    const { journal } = await world();
    let full = true;
    const report = createReports({
      keep: {
        push: async (...args) => {
          if (full) throw new Error('ENOSPC');
          return journal.push(...args);
        },
        source: journal.source(),
      },
      environment: () => CITY,
      clock,
    });
    await expect(report(MISSED, 'v1')).rejects.toThrow('ENOSPC');
    full = false;
    await report(MISSED, 'v1');
    expect(await journal.source().samples(['rotterdam_reported_violations'], START_MS - 1, START_MS)).toMatchObject([{ values: [1] }]);
  });
});
