import { expect, test } from 'vitest';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { decisionOf } from '../../../../controller/story/decision-told.ts';
import { decision, environment, START_MS, task, template } from '../sla/world.ts';

const agreements = agreementsOf(environment([task('compss-workflow', [template('DeadlinesMissed_1')])]));
const happening = { revision: 'c1', atMs: START_MS, order: 1 };

test.each([
  { why: 'as its trailer says it, whatever is asked today', queries: ['sum(missed)'], among: agreements, told: ['sum(missed)'] },
  { why: 'as is asked today, of a trailer of old', among: agreements, told: [expect.stringContaining('deadlines_missed_compss_workflow')] },
  { why: 'nothing, where nobody asks any more', among: [], told: [] },
])('decisionOf tells what was asked: $why', ({ queries, among, told }) => {
  const made = { ...decision(), ...happening, ...(queries && { queries }) };
  expect(decisionOf(made, among).queries).toEqual(told);
});
