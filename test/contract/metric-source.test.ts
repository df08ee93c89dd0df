import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createPrometheusSource } from '../../controller/adapters/prometheus/source.ts';
import { openPushJournal, type PushJournal } from '../../controller/adapters/push/journal.ts';
import type { MetricSource } from '../../controller/ports.ts';
import { createJudge, type Judge, type Verdict } from '../../controller/sla/judge.ts';
import { have } from '../support/parts.ts';
import { type Monitoring, startMonitoring } from '../support/prometheus.ts';
import {
  decision,
  environment,
  guarantee,
  historyOf,
  type Said,
  settled,
  silentLog,
  task,
  template,
} from '../unit/controller/sla/world.ts';

// They do little but wait.
vi.setConfig({ maxConcurrency: 20 });

/** One place to push to and to read from. */
interface Place {
  readonly source: MetricSource;
  push(method: 'PUT' | 'POST' | 'DELETE', path: string, text: string): Promise<void>;
  /** How old a sample may be, where one that is gone doesn't say so. */
  readonly maxAge?: number;
  /** Resolves once what was pushed can be read. */
  seen(): Promise<void>;
}

const QOS = 'DeadlinesMissed_1';
let workflows = 0;

/** A workflow of its own for each test, whose history the test writes. */
function workflow(judgeOf: (source: MetricSource) => Judge, place: Place) {
  workflows += 1;
  const name = `workflow-${workflows}`;
  const { maxAge } = place;
  const promise = guarantee('deadlines_missed < 1', maxAge === undefined ? {} : { maxAge });
  const one = task(name, [template(QOS, { guarantees: [promise] })]);
  const metric = `deadlines_missed_${one.id}`;
  const said: Said[] = [];
  let judge = judgeOf(place.source);
  return {
    metric,
    push: async (value: number | string, path = '/metrics/job/compss', ofMetric = metric) => {
      await place.push('POST', path, `# TYPE ${ofMetric} counter\n${ofMetric} ${value}\n`);
      await place.seen();
    },
    remove: (path: string) => place.push('DELETE', path, ''),
    /** A commit; two seconds go by, as commits know whole seconds only. */
    commit: async (replicas: number, consumed?: number) => {
      const key = `${metric}{job="compss"}`;
      const from = said.at(-1)?.replicas[name] ?? 4;
      const decisions =
        consumed === undefined
          ? []
          : [decision({ id: `d${said.length}`, task: one.id, from, to: replicas, consumed: { [key]: consumed } })];
      said.push({ atMs: Date.now(), replicas: { [name]: replicas }, decisions });
      await place.seen();
      await place.seen();
    },
    restart: () => {
      judge = judgeOf(place.source);
    },
    verdict: async (): Promise<Verdict> => {
      const input = { environment: environment([one]), history: historyOf(said), facts: settled([one], Date.now()) };
      const [judgement] = await judge.judge(input);
      if (judgement === undefined) throw new Error('nothing was judged');
      return judgement.verdict;
    },
  };
}

const judgeOf = (source: MetricSource) =>
  createJudge({ sourceOf: () => [source], clock: systemClock, log: silentLog, evaluateEveryMs: 1_000 });

