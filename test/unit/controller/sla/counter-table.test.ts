import { describe, expect, test } from 'vitest';
import { PushStore } from '../../../../controller/adapters/push/store.ts';
import type { MetricSource } from '../../../../controller/ports.ts';
import { createJudge, type Judge, type Judgement } from '../../../../controller/sla/judge.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import {
  decision,
  environment,
  FakePrometheus,
  HOUR,
  historyOf,
  MINUTE,
  type Said,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from './world.ts';

const METRIC = 'deadlines_missed_compss_workflow';
const SERIES = `${METRIC}{job="compss"}`;
const WORKFLOW = task('compss-workflow', [template('DeadlinesMissed_1')]);

/** Something that happens, and then a scrape and an evaluation. */
type Step =
  | { readonly remove?: true; readonly push: number; readonly name?: string; readonly labels?: Record<string, string> }
  | { readonly remove: true }
  | { readonly wait: number }
  | { readonly agree: true }
  | { readonly human: number }
  | { readonly act: number; readonly consumed: number };

interface Row {
  readonly shows: string;
  readonly reason: string;
  readonly steps: readonly Step[];
  /** What is new in the end; null when that is unknown. */
  readonly fresh: number | null;
}

const AGREE: Step = { agree: true };
const WAIT: Step = { wait: 2 * MINUTE };
const MOVED = { job: 'compss', instance: 'elsewhere' };

