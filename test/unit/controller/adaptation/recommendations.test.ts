import { expect, test } from 'vitest';
import { recommendationsOf } from '../../../../controller/adaptation/recommendations.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { NO_TASK_HISTORY } from '../../../../controller/sla/history.ts';
import type { Judgement } from '../../../../controller/sla/judge.ts';
import type { Worth } from '../../../../controller/sla/verdict.ts';
import type { QosTemplate } from '../../../../synth/environment.ts';
import { decision, environment, guarantee, historyOf, MINUTE, type Said, SECOND, START_MS, task, template } from '../sla/world.ts';

const NOW = START_MS;
const COMMIT_MS = 999;
const ago = (agoMs: number, value: number) => ({ atMs: NOW - agoMs, value, holds: value < 0.25 });

function recommended(said: readonly Said[], past: readonly Worth[], changes: Partial<QosTemplate>, from = 4) {
  const made = template('T0', { guarantees: [guarantee('latency < 0.25', { kind: 'gauge' })], ...changes });
  const [agreement] = agreementsOf(environment([task('compss-workflow', [made], from)]));
  if (agreement === undefined) throw new Error('no agreement');
  const history = historyOf(said.map((one) => ({ qos: ['T0'], ...one }))).tasks.get('compss_workflow') ?? NO_TASK_HISTORY;
  const verdict = { state: 'met', value: 0, limit: 1, evidenceAtMs: NOW, source: 'x' } as const;
  const judgement: Judgement = {
    ...{
      agreement,
      guarantee: 'latency',
      kind: 'gauge',
      verdict,
      series: 1,
      violations: 0,
      past,
      counted: [],
      since: history.agreed.get('T0'),
      history,
    },
  };
  return recommendationsOf(judgement, from).map(({ atMs, replicas }) => [(NOW - atMs) / SECOND, replicas]);
}

const CREATED: Said = { atMs: NOW - 10 * MINUTE, replicas: { 'compss-workflow': 4 } };
const DECIDED: Said = {
  atMs: NOW - 2 * MINUTE,
  replicas: { 'compss-workflow': 8 },
  decisions: [decision({ from: 4, to: 8 })],
};

test('a target: what each value wanted', () => {
  const past = [ago(60_000, 0.4), ago(45_000, 0.2), ago(30_000, 0.1)];
  expect(recommended([CREATED], past, { action: 'target', targetValue: 0.2 })).toEqual([
    [600 - COMMIT_MS / 1000, 4],
    [60, 8],
    [45, 4],
    [30, 2],
  ]);
});

test('a factor: what each violation wanted, and what there was at other times', () => {
  expect(recommended([CREATED], [ago(60_000, 0.4), ago(45_000, 0.2)], {}).slice(1)).toEqual([
    [60, 6],
    [45, 4],
  ]);
});

test('in place of the replicas of then', () => {
  const past = [ago(150_000, 0.4), ago(60_000, 0.2)];
  expect(recommended([CREATED, DECIDED], past, { action: 'target', targetValue: 0.2 }, 8)).toEqual([
    [600 - COMMIT_MS / 1000, 4],
    [150, 8],
    [60, 8],
  ]);
});

test("from a human's last change on", () => {
  const human: Said = { atMs: NOW - MINUTE, replicas: { 'compss-workflow': 5 } };
  const past = [ago(90_000, 0.4), ago(30_000, 0.2)];
  expect(recommended([CREATED, DECIDED, human], past, { action: 'target', targetValue: 0.2 }, 5)).toEqual([
    [60 - COMMIT_MS / 1000, 5],
    [30, 5],
  ]);
});

test('none of an agreement that the history does not know', () => {
  expect(recommended([{ ...CREATED, qos: [] }], [ago(60_000, 0.4)], {})).toEqual([]);
});
