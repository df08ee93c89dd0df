import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../synth/load.ts';
import { renderFiles } from '../../synth/write.ts';
import { have } from '../support/parts.ts';
import { cityFiles } from '../support/source-files.ts';

const native = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });

interface Case {
  readonly guarantee: Readonly<Record<string, unknown>>;
  readonly type?: string;
  /** Series and their values in promtool's notation, one a minute. */
  readonly series: Readonly<Record<string, string>>;
  /** After 20 minutes: 1 holds, 0 doesn't, undefined is unknown. */
  readonly holds: 0 | 1 | undefined;
}

const CASES: Readonly<Record<string, Case>> = {
  'gauge-of-a-task': {
    guarantee: { constraint: 'load < 80%' },
    series: { 'load{task="t",pod="a"}': '0.5+0x60', 'load{task="t",pod="b"}': '0.5+0x60', 'load{task="other"}': '9+0x60' },
    holds: 0,
  },
  'gauge-by-name': {
    guarantee: { constraint: 'load < 80%', aggregate: 'max' },
    series: { load_t: '0.5+0x60', 'load{task="t"}': '9+0x60' },
    holds: 1,
  },
  'gauge-of-an-infrastructure': {
    type: 'infr',
    guarantee: { constraint: 'pods < 50' },
    series: { 'pods{node="a"}': '30+0x60', 'pods{node="b"}': '30+0x60' },
    holds: 0,
  },
  absent: { guarantee: { constraint: 'load < 80%' }, series: {}, holds: undefined },
  nan: { guarantee: { constraint: 'load < 80%' }, series: { load_t: 'NaN+0x60' }, holds: undefined },
  'division-by-zero': {
    guarantee: { constraint: 'errors / requests < 1%' },
    series: { errors_t: '0+0x60', requests_t: '0+0x60' },
    holds: undefined,
  },
  'counter-that-grew': {
    type: 'app-compss',
    guarantee: { constraint: 'deadlines_missed < 1' },
    series: { deadlines_missed_t: '0+0x17 1+0x60' },
    holds: 0,
  },
  'counter-that-stands': {
    type: 'app-compss',
    guarantee: { constraint: 'deadlines_missed < 1' },
    series: { deadlines_missed_t: '0 7+0x60' },
    holds: 1,
  },
  'counter-at-its-limit': {
    type: 'app-compss',
    guarantee: { constraint: 'deadlines_missed <= 1' },
    series: { deadlines_missed_t: '0+0x17 1+0x60' },
    holds: 1,
  },
  'two-metrics': {
    guarantee: { constraint: 'errors / requests < 1% and load < 80%' },
    series: { errors_t: '1+0x60', requests_t: '1000+0x60', load_t: '0.1+0x60' },
    holds: 1,
  },
  'one-of-two': {
    guarantee: { constraint: 'not (load > 80% and errors > 0)' },
    series: { load_t: '0.9+0x60', errors_t: '0+0x60' },
    holds: 1,
  },
  'metric-and-metric': { guarantee: { constraint: 'queue < workers * 2' }, series: { queue_t: '9+0x60', workers_t: '4+0x60' }, holds: 0 },
  average: { guarantee: { constraint: 'avg(load, 5m) < 0.5' }, series: { load_t: '0+0x17 1+0x60' }, holds: 0 },
  rates: {
    guarantee: { constraint: 'rate(errors, 5m) / rate(requests, 5m) < 5%' },
    series: { errors_t: '0+1x60', 'requests{task="t"}': '0+10x60' },
    holds: 0,
  },
  histogram: {
    guarantee: { constraint: 'quantile(0.95, latency_seconds, 5m) < 250ms' },
    series: {
      'latency_seconds_bucket{task="t",le="0.25"}': '0+5x60',
      'latency_seconds_bucket{task="t",le="0.5"}': '0+10x60',
      'latency_seconds_bucket{task="t",le="+Inf"}': '0+10x60',
    },
    holds: 0,
  },
  'pushed-times': {
    guarantee: { constraint: 'quantile(0.95, latency_seconds, 5m) < 250ms' },
    series: { latency_seconds_t: '0.1+0x60' },
    holds: 1,
  },
  query: {
    guarantee: { constraint: 'load < 80%', query: 'max(load{dock="$dock"}) # of $task' },
    series: { 'load{dock="default"}': '0.9+0x60' },
    holds: 0,
  },
  'query-for-each-task': {
    guarantee: { constraint: 'load < 80%', query: 'max by (app) (load)', by: 'app' },
    series: { 'load{app="t"}': '0.1+0x60', 'load{app="other"}': '0.9+0x60' },
    holds: 1,
  },
};

const taskOf = (name: string) => `t-${name}`;

