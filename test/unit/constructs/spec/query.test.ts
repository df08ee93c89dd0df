import { describe, expect, test } from 'vitest';
import { problemIn, reachOf } from '../../../../constructs/spec/query.ts';

const MINUTE = 60_000;

describe('problemIn: a query that no Prometheus would take', () => {
  test.each([
    ['sum(load{task="$task"}', 3, /Close this \(/],
    ['load) or (load', 4, /Write a '\(' before this '\)'/],
    ['sum(rate(errors[5m))', 18, /Write a '\(' before this '\)'|Write a '\['/],
    ['load{task="a} > 1', 10, /Close this "/],
    ['load{task="$task"} +', 19, /something is missing/],
    ['sum by (task) (load) and', 21, /something is missing/],
    [' # only words', 0, /Write a whole PromQL expression/],
    ['deadlines_missed_$tsak', 17, /Cannot fill in '\$tsak'/],
    ['deadlines_missed_$tasks', 17, /Cannot fill in '\$tasks'/],
  ])('%s', (query, at, message) => {
    expect(problemIn(query)).toMatchObject({ at, message: expect.stringMatching(message) });
  });

  test.each([
    'up',
    'deadlines_missed_$task_total # it\'s "fine" (here',
    `label_replace(up{job=~"a(b|c)$"}, "x", "y", 'it"s', \`(\`)`,
    'sum by (le) (rate(x_bucket{le!=")"}[5m] offset 1m))',
    'a\n  and on (task) # (\n  b',
  ])('nothing is wrong with %s', (query) => {
    expect(problemIn(query)).toBeUndefined();
  });
});

describe('reachOf: how far back a query looks', () => {
  test.each([
    ['up', 0],
    ['load{zone="[5m]"} # [5m]', 0],
    ['rate(errors[5m])', 5 * MINUTE],
    ['rate(errors[5m]) / rate(requests[1h30m])', 90 * MINUTE],
    ['max_over_time(rate(errors[5m])[30m:1m])', 35 * MINUTE],
    ['max_over_time(a[30m:]) / max_over_time(b[30m:])', 30 * MINUTE],
    ['sum(rate(errors[5m])) by (task)', 5 * MINUTE],
    ['avg_over_time(x[300])', 5 * MINUTE],
    ['avg_over_time(x[1w])', 7 * 24 * 60 * MINUTE],
  ])('%s', (query, reachMs) => {
    expect(reachOf(query)).toBe(reachMs);
  });
});
