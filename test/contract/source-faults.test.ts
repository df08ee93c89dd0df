import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { openPrometheus } from '../../controller/adapters/prometheus/source.ts';
import type { MetricSource } from '../../controller/ports.ts';
import { createJudge, type Judge, type JudgeInput, type Verdict } from '../../controller/sla/judge.ts';
import type { Guarantee } from '../../synth/environment.ts';
import { have } from '../support/parts.ts';
import { type PrometheusStore, startPrometheusStore } from '../support/prometheus.ts';
import { remoteWrite } from '../support/remote-write.ts';
import { environment, guarantee, historyOf, settled, silentLog, task, template } from '../unit/controller/sla/world.ts';

const MINUTE = 60_000;
const STEP_MS = 15_000;
const MEBIBYTE = 1024 * 1024;

/** Stands before a Prometheus, and answers in its place when told to. */
interface Front {
  readonly url: string;
  answer: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
  cut(): Promise<void>;
  restore(): Promise<void>;
  stop(): Promise<void>;
}

async function startFront(target: string): Promise<Front> {
  const front: { answer: Front['answer'] } = { answer: undefined };
  const make = () =>
    createServer((incoming, outgoing) => {
      if (front.answer !== undefined) return front.answer(outgoing, incoming);
      const { method, headers, url } = incoming;
      const onward = forward(`${target}${url}`, { method, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
  let server = make();
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const restore = () => {
    server = make();
    return listen(port);
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return Object.assign(front, { url: `http://127.0.0.1:${port}`, cut, restore, stop: cut });
}

const secrets = { read: async () => '', path: async () => '', watch: () => () => undefined };
const sourceAt = (url: string, name: string): MetricSource =>
  openPrometheus({ type: 'prometheus', name, url, timeout: 700 }, { secrets, clock: systemClock });

let tasks = 0;

/** A task whose agreement was made nine minutes ago; nothing was missed, or what was then pushed. */
function promise(guarantees: readonly Guarantee[], infrastructure: string) {
  tasks += 1;
  // A slow machine may take longer than two evaluations.
  const patient = guarantees.map((one) => ({ maxAge: MINUTE, ...one }));
  const one = task(`task-${tasks}`, [template('Q', { type: 'app', guarantees: patient })], 4, infrastructure);
  return { one, metric: `misses_task_${tasks}` };
}

function inputOf(ones: readonly ReturnType<typeof promise>[]): JudgeInput {
  const all = ones.map(({ one }) => one);
  const replicas = Object.fromEntries(all.map(({ name }) => [name, 4]));
  const history = historyOf([{ atMs: Date.now() - 9 * MINUTE, replicas, qos: ['Q'] }]);
  return { environment: environment(all), history, facts: settled(all, Date.now() - 9 * MINUTE) };
}

async function verdicts(judge: Judge, input: JudgeInput): Promise<readonly Verdict[]> {
  return (await judge.judge(input)).map(({ verdict }) => verdict);
}

describe.skipIf(!have('prometheus'))('what goes wrong with a source, before a real Prometheus', { timeout: 60_000 }, () => {
  let store: PrometheusStore;
  let front: Front;
  let faulty: MetricSource;
  let sound: MetricSource;

  beforeAll(async () => {
    store = await startPrometheusStore('--query.max-samples=2000');
    front = await startFront(store.url);
    faulty = sourceAt(front.url, 'faulty');
    sound = sourceAt(store.url, 'sound');
    await write('up', { job: 'compss' }, () => 1);
  });
  afterAll(async () => {
    await front?.stop();
    await store?.stop();
  });

  /** Ten minutes of samples up to now, shifted by `byMs`. */
  async function write(name: string, labels: Record<string, string>, valueAt: (agoMs: number) => number, byMs = 0) {
    const nowMs = Date.now();
    const times = Array.from({ length: 40 }, (_, at) => (39 - at) * STEP_MS);
    const samples = times.map((agoMs) => [nowMs - agoMs + byMs, valueAt(agoMs)] as const);
    await remoteWrite(store.url, [{ labels: { __name__: name, ...labels }, samples }]);
  }

  const judgeOf = () =>
    createJudge({
      sourceOf: (infrastructure) => [infrastructure === 'faulty' ? faulty : sound],
      clock: systemClock,
      log: silentLog,
      evaluateEveryMs: 1_000,
    });

  const html = '<html><body>Sign in</body></html>';
  const json = (response: ServerResponse, body: object) => response.end(JSON.stringify(body));
  const huge = (response: ServerResponse) => {
    const series = `${JSON.stringify({ metric: { task: 'x'.repeat(1_000) }, values: [[1, '1']] })},`.repeat(1_000);
    response.write('{"status":"success","data":{"resultType":"matrix","result":[');
    const more = () => {
      while (!response.destroyed && response.write(series)) if (sent(response) > 100 * MEBIBYTE) return response.end('{}]}}');
      if (!response.destroyed) response.once('drain', more);
      return undefined;
    };
    more();
  };
  const sent = (response: ServerResponse) => response.socket?.bytesWritten ?? 0;

  test.each<{ fault: string; start: () => Promise<void> | void; reason: RegExp; end?: () => Promise<void> }>([
    { fault: 'down', start: () => front.cut(), end: () => front.restore(), reason: /^Cannot ask faulty .*ECONNRE/ },
    {
      fault: '502',
      start: () => {
        front.answer = (response) => response.writeHead(502).end(html);
      },
      reason: /status 502 with HTML/,
    },
    {
      fault: 'HTML in place of JSON',
      start: () => {
        front.answer = (response) => response.end(html);
      },
      reason: /status 200 with HTML/,
    },
    {
      fault: 'hanging',
      start: () => {
        front.answer = () => undefined;
      },
      reason: /no answer within 0.7 s/,
    },
    {
      fault: 'slow: it answers byte by byte',
      start: () => {
        front.answer = (response) => {
          const drip = setInterval(() => response.write(' '), 50);
          response.on('close', () => clearInterval(drip));
        };
      },
      reason: /no answer within 0.7 s/,
    },
    {
      fault: 'a partial answer, with a warning',
      start: () => {
        front.answer = (response) =>
          json(response, { status: 'success', warnings: ['store 7 is down'], data: { resultType: 'matrix', result: [] } });
      },
      reason: /partial answer of faulty .*store 7 is down/,
    },
    {
      fault: 'empty',
      start: () => {
        front.answer = (response) => json(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
      },
      reason: /has no recent samples/,
    },
    {
      fault: 'ends in the middle',
      start: () => {
        front.answer = (response) =>
          response.writeHead(200, { 'content-length': 1_000 }).write('{"status":"succ', () => response.destroy());
      },
      reason: /^Cannot ask faulty .*aborted/,
    },
    {
      fault: 'a clock that is ten minutes off',
      start: () => {
        front.answer = (response) => {
          response.setHeader('date', new Date(Date.now() + 10 * MINUTE).toUTCString());
          json(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
        };
      },
      reason: /its clock is (10m|9m59s)\S* ahead of ours/,
    },
    { fault: 'restarted, and not ready yet', start: notReady, reason: /status 503 with no JSON/ },
  ])('$fault: unknown, and nobody else is hurt; when it is over nothing is new', async ({ start, end, reason }) => {
    const ones = [promise([guarantee('misses < 1')], 'faulty'), promise([guarantee('misses < 1')], 'sound')];
    for (const { metric } of ones) await write(metric, { job: 'compss' }, () => 3);
    const input = inputOf(ones);
    const judge = judgeOf();
    expect(await verdicts(judge, input)).toMatchObject([
      { state: 'met', value: 0 },
      { state: 'met', value: 0 },
    ]);
    await start();
    try {
      await expect
        .poll(() => verdicts(judge, input), { timeout: 10_000 })
        .toMatchObject([{ state: 'unknown', reason: expect.stringMatching(reason) }, { state: 'met' }]);
      expect(await verdicts(judgeOf(), input), 'of a controller that starts now').toMatchObject([{ state: 'unknown' }, { state: 'met' }]);
    } finally {
      front.answer = undefined;
      await end?.();
    }
    await expect.poll(() => verdicts(judge, input), { timeout: 10_000 }).toMatchObject([{ state: 'met', value: 0 }, { state: 'met' }]);
  });

  function notReady(): void {
    front.answer = (response) => response.writeHead(503).end('Service Unavailable');
  }

  test('an answer of 100 MB is refused long before it was sent', async () => {
    const input = inputOf([promise([guarantee('misses < 1')], 'faulty')]);
    let most = 0;
    front.answer = (response) => {
      response.on('close', () => {
        most = Math.max(most, sent(response));
      });
      huge(response);
    };
    const patient = openPrometheus(
      { type: 'prometheus', name: 'faulty', url: front.url, timeout: 30_000 },
      { secrets, clock: systemClock },
    );
    const judge = createJudge({ sourceOf: () => [patient], clock: systemClock, log: silentLog, evaluateEveryMs: 15_000 });
    try {
      await expect
        .poll(() => verdicts(judge, input), { timeout: 20_000 })
        .toMatchObject([{ state: 'unknown', reason: expect.stringMatching(/its answer is larger than 32 MiB/) }]);
    } finally {
      front.answer = undefined;
    }
    await expect.poll(() => most).toBeGreaterThan(0);
    expect(most).toBeLessThan(60 * MEBIBYTE);
  });

  test.each<{ fault: string; valueAt: (agoMs: number) => number; byMs?: number; kind?: Guarantee['kind']; reason: RegExp }>([
    { fault: 'NaN', valueAt: (ago) => (ago === 0 ? Number.NaN : 9), reason: /is no number: NaN/ },
    { fault: '+Inf', valueAt: (ago) => (ago === 0 ? Number.POSITIVE_INFINITY : 9), reason: /is no number: Infinity/ },
    { fault: 'NaN of a gauge', kind: 'gauge', valueAt: () => Number.NaN, reason: /is no number: NaN/ },
    { fault: 'stale', valueAt: () => 9, byMs: -3 * MINUTE, kind: 'gauge', reason: /too old/ },
    { fault: 'scraped with a clock ten minutes behind', valueAt: () => 9, byMs: -10 * MINUTE, kind: 'gauge', reason: /no recent samples/ },
  ])('$fault is unknown', async ({ valueAt, byMs = 0, kind = 'counter', reason }) => {
    const one = promise([guarantee('misses < 1', { kind })], 'sound');
    await write(one.metric, { job: 'compss' }, valueAt, byMs);
    expect(await verdicts(judgeOf(), inputOf([one]))).toMatchObject([{ state: 'unknown', reason: expect.stringMatching(reason) }]);
  });

  test('a query with several series is unknown, and hurts no other', async () => {
    const several = promise([guarantee('misses < 1', { kind: 'gauge', query: '{__name__=~"misses_$task"}' })], 'sound');
    const other = promise([guarantee('misses < 1')], 'sound');
    for (const worker of ['1', '2']) await write(several.metric, { worker }, () => 9);
    await write(other.metric, { job: 'compss' }, () => 3);
    expect(await verdicts(judgeOf(), inputOf([several, other]))).toMatchObject([
      { state: 'unknown', reason: 'Its query must give one series: 2' },
      { state: 'met' },
    ]);
  });

  test('one agreement that the source refuses is found among many', async () => {
    const ones = Array.from({ length: 12 }, () => promise([guarantee('misses < 1')], 'sound'));
    for (const { metric } of ones) await write(metric, { job: 'compss' }, () => 3);
    const guilty = ones[7]?.metric ?? '';
    await remoteWrite(
      store.url,
      Array.from({ length: 200 }, (_, worker) => ({
        labels: { __name__: guilty, worker: `${worker}` },
        samples: Array.from({ length: 40 }, (__, at) => [Date.now() - (39 - at) * STEP_MS, 3] as const),
      })),
    );
    const found = await verdicts(judgeOf(), inputOf(ones));
    expect(found.map(({ state }) => state)).toEqual(ones.map((_, at) => (at === 7 ? 'unknown' : 'met')));
    expect(found[7]).toMatchObject({ reason: expect.stringMatching(/422 execution query processing would load too many samples/) });
  });

  test('queries of many tasks in the same words are one, over the past as well, and the guilty one is found', async () => {
    const queried = guarantee('load < 5', { kind: 'gauge', query: 'max(last_over_time(misses_$task[1m])) # of "$task' });
    const shape = { type: 'app', maxAllowed: 1, guarantees: [queried] } as const;
    const ones = Array.from({ length: 12 }, () => promise([queried], 'faulty')).map(({ one, metric }) => {
      return { metric, one: { ...one, qos: [template('Q', shape)] } };
    });
    for (const [at, { metric }] of ones.entries()) await write(metric, { job: 'compss' }, () => at);
    const asked: string[] = [];
    const counted: MetricSource = {
      ...faulty,
      instant: (query, ...more) => {
        asked.push(query);
        return faulty.instant(query, ...more);
      },
    };
    const judge = createJudge({ sourceOf: () => [counted], clock: systemClock, log: silentLog, evaluateEveryMs: STEP_MS });
    const judged = await judge.judge(inputOf(ones));
    const expected = ones.map((_, at) => ({ verdict: { state: at < 5 ? 'met' : 'violated', value: at } }));
    expect(judged).toMatchObject(expected);
    expect(judged[11]?.violations).toBeGreaterThan(10);
    expect(asked).toHaveLength(2);
    await remoteWrite(
      store.url,
      Array.from({ length: 2_100 }, (_, worker) => ({
        labels: { __name__: ones[3]?.metric ?? '', worker: `${worker}` },
        samples: [[Date.now(), 1]] as const,
      })),
    );
    const again = await verdicts(judge, inputOf(ones));
    expect(again.map(({ state }) => state)).toEqual(expected.map(({ verdict }, at) => (at === 3 ? 'unknown' : verdict.state)));
  });

  test('killed and started again, it has nothing new to tell', async () => {
    const one = promise([guarantee('misses < 1')], 'sound');
    await write(one.metric, { job: 'compss' }, () => 3);
    const judge = judgeOf();
    expect(await verdicts(judge, inputOf([one]))).toMatchObject([{ state: 'met', value: 0 }]);
    await store.restart();
    expect(await verdicts(judge, inputOf([one]))).toMatchObject([{ state: 'met', value: 0 }]);
    expect(await verdicts(judgeOf(), inputOf([one]))).toMatchObject([{ state: 'met', value: 0 }]);
  });
});