/** Each case has a task of its own, so that its series are too. */
function ofTask(name: string, text: string): string {
  const id = taskOf(name).replaceAll('-', '_');
  return text.replaceAll('"t"', `"${id}"`).replace(/^([a-z_]+?)_t(?=\{|$)/, `$1_${id}`);
}

function rulesOf(documents: Readonly<Record<string, object>>): string {
  const environment = loadEnvironment(
    'city',
    cityFiles({
      'infrastructures/edge.json': native('Infrastructure', 'edge', { type: 'kubernetes', prometheus: { url: 'http://p' } }),
      ...documents,
    }),
  );
  expect(environment.issues).toEqual([]);
  return renderFiles(environment).get('city/edge/promises.rules') ?? '';
}

function documentsOf(name: string, { guarantee, type = 'app' }: Case) {
  const guarantees = [{ name: 'g', ...guarantee }];
  const objective = { target: '99%', window: '30d' };
  return {
    [`qos/${name}.json`]: native('QosTemplate', name, { type, objective, guarantees }),
    [`tasks/${name}.json`]: native('Task', taskOf(name), { containers: [{ image: 'x' }], qos: [name] }),
  };
}

describe.skipIf(!have('prometheus'))('the rules that synth writes, as promtool sees them', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rotterdam-rules-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const promtool = (command: 'check' | 'test', file: string) => {
    const { status, stdout, stderr } = spawnSync('promtool', [command, 'rules', file], { cwd: directory, encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}` };
  };
  /** Writes the rules and a test of them, checks the ones and runs the other. */
  const tested = (name: string, rules: string, test: object) => {
    writeFileSync(join(directory, `${name}.rules`), rules);
    writeFileSync(join(directory, `${name}.test.json`), JSON.stringify({ rule_files: [`${name}.rules`], ...test }));
    expect(promtool('check', `${name}.rules`), `promtool check rules:\n${rules}`).toMatchObject({ status: 0 });
    expect(promtool('test', `${name}.test.json`)).toMatchObject({ status: 0 });
  };

  it('a guarantee holds, or does not, or nothing is known of it', () => {
    const rules = rulesOf(Object.assign({}, ...Object.entries(CASES).map(([name, one]) => documentsOf(name, one))));
    const labelsOf = (name: string) => {
      const id = taskOf(name).replaceAll('-', '_');
      return `{agreement="${id}_${name.replaceAll('-', '_')}", environment="city", guarantee="g", objective_window="30d", task="${id}"}`;
    };
    // One test for each: their infrastructure's series would meet.
    const tests = Object.entries(CASES).map(([name, { series, holds }]) => ({
      interval: '1m',
      input_series: Object.entries(series).map(([key, values]) => ({ series: ofTask(name, key), values })),
      promql_expr_test: [
        {
          expr: `rotterdam:guarantee_holds:bool${labelsOf(name)}`,
          eval_time: '20m',
          exp_samples: holds === undefined ? [] : [{ labels: `rotterdam:guarantee_holds:bool${labelsOf(name)}`, value: holds }],
        },
      ],
    }));
    tested('holds', rules, { evaluation_interval: '1m', tests });
  });

  it('an error budget is spent, and said at the rate it is spent at', () => {
    const rules = rulesOf(documentsOf('latency', { guarantee: { constraint: 'load < 1' }, series: {}, holds: 1 }));
    const agreement = { agreement: 't_latency_latency', environment: 'city', objective_window: '30d', task: 't_latency' };
    const labels = Object.entries(agreement)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ');
    const burning = (eval_time: string, severity: string, fires: boolean) => ({
      expr: `ALERTS{alertname="RotterdamErrorBudgetBurn", severity="${severity}"}`,
      eval_time,
      exp_samples: fires
        ? [{ labels: `ALERTS{alertname="RotterdamErrorBudgetBurn", alertstate="firing", severity="${severity}", ${labels}}`, value: 1 }]
        : [],
    });
    const budget = (eval_time: string, value: number) => ({
      expr: `round(rotterdam:agreement_budget_remaining:ratio, 0.01)`,
      eval_time,
      exp_samples: [{ labels: `{${labels}}`, value }],
    });
    // Half a day kept, an hour broken, kept again.
    const values = '0+0x720 2+0x60 0+0x120';
    const test = {
      interval: '1m',
      input_series: [{ series: 'load_t_latency', values }],
      promql_expr_test: [
        burning('11h', 'page', false),
        burning('12h30m', 'page', true),
        burning('14h', 'page', false),
        burning('11h', 'ticket', false),
        burning('12h50m', 'ticket', true),
        budget('11h', 1),
        // One hour of thirteen and a half, in percent of the one that may be lost.
        budget('13h30m', 1 - Math.round((100 * 100 * 61) / 810) / 100),
      ],
    };
    tested('burn', rules, { evaluation_interval: '30s', tests: [test] });
  });

  it('of a short window are clean as well, and of none at all there are none', () => {
    const spec = (objective: object | undefined) => ({
      type: 'app',
      ...(objective && { objective }),
      guarantees: [{ name: 'g', constraint: 'a < 1' }],
    });
    const documents = (objective: object | undefined) => ({
      'qos/q.json': native('QosTemplate', 'q', spec(objective)),
      'tasks/a.json': native('Task', 'a', { containers: [{ image: 'x' }], qos: ['q'] }),
    });
    for (const window of ['1d', '7d', '28d', '90d']) {
      writeFileSync(join(directory, `${window}.rules`), rulesOf(documents({ target: 0.999, window })));
      expect(promtool('check', `${window}.rules`)).toMatchObject({ status: 0 });
    }
    expect(rulesOf(documents(undefined))).toBe('');
  });
});
