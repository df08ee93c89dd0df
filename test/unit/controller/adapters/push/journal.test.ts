import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPushJournal, type PushJournal, readPushes } from '../../../../../controller/adapters/push/journal.ts';
import type { PushMethod } from '../../../../../controller/adapters/push/store.ts';
import type { Log, Series } from '../../../../../controller/ports.ts';
import { samplesOf } from '../../../../../controller/series.ts';
import { type FakeClock, fakeClock } from '../../../../support/fake-clock.ts';

const GROUP = '/metrics/job/compss';
let directory: string;
let clock: FakeClock;
let said: string[];
let journals: PushJournal[];

const say = (fields: Readonly<Record<string, unknown>>, event: string) => said.push(`${event}: ${fields.reason}`);
const log: Log = { debug: say, info: say, warn: say, error: say };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rotterdam-push-'));
  clock = fakeClock();
  said = [];
  journals = [];
});

afterEach(async () => {
  for (const journal of journals) await journal.close();
  rmSync(directory, { recursive: true });
});

async function opened(): Promise<PushJournal> {
  const journal = await openPushJournal({ directory, clock, log });
  journals.push(journal);
  return journal;
}

async function shown(journal: PushJournal, names: readonly string[], backMs = 60_000): Promise<Record<string, number>> {
  const series = await journal.source().samples(names, clock.now() - backMs, clock.now());
  return Object.fromEntries(series.map(({ name, labels, values }) => [`${name} ${Object.values(labels).join()}`, values.at(-1) ?? -1]));
}

describe('push journal: as a Pushgateway', () => {
  test.each<{ reason: string; pushes: readonly [PushMethod, string, string][]; shows: Record<string, number> }>([
    {
      reason: 'POST replaces metrics of the same name',
      pushes: [
        ['POST', GROUP, 'a 1\nb 1'],
        ['POST', GROUP, 'a 2'],
      ],
      shows: { 'a compss': 2, 'b compss': 1 },
    },
    {
      reason: 'POST replaces all series of a name',
      pushes: [
        ['POST', GROUP, 'a{x="1"} 1\na{x="2"} 1'],
        ['POST', GROUP, 'a{x="2"} 2'],
      ],
      shows: { 'a 1,compss': Number.NaN, 'a 2,compss': 2 },
    },
    {
      reason: 'PUT replaces the group',
      pushes: [
        ['POST', GROUP, 'a 1\nb 1'],
        ['PUT', GROUP, 'a 2'],
      ],
      shows: { 'a compss': 2, 'b compss': Number.NaN },
    },
    {
      reason: 'DELETE removes the group',
      pushes: [
        ['POST', GROUP, 'a 1'],
        ['DELETE', GROUP, ''],
      ],
      shows: { 'a compss': Number.NaN },
    },
    {
      reason: 'groups are of their own',
      pushes: [
        ['POST', GROUP, 'a 1'],
        ['PUT', '/metrics/job/x', 'a 2'],
      ],
      shows: { 'a compss': 1, 'a x': 2 },
    },
    { reason: 'labels of the group stand above those of the body', pushes: [['POST', GROUP, 'a{job="mine"} 1']], shows: { 'a compss': 1 } },
    {
      reason: 'a histogram is one metric',
      pushes: [
        ['POST', GROUP, '# TYPE a histogram\na_sum 1\na_count 1'],
        ['POST', GROUP, '# TYPE a histogram\na_sum 2'],
      ],
      shows: { 'a_sum compss': 2, 'a_count compss': Number.NaN },
    },
  ])('$reason', async ({ pushes, shows }) => {
    const journal = await opened();
    for (const [method, path, text] of pushes) {
      await journal.push(method, path, text);
      await clock.advance(1_000);
    }
    expect(await shown(journal, ['a', 'b', 'a_sum', 'a_count'])).toEqual(shows);
    expect(await shown(await opened(), ['a', 'b', 'a_sum', 'a_count']), 'after a restart').toEqual(shows);
  });

  test('tells the names that a push says something about', async () => {
    const journal = await opened();
    expect(await journal.push('POST', GROUP, 'a 1\nb 1')).toEqual({ names: ['a', 'b'] });
    expect(await journal.push('POST', GROUP, 'a 1'), 'the same again').toEqual({ names: ['a'] });
    expect(await journal.push('PUT', GROUP, 'c 1')).toEqual({ names: ['c', 'a', 'b'] });
    expect(await journal.push('DELETE', GROUP, '')).toEqual({ names: ['c'] });
  });

  test('refuses the same series in two groups', async () => {
    const journal = await opened();
    await journal.push('POST', GROUP, 'a{x="1"} 1');
    await expect(journal.push('POST', `${GROUP}/x/1`, 'a 1')).rejects.toThrow(/another group has the same series/);
  });

  test('refuses more series than there is room for', async () => {
    const journal = await opened();
    const text = Array.from({ length: 100_001 }, (_, at) => `a{x="${at}"} 1`).join('\n');
    await expect(journal.push('POST', GROUP, text)).rejects.toThrow(/more than 100000 pushed series/);
    await expect(journal.push('POST', GROUP, ' '.repeat(16 * 1024 * 1024 + 1))).rejects.toThrow(/more than 16777216 bytes/);
    expect(await shown(journal, ['a'])).toEqual({});
  });
});

