import { describe, expect, test } from 'vitest';
import { defaultsSpec } from '../../../constructs/spec/defaults.ts';
import { Notices } from '../../../controller/notices.ts';
import type { Notice } from '../../../controller/ports.ts';
import { agreementsOf } from '../../../controller/sla/agreement.ts';
import { type History, NO_TASK_HISTORY } from '../../../controller/sla/history.ts';
import type { Judgement, Verdict } from '../../../controller/sla/judge.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { decision, environment, HOUR, historyOf, MINUTE, SECOND, START_MS, silentLog, task, template } from './sla/world.ts';

const HOOK = { url: 'https://hooks.example/city', secret: 'hook' };
const WORKFLOW = task('compss-workflow', [template('DeadlinesMissed_1')]);
const AGREED = { atMs: START_MS - HOUR, replicas: { 'compss-workflow': 4 } };
const DECIDED = { atMs: START_MS - MINUTE, replicas: { 'compss-workflow': 6 }, decisions: [decision()] };
const HISTORY = historyOf([AGREED]);
const ACTED = historyOf([AGREED, DECIDED]);

function city(notifications: readonly object[] = [HOOK]) {
  return { ...environment([WORKFLOW]), defaults: defaultsSpec.parse({ notifications }) };
}

function judged(verdict: Partial<Verdict>, changes: Partial<Omit<Judgement, 'history'>> & { readonly history?: History } = {}): Judgement {
  const [agreement] = agreementsOf(city());
  if (agreement === undefined) throw new Error('no agreement');
  const { history = HISTORY, ...rest } = changes;
  return {
    agreement,
    guarantee: 'deadlines_missed',
    kind: 'counter',
    series: 1,
    verdict: { state: 'violated', value: 1, limit: 1, evidenceAtMs: START_MS, source: 'prometheus', ...verdict } as Verdict,
    violations: 1,
    counted: [],
    since: history.tasks.get('compss_workflow')?.agreed.get('DeadlinesMissed_1'),
    history: history.tasks.get('compss_workflow') ?? NO_TASK_HISTORY,
    ...rest,
  };
}

/** A controller's notices, and what was told. */
function teller() {
  const clock = fakeClock(START_MS);
  const told: Notice[] = [];
  const notices = new Notices({
    notifierOf: ({ url }) => ({ name: url, send: async (notice) => void told.push(notice) }),
    notified: () => undefined,
    clock,
    log: silentLog,
  });
  const ids = async () => {
    await clock.settle();
    return told.splice(0).map(({ id }) => id);
  };
  return { notices, told, ids, clock };
}

const MET = { state: 'met', value: 0 } as const;
const UNKNOWN = { state: 'unknown', reason: 'no data' } as const;

