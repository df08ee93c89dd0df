import { describe, expect, test } from 'vitest';
import type { Keep, Log } from '../../../../controller/ports.ts';
import { createJudge } from '../../../../controller/sla/judge.ts';
import { UNKNOWN_SINCE } from '../../../../controller/sla/unknown-since.ts';
import type { Guarantee } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { memoryKeep } from '../../../support/memory-keep.ts';
import {
  environment,
  FakePrometheus,
  guarantee,
  HOUR,
  historyOf,
  MINUTE,
  SECOND,
  START_MS,
  settled,
  silentLog,
  task,
  template,
} from './world.ts';

const EVERY_MS = 15 * SECOND;
const FALLBACK: Partial<Guarantee> = { onUnknown: 'fallback', fallback: { replicas: 6, after: 3 * MINUTE } };

/** A guarantee of `load`, which is scraped every 15 s, and judges that come and go. */
function world({
  changes = FALLBACK,
  agreedMs = START_MS - HOUR,
  log = silentLog,
}: {
  changes?: Partial<Guarantee>;
  agreedMs?: number;
  log?: Log;
} = {}) {
  const clock = fakeClock(START_MS);
  const source = new FakePrometheus();
  const web = task('web', [template('Q', { type: 'app', guarantees: [guarantee('load < 5', { kind: 'gauge', ...changes })] })]);
  const input = {
    environment: environment([web]),
    history: historyOf([{ atMs: agreedMs, qos: ['Q'], replicas: { web: 4 } }]),
    facts: settled([web], agreedMs),
  };
  return {
    clock,
    source,
    keep: memoryKeep(clock),
    start: (keep?: Keep) => {
      const judge = createJudge({ sourceOf: () => [source], keep, clock, log, evaluateEveryMs: EVERY_MS });
      return {
        since: async () => (await judge.judge(input))[0]?.unknownSinceMs,
        without: () => judge.judge({ ...input, environment: environment([]) }),
      };
    },
    scrape: async (times: number) => {
      for (let at = 0; at < times; at += 1) {
        await clock.advance(EVERY_MS);
        source.scrape(clock.now());
      }
    },
  };
}

const kept = async ({ source }: Keep) =>
  (await source.samples([UNKNOWN_SINCE], START_MS - HOUR, START_MS + HOUR)).map(({ values }) => values.at(-1));
const down = new Error('ECONNREFUSED');

