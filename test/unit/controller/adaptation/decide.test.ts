import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { type History, NO_TASK_HISTORY } from '../../../../controller/sla/history.ts';
import type { Judgement, TaskFacts } from '../../../../controller/sla/judge.ts';
import type { QosTemplate } from '../../../../synth/environment.ts';
import { counted, decision, environment, guarantee, historyOf, MINUTE, SECOND, START_MS, task, template } from '../sla/world.ts';

const NOW = START_MS;
const HISTORY = historyOf([{ atMs: NOW - 10 * MINUTE, replicas: { 'compss-workflow': 4 }, qos: ['T0', 'T1', 'T2'] }]);
const ACTED = historyOf([
  { atMs: NOW - 10 * MINUTE, replicas: { 'compss-workflow': 3 } },
  { atMs: NOW - 5 * MINUTE, replicas: { 'compss-workflow': 4 }, decisions: [decision({ from: 3, to: 4 })] },
]);
const SETTLED: TaskFacts = { taskId: 'compss_workflow', desired: 4, settledAtMs: NOW - 4 * MINUTE };

const QUICK = { stabilizationWindow: 0, policies: [], selectPolicy: 'Max' as const };

interface Case extends Partial<Omit<Judgement, 'agreement'>> {
  readonly template?: Partial<QosTemplate>;
}

function judged(cases: readonly Case[], history: History = HISTORY): readonly Judgement[] {
  return cases.map(({ template: changes = {}, ...rest }, at) => {
    const made = template(`T${at}`, changes);
    const [agreement] = agreementsOf(environment([task('compss-workflow', [made])]));
    if (agreement === undefined) throw new Error('no agreement');
    return {
      agreement,
      guarantee: made.guarantees[0]?.name ?? '',
      kind: 'counter',
      verdict: { state: 'violated', value: 1, limit: 1, evidenceAtMs: NOW - SECOND, source: 'prometheus' },
      series: 1,
      violations: 1,
      past: [],
      knownSinceMs: NOW - 5 * MINUTE,
      counted: counted({ 'deadlines_missed_compss_workflow{}': 1 }),
      since: [...(history.tasks.get('compss_workflow') ?? NO_TASK_HISTORY).agreed.values()].at(-1),
      history: history.tasks.get('compss_workflow') ?? NO_TASK_HISTORY,
      ...rest,
    };
  });
}

function decided(
  cases: readonly Case[],
  { facts = SETTLED, history = HISTORY, nowMs = NOW }: { facts?: TaskFacts | null; history?: History; nowMs?: number } = {},
) {
  const known = new Map(facts === null ? [] : [['compss_workflow', facts] as const]);
  const [first] = decide(judged(cases, history), { environment: environment([]), facts: known, history, nowMs });
  return first;
}

describe('decide: one guarantee', () => {
  test('a fresh violation scales', () => {
    const made = decided([{}]);
    expect(made?.decision).toEqual({ kind: 'scale', from: 4, to: 6, reason: 'deadlines_missed 1, promised < 1' });
    expect(made?.record).toMatchObject({
      environment: 'city',
      task: 'compss_workflow',
      agreement: 'compss_workflow_T0',
      guarantee: 'deadlines_missed',
      from: 4,
      to: 6,
      evidence: {
        value: 1,
        limit: 1,
        at: '2023-11-14T22:13:19.000Z',
        source: 'prometheus',
        consumed: { 'deadlines_missed_compss_workflow{}': 1 },
      },
    });
  });

  const gauge: Case = { kind: 'gauge', template: { cooldown: MINUTE, guarantees: [guarantee('pods < 50', { kind: 'gauge' })] } };

  test.each<{ why: string; given: Case; context?: Parameters<typeof decided>[1]; reason: RegExp }>([
    {
      why: 'met',
      given: { verdict: { state: 'met', value: 0, limit: 1, evidenceAtMs: NOW, source: 'x' } },
      reason: /^deadlines_missed 0 new, promised < 1$/,
    },
    { why: 'unknown', given: { verdict: { state: 'unknown', reason: 'no data' } }, reason: /is unknown: no data/ },
    {
      why: 'an inert template',
      given: { template: { inert: 'scale_out needs a factor above 1: 1' } },
      reason: /never acts: scale_out needs/,
    },
    { why: 'violations allowed', given: { violations: 2, template: { maxAllowed: 2 } }, reason: /2 of 2 allowed violations within 5m/ },
    {
      why: 'a rollout under way',
      given: {},
      context: { facts: { ...SETTLED, settledAtMs: undefined, unsettledReason: '3 of 4 ready' } },
      reason: /as wanted: 3 of 4 ready/,
    },
    {
      why: 'a task that had settled, but is not ready now',
      given: {},
      context: { facts: { ...SETTLED, unsettledReason: '3 of 4 ready' } },
      reason: /as wanted: 3 of 4 ready/,
    },
    {
      why: 'cooldown',
      given: gauge,
      context: { history: ACTED, facts: { ...SETTLED, settledAtMs: NOW - 20 * SECOND } },
      reason: /Cooling down for 40s more/,
    },
    {
      why: "a gauge's evidence older than the last action",
      given: { ...gauge, verdict: { state: 'violated', value: 60, limit: 50, evidenceAtMs: NOW - 4 * MINUTE, source: 'x' } },
      context: { history: ACTED },
      reason: /newer than the last action/,
    },
    {
      why: 'as many workers as a document may say',
      given: { template: { maxReplicas: 5_000 } },
      context: { facts: { ...SETTLED, desired: 1_000 } },
      reason: /1000 replicas are at the limit: maxReplicas 1000/,
    },
    { why: 'the maximum', given: { template: { maxReplicas: 4 } }, reason: /4 replicas are at the limit: maxReplicas 4/ },
    {
      why: 'the minimum',
      given: { template: { action: 'scale_in', scaleFactor: 0.5, minReplicas: 4 } },
      reason: /4 replicas are at the limit: minReplicas 4/,
    },
    {
      why: 'an autoscaler scales it',
      given: {},
      context: { facts: { ...SETTLED, scaledBy: 'HorizontalPodAutoscaler web' } },
      reason: /^HorizontalPodAutoscaler web scales it$/,
    },
    { why: 'nothing known of the task', given: {}, context: { facts: null }, reason: /as wanted: it is not known/ },
    {
      why: 'an action since it was judged',
      given: { history: NO_TASK_HISTORY },
      reason: /changed since it was judged/,
    },
  ])('$why holds', ({ given, context, reason }) => {
    const made = decided([given], context);
    expect(made?.decision).toMatchObject({ kind: 'hold', reason: expect.stringMatching(reason) });
    expect(made?.record).toBeUndefined();
  });

  test('before the first action there is no cooldown', () => {
    expect(decided([gauge], { facts: { ...SETTLED, settledAtMs: NOW } })?.decision.kind).toBe('scale');
  });

  test('a counter acts on evidence from before the last rollout had settled, as its watermark tells what is new', () => {
    expect(decided([{}], { history: ACTED, facts: { ...SETTLED, settledAtMs: NOW } })?.decision.kind).toBe('scale');
  });
});

