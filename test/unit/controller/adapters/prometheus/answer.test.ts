import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readAnswer, readResult } from '../../../../../controller/adapters/prometheus/answer.ts';
import type { Series } from '../../../../../controller/ports.ts';

async function read(text: string, size = 7, fromMs = Number.NEGATIVE_INFINITY) {
  const bytes = Buffer.from(text);
  const found: Series[] = [];
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return { answer: await readAnswer(chunks(), { found: (series) => found.push(series), known: new Map(), fromMs }), found };
}

describe('readAnswer', () => {
  it('gives what JSON.parse gives, wherever the chunks are cut', async () => {
    const label = fc.string({ unit: fc.constantFrom(...'"\\{}[],:é€a') });
    const series = fc.record({
      metric: fc.dictionary(fc.constantFrom('a', 'b', 'é'), label),
      values: fc
        .array(
          fc.tuple(
            fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(1, 1.125, 529.5, 1700000000.1234567, 1e21)),
            fc.oneof(
              fc.constantFrom('0', '-0', '1', 'NaN', '-Inf', '2.5', '.5', '0.', '-', '', '9007199254740945', '900719925474099.3'),
              fc.double().map(String),
              fc.tuple(fc.maxSafeInteger(), fc.nat({ max: 16 })).map(([digits, places]) => (digits / 10 ** places).toFixed(places)),
            ),
          ),
        )
        .map((values) => values.sort(([a], [b]) => a - b)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(series), fc.array(label), fc.integer({ min: 1, max: 64 }), async (result, infos, size) => {
        const whole = { status: 'success', infos, data: { resultType: 'matrix', result } };
        const { answer, found } = await read(JSON.stringify(whole, null, size % 3), size);
        expect(found).toEqual(readResult(whole.data, 'x'));
        const since = await read(JSON.stringify(whole), size, 1_000);
        expect(since.found.map(({ timesMs }) => timesMs)).toEqual(found.map(({ timesMs }) => timesMs.filter((atMs) => atMs > 1_000)));
        expect(answer).toEqual({ ...whole, data: { resultType: 'matrix', result: result.map(() => 0) } });
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['half an answer', '{"status":"success","data":{"resultType":"vector","result":[{"metric":{}'],
    ['a series that is no JSON', '{"status":"success","data":{"result":[{"metric":x}]}}'],
    ['HTML', '<html>{}</html>'],
    ['a number', '5'],
  ])('knows that %s is no answer', async (_, text) => {
    expect((await read(text)).answer).toBeUndefined();
  });

  it('tells series that were scraped together from others', async () => {
    const values = [20, 20, 21, 20].map((last) => [...Array(20).keys(), last].map((at) => [1_700_000_000 + at, '1']));
    const result = values.map((own, at) => ({ metric: { __name__: 'm', at: `${at}` }, values: own }));
    const { found } = await read(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }), 1 << 20);
    expect(found.map(({ timesMs }) => timesMs.at(-1))).toEqual([20, 20, 21, 20].map((at) => (1_700_000_000 + at) * 1_000));
    expect(found.map(({ timesMs }) => timesMs.length)).toEqual([21, 21, 21, 21]);
  });

  it('holds no more than a series', async () => {
    let largest = 0;
    const one = `${JSON.stringify({ metric: { a: 'x'.repeat(500) }, value: [1, '1'] })},`;
    async function* hundredMegabytes() {
      yield Buffer.from('{"status":"success","data":{"resultType":"vector","result":[');
      for (let sent = 0; sent < 100_000_000; sent += 100 * one.length) {
        yield Buffer.from(one.repeat(100));
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        if (sent % 10_000_000 < 100 * one.length) largest = Math.max(largest, heapUsed + arrayBuffers);
      }
      yield Buffer.from('{}]}}');
    }
    const before = process.memoryUsage();
    await readAnswer(hundredMegabytes(), { found: () => undefined, known: new Map(), fromMs: 0 });
    expect(largest - before.heapUsed - before.arrayBuffers).toBeLessThan(100_000_000);
  });
});
