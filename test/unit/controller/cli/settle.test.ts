import { describe, expect, it } from 'vitest';
import { type Settling, untilSettled } from '../../../../controller/cli/settle.ts';
import type { EndingObject, ObjectHealth, SyncEngine, SyncTarget } from '../../../../controller/sync/engine.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'web' };
const health = (state: ObjectHealth['state']): ObjectHealth => ({ ref, state, reason: state });
const ENDING: EndingObject = { ref, since: '2026-11-23T00:00:00Z', finalizers: [], says: [] };

/** An engine that only watches, as a test moves it. */
function watching(first: Settling) {
  const clock = fakeClock();
  const listeners = new Set<() => void>();
  let now = first;
  const engine = {
    health: () => now.health,
    ending: () => now.ending,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as Partial<SyncEngine> as SyncEngine;
  const told: Settling[] = [];
  const leave = new AbortController();
  const settled = untilSettled({ engine, target: {} as SyncTarget }, (one) => told.push(one), { clock, signal: leave.signal });
  const move = (next: Settling) => {
    now = next;
    for (const listener of listeners) listener();
  };
  return { clock, listeners, told, leave, settled, move };
}

const STARTING: Settling = { health: [health('progressing')], ending: [] };
const READY: Settling = { health: [health('ready')], ending: [] };

describe('untilSettled', () => {
  it('resolves at once where all is ready', async () => {
    expect(await watching(READY).settled).toEqual(READY);
  });

  it('waits for what moves, tells it, and listens no more when it is over', async () => {
    const { move, settled, told, listeners } = watching(STARTING);
    move(STARTING);
    move(READY);
    expect(await settled).toEqual(READY);
    expect(told).toEqual([STARTING, STARTING, READY]);
    expect(listeners.size).toBe(0);
  });

  it('waits until what is being deleted is gone', async () => {
    const { move, settled, told } = watching({ ...READY, ending: [ENDING] });
    expect(told.length).toBe(1);
    move(READY);
    expect(await settled).toEqual(READY);
  });

  it('ends when something has failed', async () => {
    const { move, settled } = watching(STARTING);
    const failed = { health: [health('ready'), health('failed')], ending: [] };
    move(failed);
    expect(await settled).toEqual(failed);
  });

  it('ends when it takes longer than ten minutes, or is interrupted', async () => {
    const long = watching(STARTING);
    await long.clock.advance(10 * 60_000);
    expect(await long.settled).toEqual(STARTING);
    const left = watching(STARTING);
    left.leave.abort(new Error('enough'));
    expect(await left.settled).toEqual(STARTING);
    expect(left.listeners.size).toBe(0);
  });
});
