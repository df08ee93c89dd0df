import { describe, expect, it } from 'vitest';
import { Failure } from '../../../controller/errors.ts';
import { Queue } from '../../../controller/queue.ts';
import { fakeClock } from '../../support/fake-clock.ts';

function setup(work: (signal: AbortSignal, run: number) => Promise<number | undefined>) {
  const clock = fakeClock();
  const failures: { outcome: string; reason: string; againAfterMs: number }[] = [];
  let runs = 0;
  const queue = new Queue({
    clock,
    work: (signal) => work(signal, ++runs),
    failed: ({ outcome, reason, againAfterMs }) => failures.push({ outcome, reason, againAfterMs }),
  });
  return { clock, queue, failures, runs: () => runs };
}

describe('Queue', () => {
  it('runs once per look when nothing is left to do', async () => {
    const { queue, clock, runs } = setup(async () => undefined);
    queue.look();
    await clock.settle();
    queue.look();
    await clock.settle();
    expect(runs()).toBe(2);
  });

  it('runs once more, not twice, when asked twice during a run', async () => {
    const gate = withResolvers();
    const { queue, clock, runs } = setup(async (_signal, run) => {
      if (run === 1) await gate.promise;
      return undefined;
    });
    queue.look();
    await clock.settle();
    queue.look();
    queue.look();
    gate.resolve();
    await clock.settle();
    expect(runs()).toBe(2);
  });

  it('looks now although it backs off, and begins again with the shortest one', async () => {
    const { queue, clock, failures, runs } = setup(async () => {
      throw new Failure('transient', 'down');
    });
    queue.look();
    await clock.advance(10_000);
    const before = runs();
    await queue.lookNow();
    expect([runs(), failures.at(-1)?.againAfterMs]).toEqual([before + 1, 1_000]);
  });

  it('has looked when a run that began later has ended, not before', async () => {
    const gates = [withResolvers(), withResolvers()];
    const { queue, clock } = setup(async (_signal, run) => {
      await gates[run - 1]?.promise;
      return undefined;
    });
    queue.look();
    await clock.settle();
    let looked = false;
    void queue.lookNow().then(() => {
      looked = true;
    });
    gates[0]?.resolve();
    await clock.settle();
    expect(looked).toBe(false);
    gates[1]?.resolve();
    await clock.settle();
    expect(looked).toBe(true);
  });

  it('has not looked when the run was given up for something newer', async () => {
    const { queue, clock, runs } = setup(
      (signal, run) =>
        new Promise((resolve, reject) => {
          if (run > 1) return resolve(undefined);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    let seen = 0;
    void queue.lookNow().then(() => {
      seen = runs();
    });
    await clock.settle();
    queue.look({ interrupt: true });
    await clock.settle();
    expect(seen).toBe(2);
  });

  it('keeps nobody waiting for a look after it was stopped', async () => {
    const { queue } = setup((signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
    const looked = queue.lookNow();
    await queue.stop();
    await Promise.all([looked, queue.lookNow()]);
  });

  it('looks again after the time that the work said', async () => {
    const { queue, clock, runs } = setup(async (_signal, run) => (run === 1 ? 5_000 : undefined));
    queue.look();
    await clock.advance(4_999);
    expect(runs()).toBe(1);
    await clock.advance(1);
    expect(runs()).toBe(2);
  });

  it('backs off from transient failures, doubling to a minute', async () => {
    const { queue, clock, failures } = setup(async () => {
      throw new Failure('transient', 'down');
    });
    queue.look();
    await clock.advance(300_000);
    expect(failures.map(({ againAfterMs }) => againAfterMs).slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
  });

  it.each([
    { error: new Failure('waiting', 'not yet', { afterMs: 700 }), againAfterMs: 700 },
    { error: new Failure('waiting', 'not yet'), againAfterMs: 1_000 },
    { error: new Failure('terminal', 'refused'), againAfterMs: 60_000 },
    { error: new Failure('transient', 'busy', { afterMs: 9_000 }), againAfterMs: 9_000 },
    { error: new Error('unforeseen'), againAfterMs: 1_000 },
  ])('looks again $againAfterMs ms after $error.message', async ({ error, againAfterMs }) => {
    const { queue, clock, failures } = setup(async (_signal, run) => {
      if (run === 1) throw error;
      return undefined;
    });
    queue.look();
    await clock.settle();
    expect(failures).toEqual([{ outcome: error instanceof Failure ? error.outcome : 'transient', reason: error.message, againAfterMs }]);
  });

  it('gives up the run under way for something newer', async () => {
    const aborted: unknown[] = [];
    const { queue, clock, runs, failures } = setup(async (signal, run) => {
      if (run > 1) return undefined;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return aborted.push(run);
    });
    queue.look();
    await clock.settle();
    queue.look({ interrupt: true });
    await clock.settle();
    expect({ runs: runs(), failures, aborted }).toEqual({ runs: 2, failures: [], aborted: [] });
  });

  it('wakes from a back-off when asked to look', async () => {
    const { queue, clock, runs } = setup(async () => 3_600_000);
    queue.look();
    await clock.settle();
    queue.look();
    await clock.settle();
    expect(runs()).toBe(2);
  });

  it('lets nothing shorten a pause that the other side asked for', async () => {
    const { queue, clock, runs } = setup(async (_signal, run) => {
      if (run === 1) throw new Failure('transient', 'Too many requests', { afterMs: 9_000 });
      return undefined;
    });
    queue.look();
    await clock.settle();
    queue.look({ interrupt: true });
    await clock.advance(8_999);
    expect(runs()).toBe(1);
    await clock.advance(1);
    expect(runs()).toBe(2);
  });

  it('ends a pause that the other side asked for when it is stopped', async () => {
    const { queue, clock } = setup(async () => {
      throw new Failure('transient', 'Too many requests', { afterMs: 600_000 });
    });
    queue.look();
    await clock.settle();
    await expect(queue.stop()).resolves.toBeUndefined();
  });

  it('starts nothing once stopped', async () => {
    const { queue, clock, runs } = setup(async () => 1_000);
    queue.look();
    await clock.settle();
    await queue.stop();
    queue.look();
    await clock.advance(10_000);
    expect(runs()).toBe(1);
  });
});

function withResolvers() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
