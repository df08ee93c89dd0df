import { describe, expect, it } from 'vitest';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';

async function ask(method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS', url: string) {
  const { statusCode, headers, body } = await createServer(gatewayOptions()).inject({ method, url, headers: { host: 'localhost' } });
  return { status: statusCode, allow: headers.allow, body };
}

describe('a path', () => {
  it.each([
    { method: 'DELETE', url: '/api/v1/tasks', allow: 'GET, HEAD, POST, OPTIONS', says: '"resp":"error"' },
    { method: 'PATCH', url: '/api/v1/docks/class/tasks/web?x=1', allow: 'DELETE, GET, HEAD, PUT, OPTIONS', says: '"caasversion":"1.2.3"' },
    { method: 'GET', url: '/api/v1/reconcile', allow: 'POST, OPTIONS', says: 'ask by POST' },
    { method: 'POST', url: '/sla/v1/agreements/a/details', allow: 'GET, HEAD, OPTIONS', says: '{"code":"405","message"' },
    { method: 'GET', url: '/metrics/job/compss', allow: 'DELETE, POST, PUT, OPTIONS', says: '{"message":' },
  ] as const)('that is asked for by the wrong method: $method $url', async ({ method, url, allow, says }) => {
    expect(await ask(method, url)).toEqual({ status: 405, allow, body: expect.stringContaining(says) });
  });

  it.each([
    { method: 'GET', url: '/api/v1/tasks/a%2fb', host: 'localhost', status: 404, named: 'GetTask' },
    { method: 'GET', url: '/api/v1/imec', host: 'elsewhere.example', status: 403, named: 'GetInfrastructures' },
    { method: 'POST', url: '/api/v1/tasks', host: 'localhost', status: 413, named: 'deploy' },
    { method: 'POST', url: '/api/v1/reconcile', host: 'localhost', status: 413, named: 'POST /api/v1/reconcile' },
    { method: 'GET', url: '/api/v1/task', host: 'localhost', status: 404, named: 'unknown' },
  ] as const)('answers under its name, though nobody got to it: $method $url $status', async ({ method, url, host, status, named }) => {
    const payload =
      method === 'POST' ? { payload: `"${'x'.repeat(1024 * 1024)}"`, headers: { host, 'content-type': 'application/json' } } : {};
    const reply = await createServer(gatewayOptions()).inject({ method, url, headers: { host }, ...payload });
    expect([reply.statusCode, reply.json().method]).toEqual([status, named]);
  });

  it.each([
    { url: '/api/v1/tasks/%zz', says: { resp: 'error', method: 'unknown' } },
    { url: `/api/v1/tasks/${'a'.repeat(5_000)}`, says: { resp: 'error', caasversion: '1.2.3' } },
    { url: '/sla/v1/agreements/%zz', says: { code: '404' } },
    { url: '/metrics/job/%zz', says: {} },
  ])('that can not be read gets the answer and the headers of others: $url', async ({ url, says }) => {
    const message = 'There is nothing at this path: it can not be read';
    const reply = await createServer(gatewayOptions()).inject({ method: 'GET', url, headers: { host: 'localhost', 'x-request-id': 'r1' } });
    expect([reply.statusCode, reply.json()]).toEqual([404, expect.objectContaining({ message, ...says })]);
    expect(reply.headers).toMatchObject({ 'x-request-id': 'r1', 'x-frame-options': 'DENY', 'content-security-policy': expect.any(String) });
  });

  it.each([
    ['/api/v1/tasks', 'GET, HEAD, POST, OPTIONS'],
    ['/healthz', 'GET, HEAD, OPTIONS'],
  ])('tells what it may be asked for: %s', async (url, allow) => {
    expect(await ask('OPTIONS', url)).toEqual({ status: 204, allow, body: '' });
  });

  it.each([
    { method: 'GET', url: '/api/v1/task', says: '"resp":"error"' },
    { method: 'OPTIONS', url: '/api/v1/tasks/a/b', says: '"resp":"error"' },
    { method: 'GET', url: '/sla/v1/agreement', says: '"code":"404"' },
    { method: 'GET', url: '/healthz/', says: 'nothing at this path' },
  ] as const)('that is not there: $method $url', async ({ method, url, says }) => {
    expect(await ask(method, url)).toEqual({ status: 404, allow: undefined, body: expect.stringContaining(says) });
  });

  it.each(['/version', '/events'])('answers HEAD where it answers GET: %s', async (path) => {
    expect(await ask('HEAD', `/api/v1${path}`)).toEqual({ status: 200, allow: undefined, body: '' });
  });
});
