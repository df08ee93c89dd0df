import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createPrometheusSource } from '../../../../../controller/adapters/prometheus/source.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly port: number | undefined;
}

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** A tiny HTTP server that answers the same each time. */
async function answering(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    response.sendDate = false;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({
      method: request.method ?? '',
      url: request.url ?? '',
      body: Buffer.concat(chunks).toString(),
      authorization: request.headers.authorization,
      port: request.socket.remotePort,
    });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const success = (data: unknown, more = {}) => JSON.stringify({ status: 'success', data, ...more });
const matrix = (...result: unknown[]) => success({ resultType: 'matrix', result });

describe('createPrometheusSource: names', () => {
  test('are those of all metrics', async () => {
    const { url, asked } = await answering((response) => response.end(success(['deadlines_missed_a', 'up'])));
    const source = createPrometheusSource({ url, clock: fakeClock() });
    expect(await source.names?.()).toEqual(['deadlines_missed_a', 'up']);
    expect(asked[0]?.url).toBe('/api/v1/label/__name__/values');
  });

  test('that are none are refused', async () => {
    const { url } = await answering((response) => response.end(success({ resultType: 'vector', result: [] })));
    await expect(createPrometheusSource({ url, clock: fakeClock() }).names?.()).rejects.toThrow('it is no list of names');
  });
});

describe('createPrometheusSource: samples', () => {
  test('asks for raw samples of names in one range, and reads every kind of value', async () => {
    const values = [
      [1000, 'NaN'],
      [1001, '+Inf'],
      [1002.5, '-Inf'],
      [1003, '1e3'],
    ];
    const { url, asked } = await answering((response) =>
      response.end(matrix({ metric: { __name__: 'a', job: 'x' }, values: [[998, '0'], ...values] })),
    );
    const source = createPrometheusSource({ url: `${url}/prefix/`, clock: fakeClock() });
    expect(await source.samples(['a', 'b'], 998_000, 1_003_000)).toEqual([
      {
        name: 'a',
        labels: { job: 'x' },
        timesMs: [1_000_000, 1_001_000, 1_002_500, 1_003_000],
        values: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1_000],
      },
    ]);
    expect(asked).toHaveLength(1);
    const { pathname, searchParams } = new URL(asked[0]?.url ?? '', url);
    expect(pathname).toBe('/prefix/api/v1/query');
    expect(Object.fromEntries(searchParams)).toEqual({ query: '{__name__=~"a|b"}[5000ms]', time: '1003.000' });
  });

  test('puts a long query into the body', async () => {
    const { url, asked } = await answering((response) => response.end(matrix()));
    const names = Array.from({ length: 500 }, (_, at) => `deadlines_missed_${at}`);
    await createPrometheusSource({ url, clock: fakeClock() }).samples(names, 0, 1_000);
    expect(asked).toMatchObject([{ method: 'POST', url: '/api/v1/query' }]);
    expect(new URLSearchParams(asked[0]?.body).get('query')).toContain('deadlines_missed_499');
  });

  test('refuses what is no metric name, as it would be PromQL', async () => {
    const source = createPrometheusSource({ url: 'http://127.0.0.1:1', clock: fakeClock() });
    await expect(source.samples(['a"} or vector(1) #'], 0, 1_000)).rejects.toMatchObject({ outcome: 'terminal' });
  });

  test('nothing to ask costs no request', async () => {
    const source = createPrometheusSource({ url: 'http://127.0.0.1:1', clock: fakeClock() });
    expect(await source.samples([], 0, 1_000)).toEqual([]);
    expect(await source.samples(['a'], 1_000, 1_000)).toEqual([]);
  });
});

describe('createPrometheusSource: instant', () => {
  test.each([
    {
      type: 'vector',
      data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '2'] }] },
      series: [{ name: '', labels: { a: 'b' }, timesMs: [1_000], values: [2] }],
    },
    {
      type: 'scalar',
      data: { resultType: 'scalar', result: [1, '2'] },
      series: [{ name: '', labels: {}, timesMs: [1_000], values: [2] }],
    },
    { type: 'empty vector', data: { resultType: 'vector', result: [] }, series: [] },
  ])('a $type', async ({ data, series }) => {
    const { url } = await answering((response) => response.end(success(data)));
    expect(await createPrometheusSource({ url, clock: fakeClock() }).instant('x', 1_000)).toEqual(series);
  });
});

test('createPrometheusSource: instant asks for no samples that are older than it is told', async () => {
  const { url, asked } = await answering((response) => response.end(success({ resultType: 'vector', result: [] })));
  const source = createPrometheusSource({ url, clock: fakeClock() });
  await source.instant('x', 1_000);
  await source.instant('x', 1_000, undefined, 90_000);
  const parameters = asked.map((one) => Object.fromEntries(new URL(one.url, url).searchParams));
  expect(parameters).toEqual([
    { query: 'x', time: '1.000' },
    { query: 'x', time: '1.000', lookback_delta: '90.000' },
  ]);
});

