import { describe, expect, test } from 'vitest';
import { decide } from '../../../../controller/adaptation/decide.ts';
import { effectsOf } from '../../../../controller/adaptation/effect.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { NO_TASK_HISTORY } from '../../../../controller/sla/history.ts';
import { createJudge, type Judgement } from '../../../../controller/sla/judge.ts';
import { type DecisionRecord, parseDecision, printDecision } from '../../../../controller/sla/trailer.ts';
import type { QosTemplate } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  decision,
  environment,
  FakePrometheus,
  guarantee,
  historyOf,
  MINUTE,
  type Said,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from '../sla/world.ts';

const GAUGE = guarantee('latency < 0.25', { kind: 'gauge' });
const MISSES = guarantee('deadlines_missed < 1');

/** A task `web` whose promise is kept or broken as `show` says; decisions are committed and take effect at once. */
function world(changes: Partial<QosTemplate> = {}) {
  const clock = fakeClock(START_MS);
  const source = new FakePrometheus();
  let qos = template('Q', { guarantees: [GAUGE], maxReplicas: 100, expectWithin: 2 * MINUTE, ...changes });
  let replicas = 4;
  let settledAtMs = START_MS;
  const said: Said[] = [{ atMs: START_MS - MINUTE, qos: ['Q'], replicas: { web: 4 } }];
  let shown = 0;
  let judged: readonly Judgement[] = [];
  const evaluate = async () => {
    await clock.advance(15 * SECOND);
    source.push(qos.guarantees[0] === MISSES ? 'deadlines_missed_web' : 'latency_web', shown);
    source.scrape(clock.now());
    const web = task('web', [qos], replicas);
    const input = { environment: environment([web]), history: historyOf(said), facts: settled([web], settledAtMs) };
    // A judge that has just started: nothing is remembered but by git and the source.
    const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
    judged = await judge.judge(input);
    const [made] = decide(judged, { ...input, nowMs: clock.now() });
    if (made?.record !== undefined) {
      replicas = made.record.to;
      settledAtMs = clock.now();
      said.push({ atMs: clock.now(), qos: ['Q'], replicas: { web: replicas }, decisions: [made.record] });
    }
    return made;
  };
  return {
    /** Reasons and changes, in a row each once, of so many minutes in which the metric shows `value`. */
    show: async (value: number | ((at: number) => number), minutes: number) => {
      const seen: string[] = [];
      for (let at = 0; at < minutes * 4; at += 1) {
        shown = typeof value === 'number' ? value : value(at);
        const made = await evaluate();
        const text = made?.decision.kind === 'scale' ? `${made.decision.from} → ${made.decision.to}` : (made?.decision.reason ?? '');
        const plain = text.replace(/, .* more$/, '').replace(/ did not bring .*/, '');
        if (seen.at(-1) !== plain) seen.push(plain);
      }
      return seen;
    },
    human: (count: number) => {
      replicas = count;
      said.push({ atMs: clock.now(), qos: ['Q'], replicas: { web: count } });
    },
    template: (more: Partial<QosTemplate>) => {
      qos = { ...qos, ...more };
    },
    /** Of each decision that was made. */
    effects: () => {
      const history = historyOf(said).tasks.get('web') ?? NO_TASK_HISTORY;
      const effects = effectsOf(history, judged, clock.now());
      return history.decisions.map(({ id }) => effects.get(id));
    },
    futile: () => said.flatMap(({ decisions = [] }) => decisions.map(({ expects }) => expects?.futile)),
  };
}

const WAITED = (change: string) => `The effect of ${change} is waited for`;
const INEFFECTIVE = 'Ineffective: 3 scale-outs';