describe('decide: several agreements on one task', () => {
  const out = (scaleFactor: number, more: Partial<QosTemplate> = {}): Case => ({ template: { scaleFactor, ...more } });
  const into = (scaleFactor: number, more: Partial<QosTemplate> = {}): Case => ({ template: { action: 'scale_in', scaleFactor, ...more } });
  const met: Case = { verdict: { state: 'met', value: 0, limit: 1, evidenceAtMs: NOW, source: 'x' } };
  const unknown: Case = { verdict: { state: 'unknown', reason: 'no data' } };
  const only: Case = { template: { action: 'none' } };

  test.each([
    { cases: [into(0.5), out(1.5)], to: 6, reason: 'out wins over in' },
    { cases: [out(1.5), out(2), out(1.25)], to: 8, reason: 'the largest out' },
    { cases: [into(0.25), into(0.75)], to: 3, reason: 'the smallest step in' },
    { cases: [met, out(1.5)], to: 6, reason: 'one that is met stops nobody' },
    { cases: [unknown, out(1.5)], to: 6, reason: 'one that is unknown stops nobody' },
    { cases: [into(0.5), out(1.5, { maxReplicas: 4 })], to: undefined, reason: 'who wants out but may not keeps others from going in' },
    { cases: [met, unknown], to: undefined, reason: 'nobody wants anything' },
    { cases: [into(0.5), met], to: 2, reason: 'in while all others are kept' },
    { cases: [into(0.5), unknown], to: undefined, reason: 'in only while everything is known' },
    {
      cases: [into(0.5), { ...met, knownSinceMs: NOW - 4 * MINUTE }],
      to: undefined,
      reason: 'in only when others have been known long enough',
    },
    {
      cases: [{ ...into(0.5), knownSinceMs: NOW - 4 * MINUTE }],
      to: undefined,
      reason: 'in only when it has been known long enough itself',
    },
    {
      cases: [{ ...into(0.5), knownSinceMs: NOW - 2 * MINUTE, since: { revision: 'c', atMs: NOW - 2 * MINUTE, order: 0 } }],
      to: 2,
      reason: 'in when it has been known for as long as it has been agreed',
    },
    { cases: [{ ...into(0.5), knownSinceMs: undefined }], to: undefined, reason: 'in only when it is known since when' },
    { cases: [into(0.5), out(1.5, { maxAllowed: 5 })], to: undefined, reason: 'in only while no other is violated, acted on or not' },
    { cases: [into(0.5), into(0.5, { maxAllowed: 5 })], to: 2, reason: 'who would go in as well, later, stops nobody' },
    { cases: [into(0.5), only], to: undefined, reason: 'nor while one that only reports is violated' },
  ])('$reason', ({ cases, to }) => {
    const made = decided(cases);
    expect(made?.decision.kind === 'scale' ? made.decision.to : undefined).toBe(to);
    expect(made?.proposals, 'each is shown').toHaveLength(cases.length);
  });
});