describe('push journal: samples', () => {
  test('each change is one, and what stands is seen until now', async () => {
    const journal = await opened();
    const startMs = clock.now();
    await journal.push('POST', GROUP, 'a 1');
    await clock.advance(20_000);
    await journal.push('POST', GROUP, 'a 2');
    await clock.advance(20_000);
    const [series] = await journal.source().samples(['a'], startMs - 1, clock.now());
    expect(samplesOf(series as Series).map(({ atMs, value }) => [atMs - startMs, value])).toEqual([
      [0, 1],
      [15_000, 1],
      [20_000, 2],
      [35_000, 2],
      [40_000, 2],
    ]);
    const [past] = await journal.source().samples(['a'], startMs + 4_000, startMs + 10_000);
    expect(past, 'at a time in the past').toMatchObject({ timesMs: [startMs + 10_000], values: [1] });
  });

  test('it says since when it was looking', async () => {
    const startMs = clock.now();
    const journal = await opened();
    await clock.advance(60_000);
    const up = (one: readonly Series[]) => one.flatMap(({ timesMs }) => timesMs.map((atMs) => atMs - startMs));
    expect(up(await journal.source().samples(['up'], startMs - 60_000, startMs - 30_000))).toEqual([]);
    expect(up(await journal.source().samples(['up'], startMs - 60_000, startMs + 30_000))).toEqual([-1, 14_999, 29_999, 30_000]);
    await clock.advance(60_000);
    expect(up(await (await opened()).source().samples(['up'], startMs - 60_000, startMs + 30_000)), 'after a restart').toEqual([
      -1, 14_999, 29_999, 30_000,
    ]);
  });

  test('knows no PromQL', async () => {
    await expect((await opened()).source().instant('sum(a)', 0)).rejects.toThrow(/knows no PromQL/);
  });
});

