import { constants, createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { readKubeconfig } from '../../controller/adapters/kube/kubeconfig.ts';
import { openSession } from '../../controller/adapters/kube/session.ts';
import { collect, createTransport } from '../../controller/adapters/kube/transport.ts';
import type { Failure } from '../../controller/errors.ts';
import type { Cluster, ResourceType } from '../../controller/ports.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';

const MAPS: ResourceType = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
const STREAMS = 20;
const WRONG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'class' } };

/** A server that misbehaves as each test tells it to. */
describe('Cluster: a server that misbehaves', () => {
  let server: Http2SecureServer;
  const sockets = new Set<Socket>();
  let kubeconfig: string;
  let key: string;
  let cert: string;
  let cluster: Cluster;
  let clock: FakeClock;
  let requests: string[];
  let connections = 0;
  let answer: (request: Http2ServerRequest, response: Http2ServerResponse) => void;

  beforeAll(async () => {
    const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }];
    ({ private: key, cert } = await generate([{ name: 'commonName', value: 'test' }], { extensions }));
    server = createSecureServer({ key, cert, settings: { maxConcurrentStreams: STREAMS } }, (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (request.url === '/api/v1')
        reply(response, 200, { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: [] }] });
      else answer(request, response);
    });
    server.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket.on('close', () => sockets.delete(socket)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    kubeconfig = JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
      clusters: [
        {
          name: 'c',
          cluster: {
            server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
            'certificate-authority-data': Buffer.from(cert).toString('base64'),
          },
        },
      ],
      users: [{ name: 'c', user: { token: 'hush-hush' } }],
    });
  });
  afterAll(() => {
    cut();
    server.close();
  });
  beforeEach(() => {
    requests = [];
    clock = fakeClock();
    cluster = createCluster({ name: 'edge-1', kubeconfig, clock, requestTimeoutMs: 300 });
    return () => cluster.close();
  });

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const caught = (attempt: Promise<unknown>): Promise<Failure> =>
    attempt.then(
      () => expect.fail('It should have been rejected'),
      (error) => error,
    );
  const watchOnce = async () => {
    for await (const event of await cluster.watch(MAPS, '1')) return event;
    return undefined;
  };

  it('uses one connection for one request after the other', async () => {
    answer = (_, response) => reply(response, 200, { gitVersion: 'v1.36.0' });
    const before = connections;
    for (let turn = 0; turn < 5; turn++) await cluster.version();
    expect(connections - before).toBe(1);
  });

  it('sends a read again when the kept connection was closed meanwhile, and a POST never', async () => {
    answer = (_, response) => reply(response, 200, { gitVersion: 'v1.36.0' });
    await cluster.version();
    let isCut = true;
    answer = (_, response) => {
      if (isCut) cut();
      else reply(response, 200, { gitVersion: 'v1.36.1' });
      isCut = false;
    };
    expect(await cluster.version()).toBe('v1.36.1');
    isCut = true;
    expect(await caught(cluster.create(WRONG))).toMatchObject({ outcome: 'transient' });
    expect(requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('sends again what the server refused to begin, a POST as well, once', async () => {
    let refusals = 1;
    answer = (_, response) => {
      refusals -= 1;
      if (refusals >= 0) response.stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else reply(response, 201, WRONG);
    };
    expect(await cluster.create(WRONG)).toMatchObject(WRONG);
    refusals = 2;
    expect(await caught(cluster.create(WRONG))).toMatchObject({ outcome: 'transient' });
    expect(requests.filter((line) => line.startsWith('POST'))).toHaveLength(4);
  });

  it('goes on over a new connection when the server says goodbye, and lets what runs on the old one end', async () => {
    let finish = () => {};
    answer = (request, response) => {
      if (requests.length > 1) return void reply(response, 200, { gitVersion: 'v1.36.1' });
      finish = () => reply(response, 200, { gitVersion: 'v1.36.0' });
      request.stream.session?.goaway();
    };
    const first = cluster.version();
    await expect.poll(() => requests.length).toBe(1);
    const before = connections;
    await expect.poll(() => cluster.version().then(() => connections - before)).toBe(1);
    finish();
    expect(await first).toBe('v1.36.0');
  });

  it('opens a second connection when the server takes no more streams on the first', async () => {
    const held: Http2ServerResponse[] = [];
    answer = (_, response) => {
      held.push(response);
    };
    const before = connections;
    const first = Array.from({ length: STREAMS }, () => cluster.version());
    await expect.poll(() => held.length).toBe(STREAMS);
    const another = cluster.version();
    await expect.poll(() => held.length).toBe(STREAMS + 1);
    expect(connections - before).toBe(2);
    for (const response of held) reply(response, 200, { gitVersion: 'v1.36.0' });
    expect(new Set(await Promise.all([...first, another]))).toEqual(new Set(['v1.36.0']));
  });

  it('says so when the server speaks HTTP/1.1 only', async () => {
    const old = createServer({ key, cert }, (_, response) => response.end('{}'));
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const { port } = old.address() as AddressInfo;
    const stranger = createCluster({ name: 'edge-1', kubeconfig: kubeconfig.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`), clock });
    const error = await caught(stranger.version());
    expect(error).toMatchObject({ outcome: 'transient' });
    expect(String(error.cause)).toMatch(/HTTP\/2|no application protocol/i);
    old.close();
  });

  it('waits as long as a 429 says, then asks again', async () => {
    let busy = 2;
    answer = (_, response) => {
      busy -= 1;
      if (busy >= 0) reply(response, 429, {}, { 'Retry-After': '1' });
      else reply(response, 200, { gitVersion: 'v1.36.0' });
    };
    const asked = cluster.version();
    for (const expected of [1, 2]) {
      await expect.poll(() => requests.length).toBe(expected);
      await clock.advance(1000);
    }
    expect(await asked).toBe('v1.36.0');
  });

  it('asks nothing at all while a 429 has it wait', async () => {
    answer = (request, response) => {
      const isFirst = requests.length === 1;
      if (isFirst) reply(response, 429, {}, { 'Retry-After': '2' });
      else if (request.url?.includes('watch=1')) response.writeHead(200, { 'Content-Type': 'application/json' }).write('\n');
      else reply(response, 200, { gitVersion: 'v1.36.0' });
    };
    const sleep = vi.spyOn(clock, 'sleep');
    const first = cluster.version();
    await expect.poll(() => sleep.mock.calls.length).toBe(1);
    const others = [cluster.version(), cluster.watch(MAPS, '1')];
    await clock.advance(1900);
    expect(requests.length).toBe(1);
    await clock.advance(100);
    expect(await first).toBe('v1.36.0');
    await Promise.all(others);
    expect(requests.length).toBe(4);
  });

  it.each([
    [429, '60', 60_000],
    [503, '5', 5000],
    [500, undefined, undefined],
    [502, undefined, undefined],
  ])('%i with Retry-After %s is transient, told to the caller at once', async (status, retryAfter, afterMs) => {
    answer = (_, response) => reply(response, status, {}, retryAfter === undefined ? {} : { 'Retry-After': retryAfter });
    expect(await caught(cluster.version())).toMatchObject({ outcome: 'transient', status, afterMs });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, typeof answer, RegExp]>([
    ['a redirect', (_, response) => reply(response, 302, {}, { Location: 'https://169.254.169.254/' }), /redirect/],
    ['a page', (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>hello'), /no Kubernetes API server/],
    ['half an answer', (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"gitVer'), /JSON/],
    [
      'a cut answer',
      (_, response) => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 99 }).write('{', cut),
      /closed before the end/,
    ],
    ['nothing', () => {}, /no answer within 300 ms/],
    [
      'a hang in the middle',
      (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write('{'),
      /no answer within 300 ms/,
    ],
  ])('%s is transient and says what came', async (_, misbehave, says) => {
    answer = misbehave;
    const error = await caught(cluster.version());
    expect(error).toMatchObject({ outcome: 'transient' });
    expect(error.message).toMatch(/^Cannot reach infrastructure 'edge-1' at https:\/\/127\.0\.0\.1:\d+$/);
    expect(String(error.cause)).toMatch(says);
    expect(`${error.message} ${error.cause}`).not.toContain('hush-hush');
  });

  it('an answer that is reset as it begins, in one packet with its head, is transient at once', async () => {
    answer = ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.session?.destroy(undefined, constants.NGHTTP2_INTERNAL_ERROR);
    };
    const reset: typeof answer = ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    };
    for (const misbehave of [answer, reset]) {
      answer = misbehave;
      for (let turn = 0; turn < 5; turn++) expect(await caught(cluster.version())).toMatchObject({ outcome: 'transient' });
    }
  });

  it('an answer that broke before anybody read it is told, not waited for', async () => {
    answer = (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
    const transport = createTransport({ name: 'edge-1', access: readKubeconfig(kubeconfig, 'edge-1'), clock, requestTimeoutMs: 5000 });
    const incoming = await transport.open({ method: 'GET', path: '/version' }, 5000);
    incoming.stream.destroy();
    await new Promise((resolve) => incoming.stream.on('close', resolve));
    expect(String(await caught(collect(incoming)))).toMatch(/closed before the end/);
    transport.close();
  });

  it('takes no more than it can hold', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const more = () => response.stream.destroyed || response.write(chunk, more);
      more();
    };
    const patient = createCluster({ name: 'edge-1', kubeconfig, clock, requestTimeoutMs: 20_000 });
    expect(String((await caught(patient.version())).cause)).toMatch(/larger than/);
    patient.close();
  });

  it('ends a request in the middle when it is aborted', async () => {
    const ending = new AbortController();
    const reason = new Error('a newer revision');
    answer = () => ending.abort(reason);
    expect(await caught(cluster.version(ending.signal))).toBe(reason);
  });

  it('a watch that is refused rejects with the answer, one that breaks as transient', async () => {
    answer = (_, response) => reply(response, 410, { reason: 'Expired', message: 'too old' });
    expect(await caught(watchOnce())).toMatchObject({ status: 410, reason: 'Expired' });
    answer = (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"ty', cut);
    expect(await caught(watchOnce())).toMatchObject({ outcome: 'transient' });
  });

  it('a watch without a byte is broken off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.stream.write('');
    };
    const access = readKubeconfig(kubeconfig, 'edge-1');
    const transport = createTransport({ name: 'edge-1', access, clock, requestTimeoutMs: 5000 });
    const { stream } = await transport.open({ method: 'GET', path: '/api/v1/pods?watch=1' }, 100);
    const ended = await new Promise((resolve) => stream.on('error', resolve).resume());
    expect(String(ended)).toContain('not a byte within 100 ms');
    transport.close();
  });

  it('ends no stream and no connection while bytes are being read, which Node would not survive', async () => {
    const access = readKubeconfig(kubeconfig, 'edge-1');
    const transport = createTransport({ name: 'edge-1', access, clock, requestTimeoutMs: 5000 });
    answer = (_, response) => reply(response, 200, {});
    const { stream } = await transport.open({ method: 'GET', path: '/version' }, 5000);
    const streamEnds = vi.spyOn(Object.getPrototypeOf(stream), 'destroy');
    const sessionEnds = vi.spyOn(Object.getPrototypeOf(stream.session), 'destroy');
    transport.close();
    expect(sessionEnds).not.toHaveBeenCalled();
    await expect.poll(() => sessionEnds.mock.calls.length).toBe(1);

    streamEnds.mockClear();
    const event = { type: 'ADDED', object: { metadata: { name: 'x' } } };
    answer = (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write(`${JSON.stringify(event)}\n`);
    expect(await watchOnce()).toMatchObject(event);
    expect(streamEnds).not.toHaveBeenCalled();
    await expect.poll(() => streamEnds.mock.calls.length).toBe(1);
    vi.restoreAllMocks();
  });

  it('asks no session for a sign of life that is gone already, which would throw in a timer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    answer = () => {};
    const session = openSession(readKubeconfig(kubeconfig, 'edge-1'), () => undefined);
    const stream = session.begin({ ':path': '/version' }, undefined, 'request', undefined).on('error', () => undefined);
    await expect.poll(() => requests.length).toBe(1);
    vi.advanceTimersByTime(2000);
    stream.session?.destroy();
    expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
    vi.useRealTimers();
  });

  it('a probe on a dead connection ends with its signal, and soon one gets an answer over another', async () => {
    answer = (_, response) => reply(response, 200, { gitVersion: 'v1.36.0' });
    const proxy = await startFaultProxy({ kubeconfig });
    const through = createCluster({ name: 'edge-1', kubeconfig: proxy.kubeconfig(), clock });
    await through.version();
    proxy.blackHole();
    expect((await caught(through.version(AbortSignal.timeout(300)))).name).toBe('TimeoutError');
    proxy.end();
    expect((await caught(through.version(AbortSignal.timeout(300)))).name).toBe('TimeoutError');
    const probe = () => through.version(AbortSignal.timeout(300)).catch(() => undefined);
    await expect.poll(probe, { timeout: 5000 }).toBe('v1.36.0');
    expect(proxy.connections()).toBeGreaterThan(1);
    through.close();
    await proxy.stop();
  });

  it('asks list by list until there is nothing to continue', async () => {
    answer = (request, response) => {
      const token = new URL(request.url ?? '', 'https://x').searchParams.get('continue');
      const page = token === null ? 1 : Number(token);
      const metadata = { resourceVersion: '7', ...(page < 3 ? { continue: String(page + 1) } : {}) };
      reply(response, 200, { metadata, items: [{ metadata: { name: `m${page}` } }] });
    };
    const { items, resourceVersion } = await cluster.list(MAPS, { namespace: 'class' });
    expect(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['ConfigMap m1', 'ConfigMap m2', 'ConfigMap m3']);
    expect(resourceVersion).toBe('7');
  });
});

function reply(response: Http2ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