/** Tests that don't touch each other's series, so that they needn't wait for each other's scrapes. */
function contract(open: () => Place): void {
  test('the raw samples of named series, with their labels and times', async () => {
    const place = open();
    const startMs = Date.now();
    await place.push('POST', '/metrics/job/a/instance/1', '# TYPE raw gauge\nraw{x="\\"\\\\"} 1\n');
    await place.push('POST', '/metrics/job/a/instance/2', '# TYPE raw gauge\nraw 2\n');
    await place.seen();
    const series = await place.source.samples(['raw', 'nothing'], startMs - 1_000, Date.now());
    expect(
      series.map(({ name, labels }) => ({ name, labels })).sort((a, b) => (a.labels.instance ?? '').localeCompare(b.labels.instance ?? '')),
    ).toEqual([
      { name: 'raw', labels: { job: 'a', instance: '1', x: '"\\' } },
      { name: 'raw', labels: { job: 'a', instance: '2' } },
    ]);
    for (const { timesMs } of series) for (const atMs of timesMs) expect(atMs).toBeGreaterThanOrEqual(startMs - 1_000);
    expect(await place.source.samples(['raw'], startMs - 60_000, startMs - 30_000)).toEqual([]);
  });

  test('four series of a gauge are summed', async () => {
    const place = open();
    const metric = 'pods';
    const nginx = task('nginx', [template('Pods', { type: 'infr', guarantees: [guarantee(`${metric} < 50`, { kind: 'gauge' })] })], 55);
    for (const node of ['a', 'b', 'c', 'd'])
      await place.push('POST', `/metrics/job/kubelet/node/${node}`, `# TYPE ${metric} gauge\n${metric} 20\n`);
    await place.seen();
    const history = historyOf([{ atMs: Date.now() - 60_000, replicas: { nginx: 55 }, qos: ['Pods'] }]);
    const [judgement] = await judgeOf(place.source).judge({
      environment: environment([nginx]),
      history,
      facts: settled([nginx], Date.now()),
    });
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 80, limit: 50 });
  });

  test('a gauge that was acted on is as old as its last push', async () => {
    const place = open();
    const full = task('full', [template('Load', { type: 'app', guarantees: [guarantee('load < 80%', { kind: 'gauge' })] })]);
    const beforeMs = Date.now();
    const agreedMs = beforeMs - 60_000;
    await place.push('POST', '/metrics/job/load/instance/a', '# TYPE load_full gauge\nload_full{pod="b"} 1\n');
    const pushedMs = Date.now();
    await place.seen();
    await place.seen();
    const done = decision({ task: 'full', agreement: 'full_Load', guarantee: 'load', from: 2, to: 4 });
    const said = [
      { atMs: agreedMs, replicas: { full: 2 }, qos: ['Load'] },
      { atMs: Date.now(), replicas: { full: 4 }, qos: ['Load'], decisions: [done] },
    ];
    await place.seen();
    await place.seen();
    const input = { environment: environment([full]), history: historyOf(said), facts: settled([full], agreedMs) };
    const [judgement] = await judgeOf(place.source).judge(input);
    expect(judgement?.verdict).toMatchObject({ state: 'violated', value: 1 });
    const { evidenceAtMs = Number.NaN } = judgement?.verdict.state === 'violated' ? judgement.verdict : {};
    expect(evidenceAtMs).toBeGreaterThan(beforeMs - 1_000);
    expect(evidenceAtMs).toBeLessThan(pushedMs + 1_000);
  });

  test('no series when the agreement is created, then v: v new misses', async () => {
    const one = workflow(judgeOf, open());
    await one.commit(4);
    expect(await one.verdict()).toMatchObject({ state: 'unknown' });
    await one.push(3);
    expect(await one.verdict()).toMatchObject({ state: 'violated', value: 3 });
    one.restart();
    expect(await one.verdict(), 'after a restart').toMatchObject({ state: 'violated', value: 3 });
  });

  test('v when the agreement is created: nothing new; then growth, the same again, a new epoch', async () => {
    const one = workflow(judgeOf, open());
    await one.push(7);
    await one.commit(4);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    await one.push(9);
    expect(await one.verdict()).toMatchObject({ state: 'violated', value: 2 });
    await one.push(9);
    expect(await one.verdict()).toMatchObject({ value: 2 });
    await one.push(1);
    expect(await one.verdict()).toMatchObject({ value: 1 });
    one.restart();
    expect(await one.verdict(), 'after a restart').toMatchObject({ value: 1 });
  });

  test('an action and a human consume what was there', async () => {
    const one = workflow(judgeOf, open());
    await one.commit(4);
    await one.push(1);
    await one.commit(6, 1);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    await one.push(3);
    expect(await one.verdict()).toMatchObject({ state: 'violated', value: 2 });
    await one.commit(8);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    one.restart();
    expect(await one.verdict(), 'after a restart').toMatchObject({ state: 'met', value: 0 });
  });

  test('growth by several pushes, and the same value again and again', async () => {
    const one = workflow(judgeOf, open());
    await one.push(0);
    await one.commit(4);
    for (const value of [1, 2, 4, 4, 4]) await one.push(value);
    expect(await one.verdict()).toMatchObject({ state: 'violated', value: 4 });
    one.restart();
    expect(await one.verdict(), 'after a restart').toMatchObject({ state: 'violated', value: 4 });
  });

  test('absent after it was there: unknown; back with the same value, nothing new; then what it grows by', async ({ expect }) => {
    const one = workflow(judgeOf, open());
    const path = `/metrics/job/compss/instance/${one.metric}`;
    await one.push(7, path);
    await one.commit(4);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    await one.remove(path);
    await expect.poll(() => one.verdict(), { timeout: 30_000, interval: 500 }).toMatchObject({ state: 'unknown' });
    await one.push(7, path);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    one.restart();
    expect(await one.verdict(), 'after a restart').toMatchObject({ state: 'met', value: 0 });
    await one.push(8, path);
    expect(await one.verdict()).toMatchObject({ state: 'violated', value: 1 });
  });

  test("another workflow's push into the same group is nothing new; NaN is unknown", async () => {
    const one = workflow(judgeOf, open());
    await one.push(2);
    await one.commit(4);
    await one.push(9, '/metrics/job/compss', `${one.metric}_other`);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    await one.push('NaN');
    expect(await one.verdict()).toMatchObject({ state: 'unknown' });
    await one.push(2);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
  });
}

