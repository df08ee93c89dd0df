import { describe, expect, test } from 'vitest';
import { queryOf } from '../../../../constructs/spec/promql.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { askedOf, namesOf, SeriesIndex, seriesKey } from '../../../../controller/sla/measure.ts';
import { environment, guarantee, task, template } from './world.ts';

const [APP] = agreementsOf(environment([task('compss-workflow', [template('Deadlines-1.x')])]));
const [INFR] = agreementsOf(environment([task('nginx', [template('Pods', { type: 'infr', guarantees: [guarantee('pods < 50')] })])]));
if (APP === undefined || INFR === undefined) throw new Error('no agreement');
const series = (name: string, labels = {}) => ({ name, labels, timesMs: [], values: [] });

test("agreementsOf: an agreement has the original's ids", () => {
  expect(APP).toMatchObject({
    id: 'compss_workflow_Deadlines_1_x',
    provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
    client: { id: 'compss_workflow', name: 'compss_task_compss_workflow' },
  });
});

describe('SeriesIndex: the series that measure a guarantee', () => {
  test.each([
    {
      reason: 'by name',
      agreement: APP,
      given: [series('deadlines_missed_compss_workflow'), series('deadlines_missed', { task: 'compss_workflow' })],
      found: [0],
    },
    { reason: 'with _total', agreement: APP, given: [series('deadlines_missed_compss_workflow_total')], found: [0] },
    {
      reason: 'by name, not with _total as well',
      agreement: APP,
      given: [series('deadlines_missed_compss_workflow_total'), series('deadlines_missed_compss_workflow')],
      found: [1],
    },
    {
      reason: 'with _total, before any by label',
      agreement: APP,
      given: [series('deadlines_missed', { task: 'compss_workflow' }), series('deadlines_missed_compss_workflow_total')],
      found: [1],
    },
    {
      reason: 'by label, in both forms',
      agreement: APP,
      given: [series('deadlines_missed', { task: 'compss-workflow' }), series('deadlines_missed', { task: 'compss_workflow' })],
      found: [1, 0],
    },
    {
      reason: 'by label, not with _total as well',
      agreement: APP,
      given: [series('deadlines_missed_total', { task: 'compss_workflow' }), series('deadlines_missed', { task: 'compss-workflow' })],
      found: [1],
    },
    { reason: 'by label, with _total', agreement: APP, given: [series('deadlines_missed_total', { task: 'compss-workflow' })], found: [0] },
    {
      reason: 'not of others',
      agreement: APP,
      given: [series('deadlines_missed'), series('deadlines_missed', { task: 'x' }), series('deadlines_missed_compss_workflow_2')],
      found: [],
    },
    {
      reason: 'all of an infrastructure',
      agreement: INFR,
      given: [series('pods', { node: 'a' }), series('pods', { node: 'b' }), series('pods_nginx')],
      found: [0, 1],
    },
  ])('$reason', ({ agreement, given, found }) => {
    const [one] = agreement.guarantees;
    if (one === undefined) throw new Error('no guarantee');
    const measured = {
      agreement,
      guarantee: one,
      leaf: { kind: 'leaf', text: one.constraint.metric, metric: one.constraint.metric },
    } as const;
    expect(new SeriesIndex(given).of(measured)).toEqual(found.map((at) => given[at]));
    for (const at of found) expect(namesOf(measured)).toContain(given[at]?.name);
  });
});

describe('SeriesIndex: a quantile takes a histogram as well', () => {
  const over = { how: 'quantile', windowMs: 60_000, quantile: 0.95 } as const;
  test.each([
    { agreement: APP, given: [series('latency_compss_workflow_bucket', { le: '1' })] },
    { agreement: APP, given: [series('latency_bucket', { le: '1', task: 'compss-workflow' })] },
    { agreement: INFR, given: [series('latency_bucket', { le: '1' })] },
    { agreement: INFR, given: [series('latency')] },
  ])('$given', ({ agreement, given }) => {
    const [one] = agreement.guarantees;
    if (one === undefined) throw new Error('no guarantee');
    const leaf = { kind: 'leaf', text: 'quantile(0.95, latency, 1m)', metric: 'latency', over } as const;
    expect(new SeriesIndex(given).of({ agreement, guarantee: one, leaf })).toEqual(given);
  });
});

test.each([
  { query: 'a{task="$task"}', says: 'a{task="compss_workflow"}' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: ${task} is what is tested
  { query: 'a_$task_total + a_${task}x', says: 'a_compss_workflow_total + a_compss_workflowx' },
  { query: 'a{d="$dock",i="$infrastructure"}', says: 'a{d="class",i="modena"}' },
  { query: 'label_replace(a, "x", "$1", "y", "(.*)") + $tasks', says: 'label_replace(a, "x", "$1", "y", "(.*)") + $tasks' },
])('queryOf: $query', ({ query, says }) => {
  expect(queryOf(APP.task, query)).toBe(says);
});

test.each([
  {
    of: 'an application',
    agreement: APP,
    measure: guarantee('deadlines_missed < 1'),
    asks: '{__name__=~"deadlines_missed_compss_workflow|deadlines_missed_compss_workflow_total"} or {__name__=~"deadlines_missed|deadlines_missed_total",task=~"compss_workflow|compss-workflow"}',
  },
  { of: 'an infrastructure', agreement: INFR, measure: guarantee('pods < 50'), asks: 'pods' },
  { of: 'several metrics', agreement: INFR, measure: guarantee('errors / requests < 1% and errors < 9'), asks: ['errors', 'requests'] },
  {
    of: 'a histogram',
    agreement: INFR,
    measure: guarantee('quantile(0.95, latency, 5m) < 1'),
    asks: '{__name__=~"latency|latency_bucket"}',
  },
  { of: 'a query', agreement: INFR, measure: guarantee('pods < 50', { query: 'sum(pods{d="$dock"})' }), asks: 'sum(pods{d="class"})' },
  {
    of: 'a query on two infrastructures',
    agreement: { ...INFR, task: { ...INFR.task, infrastructures: ['modena', 'florence'] } },
    measure: guarantee('pods < 50', { query: 'sum(pods{i="$infrastructure"})' }),
    asks: ['sum(pods{i="modena"})', 'sum(pods{i="florence"})'],
  },
])('askedOf $of', ({ agreement, measure, asks }) => {
  expect(askedOf(agreement, measure)).toEqual([asks].flat());
});

test.each([
  { labels: {}, key: 'a' },
  { labels: { z: '1', b: '2' }, key: 'a{b="2",z="1"}' },
  { labels: { b: '"\\\n' }, key: 'a{b="\\"\\\\\\n"}' },
])('seriesKey: $key', ({ labels, key }) => {
  expect(seriesKey({ name: 'a', labels })).toBe(key);
});