describe('a gauge', () => {
  test('three scale-outs in a row that bring nothing are all', async () => {
    const { show, futile, effects } = world();
    const row = ['4 → 6', WAITED('4 → 6'), '6 → 9', WAITED('6 → 9'), '9 → 14', WAITED('9 → 14'), INEFFECTIVE];
    expect(await show(0.5, 30)).toEqual(row);
    expect(futile()).toEqual([0, 1, 2]);
    expect(effects()).toEqual(['none', 'none', 'none']);
  });

  test('one that brings it within is none of them', async () => {
    const { show, futile, effects } = world();
    await show(0.5, 5);
    expect(effects()).toEqual(['none', 'none', 'open']);
    await show(0.1, 1);
    expect(effects()).toEqual(['none', 'none', 'met']);
    await show(0.5, 2);
    expect(futile()).toEqual([0, 1, 2, 0]);
    expect(effects()).toEqual(['none', 'none', 'met', 'open']);
  });

  test("a human's number starts anew", async () => {
    const { show, human, futile, effects } = world();
    await show(0.5, 10);
    human(5);
    expect(effects(), 'it cuts the last one short').toEqual(['none', 'none', undefined]);
    expect((await show(0.5, 10)).filter((one) => / → \d+$/.test(one))).toEqual(['5 → 8', '8 → 12', '12 → 18']);
    expect(futile()).toEqual([0, 1, 2, 0, 1, 2]);
  });

  test('another template starts anew', async () => {
    const { show, template: change, futile } = world({ ineffectiveAfter: 1 });
    await show(0.5, 10);
    change({ scaleFactor: 2 });
    expect((await show(0.5, 5)).filter((one) => / → \d+$/.test(one))).toEqual(['6 → 12']);
    expect(futile()).toEqual([0, 0]);
  });

  test('once kept again by other means it may act again', async () => {
    const { show, futile } = world({ ineffectiveAfter: 1 });
    await show(0.5, 10);
    await show(0.1, 1);
    await show(0.5, 1);
    expect(futile()).toEqual([0, 0]);
  });

  test('without expectWithin nothing is waited for', async () => {
    const { show, futile, effects } = world({ expectWithin: undefined });
    expect((await show(0.5, 2)).filter((one) => one.startsWith('Ineff') || one.includes('waited'))).toEqual([]);
    expect(futile().every((one) => one === undefined)).toBe(true);
    expect(effects().every((one) => one === undefined)).toBe(true);
  });
});

describe('a count', () => {
  test('that grows within the time after each scale-out makes it ineffective', async () => {
    const { show, futile, effects } = world({ guarantees: [MISSES] });
    await show(0, 1);
    const seen = await show((at) => Math.floor(at / 3) + 1, 10);
    expect(seen.at(-1)).toBe(INEFFECTIVE);
    expect(futile()).toEqual([0, 1, 2]);
    expect(effects()).toEqual(['none', 'none', 'none']);
  });

  test('that grows later only does not', async () => {
    const { show, futile, effects } = world({ guarantees: [MISSES] });
    await show(0, 1);
    await show((at) => Math.floor(at / 16) + 1, 17);
    expect(futile()).toEqual([0, 0, 0, 0, 0]);
    expect(effects()).toEqual(['met', 'met', 'met', 'met', 'open']);
    await show(5, 2);
    expect(effects().at(-1)).toBe('met');
  });
});

test('a trailer keeps it', () => {
  const record: DecisionRecord = { ...decision(), expects: { template: 'abc', futile: 2 } };
  expect(parseDecision(printDecision(record).replace(/^[^:]*: /, ''))).toEqual(record);
  const odd = JSON.stringify({ ...record, expects: { template: 1 } });
  expect(parseDecision(odd), 'a decision is known by its rest').toEqual(decision());
});

test('nothing is said of a guarantee without history', () => {
  const [agreement] = agreementsOf(environment([task('web', [template('Q', { expectWithin: MINUTE })])]));
  if (agreement === undefined) throw new Error('no agreement');
  const verdict = { state: 'violated', value: 1, limit: 1, evidenceAtMs: START_MS, source: 'x' } as const;
  const judgement = {
    agreement,
    guarantee: 'deadlines_missed',
    kind: 'counter',
    verdict,
    series: 1,
    violations: 1,
    counted: [],
    history: NO_TASK_HISTORY,
  } as const;
  const facts = new Map([['web', { taskId: 'web', desired: 4, settledAtMs: START_MS }]]);
  const history = historyOf([]);
  const [made] = decide([judgement], {
    environment: environment([]),
    facts,
    history: { ...history, tasks: new Map([['web', NO_TASK_HISTORY]]) },
    nowMs: START_MS,
  });
  expect(made?.record?.expects?.futile).toBe(0);
});