describe('decide: other actions', () => {
  const gauge = (value: number, template: Partial<QosTemplate>): Case => ({
    kind: 'gauge',
    verdict: { state: value < 0.25 ? 'met' : 'violated', value, limit: 0.25, evidenceAtMs: NOW, source: 'x' },
    template: { guarantees: [guarantee('latency < 0.25', { kind: 'gauge' })], behavior: { scaleIn: QUICK }, ...template },
  });
  const target = (value: number, more: Partial<QosTemplate> = {}) => gauge(value, { action: 'target', targetValue: 0.2, ...more });

  test.each<{ why: string; cases: readonly Case[]; to?: number; reason: RegExp }>([
    { why: 'a target that is missed while the promise holds', cases: [target(0.24)], to: 5, reason: /^latency 0.24 for a target of 0.2$/ },
    { why: 'a target within its tolerance', cases: [target(0.21)], reason: /: 4 replicas are right$/ },
    { why: 'a target that is exceeded', cases: [target(0.1)], to: 2, reason: /^latency 0.1 for/ },
    { why: 'of several targets the one that needs most', cases: [target(0.1), target(0.15)], to: 3, reason: /0.15/ },
    {
      why: 'one at its target keeps others from going in',
      cases: [target(0.1), target(0.2)],
      reason: /Not scaled in 4 → 2: latency of T1 needs 4/,
    },
    {
      why: 'a target scales in by a stable wish only',
      cases: [{ ...target(0.1, { behavior: {} }), past: [{ atMs: NOW - 4 * MINUTE, value: 0.2, holds: true }] }],
      reason: /limit: behavior.scaleIn.stabilizationWindow 5m/,
    },
    { why: 'a step out', cases: [{ template: { action: 'step', step: 3 } }], to: 7, reason: /^deadlines_missed 1/ },
    { why: 'a step in', cases: [{ template: { action: 'step', step: -3 } }], to: 1, reason: /^deadlines_missed 1/ },
    { why: 'a number', cases: [{ template: { action: 'set', setTo: 9 } }], to: 9, reason: /^deadlines_missed 1/ },
    { why: 'the number that there is', cases: [{ template: { action: 'set', setTo: 4 } }], reason: /4 replicas are right/ },
    { why: 'a report only', cases: [{ template: { action: 'none' } }], reason: /T0 only reports$/ },
  ])('$why', ({ cases, to, reason }) => {
    const decision = decided(cases)?.decision;
    expect(decision).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(decision?.kind === 'scale' ? decision.to : undefined).toBe(to);
  });
});

describe('decide: ids', () => {
  test('the same decision made twice is one', () => {
    expect(decided([{}], { nowMs: NOW + 5 * SECOND })?.record?.id).toBe(decided([{}])?.record?.id);
  });

  test.each<{ what: string; given: Case; history?: History }>([
    { what: 'other evidence', given: { counted: counted({ 'deadlines_missed_compss_workflow{}': 2 }) } },
    { what: 'another template', given: { template: { scaleFactor: 2 } } },
    { what: 'another past', given: {}, history: ACTED },
  ])('$what is another decision', ({ given, history = HISTORY }) => {
    const past = historyOf([{ atMs: NOW - 10 * MINUTE, replicas: { 'compss-workflow': 4 }, qos: ['T0'] }]);
    const here =
      history === HISTORY
        ? past
        : historyOf([
            { atMs: NOW - 10 * MINUTE, replicas: { 'compss-workflow': 4 }, qos: [] },
            { atMs: NOW, replicas: { 'compss-workflow': 4 }, qos: ['T0'] },
          ]);
    expect(decided([given], { history: here })?.record?.id).not.toBe(decided([{}], { history: past })?.record?.id);
  });

  test('another environment is another decision', () => {
    const there = judged([{}]).map((one) => ({ ...one, agreement: { ...one.agreement, environment: 'village' } }));
    const [made] = decide(there, {
      environment: environment([]),
      facts: new Map([['compss_workflow', SETTLED]]),
      history: HISTORY,
      nowMs: NOW,
    });
    expect(made?.record).toMatchObject({ environment: 'village' });
    expect(made?.record?.id).not.toBe(decided([{}])?.record?.id);
  });

  test('a decision to scale always changes something, within what its template allows', () => {
    const cases = fc.array(
      fc.record({
        action: fc.constantFrom('scale_out' as const, 'scale_in' as const),
        scaleFactor: fc.constantFrom(0.5, 1.5, 3),
        maxReplicas: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(cases, fc.nat(20), (templates, desired) => {
        const made = decided(
          templates.map((one) => ({ template: { ...one, scaleFactor: one.action === 'scale_in' ? 0.5 : Math.max(one.scaleFactor, 1.5) } })),
          { facts: { ...SETTLED, desired } },
        );
        if (made?.decision.kind !== 'scale') return;
        expect(made.decision.to).not.toBe(desired);
        expect(made.decision.from).toBe(desired);
        expect(made.record?.to).toBe(made.decision.to);
      }),
    );
  });
});