describe('Notices: a violation', () => {
  test('says what was seen and promised', async () => {
    const { notices, told, clock } = teller();
    notices.observe(city(), HISTORY, [judged({})], true);
    await clock.settle();
    expect(told).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        kind: 'violation',
        atMs: START_MS,
        environment: 'city',
        task: 'compss_workflow',
        agreement: 'compss_workflow_DeadlinesMissed_1',
        guarantee: 'deadlines_missed',
        client: 'compss_task_compss_workflow',
        data: {
          value: 1,
          limit: 1,
          promised: 'deadlines_missed < 1',
          source: 'prometheus',
          violations: 1,
          maxAllowed: 0,
          importance: 1,
          penalties: [],
        },
      },
    ]);
  });

  test.each<{ why: string; later: readonly Judgement[]; times: number }>([
    { why: 'stands', later: [judged({ value: 2 }), judged({ value: 3, evidenceAtMs: START_MS + MINUTE })], times: 1 },
    { why: 'cannot be seen for a while', later: [judged(UNKNOWN), judged({})], times: 1 },
    { why: 'was acted on and is there again', later: [judged(MET, { history: ACTED }), judged({}, { history: ACTED })], times: 2 },
    { why: 'is there again beyond the watermark at once', later: [judged({}, { history: ACTED })], times: 2 },
  ])('that $why is told $times times', async ({ later, times }) => {
    const { notices, ids } = teller();
    for (const judgement of [judged({}), ...later]) notices.observe(city(), HISTORY, [judgement], true);
    const told = await ids();
    expect(told).toHaveLength(times);
    expect(new Set(told).size).toBe(times);
  });

  test('of a gauge is told again once it was met', async () => {
    const { notices, ids } = teller();
    const gauge = (verdict: Partial<Verdict>) => judged(verdict, { kind: 'gauge' });
    notices.observe(city(), HISTORY, [gauge({})], true);
    notices.observe(city(), HISTORY, [gauge({ evidenceAtMs: START_MS + MINUTE })], true);
    notices.observe(city(), HISTORY, [gauge({ ...MET, evidenceAtMs: START_MS + 2 * MINUTE })], true);
    notices.observe(city(), HISTORY, [gauge({ evidenceAtMs: START_MS + 3 * MINUTE })], true);
    expect(new Set(await ids()).size).toBe(2);
  });

  test('is the same to another controller, and to one that was restarted', async () => {
    const [first, second] = [teller(), teller()];
    first.notices.observe(city(), HISTORY, [judged({})], true);
    second.notices.observe(city(), HISTORY, [judged({ value: 5, evidenceAtMs: START_MS + MINUTE })], true);
    expect(await first.ids()).toEqual(await second.ids());
  });

  test('that was judged after a push alone leaves the others standing', async () => {
    const { notices, ids } = teller();
    notices.observe(city(), HISTORY, [judged({})], true);
    notices.observe(city(), HISTORY, [], false);
    notices.observe(city(), HISTORY, [judged({})], true);
    expect(await ids()).toHaveLength(1);
  });
});

describe('Notices: a decision', () => {
  test('is told once git has it, with what git keeps of it', async () => {
    const { notices, told, clock } = teller();
    notices.observe(city(), HISTORY, [], true);
    for (let times = 0; times < 2; times += 1) notices.observe(city(), ACTED, [], true);
    await clock.settle();
    expect(told).toMatchObject([{ id: 'd1', kind: 'decision', task: 'compss_workflow', data: { from: 4, to: 6, revision: 'c1' } }]);
  });

  test.each([
    { why: 'within ten minutes', ageMs: 9 * MINUTE, told: ['d1'] },
    { why: 'longer ago', ageMs: 11 * MINUTE, told: [] },
  ])('made $why before the start: $told', async ({ ageMs, told }) => {
    const { notices, ids } = teller();
    notices.observe(city(), historyOf([AGREED, { ...DECIDED, atMs: START_MS - ageMs }]), [], true);
    expect(await ids()).toEqual(told);
  });
});

describe('Notices: who is told', () => {
  test('everybody in the Defaults of the revision in force, and nobody else', async () => {
    const { notices, ids } = teller();
    notices.observe(city([HOOK, { ...HOOK, url: 'https://other.example' }]), HISTORY, [judged({})], true);
    expect(await ids()).toHaveLength(2);
    notices.observe(city([]), ACTED, [judged(MET)], true);
    notices.observe(city([]), ACTED, [judged({}, { history: ACTED })], true);
    expect(await ids()).toEqual([]);
  });

  test('nobody is waited for: one that hangs delays neither the judging nor the others', async () => {
    const clock = fakeClock(START_MS);
    const told: string[] = [];
    const notices = new Notices({
      notifierOf: ({ url }) => ({
        name: url,
        send: ({ id }) => (url === HOOK.url ? new Promise(() => {}) : Promise.resolve(void told.push(id))),
      }),
      notified: () => undefined,
      clock,
      log: silentLog,
    });
    notices.observe(city([HOOK, { ...HOOK, url: 'https://other.example' }]), ACTED, [judged({})], true);
    await clock.advance(SECOND);
    expect(told).toHaveLength(2);
  });
});
