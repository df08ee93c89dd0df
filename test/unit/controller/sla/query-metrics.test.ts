import { expect, test } from 'vitest';
import { metricsInQuery } from '../../../../controller/sla/query-metrics.ts';

test.each([
  { query: 'up', names: ['up'] },
  { query: 'sum by (job, task) (rate(requests_total{task="$task",code=~"5.."}[5m])) / sum(requests_total)', names: ['requests_total'] },
  { query: 'a + on(job) group_left(b) c unless d offset 5m', names: ['a', 'c', 'd'] },
  { query: 'histogram_quantile(0.95, sum by (le) (rate(latency_bucket[5m])))', names: ['latency_bucket'] },
  { query: 'label_replace(a_$task, "x", "e", "y", "f") > bool 1e3', names: ['a_'] },
  { query: 'job:requests:rate5m and -Inf < time()', names: ['job:requests:rate5m'] },
])('metricsInQuery: $query', ({ query, names }) => {
  expect(metricsInQuery(query)).toEqual(names);
});
