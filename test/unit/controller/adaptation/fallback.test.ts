import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { decisionMessage } from '../../../../controller/adaptation/message.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import type { Judgement, TaskFacts } from '../../../../controller/sla/judge.ts';
import { parseDecision, printDecision } from '../../../../controller/sla/trailer.ts';
import type { Guarantee, QosTemplate } from '../../../../synth/environment.ts';
import { decision, environment, guarantee, HOUR, historyOf, MINUTE, type Said, START_MS, task, template } from '../sla/world.ts';

const NOW = START_MS;
const AGREED: Said = { atMs: NOW - HOUR, qos: ['Q'], replicas: { web: 4 } };
const TO_SIX: Partial<Guarantee> = { onUnknown: 'fallback', fallback: { replicas: 6, after: 3 * MINUTE } };

interface Case {
  readonly promise?: Partial<Guarantee>;
  readonly qos?: Partial<QosTemplate>;
  /** How long it has been unknown. */
  readonly forMs?: number;
  readonly said?: readonly Said[];
  readonly facts?: Partial<TaskFacts>;
  readonly replicas?: number;
  readonly others?: readonly Partial<Judgement>[];
}

function decided({ promise = TO_SIX, qos = {}, forMs = 5 * MINUTE, said = [AGREED], facts = {}, replicas = 4, others = [] }: Case) {
  const made = template('Q', { ...qos, guarantees: [guarantee('load < 1', { name: 'g', kind: 'gauge', ...promise })] });
  const one = task('web', [made], replicas);
  const [agreement] = agreementsOf(environment([one]));
  if (agreement === undefined) throw new Error('no agreement');
  const history = historyOf(said);
  const known = history.tasks.get('web');
  if (known === undefined) throw new Error('no history');
  const judged: Judgement = {
    agreement,
    guarantee: 'g',
    kind: 'gauge',
    verdict: { state: 'unknown', reason: 'it is down' },
    unknownSinceMs: NOW - forMs,
    series: 0,
    violations: 0,
    counted: [],
    since: known.agreed.get('Q'),
    history: known,
  };
  const told = new Map([['web', { taskId: 'web', desired: replicas, settledAtMs: NOW - HOUR, ...facts }]]);
  const judgements = [judged, ...others.map((other) => ({ ...judged, guarantee: 'h', ...other }))];
  const [first] = decide(judgements, { environment: environment([one]), facts: told, history, nowMs: NOW });
  if (first === undefined) throw new Error('nothing was decided');
  return first;
}

const acted = (minutesAgo: number): Said => ({
  ...AGREED,
  atMs: NOW - minutesAgo * MINUTE,
  replicas: { web: 6 },
  decisions: [decision({ task: 'web', agreement: 'web_Q', guarantee: 'g', from: 4, to: 6 })],
});

describe('a guarantee of which nothing is known', () => {
  test.each<Case & { why: string; reason: string }>([
    { why: 'holds when nothing else is said', promise: {}, reason: 'g is unknown: it is down' },
    { why: 'holds for as long as it may', forMs: MINUTE, reason: 'g is unknown: it is down: falls back to 6 replicas in 2m' },
    {
      why: 'holds where it falls back to the current replicas',
      promise: { onUnknown: 'fallback', fallback: { replicas: 'current', after: 0 } },
      reason: 'g is unknown: it is down: keeps the current replicas',
    },
    { why: 'takes no replicas away', replicas: 9, reason: 'g is unknown: it is down: 9 replicas are no fewer than it falls back to' },
    {
      why: 'stands back for a human',
      said: [AGREED, { ...AGREED, atMs: NOW - MINUTE, replicas: { web: 3 } }],
      replicas: 3,
      reason: 'g is unknown: it is down: its replicas were set since',
    },
    { why: 'falls back once', said: [AGREED, acted(1)], reason: 'g is unknown: it is down: its replicas were set since' },
    { why: 'of a template that only reports', qos: { action: 'none' }, reason: 'g is unknown: it is down' },
    { why: 'of a template that never acts', qos: { inert: 'no' }, reason: 'g is unknown: it is down' },
    {
      why: 'of a task that does not run as wanted',
      facts: { unsettledReason: 'no image' },
      reason: 'g is unknown: it is down: it does not run as wanted',
    },
    {
      why: 'of a task that an autoscaler scales',
      facts: { scaledBy: 'HorizontalPodAutoscaler web' },
      reason: 'g is unknown: it is down: HorizontalPodAutoscaler web scales it',
    },
  ])('$why', ({ why: _, reason, ...given }) => {
    expect(decided(given).decision).toEqual({ kind: 'hold', reason });
  });

  test.each<Case & { why: string; to: number; limitedBy?: string }>([
    { why: 'falls back after a while', to: 6 },
    { why: 'from 0 as well', replicas: 0, to: 6 },
    { why: 'up to maxReplicas', qos: { maxReplicas: 5 }, to: 5, limitedBy: 'maxReplicas 5' },
    { why: 'when the last action lies before', said: [AGREED, acted(10)], replicas: 5, to: 6 },
  ])('$why', ({ why: _, to, limitedBy, ...given }) => {
    expect(decided(given).decision).toMatchObject({
      kind: 'scale',
      to,
      reason: `g is unknown: it is down, for 5m: falls back to ${to} replicas`,
      ...(limitedBy === undefined ? {} : { limitedBy }),
    });
  });

  test('a greater step of another guarantee wins over what it falls back to', () => {
    const violated = { verdict: { state: 'violated', value: 2, limit: 1, evidenceAtMs: NOW, source: 'p' }, violations: 1 } as const;
    expect(decided({ qos: { scaleFactor: 3 }, others: [violated] }).decision).toMatchObject({ to: 12 });
    expect(decided({ qos: { scaleFactor: 1.25 }, others: [violated] }).decision).toMatchObject({ to: 6 });
  });

  test('keeps others from scaling in', () => {
    const violated = { verdict: { state: 'violated', value: 2, limit: 1, evidenceAtMs: NOW, source: 'p' }, violations: 1 } as const;
    const fallback = { replicas: 'current', after: 0 } as const;
    const { decision: made } = decided({
      promise: { onUnknown: 'fallback', fallback },
      qos: { action: 'scale_in', scaleFactor: 0.5 },
      others: [violated],
    });
    expect(made).toMatchObject({ kind: 'hold', reason: expect.stringContaining('g of Q is unknown') });
  });

  test('says so in the commit, which is read back, and is one decision for two controllers', () => {
    const { record } = decided({});
    const other = decided({ forMs: 20 * MINUTE }).record;
    if (record === undefined) throw new Error('no record');
    expect(record).toMatchObject({ fallback: true, evidence: { at: new Date(NOW - 5 * MINUTE).toISOString(), source: 'it is down' } });
    expect(other?.id).toBe(record.id);
    expect(parseDecision(printDecision(record).replace('Rotterdam-Decision: ', ''))).toEqual(record);
    const message = decisionMessage([{ ...record, name: 'web', path: 'tasks/web.yaml' }]);
    expect(message).toContain('Scale web 4 → 6, as nothing is known of agreement web_Q since');
  });
});
