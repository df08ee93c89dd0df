import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const MANY = 10_000;
const AT_ONCE = 250;
/** For other files of this process. */
const SPARE = 500;

let city: City | undefined;
let watch: WatchProcess | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await watch?.kill('SIGKILL');
  city?.remove();
});

it('Ten thousand idle event streams leave the others served, and all are told', async () => {
  city = createCity();
  city.commit({ 'infrastructures/modena.json': infrastructure('modena', { default: true }) });
  watch = await startWatchProcess(city.args, { cwd: city.directory });
  await watch.until('revision');
  const { url } = watch;
  const count = Math.min(MANY, mostOpen() - SPARE);
  let told = 0;
  while (sockets.length < count) {
    const more = Math.min(AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, () => listen(url, () => ++told)))));
  }
  const posted = await fetch(`${url}/api/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'web', dock: 'class', containers: [{ image: 'nginx' }] }),
  });
  expect(posted.status).toBe(200);
  await expect.poll(() => told, { timeout: 30_000 }).toBe(count);
  expect((await fetch(`${url}/api/v1/tasks/web`)).status).toBe(200);
});

/** Resolves when the stream has begun; calls back once, when something has happened. */
function listen(url: string, happened: () => void): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setEncoding('utf8').write(`GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let isTold = false;
    socket.once('error', reject);
    socket.on('data', (text: string) => {
      resolve(socket);
      if (isTold || !/^event: revision$/m.test(text)) return;
      isTold = true;
      happened();
    });
  });
}

function mostOpen(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
}
