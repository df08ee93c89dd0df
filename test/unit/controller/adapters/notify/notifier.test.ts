import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { notificationSpec } from '../../../../../constructs/spec/notification.ts';
import { createNotifier } from '../../../../../controller/adapters/notify/notifier.ts';
import { Failure } from '../../../../../controller/errors.ts';
import type { Notice, Secrets } from '../../../../../controller/ports.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { startHttpServer } from '../../../../support/http-server.ts';
import { START_MS } from '../../sla/world.ts';

const VIOLATION: Notice = {
  id: 'v1',
  kind: 'violation',
  atMs: START_MS,
  environment: 'city',
  task: 'compss_workflow',
  agreement: 'compss_workflow_DeadlinesMissed_1',
  guarantee: 'deadlines missed/1',
  client: 'compss_task_compss_workflow',
  data: { value: 1, promised: '< 1' },
};
const { client: _client, ...ABOUT } = VIOLATION;
const DECISION: Notice = { ...ABOUT, kind: 'decision', id: 'd1', data: { from: 4, to: 6 } };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function receiver(answer?: (response: ServerResponse) => void) {
  const server = await startHttpServer(answer);
  stops.push(server.stop);
  return server;
}

function notifier(
  url: string,
  format: 'cloudevents' | 'violation' = 'cloudevents',
  read = async (_name: string) => 'a secret of both sides',
) {
  const secrets: Secrets = { read, path: async () => '', watch: () => () => undefined };
  const clock = fakeClock(START_MS);
  return { clock, ...createNotifier(secrets, clock)(notificationSpec.parse({ url, secret: 'hook', format })) };
}

describe('the webhook', () => {
  test.each([
    { notice: VIOLATION, type: 'dev.rotterdam.agreement.violated' },
    { notice: DECISION, type: 'dev.rotterdam.decision.made' },
  ])('posts a CloudEvents 1.0 event in structured mode: $type', async ({ notice, type }) => {
    const { url, received } = await receiver();
    await notifier(`${url}/hooks/city?channel=sla`).send(notice);
    expect(received.map(({ method, url: path }) => `${method} ${path}`)).toEqual(['POST /hooks/city?channel=sla']);
    expect(received[0]?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      specversion: '1.0',
      id: notice.id,
      source: '/rotterdam-sync/city',
      type,
      subject: 'compss_workflow',
      time: '2023-11-14T22:13:20.000Z',
      datacontenttype: 'application/json',
      data: {
        environment: 'city',
        task: 'compss_workflow',
        agreement: 'compss_workflow_DeadlinesMissed_1',
        guarantee: 'deadlines missed/1',
        ...notice.data,
      },
    });
  });

  test.each([
    { why: 'a text', secret: 'a secret of both sides', key: Buffer.from('a secret of both sides') },
    { why: 'base64, marked as such', secret: `whsec_${Buffer.from('bytes').toString('base64')}`, key: Buffer.from('bytes') },
  ])('signs id, time and body with a secret that is $why', async ({ secret, key }) => {
    const { url, received } = await receiver();
    await notifier(url, 'cloudevents', async () => secret).send(VIOLATION);
    const { headers, body = '' } = received[0] ?? {};
    const digest = createHmac('sha256', key).update(`v1.1700000000.${body}`).digest('base64');
    expect(headers).toMatchObject({ 'webhook-id': 'v1', 'webhook-timestamp': '1700000000', 'webhook-signature': `v1,${digest}` });
  });
});

describe("the original's violation call", () => {
  test('has the path and the body of the original, and a signature beside', async () => {
    const { url, received } = await receiver();
    await notifier(`${url}/rotterdam/`, 'violation').send(VIOLATION);
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/rotterdam/api/v1/sla/tasks/compss_workflow/guarantee/deadlines%20missed%2F1',
        headers: { 'content-type': 'application/json; charset=utf-8', 'webhook-id': 'v1' },
      },
    ]);
    expect(received[0]?.body).toBe(
      '{"Agreement_id":"compss_workflow_DeadlinesMissed_1","Status":"violation","Client_id":"compss_workflow",' +
        '"Client_name":"compss_task_compss_workflow","Guarantee":"deadlines missed/1"}',
    );
  });

  test('has no words for decisions', async () => {
    const { url, received } = await receiver();
    await notifier(url, 'violation').send(DECISION);
    expect(received).toEqual([]);
  });
});

describe('an answer', () => {
  test.each([200, 202, 204, 409])('%i is taken', async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    await expect(notifier(url).send(VIOLATION)).resolves.toBeUndefined();
  });

  test.each([
    { status: 400, outcome: 'terminal' },
    { status: 410, outcome: 'terminal' },
    { status: 422, outcome: 'terminal' },
    { status: 302, outcome: 'transient', headers: { location: 'http://127.0.0.1:1/' } },
    { status: 401, outcome: 'transient' },
    { status: 404, outcome: 'transient' },
    { status: 429, outcome: 'transient', headers: { 'retry-after': '7' }, afterMs: 7000 },
    { status: 502, outcome: 'transient' },
  ])('$status is $outcome', async ({ status, outcome, headers = {}, afterMs }) => {
    const { url, received } = await receiver((response) => response.writeHead(status, headers).end('<html>'));
    const error = await notifier(`${url}/hook?token=hidden`)
      .send(VIOLATION)
      .catch((refused) => refused);
    expect(error).toBeInstanceOf(Failure);
    expect({ outcome: error.outcome, afterMs: error.afterMs }).toEqual({ outcome, afterMs });
    expect(error.message).toMatch(/^Cannot tell http:\/\/127\.0\.0\.1:\d+\/hook: it /);
    expect(error.message).not.toContain('hidden');
    expect(received).toHaveLength(1);
  });

  test('that never comes is given up after ten seconds', async () => {
    const { url, received } = await receiver(() => undefined);
    const { clock, send } = notifier(url);
    const sent = send(VIOLATION).catch((error) => error);
    await expect.poll(() => received.length).toBe(1);
    await clock.advance(10_000);
    expect(await sent).toMatchObject({ outcome: 'transient', message: expect.stringMatching(/no answer within 10 s/) });
  });

  test('is not waited for after an abort', async () => {
    const { url, received } = await receiver(() => undefined);
    const stop = new AbortController();
    const sent = notifier(url).send(VIOLATION, stop.signal);
    await expect.poll(() => received.length).toBe(1);
    stop.abort(new Error('Stopped'));
    await expect(sent).rejects.toThrow('Stopped');
  });

  test('nobody gives is transient, as is a secret that is not there', async () => {
    const { url, stop } = await startHttpServer();
    await stop();
    await expect(notifier(url).send(VIOLATION)).rejects.toMatchObject({
      outcome: 'transient',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    const missing = async () => Promise.reject(new Failure('terminal', 'Cannot read secret "hook"'));
    await expect(notifier(url, 'cloudevents', missing).send(VIOLATION)).rejects.toMatchObject({
      outcome: 'transient',
      message: 'Cannot read secret "hook"',
    });
  });
});
