import { describe, expect, test } from 'vitest';
import { decisionRecord } from '../../../../controller/adaptation/record.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { NO_TASK_HISTORY } from '../../../../controller/sla/history.ts';
import { decision, environment, historyOf, MINUTE, type Said, START_MS, task, template } from '../sla/world.ts';

const [agreement] = agreementsOf(environment([task('compss-workflow', [template('T')])]));

function recordOf(said: readonly Said[], from: number) {
  if (agreement === undefined) throw new Error('no agreement');
  const history = historyOf(said).tasks.get('compss_workflow') ?? NO_TASK_HISTORY;
  const verdict = { state: 'violated', value: 1, limit: 1, evidenceAtMs: START_MS, source: 'prometheus' } as const;
  const judgement = {
    agreement,
    guarantee: 'deadlines_missed',
    kind: 'counter',
    verdict,
    series: 1,
    violations: 1,
    counted: [],
    history,
  } as const;
  return decisionRecord(judgement, { from, to: from + 1, reason: 'x' });
}

const at = (minute: number, replicas: number, decisions?: Said['decisions']): Said => ({
  atMs: START_MS + minute * MINUTE,
  replicas: { 'compss-workflow': replicas },
  ...(decisions === undefined ? {} : { decisions }),
});

test('decisionRecord keeps what the guarantee was asked by', () => {
  expect(recordOf([at(0, 4)], 4).queries).toEqual([expect.stringContaining('deadlines_missed_compss_workflow')]);
});

describe('decisionRecord: original', () => {
  test.each<{ reason: string; said: readonly Said[]; from: number; original: number }>([
    { reason: 'what was declared first', said: [at(0, 4)], from: 4, original: 4 },
    {
      reason: 'goes from decision to decision',
      said: [at(0, 4), at(1, 6, [decision({ from: 4, to: 6, original: 4 })])],
      from: 6,
      original: 4,
    },
    {
      reason: 'as the trailer says it, whatever is left of the history',
      said: [at(0, 6), at(1, 9, [decision({ from: 6, to: 9, original: 4 })])],
      from: 9,
      original: 4,
    },
    {
      reason: 'of decisions that say none: where the first began',
      said: [at(0, 4), at(1, 6, [decision({ from: 4, to: 6 })])],
      from: 6,
      original: 4,
    },
    {
      reason: 'a new number of a human',
      said: [at(0, 4), at(1, 6, [decision({ from: 4, to: 6, original: 4 })]), at(2, 10)],
      from: 10,
      original: 10,
    },
    {
      reason: 'which later decisions start from',
      said: [at(0, 4), at(1, 10), at(2, 15, [decision({ id: 'd2', from: 10, to: 15, original: 10 })])],
      from: 15,
      original: 10,
    },
  ])('$reason', ({ said, from, original }) => {
    expect(recordOf(said, from)).toMatchObject({ from, original });
  });
});