describe('since when a guarantee that falls back is unknown', () => {
  test('is not told of one that is known, or holds', async () => {
    const { source, scrape, start, keep } = world();
    source.push('load', 1, { task: 'web' });
    await scrape(2);
    expect(await start(keep).since()).toBeUndefined();
    const holding = world({ changes: {} });
    expect(await holding.start(holding.keep).since()).toBeUndefined();
    expect([await kept(keep), await kept(holding.keep)]).toEqual([[], []]);
  });

  test('is the moment it was seen so, also after a restart while its source is down, until it is known again', async () => {
    const { source, scrape, start, keep, clock } = world();
    source.push('load', 1, { task: 'web' });
    await scrape(40);
    const judge = start(keep);
    expect(await judge.since()).toBeUndefined();
    source.failing = down;
    await scrape(1);
    const firstMs = clock.now();
    expect(await judge.since()).toBe(firstMs);
    await scrape(8);
    const restarted = start(keep);
    expect(await restarted.since()).toBe(firstMs);
    source.failing = undefined;
    await scrape(1);
    expect(await restarted.since()).toBeUndefined();
    source.failing = down;
    await scrape(1);
    expect(await start(keep).since()).toBe(clock.now());
  });

  test.each([
    { why: 'that its source has', hours: 0 },
    { why: 'that its source has, when nobody looked for hours', hours: 3 },
  ])('is when it was known last by the samples $why, with nothing kept', async ({ hours }) => {
    const { source, scrape, start, clock } = world();
    source.push('load', 1, { task: 'web' });
    await scrape(40);
    const lastMs = clock.now();
    source.remove('load');
    for (let minute = 0; minute < hours * 60; minute += 1) {
      await clock.advance(MINUTE);
      source.scrape(clock.now());
    }
    await scrape(hours === 0 ? 10 : 40);
    const sinceMs = (await start().since()) ?? 0;
    // A sample counts for a minute; what matters no more isn't looked for.
    if (hours === 0) expect([sinceMs - lastMs >= 0, sinceMs - lastMs <= MINUTE]).toEqual([true, true]);
    else expect(clock.now() - sinceMs).toBe(8 * MINUTE);
  });

  const times = (ago: number, count: number) => Array.from({ length: count }, (_, at) => START_MS - (ago - at) * EVERY_MS);
  const given = (timesMs: readonly number[], labels = {}) => ({ name: '', labels, timesMs, values: timesMs.map(() => 1) });

  test.each([
    { gave: 'one value until it gave none', past: [given(times(20, 11))], ago: 10 },
    { gave: 'one value until it gave two', past: [given(times(20, 20)), given(times(6, 6), { pod: 'b' })], ago: 7 },
    { gave: 'never one value: when its source began to look', past: [], ago: 24 },
    { gave: 'no answer: from the start', past: undefined, ago: 0 },
  ])('of a query is when that gave $gave, with nothing kept', async ({ past, ago }) => {
    const { source, start } = world({ changes: { ...FALLBACK, query: 'sum(load)' } });
    for (const atMs of times(24, 25)) source.scrape(atMs);
    source.answer = (expression) => {
      if (past === undefined) throw new Error('422');
      return expression.includes('[') ? past : [];
    };
    expect(await start().since()).toBe(START_MS - ago * EVERY_MS);
  });

  test('counts from the start while its source is down, and is set right when that is back', async () => {
    const { source, scrape, start, keep, clock } = world();
    source.push('load', 1, { task: 'web' });
    await scrape(40);
    source.remove('load');
    await scrape(8);
    source.failing = down;
    const judge = start(keep);
    expect(await judge.since()).toBe(clock.now());
    const startedMs = clock.now();
    await scrape(1);
    source.failing = undefined;
    const sinceMs = (await judge.since()) ?? 0;
    expect(sinceMs).toBeLessThan(startedMs - MINUTE / 2);
    await scrape(1);
    expect([await judge.since(), await start(keep).since()]).toEqual([sinceMs, sinceMs]);
  });

  test('is not before the agreement, nor before its source looked', async () => {
    const young = world({ agreedMs: START_MS - MINUTE });
    for (let at = 40; at >= 0; at -= 1) young.source.scrape(START_MS - at * EVERY_MS);
    expect(await young.start().since()).toBe(START_MS - MINUTE + 999);
    const blind = world();
    await blind.clock.advance(MINUTE);
    await blind.scrape(2);
    expect(await blind.start().since()).toBe(START_MS + MINUTE + EVERY_MS);
  });

  test('is forgotten with the agreement', async () => {
    const { start, keep, clock } = world();
    const judge = start(keep);
    expect(await judge.since()).toBe(clock.now());
    expect(await kept(keep)).toEqual([clock.now() / 1000]);
    await judge.without();
    expect(await kept(keep)).toEqual([Number.NaN]);
  });

  test('goes on in memory, and says so, while the disk takes nothing', async () => {
    const said: unknown[] = [];
    const { start, keep, clock } = world({ log: { ...silentLog, warn: (fields) => said.push(fields) } });
    const judge = start({ ...keep, push: () => Promise.reject(new Error('ENOSPC')) });
    const firstMs = clock.now();
    await judge.since();
    await clock.advance(MINUTE);
    expect(await judge.since()).toBe(firstMs);
    expect(said).toEqual([{ task: 'web', agreement: 'web_Q', guarantee: 'load', reason: 'ENOSPC' }]);
  });
});