const ROWS: readonly Row[] = [
  { shows: 'no series when the agreement is created, then v', reason: 'v new misses', steps: [AGREE, { push: 3 }], fresh: 3 },
  { shows: 'no series, then 0, then v', reason: 'a client that starts from 0', steps: [AGREE, { push: 0 }, { push: 2 }], fresh: 2 },
  { shows: 'v when the agreement is created', reason: 'watermark v', steps: [{ push: 7 }, AGREE], fresh: 0 },
  { shows: 'v at creation, then v + d', reason: 'only d is new', steps: [{ push: 7 }, AGREE, { push: 9 }], fresh: 2 },
  { shows: 'growth in one push', reason: 'd new misses', steps: [AGREE, { push: 1 }, { push: 4 }], fresh: 4 },
  { shows: 'growth in several pushes', reason: 'd new misses', steps: [AGREE, { push: 1 }, { push: 2 }, { push: 4 }], fresh: 4 },
  {
    shows: 'the same value again, pushed and scraped, for hours',
    reason: 'nothing new',
    steps: [{ push: 7 }, AGREE, { push: 7 }, { wait: 3 * HOUR }, { push: 7 }],
    fresh: 0,
  },
  { shows: 'a value below the last one', reason: 'a new epoch from 0', steps: [{ push: 7 }, AGREE, { push: 2 }], fresh: 2 },
  { shows: 'a client that restarts at 0', reason: 'nothing missed yet', steps: [{ push: 7 }, AGREE, { push: 0 }], fresh: 0 },
  { shows: 'growth in the new epoch', reason: 'counted from 0', steps: [{ push: 7 }, AGREE, { push: 1 }, { push: 8 }], fresh: 8 },
  {
    shows: 'absence after it was there',
    reason: 'unknown',
    steps: [{ push: 7 }, AGREE, { remove: true }, { wait: 10 * MINUTE }],
    fresh: null,
  },
  {
    shows: 'absence, then the same value',
    reason: 'nothing new',
    steps: [{ push: 7 }, AGREE, { remove: true }, { wait: 30 * MINUTE }, { push: 7 }],
    fresh: 0,
  },
  {
    shows: 'absence, then growth',
    reason: 'only the growth is new',
    steps: [{ push: 7 }, AGREE, { remove: true }, { wait: 30 * MINUTE }, { push: 8 }],
    fresh: 1,
  },
  { shows: 'an action was taken on it', reason: 'the value is consumed', steps: [AGREE, { push: 1 }, { act: 6, consumed: 1 }], fresh: 0 },
  {
    shows: 'an action, then growth',
    reason: 'only the growth is new',
    steps: [AGREE, { push: 1 }, { act: 6, consumed: 1 }, { push: 2 }],
    fresh: 1,
  },
  {
    shows: 'growth between evidence and action',
    reason: 'watermark = the value consumed, not the value at the commit',
    steps: [AGREE, { push: 1 }, { push: 3 }, { act: 6, consumed: 1 }],
    fresh: 2,
  },
  {
    shows: 'an action, then absence, then the same value',
    reason: 'nothing new',
    steps: [AGREE, { push: 1 }, { act: 6, consumed: 1 }, { remove: true }, { wait: 30 * MINUTE }, { push: 1 }],
    fresh: 0,
  },
  {
    shows: 'an action, then a new epoch',
    reason: 'the value counts',
    steps: [AGREE, { push: 5 }, { act: 6, consumed: 5 }, { push: 1 }],
    fresh: 1,
  },
  {
    shows: 'a human changed the replicas',
    reason: 'watermark = the value at that commit',
    steps: [AGREE, { push: 4 }, { human: 8 }],
    fresh: 0,
  },
  {
    shows: 'a human changed the replicas, then growth',
    reason: 'only the growth is new',
    steps: [AGREE, { push: 4 }, { human: 8 }, { push: 5 }],
    fresh: 1,
  },
  {
    shows: 'a human changed the replicas while it was absent',
    reason: 'the value known before is the watermark',
    steps: [AGREE, { push: 4 }, { remove: true }, { wait: 20 * MINUTE }, { human: 8 }, { push: 4 }],
    fresh: 0,
  },
  {
    shows: 'another workflow pushes into the same group',
    reason: 'nothing new for this one',
    steps: [{ push: 2 }, AGREE, { push: 9, name: 'deadlines_missed_other' }, { push: 9, name: 'deadlines_missed_compss_workflow_2' }],
    fresh: 0,
  },
  {
    shows: 'the same with a label',
    reason: 'g{task="t"} measures too',
    steps: [AGREE, { push: 2, name: 'deadlines_missed', labels: { task: 'compss-workflow' } }],
    fresh: 2,
  },
  {
    shows: 'another workflow with a label',
    reason: 'not this task',
    steps: [AGREE, { push: 2, name: 'deadlines_missed', labels: { task: 'other' } }],
    fresh: null,
  },
  { shows: 'a name with _total', reason: 'newer clients append it', steps: [AGREE, { push: 2, name: `${METRIC}_total` }], fresh: 2 },
  {
    shows: 'two series, each growing',
    reason: 'summed, each above its own watermark',
    steps: [{ push: 5 }, AGREE, { push: 6 }, { push: 2, labels: { job: 'compss', master: 'b' } }],
    fresh: 3,
  },
  {
    shows: 'what was consumed, at once under other labels',
    reason: 'nothing new',
    steps: [AGREE, { push: 3 }, { act: 6, consumed: 3 }, { remove: true, push: 3, labels: MOVED }, WAIT],
    fresh: 0,
  },
  {
    shows: 'what was consumed, for hours under other labels',
    reason: 'nothing new',
    steps: [AGREE, { push: 3 }, { act: 6, consumed: 3 }, { remove: true }, { push: 3, labels: MOVED }, { wait: 3 * HOUR }],
    fresh: 0,
  },
  {
    shows: 'what was consumed, under other labels, then growth',
    reason: 'only the growth is new',
    steps: [AGREE, { push: 3 }, { act: 6, consumed: 3 }, { remove: true }, { push: 3, labels: MOVED }, { push: 5, labels: MOVED }, WAIT],
    fresh: 2,
  },
  {
    shows: 'what was there at the creation, under other labels',
    reason: 'nothing new',
    steps: [{ push: 3 }, AGREE, { remove: true, push: 3, labels: MOVED }, WAIT],
    fresh: 0,
  },
  {
    shows: 'a series that stopped, and another below it',
    reason: 'a client that started anew: the value counts',
    steps: [AGREE, { push: 3 }, { act: 6, consumed: 3 }, { remove: true }, { push: 2, labels: MOVED }, WAIT],
    fresh: 2,
  },
  {
    shows: 'a series that stopped at 0, and another',
    reason: 'nothing of it was consumed: the value counts',
    steps: [AGREE, { push: 0 }, { remove: true }, { push: 3, labels: MOVED }, WAIT],
    fresh: 3,
  },
  {
    shows: 'a second series beside one that was consumed',
    reason: 'v new misses',
    steps: [AGREE, { push: 1 }, { act: 6, consumed: 1 }, { push: 2, labels: MOVED }],
    fresh: 2,
  },
  { shows: 'NaN', reason: 'unknown', steps: [AGREE, { push: 2 }, { push: Number.NaN }], fresh: null },
  { shows: 'infinity', reason: 'unknown', steps: [AGREE, { push: Number.POSITIVE_INFINITY }], fresh: null },
  {
    shows: 'NaN, then the value from before',
    reason: 'nothing new',
    steps: [{ push: 2 }, AGREE, { push: Number.NaN }, { push: 2 }],
    fresh: 0,
  },
];

