import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../../../controller/gateway/access/grant.ts';
import { createServer, type GatewayOptions } from '../../../../../controller/gateway/server.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { bearer, hold } from '../../../../support/tokens.ts';

const ADMIN = hold('ada', 'admin');
const READ = hold('reader', 'read');
const CLASS = hold('class-writer', 'write', ['class']);
const MASTERS: Grant = { name: 'masters', scope: 'write', docks: ['class'], networks: ['10.0.0.0/8'], hosts: ['rotterdam.example'] };
const GRANTS = [ADMIN.grant, READ.grant, CLASS.grant, MASTERS];

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
  readonly payload?: string;
}

function world(given: Partial<GatewayOptions> = {}, onlyProxies = false) {
  const server = createServer(gatewayOptions({ grants: () => GRANTS, ...given }), onlyProxies);
  return async ({ from = '203.0.113.9', ...asked }: Asked) => server.inject({ ...asked, remoteAddress: from });
}

describe('With tokens', () => {
  it.each([
    { reason: 'no token', url: '/api/v1/status', headers: {}, status: 401 },
    { reason: 'no token, where there is nothing', url: '/nothing', headers: {}, status: 401 },
    { reason: 'no token, to ask what may be asked', method: 'OPTIONS' as const, url: '/api/v1/tasks', headers: {}, status: 401 },
    { reason: 'one that is not known', url: '/api/v1/status', headers: bearer('rotterdam_x'), status: 401 },
    { reason: 'its hash', url: '/api/v1/status', headers: bearer(ADMIN.grant.sha256 ?? ''), status: 401 },
    { reason: 'another way to log in', url: '/api/v1/status', headers: { authorization: `Basic ${ADMIN.token}` }, status: 401 },
    { reason: 'the token in the query', url: `/api/v1/status?access_token=${ADMIN.token}`, headers: {}, status: 401 },
    { reason: 'a cookie', url: '/api/v1/status', headers: { cookie: `token=${ADMIN.token}` }, status: 401 },
    { reason: 'a token', url: '/api/v1/status', headers: bearer(READ.token), status: 200 },
    { reason: 'a token in the header of the original', url: '/api/v1/status', headers: { api_key: READ.token }, status: 200 },
    { reason: 'a token, where there is nothing', url: '/nothing', headers: bearer(READ.token), status: 404 },
    { reason: 'a token, under any name', url: '/api/v1/status', headers: { ...bearer(READ.token), host: 'city.example' }, status: 200 },
    { reason: 'no token, for health', url: '/healthz', headers: {}, status: 200 },
    { reason: 'no token, for readiness', url: '/readyz', headers: {}, status: 200 },
    { reason: 'no token, for metrics', url: '/metrics', headers: {}, status: 401 },
    { reason: 'a token of all docks, for metrics', url: '/metrics', headers: bearer(READ.token), status: 200 },
    { reason: 'a token of one dock, for the metrics of all', url: '/metrics', headers: bearer(CLASS.token), status: 403 },
    { reason: 'a read scope, to write', method: 'POST' as const, url: '/api/v1/tasks', headers: bearer(READ.token), status: 403 },
    { reason: 'a write scope, to administer', method: 'PUT' as const, url: '/api/v1/config', headers: bearer(CLASS.token), status: 403 },
    {
      reason: 'a write scope of a dock, for a QoS definition',
      method: 'POST' as const,
      url: '/api/v1/qos/definitions',
      headers: bearer(CLASS.token),
      status: 403,
    },
  ])('$reason is answered $status', async ({ reason: _, status, ...asked }) => {
    const reply = await world()(asked);
    expect(reply.statusCode, reply.body).toBe(status);
    expect(reply.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="rotterdam-sync"' : undefined);
  });

  it('the answer of an error is that of its API', async () => {
    const ask = world();
    expect((await ask({ url: '/api/v1/tasks' })).json()).toMatchObject({ resp: 'error', message: expect.stringContaining('Send a token') });
    expect((await ask({ url: '/sla/v1/agreements' })).json()).toMatchObject({
      code: '401',
      message: expect.stringContaining('Send a token'),
    });
  });

  it('the hook is asked for its own proof, not for a token', async () => {
    const reply = await world({ hook: { secret: async () => 's', look: () => undefined } })({
      method: 'POST',
      url: '/api/v1/hooks/git',
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    });
    expect([reply.statusCode, reply.json().message]).toEqual([403, expect.stringContaining('signature')]);
  });

  it.each([
    { reason: 'ends', grant: { ...READ.grant, expires: '1970-01-01T00:00:00Z' }, from: '203.0.113.9', status: 401 },
    { reason: 'does not end yet', grant: { ...READ.grant, expires: '2999-01-01T00:00:00Z' }, from: '203.0.113.9', status: 200 },
    { reason: 'is for another network', grant: { ...READ.grant, networks: ['10.0.0.0/8'] }, from: '203.0.113.9', status: 401 },
    { reason: 'is for its network', grant: { ...READ.grant, networks: ['10.0.0.0/8'] }, from: '10.9.9.9', status: 200 },
  ])('a token that $reason is answered $status', async ({ grant, from, status }) => {
    const ask = world({ grants: () => [grant] });
    expect((await ask({ url: '/api/v1/status', headers: bearer(READ.token), from })).statusCode).toBe(status);
  });

  it('one that is taken back is refused from then on', async () => {
    let grants: readonly Grant[] = GRANTS;
    const ask = world({ grants: () => grants });
    const status = async () => (await ask({ url: '/api/v1/status', headers: bearer(READ.token) })).statusCode;
    const before = await status();
    grants = [ADMIN.grant];
    expect([before, await status()]).toEqual([200, 401]);
  });
});

describe('Without a token', () => {
  it.each([
    { reason: 'from an open network', url: '/api/v1/tasks', from: '10.1.2.3', host: '10.0.0.1:8333', status: 503 },
    { reason: 'from an open network, in IPv6’s clothes', url: '/api/v1/tasks', from: '::ffff:10.1.2.3', host: '10.0.0.1', status: 503 },
    { reason: 'under a name that is named', url: '/api/v1/tasks', from: '10.1.2.3', host: 'Rotterdam.example:8333', status: 503 },
    { reason: 'under a name that a page gave itself', url: '/api/v1/tasks', from: '10.1.2.3', host: 'rebound.example', status: 403 },
    { reason: 'from another network', url: '/api/v1/tasks', from: '11.1.2.3', host: '10.0.0.1', status: 401 },
    { reason: 'beyond what is open', url: '/api/v1/imec', from: '10.1.2.3', host: '10.0.0.1', status: 403 },
  ])('$reason it is answered $status', async ({ url, from, host, status }) => {
    expect((await world()({ url, from, headers: { host } })).statusCode).toBe(status);
  });

  it('a wrong token opens nothing that none would', async () => {
    expect((await world()({ url: '/api/v1/tasks', from: '10.1.2.3', headers: { host: '10.0.0.1', ...bearer('wrong') } })).statusCode).toBe(
      401,
    );
  });

  it('nobody says by a header where he is from', async () => {
    const headers = { host: '10.0.0.1', 'x-forwarded-for': '10.1.2.3' };
    expect((await world()({ url: '/api/v1/tasks', headers })).statusCode).toBe(401);
  });
});

describe('Behind a proxy', () => {
  const proxies = ['192.0.2.1'];
  const headers = { host: '10.0.0.1', 'x-forwarded-for': '10.1.2.3' };

  it.each([
    { reason: 'its word counts', from: '192.0.2.1', headers, status: 503 },
    {
      reason: 'what others said before it does not',
      from: '192.0.2.1',
      headers: { ...headers, 'x-forwarded-for': '10.1.2.3, 203.0.113.9' },
      status: 401,
    },
    { reason: 'nobody comes past it', from: '10.1.2.3', headers: { host: '10.0.0.1', ...bearer(READ.token) }, status: 403 },
    {
      reason: 'a token comes by https',
      from: '192.0.2.1',
      headers: { ...headers, ...bearer(READ.token), 'x-forwarded-proto': 'https' },
      status: 503,
    },
    {
      reason: 'a token never comes in the clear',
      from: '192.0.2.1',
      headers: { ...headers, ...bearer(READ.token), 'x-forwarded-proto': 'http' },
      status: 403,
    },
  ])('$reason: $status', async ({ from, headers, status }) => {
    expect((await world({ proxies }, true)({ url: '/api/v1/tasks', from, headers })).statusCode).toBe(status);
  });

  it('probes of health may come past it', async () => {
    expect((await world({ proxies }, true)({ url: '/healthz' })).statusCode).toBe(200);
  });
});

describe('Whoever asks too often', () => {
  const burst = async (ask: ReturnType<typeof world>, asked: Asked) => {
    const replies = await Promise.all(Array.from({ length: 501 }, () => ask(asked)));
    return replies.at(-1);
  };

  it.each([
    { reason: 'with a token', headers: bearer(READ.token) },
    { reason: 'with none', headers: {} },
    { reason: 'with wrong ones', headers: bearer('wrong') },
  ])('$reason is told to wait, and nobody else', async ({ headers }) => {
    const clock = fakeClock();
    const ask = world({ clock });
    const reply = await burst(ask, { url: '/api/v1/status', headers });
    expect([reply?.statusCode, reply?.headers['retry-after']]).toEqual([429, '1']);
    expect((await ask({ url: '/api/v1/status', headers: bearer(CLASS.token), from: '203.0.113.10' })).statusCode).toBe(200);
    await clock.advance(1_000);
    expect((await ask({ url: '/api/v1/status', headers })).statusCode).not.toBe(429);
  });
});

describe('Every answer', () => {
  it.each([
    { url: '/healthz' },
    { url: '/nothing' },
    { url: '/api/v1/status' },
    { url: '/api/v1/status', headers: bearer(READ.token) },
    { url: '/' },
  ])('of $url has the headers that keep a browser from harm', async (asked) => {
    const { headers } = await world()(asked);
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it.each([
    { given: 'a-b_c.1', expected: 'a-b_c.1' },
    { given: 'a b', expected: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { given: 'a'.repeat(65), expected: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { given: undefined, expected: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  ])('has a request id: $given', async ({ given, expected }) => {
    const { headers } = await world()({ url: '/healthz', ...(given === undefined ? {} : { headers: { 'x-request-id': given } }) });
    expect(headers['x-request-id']).toEqual(expected);
  });

  it('that is a refusal is a line of the log, by its id, without the token', async () => {
    const lines: unknown[] = [];
    const log = { debug() {}, info() {}, warn: (...line: unknown[]) => lines.push(line), error() {} };
    const ask = world({ log });
    for (const _ of Array.from({ length: 20 }))
      await ask({ url: '/api/v1/status?token=hunter2', headers: { ...bearer('hunter2'), 'x-request-id': 'one' } });
    expect(lines).toHaveLength(5);
    expect(lines[0]).toEqual([
      {
        request: 'one',
        address: '203.0.113.9',
        method: 'GET',
        path: '/api/v1/status',
        reason: expect.stringContaining('Refused the token'),
      },
      'refused',
    ]);
  });
});

describe('A page of another site', () => {
  const local = () => {
    const server = createServer(gatewayOptions());
    return async (method: 'POST' | 'GET', headers: Readonly<Record<string, string>>) =>
      (
        await server.inject({
          method,
          url: method === 'GET' ? '/metrics' : '/metrics/job/a',
          headers: { host: 'localhost:8333', ...headers },
          payload: '',
        })
      ).statusCode;
  };

  it.each([
    { reason: 'no browser', headers: {}, status: 202 },
    { reason: 'our own page', headers: { origin: 'http://localhost:8333' }, status: 202 },
    { reason: 'our own page, as browsers say it', headers: { origin: 'https://elsewhere', 'sec-fetch-site': 'same-origin' }, status: 202 },
    { reason: 'another site', headers: { origin: 'http://evil.example' }, status: 403 },
    { reason: 'another port', headers: { origin: 'http://localhost:1' }, status: 403 },
    { reason: 'nobody knows where', headers: { origin: 'null' }, status: 403 },
    { reason: 'another site, as browsers say it', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  ])('writes nothing: from $reason $status', async ({ headers, status }) => {
    expect(await local()('POST', headers)).toBe(status);
  });

  it('may link here', async () => expect(await local()('GET', { 'sec-fetch-site': 'cross-site' })).toBe(200));
});
