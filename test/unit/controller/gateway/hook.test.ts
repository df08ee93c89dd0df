import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createServer } from '../../../../controller/gateway/server.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../support/gateway.ts';

const SECRET = 'a secret of both sides';
const BODY = JSON.stringify({ ref: 'refs/heads/main' });

function signed(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function gateway(given: { readonly secret?: (() => Promise<string>) | undefined } = { secret: async () => SECRET }) {
  const clock = fakeClock();
  let looks = 0;
  const look = () => {
    looks += 1;
  };
  const said: string[] = [];
  const note = (fields: Readonly<Record<string, unknown>>) => void said.push(JSON.stringify(fields));
  const log = { debug: note, info: note, warn: note, error: note };
  const server = createServer(gatewayOptions({ hook: { secret: given.secret, look }, clock, log }));
  const call = async (headers: Readonly<Record<string, string>>, payload: string | Buffer = BODY) => {
    const all = { host: 'localhost', 'content-type': 'application/json', ...headers };
    const reply = await server.inject({ method: 'POST', url: '/api/v1/hooks/git', headers: all, payload });
    return { status: reply.statusCode, body: reply.body };
  };
  return { call, clock, looks: () => looks, said };
}

describe('the hook of git hosts', () => {
  it.each([
    { host: 'GitHub', headers: { 'x-hub-signature-256': signed(BODY), 'x-github-delivery': '1', 'x-github-event': 'push' } },
    { host: 'Gitea', headers: { 'x-hub-signature-256': signed(BODY), 'x-gitea-delivery': '1' } },
    { host: 'GitLab', headers: { 'x-gitlab-token': SECRET, 'x-gitlab-event-uuid': '1' } },
  ])('makes the controller look once for a call of $host', async ({ headers }) => {
    const { call, looks } = gateway();
    expect((await call(headers)).status).toBe(202);
    expect(looks()).toBe(1);
  });

  it.each([
    { reason: 'no signature', headers: {}, status: 403 },
    { reason: 'a wrong signature', headers: { 'x-hub-signature-256': signed(BODY, 'guessed') }, status: 403 },
    { reason: 'the signature of another body', headers: { 'x-hub-signature-256': signed('{}') }, status: 403 },
    { reason: 'a signature that is cut short', headers: { 'x-hub-signature-256': signed(BODY).slice(0, 20) }, status: 403 },
    { reason: 'a wrong token', headers: { 'x-gitlab-token': `${SECRET}!` }, status: 403 },
    {
      reason: 'a wrong signature beside a right token',
      headers: { 'x-hub-signature-256': 'sha256=', 'x-gitlab-token': SECRET },
      status: 403,
    },
    { reason: 'another content type', headers: { 'x-hub-signature-256': signed(BODY), 'content-type': 'text/plain' }, status: 415 },
  ])('refuses $reason with $status and looks at nothing', async ({ headers, status }) => {
    const { call, looks } = gateway();
    expect((await call(headers)).status).toBe(status);
    expect(looks()).toBe(0);
  });

  it('refuses a body of more than 3 MiB', async () => {
    const { call, looks } = gateway();
    const body = Buffer.alloc(3 * 1024 * 1024 + 1, ' ');
    expect((await call({ 'x-hub-signature-256': signed(body) }, body)).status).toBe(413);
    expect(looks()).toBe(0);
  });

  it.each([
    { reason: 'the same delivery', again: { 'x-github-delivery': '1' }, body: BODY },
    { reason: 'the same body under another delivery id, which nobody signed', again: { 'x-github-delivery': '2' }, body: BODY },
    { reason: 'the same body without a delivery id', again: {}, body: BODY },
    { reason: 'the same delivery id with another body', again: { 'x-github-delivery': '1' }, body: '{"ref": "refs/heads/other"}' },
  ])('refuses $reason when it comes again', async ({ again, body }) => {
    const { call, looks } = gateway();
    await call({ 'x-hub-signature-256': signed(BODY), 'x-github-delivery': '1' });
    expect((await call({ 'x-hub-signature-256': signed(body), ...again }, body)).status).toBe(409);
    expect(looks()).toBe(1);
  });

  it('does not remember what was not signed: nobody can block a delivery that is to come', async () => {
    const { call, looks } = gateway();
    await call({ 'x-hub-signature-256': 'sha256=wrong', 'x-github-delivery': '1' });
    expect((await call({ 'x-hub-signature-256': signed(BODY), 'x-github-delivery': '1' })).status).toBe(202);
    expect(looks()).toBe(1);
  });

  it('takes no more than 120 calls a minute', async () => {
    const { call, clock, looks } = gateway();
    const calls = Array.from({ length: 130 }, (_, n) => JSON.stringify({ n }));
    for (const body of calls) await call({ 'x-hub-signature-256': signed(body) }, body);
    expect(looks()).toBe(120);
    await clock.advance(60_000);
    expect((await call({ 'x-hub-signature-256': signed(BODY) })).status).toBe(202);
  });

  it('says how to open it while no secret is named', async () => {
    const { call } = gateway({});
    expect(await call({})).toMatchObject({ status: 404, body: expect.stringContaining('--hook-secret NAME') });
  });

  it('tells the log, not the caller, that its secret is gone', async () => {
    const { call, said } = gateway({
      secret: async () => {
        throw new Error('Cannot read secret "hook" as it has no file');
      },
    });
    const { status, body } = await call({ 'x-hub-signature-256': signed(BODY) });
    expect({ status, tells: body.includes('"hook"') }).toEqual({ status: 503, tells: false });
    expect(said.join()).toContain('has no file');
  });

  it('keeps the secret and the payload out of the log', async () => {
    const { call, said } = gateway();
    await call({ 'x-hub-signature-256': signed(BODY), 'x-github-event': 'push' });
    await call({ 'x-gitlab-token': `${SECRET} ` });
    expect(said.join()).not.toMatch(/a secret of both sides|refs\/heads/);
  });
});
