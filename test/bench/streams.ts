import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ms, ratio, residentMiB } from './measure.ts';
import type { Figure } from './report.ts';

const AIM_MIB = 300;
const COUNTS = [1_000, 10_000];
/** For other files and connections of this process. */
const SPARE = 500;
const SETTLED_MS = 2_000;
const AT_ONCE = 100;

export interface Watched {
  readonly url: string;
  /** Tasks that it has. */
  readonly tasks: number;
  /** Makes something happen. */
  readonly happen: () => Promise<unknown>;
}

/** Memory of a `watch` that many listen to, and how long it takes to tell them all. */
export async function benchStreams({ url, tasks, happen }: Watched): Promise<Figure[]> {
  const before = await residentMiB({ url });
  const { hostname, port } = new URL(url);
  const sockets: Stream[] = [];
  const figures: Figure[] = [];
  for (const count of COUNTS.map((wanted) => Math.min(wanted, mostOpen() - SPARE))) {
    while (sockets.length < count) {
      const more = Math.min(AT_ONCE, count - sockets.length);
      sockets.push(...(await Promise.all(Array.from({ length: more }, () => listen(hostname, Number(port))))));
    }
    await setTimeout(SETTLED_MS);
    const told = Promise.all(sockets.map(({ next }) => next()));
    await happen();
    const times = (await told).sort((a, b) => a - b);
    const spread = (times.at(-1) ?? 0) - (times[0] ?? 0);
    const memory = await residentMiB({ url });
    figures.push({
      what: `resident memory of \`watch\` with ${tasks} tasks and ${count} event streams`,
      figure: `${memory} MiB`,
      against: 'the same without the streams',
      floor: `${before} MiB`,
      ratio: ratio(memory / before),
      how: `${((1024 * (memory - before)) / count).toFixed(1)} KiB a stream; from the first to the last that is told of a change ${ms(spread)}; ${count === 1_000 ? `aim ${AIM_MIB} MB` : 'no aim'}`,
    });
  }
  for (const { socket } of sockets) socket.destroy();
  return figures;
}

interface Stream {
  readonly socket: Socket;
  /** When it is told something next. */
  next(): Promise<number>;
}

function listen(host: string, port: number): Promise<Stream> {
  const socket = connect({ host, port });
  const next = () => new Promise<number>((resolve) => socket.once('data', () => resolve(performance.now())));
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', () => resolve({ socket, next }));
  });
}

function mostOpen(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
}