interface Source extends MetricSource {
  push(name: string, value: number, labels?: Record<string, string>): void;
  remove(name: string): void;
  scrape(atMs: number): void;
}

/** The push source, with the interface of the fake. */
function pushSource(clock: { now(): number }): Source {
  const store = new PushStore(START_MS - 10 * MINUTE);
  const give = (method: 'POST' | 'DELETE', name: string, value: number, labels: Record<string, string>) => {
    const samples = method === 'DELETE' ? [] : [{ name, family: name, labels: {}, value }];
    store.apply(store.plan(method, { job: 'compss', ...labels }, samples, clock.now()));
  };
  return {
    name: 'push',
    push: (name, value, labels = {}) => give('POST', name, value, labels),
    remove: () => give('DELETE', '', 0, {}),
    scrape: () => {},
    samples: async (names, fromMs, toMs) => store.samples(names, fromMs, toMs),
    instant: async () => [],
  };
}

/** Plays a row; with `restartAlways` the judge forgets everything before each evaluation. */
async function play(steps: readonly Step[], kind: 'prometheus' | 'push', restartAlways: boolean): Promise<Judgement> {
  const clock = fakeClock(START_MS);
  const source: Source = kind === 'prometheus' ? new FakePrometheus() : pushSource(clock);
  const said: Said[] = [];
  let judge: Judge | undefined;
  let judgement: Judgement | undefined;
  const make = () => createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: 15 * SECOND });
  const pass = async (durationMs: number) => {
    for (let left = durationMs; left > 0; left -= 15 * SECOND) {
      await clock.advance(Math.min(left, 15 * SECOND));
      source.scrape(clock.now());
    }
  };
  await pass(MINUTE);
  for (const step of steps) {
    if ('remove' in step) source.remove(METRIC);
    if ('push' in step) source.push(step.name ?? METRIC, step.push, step.labels);
    await pass('wait' in step ? step.wait : 15 * SECOND);
    const last = said.at(-1)?.replicas['compss-workflow'] ?? 4;
    if ('agree' in step) said.push({ atMs: clock.now(), replicas: { 'compss-workflow': 4 } });
    if ('human' in step) said.push({ atMs: clock.now(), replicas: { 'compss-workflow': step.human } });
    if ('act' in step) {
      const decisions = [decision({ from: last, to: step.act, consumed: { [SERIES]: step.consumed } })];
      said.push({ atMs: clock.now(), replicas: { 'compss-workflow': step.act }, decisions });
    }
    await pass(15 * SECOND);
    if (said.length === 0) continue;
    if (judge === undefined || restartAlways) judge = make();
    const input = { environment: environment([WORKFLOW]), history: historyOf(said), facts: settled([WORKFLOW], clock.now()) };
    [judgement] = await judge.judge(input);
  }
  if (judgement === undefined) throw new Error('nothing was judged');
  return judgement;
}

function freshOf({ verdict }: Judgement): number | null {
  return verdict.state === 'unknown' ? null : verdict.value;
}

describe.each(['prometheus', 'push'] as const)('a counter, read from %s', (kind) => {
  test.each(ROWS)('$shows: $reason', async ({ steps, fresh }) => {
    const judgement = await play(steps, kind, false);
    expect(freshOf(judgement), JSON.stringify(judgement.verdict)).toBe(fresh);
  });
});

/** Absence at the time of a human's change is bridged by memory alone: the source is asked for no more than five minutes before it. */
const NEEDS_MEMORY = ['a human changed the replicas while it was absent'];

describe.each(['prometheus', 'push'] as const)('a counter, read from %s by a judge that starts anew each time', (kind) => {
  test.each(ROWS.filter(({ shows }) => !NEEDS_MEMORY.includes(shows)))('$shows: $reason', async ({ steps, fresh }) => {
    const judgement = await play(steps, kind, true);
    expect(freshOf(judgement), JSON.stringify(judgement.verdict)).toBe(fresh);
  });
});