describe('createPrometheusSource: what goes wrong', () => {
  test.each([
    { what: '502 with HTML', status: 502, body: '<html>Bad Gateway</html>', outcome: 'transient', reason: /status 502 with HTML/ },
    { what: '200 with HTML', status: 200, body: '<html>Log in</html>', outcome: 'transient', reason: /status 200 with HTML/ },
    { what: 'half an answer', status: 200, body: '{"status":"succ', outcome: 'transient', reason: /no JSON/ },
    {
      what: '422',
      status: 422,
      body: '{"status":"error","errorType":"execution","error":"duplicate labelset"}',
      outcome: 'terminal',
      reason: /422 execution duplicate labelset/,
    },
    {
      what: '400',
      status: 400,
      body: '{"status":"error","errorType":"bad_data","error":"parse error"}',
      outcome: 'terminal',
      reason: /400 bad_data parse error/,
    },
    {
      what: '503',
      status: 503,
      body: '{"status":"error","errorType":"timeout","error":"query timed out"}',
      outcome: 'terminal',
      reason: /503 timeout/,
    },
    {
      what: 'warnings',
      status: 200,
      body: success({ resultType: 'vector', result: [] }, { warnings: ['store 7 is down'] }),
      outcome: 'transient',
      reason: /partial answer.*store 7 is down/,
    },
    {
      what: 'a string',
      status: 200,
      body: success({ resultType: 'string', result: [1, 'x'] }),
      outcome: 'terminal',
      reason: /of type string/,
    },
    { what: 'no data', status: 200, body: '{"status":"success"}', outcome: 'terminal', reason: /of type undefined/ },
  ])('$what', async ({ status, body, outcome, reason }) => {
    const { url } = await answering((response) => response.writeHead(status).end(body));
    const asked = createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0);
    await expect(asked).rejects.toMatchObject({ outcome, message: expect.stringMatching(reason) });
  });

  test('infos are no warnings', async () => {
    const { url } = await answering((response) =>
      response.end(success({ resultType: 'vector', result: [] }, { infos: ['might not be a counter'] })),
    );
    expect(await createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0)).toEqual([]);
  });

  test('a redirect is not followed', async () => {
    const other = await answering((response) => response.end('x'));
    const { url } = await answering((response) => response.writeHead(302, { location: `${other.url}/login?token=1` }).end());
    await expect(createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0)).rejects.toThrow(
      `it redirects to ${other.url}/login: set its url to where it answers`,
    );
    expect(other.asked).toEqual([]);
  });

  test('nobody is there', async () => {
    await expect(createPrometheusSource({ url: 'http://127.0.0.1:1', clock: fakeClock() }).instant('x', 0)).rejects.toMatchObject({
      outcome: 'transient',
      message: expect.stringMatching(/^Cannot ask prometheus http:\/\/127.0.0.1:1: /),
    });
  });

  test('no answer within 10 s', async () => {
    const { url, asked } = await answering(() => {});
    const clock = fakeClock();
    const answer = expect(createPrometheusSource({ url, clock }).instant('x', 0)).rejects.toThrow(/no answer within 10 s/);
    await expect.poll(() => asked.length).toBe(1);
    await clock.advance(10_000);
    await answer;
  });

  test('an answer of more than 32 MiB', async () => {
    const { url } = await answering((response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    await expect(createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0)).rejects.toThrow(/larger than 32 MiB/);
  });

  test('an answer that says beforehand how large it is, is not read', async () => {
    const { url } = await answering((response) => response.writeHead(200, { 'content-length': 100_000_000 }).write(' '));
    await expect(createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0)).rejects.toThrow(/larger than 32 MiB/);
  });

  test.each([
    { reason: 'ten minutes ahead', byMs: 600_000, says: 'its clock is 10m ahead of ours' },
    { reason: 'ten minutes behind', byMs: -600_000, says: 'its clock is 10m behind ours' },
  ])('a clock $reason', async ({ byMs, says }) => {
    const clock = fakeClock();
    const date = new Date(clock.now() + byMs).toUTCString();
    const { url } = await answering((response) => response.writeHead(200, { date }).end(success({ resultType: 'vector', result: [] })));
    await expect(createPrometheusSource({ url, clock }).instant('x', 0)).rejects.toThrow(says);
  });

  test('a connection that is kept serves the next question too', async () => {
    const { url, asked } = await answering((response) => response.end(success({ resultType: 'vector', result: [] })));
    const source = createPrometheusSource({ url, clock: fakeClock() });
    for (let at = 0; at < 3; at += 1) await source.instant('x', 0);
    expect(new Set(asked.map(({ port }) => port)).size).toBe(1);
  });

  test('it was told to stop', async () => {
    const { url, asked } = await answering(() => {});
    const stop = new AbortController();
    const answer = expect(createPrometheusSource({ url, clock: fakeClock() }).instant('x', 0, stop.signal)).rejects.toThrow('stopped');
    await expect.poll(() => asked.length).toBe(1);
    stop.abort(new Error('stopped'));
    await answer;
  });

  test('a password goes into a header, and nowhere else', async () => {
    const { url, asked } = await answering((response) => response.writeHead(502).end());
    const source = createPrometheusSource({ url: url.replace('http://', 'http://user:se%20cret@'), clock: fakeClock() });
    await expect(source.instant('x', 0)).rejects.toThrow(/^(?!.*cret).*$/);
    expect(source.name).not.toMatch(/cret|user/);
    expect(asked).toMatchObject([{ authorization: `Basic ${Buffer.from('user:se cret').toString('base64')}` }]);
  });
});
