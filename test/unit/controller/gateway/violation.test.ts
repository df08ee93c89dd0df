import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../controller/errors.ts';
import { createServer } from '../../../../controller/gateway/server.ts';
import type { TakeReport } from '../../../../controller/gateway/violation.ts';
import { gatewayOptions } from '../../../support/gateway.ts';

const URL_PATH = '/api/v1/sla/tasks/uhmfwx/guarantee/deadlines_missed';
const BODY = {
  Agreement_id: 'uhmfwx',
  Status: 'violation',
  Client_id: 'uhmfwx',
  Client_name: 'compss_task_uhmfwx',
  Guarantee: 'deadlines_missed',
};

function gateway(take: (report: object, id: string | undefined) => Promise<void> = async () => undefined) {
  const taken: unknown[] = [];
  const report: TakeReport = async (one, id) => {
    await take(one, id);
    taken.push([one, id]);
  };
  const server = createServer(gatewayOptions({ report }));
  const call = async (payload: string, headers: Readonly<Record<string, string>> = {}, url = URL_PATH) => {
    const all = { host: 'localhost', 'content-type': 'application/json; charset=utf-8', ...headers };
    const reply = await server.inject({ method: 'POST', url, headers: all, payload });
    return { status: reply.statusCode, body: reply.body };
  };
  return { call, taken };
}

describe("the original's violation call", () => {
  it.each([
    { reason: 'as the original writes it', body: BODY },
    { reason: 'with keys in lower case', body: Object.fromEntries(Object.entries(BODY).map(([key, value]) => [key.toLowerCase(), value])) },
    { reason: 'with the task and the guarantee in the path alone', body: { Agreement_id: 'uhmfwx' } },
  ])('is taken $reason, and answered with 200 and nothing more', async ({ body }) => {
    const { call, taken } = gateway();
    expect(await call(JSON.stringify(body))).toEqual({ status: 200, body: '' });
    expect(taken).toEqual([[{ task: 'uhmfwx', agreement: 'uhmfwx', guarantee: 'deadlines_missed' }, undefined]]);
  });

  it('has the id of the call, where there is one', async () => {
    const { call, taken } = gateway();
    await call(JSON.stringify(BODY), { 'webhook-id': 'v1' });
    expect(taken).toMatchObject([[{}, 'v1']]);
  });

  it.each([
    {
      reason: 'another type, which any page may send',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      says: /Send application\/json/,
    },
    { reason: 'a name of a host that is not ours', headers: { host: 'evil.example' }, status: 403, says: /Host is not a loopback name/ },
    { reason: 'no JSON', payload: '{', status: 400, says: /Cannot read the body: line 1/ },
    { reason: 'a list', payload: '[]', status: 400, says: /Send a mapping of fields/ },
    { reason: 'another status', payload: '{"Status": "met"}', status: 400, says: /Cannot take what is no violation: met/ },
    { reason: 'a body of more than 64 KiB', payload: JSON.stringify({ Guarantee: 'x'.repeat(70_000) }), status: 413, says: /large/ },
  ])('is refused with $status for $reason', async ({ headers, payload = JSON.stringify(BODY), status, says }) => {
    const { call, taken } = gateway();
    const reply = await call(payload, headers);
    expect(reply).toEqual({ status, body: expect.stringMatching(says) });
    expect(taken).toEqual([]);
  });

  it.each([
    { outcome: 'terminal', status: 400 },
    { outcome: 'transient', status: 503 },
  ] as const)('is answered with $status when it is not taken: $outcome', async ({ outcome, status }) => {
    const { call } = gateway(async () => {
      throw new Failure(outcome, 'Cannot take it');
    });
    expect(await call(JSON.stringify(BODY))).toEqual({ status, body: expect.stringMatching(/"resp":"error".*"message":"Cannot take it"/) });
  });
});
