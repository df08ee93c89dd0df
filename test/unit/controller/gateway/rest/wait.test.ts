import { describe, expect, it } from 'vitest';
import { createRest } from '../../../../../controller/gateway/rest/rest.ts';
import type { Clock } from '../../../../../controller/ports.ts';
import type { View } from '../../../../../controller/status.ts';
import type { Chronicle } from '../../../../../controller/story/chronicle.ts';
import type { Task } from '../../../../../synth/environment.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';

const TASK = { infrastructures: ['a', 'b'] } as unknown as Task;

/** Waits for a task as `query` says. What is told of it is in `seen`. */
function waiting(query: object, own?: Clock) {
  const clock = fakeClock();
  const socket = { destroyed: false };
  const seen = { health: 'ready', applied: { a: 'new', b: 'old' } as Record<string, string> };
  const view = {
    revision: 'new',
    environment: { infrastructures: new Map([['a', {}]]) },
    taskStatus: () => ({ health: seen.health }),
    infrastructureStatus: (name: string) => ({ revision: seen.applied[name] }),
  } as unknown as View & Chronicle;
  const rest = createRest({ ...gatewayOptions({ clock: own ?? clock }), view: () => view });
  let isOver = false;
  const wait = rest.waiter({ query, headers: {}, raw: { socket } } as never);
  const over = wait(TASK).then(() => {
    isOver = true;
  });
  return { clock, over, seen, socket, isOver: () => isOver };
}

describe('Waiting for a task by REST', () => {
  it('ends when what is in force is applied on all of its infrastructures and ready, not when something older was', async () => {
    const { clock, seen, isOver } = waiting({ wait: 'ready' });
    await clock.advance(5_000);
    expect(isOver()).toBe(false);
    Object.assign(seen, { health: 'progressing', applied: { a: 'new', b: 'new' } });
    await clock.advance(5_000);
    expect(isOver()).toBe(false);
    seen.health = 'ready';
    await clock.advance(100);
    expect(isOver()).toBe(true);
  });

  it.each([
    { query: { wait: 'ready', timeout: '2s' }, afterMs: 2_000 },
    { query: { wait: 'ready' }, afterMs: 60_000 },
    { query: { wait: 'ready', timeout: '5h' }, afterMs: 600_000 },
  ])('ends after the time of $query', async ({ query, afterMs }) => {
    let nowMs = 0;
    const sleep = async (durationMs: number) => {
      nowMs += durationMs;
    };
    await waiting(query, { now: () => nowMs, sleep }).over;
    expect(nowMs).toBe(afterMs);
  });

  it('ends when nobody waits for the answer any more, and at once when nothing is waited for', async () => {
    const { clock, socket, isOver } = waiting({ wait: 'ready' });
    socket.destroyed = true;
    await clock.advance(100);
    expect(isOver()).toBe(true);
    const other = waiting({});
    await other.clock.settle();
    expect(other.isOver()).toBe(true);
  });

  it.each([{ wait: 'healthy' }, { wait: 'ready', timeout: 'soon' }])('refuses %j', (query) => {
    expect(() => waiting(query)).toThrow(/wait|timeout/);
  });
});
