import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../controller/errors.ts';
import { isLoopback, parseListenAddress } from '../../../../controller/gateway/address.ts';
import { createServer, type PushSink } from '../../../../controller/gateway/server.ts';
import { EMPTY_STATUS, gatewayOptions } from '../../../support/gateway.ts';

const STATUS = EMPTY_STATUS;

function server(given: Parameters<typeof gatewayOptions>[0] & { readonly push?: PushSink['push'] } = {}) {
  const { push, ...options } = given;
  return createServer(gatewayOptions({ ...options, ...(push === undefined ? {} : { pushes: { push } }) }));
}

describe('the gateway', () => {
  it.each([
    { url: '/healthz', status: 200, body: 'ok\n' },
    { url: '/readyz', status: 200, body: 'ok\n' },
    { url: '/metrics', status: 200, body: 'up 1\n' },
    { url: '/api/v1/status', status: 200, body: expect.stringContaining(JSON.stringify(STATUS).slice(1)) },
    { url: '/nothing', status: 404, body: expect.stringContaining('There is nothing at this path') },
  ])('answers GET $url with $status', async ({ url, status, body }) => {
    const reply = await server().inject({ url, headers: { host: '127.0.0.1' } });
    expect({ status: reply.statusCode, body: reply.body }).toEqual({ status, body });
  });

  it.each([
    { body: '{}', looked: undefined },
    { body: '{"infrastructures": []}', looked: [] },
    { body: '{"infrastructures": ["modena"]}', looked: ['modena'] },
  ])('looks now when asked with $body, and answers the status afterwards', async ({ body, looked }) => {
    const asked: unknown[] = [];
    const gateway = server({ lookNow: async (names) => void asked.push(names) });
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const reply = await gateway.inject({ method: 'POST', url: '/api/v1/reconcile', headers, payload: body });
    expect({ status: reply.statusCode, body: reply.json(), asked }).toEqual({ status: 200, body: STATUS, asked: [looked] });
  });

  it.each([
    {
      reason: 'a form, which any page may send',
      type: 'application/x-www-form-urlencoded',
      body: '',
      status: 415,
      says: 'Send application/json',
    },
    { reason: 'no JSON', type: 'application/json', body: 'modena', status: 400, says: 'Cannot read what to look at' },
    {
      reason: 'a wrong field',
      type: 'application/json',
      body: '{"infrastructure": "modena"}',
      status: 400,
      says: 'Cannot read what to look at',
    },
    {
      reason: 'one that is not there',
      type: 'application/json',
      body: '{"infrastructures": ["x"]}',
      status: 400,
      says: 'Cannot look at x',
    },
  ])('looks at nothing when asked with $reason', async ({ type, body, status, says }) => {
    const lookNow = async () => {
      throw new Failure('terminal', 'Cannot look at x');
    };
    const headers = { host: 'localhost', 'content-type': type };
    const reply = await server({ lookNow }).inject({ method: 'POST', url: '/api/v1/reconcile', headers, payload: body });
    expect(reply.statusCode).toBe(status);
    expect(reply.json().message).toContain(says);
  });

  it('says why it is not ready', async () => {
    const reply = await server({ notReady: () => 'No revision is in force yet' }).inject({
      url: '/readyz',
      headers: { host: 'localhost' },
    });
    expect([reply.statusCode, reply.body]).toEqual([503, 'No revision is in force yet\n']);
  });

  it('refuses a Host that is not loopback', async () => {
    const reply = await server().inject({ url: '/api/v1/status', headers: { host: 'rebound.example' } });
    expect(reply.statusCode).toBe(403);
  });

  it.each(['PUT', 'POST', 'DELETE'] as const)('hands %s of a group to the push source and answers 202', async (method) => {
    const pushed: unknown[] = [];
    const gateway = server({ push: async (...push) => void pushed.push(push) });
    const payload = 'deadlines_missed_a 1\n';
    const request = {
      method,
      url: '/metrics/job/compss/task/a%2Fb',
      headers: { host: 'localhost', 'content-type': 'text/plain; version=0.0.4' },
    };
    const reply = await gateway.inject(method === 'DELETE' ? request : { ...request, payload });
    expect(reply.statusCode).toBe(202);
    expect(pushed).toEqual([[method, '/metrics/job/compss/task/a%2Fb', method === 'DELETE' ? '' : payload]]);
  });

  it('takes a gzipped push', async () => {
    const pushed: string[] = [];
    const gateway = server({ push: async (_method, _path, body) => void pushed.push(body) });
    const headers = { host: 'localhost', 'content-encoding': 'gzip' };
    await gateway.inject({ method: 'POST', url: '/metrics/job/a', headers, payload: gzipSync('a 1\n') });
    expect(pushed).toEqual(['a 1\n']);
  });

  it.each([
    { reason: 'what is no gzip', headers: { 'content-encoding': 'gzip' }, payload: Buffer.from('a 1\n') },
    { reason: 'a bomb', headers: { 'content-encoding': 'gzip' }, payload: gzipSync(Buffer.alloc(20 * 1024 * 1024)) },
    { reason: 'another encoding', headers: { 'content-encoding': 'br' }, payload: Buffer.from('a 1\n') },
  ])('answers 400 to $reason', async ({ headers, payload }) => {
    const reply = await server().inject({ method: 'POST', url: '/metrics/job/a', headers: { host: 'localhost', ...headers }, payload });
    expect(reply.statusCode).toBe(400);
  });

  it.each([{ reason: 'protobuf', headers: { 'content-type': 'application/vnd.google.protobuf; encoding=delimited' } }])(
    'answers 415 to $reason',
    async ({ headers }) => {
      const reply = await server().inject({
        method: 'POST',
        url: '/metrics/job/a',
        headers: { host: 'localhost', ...headers },
        payload: 'x',
      });
      expect(reply.statusCode).toBe(415);
    },
  );

  it.each([
    { outcome: 'terminal' as const, status: 400 },
    { outcome: 'transient' as const, status: 503 },
  ])('answers $status to a $outcome failure of the push source', async ({ outcome, status }) => {
    const push = async () => Promise.reject(new Failure(outcome, 'Cannot read the push'));
    const reply = await server({ push }).inject({ method: 'POST', url: '/metrics/job/a', headers: { host: 'localhost' }, payload: 'x' });
    expect([reply.statusCode, reply.json()]).toEqual([status, { message: 'Cannot read the push' }]);
  });
});

describe('parseListenAddress', () => {
  it.each([
    ['127.0.0.1:8333', { host: '127.0.0.1', port: 8333 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
  ])('%s', (text, expected) => expect(parseListenAddress(text)).toEqual(expected));

  it.each(['127.0.0.1', '127.0.0.1:99999', ':80', ''])('refuses %j', (text) => {
    expect(() => parseListenAddress(text)).toThrow();
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['LOCALHOST', true],
    ['::1', true],
    ['127.0.0.1.evil.example', false],
    ['0.0.0.0', false],
  ])('%s: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));
});