describe('push journal: the file', () => {
  test('is read beside the controller that writes it, half a record and all, and not changed', async () => {
    const journal = await opened();
    await journal.push('POST', GROUP, 'a 1\n');
    appendFileSync(join(directory, 'pushes.jsonl'), '{"at":17');
    const before = readFileSync(join(directory, 'pushes.jsonl'));
    const source = await readPushes(directory, clock);
    expect(await source.names?.()).toEqual(['a']);
    expect(await source.samples(['a'], 0, clock.now())).toEqual(await journal.source().samples(['a'], 0, clock.now()));
    expect(readFileSync(join(directory, 'pushes.jsonl'))).toEqual(before);
  });

  const path = () => join(directory, 'pushes.jsonl');

  test('when a group was pushed last is kept, also where that changed nothing', async () => {
    const journal = await opened();
    await journal.push('POST', GROUP, 'a 1');
    await clock.advance(10_000);
    await journal.push('POST', GROUP, 'a 1');
    for (const one of [journal, await opened(), await opened()]) {
      expect(await shown(one, ['push_time_seconds', 'a'])).toEqual({ 'push_time_seconds compss': clock.now() / 1000, 'a compss': 1 });
      expect((await one.source().samples(['a'], clock.now() - 60_000, clock.now()))[0]?.timesMs).toHaveLength(2);
    }
  });

  test('the deletion of what is not there writes nothing', async () => {
    const journal = await opened();
    const before = readFileSync(path(), 'utf8');
    await journal.push('DELETE', GROUP, '');
    expect(readFileSync(path(), 'utf8')).toBe(before);
  });

  test('concurrent pushes are all there', async () => {
    const journal = await opened();
    await Promise.all(Array.from({ length: 200 }, (_, at) => journal.push('POST', `${GROUP}/n/${at}`, `a ${at}`)));
    expect(Object.keys(await shown(await opened(), ['a']))).toHaveLength(200);
  });

  test('a half written last line is dropped, and said; what came before is kept', async () => {
    await (await opened()).push('POST', GROUP, 'a 1');
    appendFileSync(path(), '{"at":1700000');
    const journal = await opened();
    expect(said).toEqual(['push dropped: its last record was half written when the controller ended']);
    await journal.push('POST', GROUP, 'b 2');
    expect(await shown(await opened(), ['a', 'b'])).toEqual({ 'a compss': 1, 'b compss': 2 });
  });

  test('it may be cut anywhere', async () => {
    const journal = await opened();
    for (let at = 1; at <= 5; at += 1) await journal.push('POST', GROUP, `a ${at}`);
    const whole = readFileSync(path(), 'utf8');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        writeFileSync(path(), whole.slice(0, length));
        const value = (await shown(await opened(), ['a']))['a compss'] ?? 0;
        expect(value).toBe(Math.max(0, whole.slice(0, length).split('\n').length - 2));
      }),
      { numRuns: 30 },
    );
  });

  test('lines that cannot be read are told, and cost no other', async () => {
    const journal = await opened();
    await journal.push('POST', GROUP, 'a 1');
    appendFileSync(path(), 'rubbish\n{"at":1}\n');
    expect(await shown(await opened(), ['a'])).toEqual({ 'a compss': 1 });
    expect(said).toEqual(['pushes lost: these lines of the journal cannot be read']);
  });

  test('a clock that goes back loses nothing', async () => {
    const journal = await opened();
    await clock.advance(60_000);
    await journal.push('POST', GROUP, 'a 1');
    clock = fakeClock(clock.now() - 30_000);
    const again = await opened();
    await again.push('POST', GROUP, 'a 2');
    await clock.advance(31_000);
    expect(await shown(again, ['a'])).toEqual({ 'a compss': 2 });
  });

  test('values that JSON does not have come back', async () => {
    await (await opened()).push('POST', GROUP, 'a NaN\nb +Inf\nc -Inf');
    expect(await shown(await opened(), ['a', 'b', 'c'])).toEqual({
      'a compss': Number.NaN,
      'b compss': Number.POSITIVE_INFINITY,
      'c compss': Number.NEGATIVE_INFINITY,
    });
  });

  test('its past is bounded, and what is no longer known is said to be', async () => {
    const journal = await opened();
    for (let at = 1; at <= 1_100; at += 1) {
      await journal.push('POST', GROUP, `a ${at}`);
      await clock.advance(0);
    }
    const lines = readFileSync(path(), 'utf8').split('\n').length;
    expect(lines).toBeGreaterThan(1_100);
    await opened();
    expect(readFileSync(path(), 'utf8').split('\n').length).toBeLessThan(1_010);
  }, 30_000);
});
