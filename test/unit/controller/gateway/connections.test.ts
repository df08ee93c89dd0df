import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../controller/adapters/clock.ts';
import { createFeed } from '../../../../controller/feed.ts';
import { createServer } from '../../../../controller/gateway/server.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../support/gateway.ts';
import { memoryRepository } from '../../../support/memory-repository.ts';
import { EDGE, restOf } from '../../../support/rest.ts';

const BODY = JSON.stringify({ name: 'web', containers: [{ image: 'nginx' }] });
const PUSH = 'POST /metrics/job/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n';
const EVENTS = 'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = (query = '') =>
  `POST /api/v1/tasks${query} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function portOf(server: FastifyInstance): Promise<number> {
  undo.push(() => server.close());
  return Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
}

interface Wire {
  readonly socket: Socket;
  /** All that came. */
  text(): string;
  /** Resolves when the other side is gone. */
  readonly closed: Promise<void>;
}

async function wire(port: number, ...sent: readonly string[]): Promise<Wire> {
  const socket = connect({ host: '127.0.0.1', port });
  undo.push(() => socket.destroy());
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve));
  for (const part of sent) socket.write(part);
  return { socket, text: () => text, closed };
}

async function writing(clock = systemClock) {
  const repository = memoryRepository();
  repository.add({ 'infrastructures/edge.yaml': EDGE });
  const world = restOf(repository, clock);
  undo.push(() => world.stop());
  await expect.poll(() => world.controller.view(), { timeout: 20_000 }).toBeDefined();
  return { ...world, port: await portOf(world.server) };
}

describe('Who hangs up', { timeout: 30_000 }, () => {
  it('in the middle of a body: nothing is committed, and others are answered', async () => {
    const { port, messages, call } = await writing();
    const { socket, closed } = await wire(port, post(), BODY.slice(0, 10));
    socket.destroy();
    await closed;
    expect((await call('POST', '/tasks', { name: 'other', containers: [{ image: 'x' }] })).status).toBe(200);
    expect(await messages()).toEqual(['Change', 'Create task other\n']);
  });

  it('while a task is waited for: the task stays, and nobody waits any more', async () => {
    const sleep = vi.fn(systemClock.sleep);
    const { port, messages } = await writing({ ...systemClock, sleep });
    const { socket, text } = await wire(port, post('?wait=ready&timeout=10m'), BODY);
    await expect.poll(messages, { timeout: 20_000 }).toEqual(['Change', 'Create task web\n']);
    expect(text()).toBe('');
    socket.destroy();
    let before = -1;
    const isQuiet = () => {
      const looks = sleep.mock.calls.filter(([durationMs]) => durationMs === 50).length;
      const isSame = looks === before;
      before = looks;
      return isSame;
    };
    await expect.poll(isQuiet, { interval: 200, timeout: 20_000 }).toBe(true);
  });
});

describe('Who sends slowly', { timeout: 30_000 }, () => {
  it('is given ten seconds for the head and a minute for all of a request', async () => {
    const { server } = createServer(gatewayOptions());
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 60_000 });
  });

  it('is cut off, whatever drips, and others are served meanwhile', async () => {
    const push = vi.fn(async () => undefined);
    const server = createServer(gatewayOptions({ pushes: { push } }));
    Object.assign(server.server, { headersTimeout: 300, requestTimeout: 300 });
    const port = await portOf(server);
    const slow = await Promise.all([
      ...Array.from({ length: 50 }, () => wire(port, 'GET /healthz HTTP/1.1\r\n')),
      ...Array.from({ length: 50 }, () => wire(port, PUSH)),
    ]);
    const dripping = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('a');
    }, 20);
    undo.push(() => clearInterval(dripping));
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await Promise.all(slow.map(({ closed }) => closed));
    expect(slow.every(({ text }) => text() === '' || text().includes(' 408 '))).toBe(true);
    expect(push).not.toHaveBeenCalled();
  });
});

describe('Those who listen to events', { timeout: 30_000 }, () => {
  async function listening(count: number) {
    const feed = createFeed(gatewayOptions().log, fakeClock());
    const server = createServer(gatewayOptions({ feed }));
    const port = await portOf(server);
    const wires = await Promise.all(Array.from({ length: count }, () => wire(port, EVENTS)));
    await expect.poll(() => wires.filter(({ text }) => text().includes(': \n\n')).length, { timeout: 20_000 }).toBe(count);
    return { server, feed, wires };
  }

  it('are told by hundreds, and what is told is printed once for all', async () => {
    const { feed, wires } = await listening(300);
    const toJSON = vi.fn(() => 'web');
    feed.log.info({ task: { toJSON } }, 'decision');
    await expect.poll(() => wires.filter(({ text }) => text().includes('"task":"web"')).length, { timeout: 20_000 }).toBe(300);
    expect(toJSON).toHaveBeenCalledTimes(1);
  });

  it('and do not read are cut off when more than 1 MiB waits for them; the others miss nothing', async () => {
    const { server, feed, wires } = await listening(3);
    const [deaf = expect.fail('no wire'), ...others] = wires;
    deaf.socket.pause();
    const connected = () => new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count)));
    let told = 0;
    // What the kernel holds for it comes on top, and differs from machine to machine.
    while ((await connected()) === 3 && told < 1_000) {
      for (let n = 0; n < 20; n += 1, told += 1) feed.log.info({ told, text: 'x'.repeat(50_000) }, 'long');
      await expect.poll(() => others.every(({ text }) => text().includes(`"told":${told - 1},`)), { timeout: 20_000 }).toBe(true);
    }
    expect(await connected()).toBe(2);
    for (const { text } of others) expect(text().match(/"told":\d+/g)).toHaveLength(told);
  });
});