describe.concurrent('the push source', () => {
  let directory: string;
  let journal: PushJournal;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rotterdam-push-'));
    journal = await openPushJournal({ directory, clock: systemClock, log: silentLog });
  });
  afterAll(async () => {
    await journal.close();
    rmSync(directory, { recursive: true });
  });
  contract(() => ({
    source: journal.source(),
    push: async (method, path, text) => {
      await journal.push(method, path, text);
    },
    seen: () => systemClock.sleep(1_000),
  }));
});

describe.skipIf(!have('prometheus', 'pushgateway')).concurrent('a real Prometheus that scrapes a real Pushgateway', () => {
  let monitoring: Monitoring;
  beforeAll(async () => {
    monitoring = await startMonitoring();
  });
  afterAll(() => monitoring?.stop());

  const open = (url = monitoring.prometheus): Place => ({
    maxAge: 8_000,
    source: createPrometheusSource({ url, clock: systemClock }),
    push: async (method, path, text) => {
      const reply = await fetch(`${monitoring.pushgateway}${path}`, { method, body: text });
      expect(reply.ok, `${reply.status} ${await reply.text()}`).toBe(true);
    },
    seen: async () => {
      await monitoring.scrapes(2);
    },
  });
  contract(open);

  test('fifty agreements are one query', async () => {
    const place = open();
    const tasks = Array.from({ length: 50 }, (_, at) => task(`many-${at}`, [template(QOS)]));
    await place.push(
      'POST',
      '/metrics/job/compss',
      tasks.map(({ id }) => `# TYPE deadlines_missed_${id} counter\ndeadlines_missed_${id} 0\n`).join(''),
    );
    const history = historyOf([{ atMs: Date.now(), replicas: Object.fromEntries(tasks.map(({ name }) => [name, 4])) }]);
    await place.seen();
    const proxy = await countingProxy(monitoring.prometheus);
    const judge = judgeOf(createPrometheusSource({ url: proxy.url, clock: systemClock }));
    const input = { environment: environment(tasks), history, facts: settled(tasks, Date.now()) };
    await judge.judge(input);
    const before = proxy.count();
    const judgements = await judge.judge(input);
    proxy.server.close();
    expect(proxy.count() - before).toBe(1);
    expect(judgements.map(({ verdict }) => verdict.state)).toEqual(tasks.map(() => 'met'));
  });

  test('a query of its own: one series, or unknown', async () => {
    const place = open();
    for (const instance of ['1', '2']) await place.push('POST', `/metrics/job/q/instance/${instance}`, '# TYPE latency gauge\nlatency 3\n');
    await place.seen();
    const ask = async (query: string) => {
      const one = task('asked', [
        template('Q', { type: 'app', maxAllowed: 1, guarantees: [guarantee('latency < 5', { kind: 'gauge', query })] }),
      ]);
      const history = historyOf([{ atMs: Date.now() - 60_000, replicas: { asked: 4 }, qos: ['Q'] }]);
      return (await judgeOf(place.source).judge({ environment: environment([one]), history, facts: new Map() }))[0];
    };
    expect(await ask('sum(latency{job="q"}) # for $task')).toMatchObject({ verdict: { state: 'violated', value: 6 } });
    expect(await ask('latency')).toMatchObject({ verdict: { state: 'unknown', reason: 'Its query must give one series: 2' } });
    expect(await ask('sum(')).toMatchObject({ verdict: { state: 'unknown', reason: expect.stringMatching(/400 bad_data/) } });
  });

  test.sequential('down, nothing is known; back again, nothing is new', async () => {
    const one = workflow(judgeOf, open());
    await one.push(2);
    await one.commit(4);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    await monitoring.down('prometheus');
    expect(await one.verdict()).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/^Cannot ask prometheus/) });
    await monitoring.down('pushgateway');
    await monitoring.up('prometheus');
    await monitoring.up('pushgateway');
    await monitoring.scrapes(2);
    expect(await one.verdict()).toMatchObject({ state: 'met', value: 0 });
    one.restart();
    expect(await one.verdict(), 'after a restart of everything').toMatchObject({ state: 'met', value: 0 });
  });
});

async function countingProxy(target: string): Promise<{ url: string; server: Server; count: () => number }> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method, headers, url } = incoming;
    const onward = forward(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, count: () => count };
}
