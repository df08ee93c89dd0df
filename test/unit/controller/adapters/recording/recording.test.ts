import { describe, expect, test } from 'vitest';
import { readRecording, recordedSource } from '../../../../../controller/adapters/recording/recording.ts';

const AT = Date.UTC(2021, 1, 22, 14, 10);
const sampled = (...values: number[]) => ({ timesMs: values.map((_, at) => AT + at * 60_000), values });

describe('readRecording', () => {
  test.each([
    {
      what: 'the shape of the public traces: wide, semicolons, times without a zone',
      text: 'timestamp;node_load1;deadlines_missed_a\n2021-02-22 14:10:00;0.5;0.0\n2021-02-22 14:11:00;1.46e-05;\n',
      series: [
        { name: 'node_load1', labels: {}, ...sampled(0.5, 1.46e-5) },
        { name: 'deadlines_missed_a', labels: {}, ...sampled(0) },
      ],
    },
    {
      what: 'CSV with labels, seconds, quotes and Windows line ends',
      text: `time,"a{b=""c"",d=""e,f""}",g\r\n${AT / 1000},1,2\r\n${AT / 1000 + 60},NaN,+Inf\r\n`,
      series: [
        { name: 'a', labels: { b: 'c', d: 'e,f' }, ...sampled(1, Number.NaN) },
        { name: 'g', labels: {}, ...sampled(2, Number.POSITIVE_INFINITY) },
      ],
    },
    {
      what: 'OpenMetrics, in seconds, with an exemplar',
      text: `# TYPE a counter\na_total{b="c"} 1 ${AT / 1000}.000 # {trace="x"} 1\na_total{b="c"} 2 ${AT / 1000 + 60}\n# EOF\n`,
      series: [{ name: 'a_total', labels: { b: 'c' }, ...sampled(1, 2) }],
    },
    {
      what: "Prometheus' text, in milliseconds",
      text: `a 1 ${AT}\na 2 ${AT + 60_000}\n`,
      series: [{ name: 'a', labels: {}, ...sampled(1, 2) }],
    },
    {
      what: 'an answer of query_range, newest first',
      text: JSON.stringify({
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { __name__: 'a', b: 'c' },
              values: [
                [AT / 1000 + 60, '2'],
                [AT / 1000, '1'],
              ],
            },
          ],
        },
      }),
      series: [{ name: 'a', labels: { b: 'c' }, ...sampled(1, 2) }],
    },
  ])('reads $what', ({ text, series }) => {
    expect(readRecording(text, 'file')).toEqual(series);
  });

  test.each([
    {
      what: 'no numbers',
      text: 'time,a\n2021-02-22,many\n',
      says: 'Cannot read the recording file: Cannot read line 2: this is no number: "many"',
    },
    { what: 'no times', text: 'time,a\nsoon,1\n', says: 'Cannot read line 2: this is no time: "soon"' },
    { what: 'more cells than headings', text: 'time,a\n2021-02-22,1,2\n', says: '3 cells stand under 2 headings' },
    {
      what: 'samples without timestamps',
      text: 'many_letters 1\n',
      says: 'Cannot read line 1: write <metric>{<label>="<value>"} <number> <timestamp>',
    },
    { what: 'an error', text: '{"status":"error","error":"bad_data"}', says: 'it is an error: bad_data' },
    { what: 'other JSON', text: '{"a":1}', says: 'its result is of type undefined' },
    { what: 'broken JSON', text: '{"a":', says: 'Cannot read the recording file' },
  ])('refuses $what', ({ text, says }) => {
    expect(() => readRecording(text, 'file')).toThrow(says);
  });
});

describe('recordedSource', () => {
  const source = recordedSource([{ name: 'a', labels: {}, ...sampled(1, 2, 3) }], 'file');

  test('has samples of a range, its end included and its beginning not', async () => {
    expect(await source.samples(['a', 'b'], AT, AT + 120_000)).toEqual([
      { name: 'a', labels: {}, timesMs: [AT + 60_000, AT + 120_000], values: [2, 3] },
    ]);
    expect(await source.samples(['a'], AT + 120_000, AT + 240_000)).toEqual([]);
  });

  test('says that it was looking from the first sample to the last', async () => {
    const times = async (fromMs: number, toMs: number) => (await source.samples(['up'], fromMs, toMs))[0]?.timesMs;
    expect(await times(AT - 60_000, AT + 60_000)).toEqual([AT, AT + 60_000]);
    expect(await times(AT + 60_000, AT + 240_000)).toEqual([AT + 60_001, AT + 120_000]);
    expect(await times(AT - 120_000, AT - 1)).toBeUndefined();
  });

  test('knows no PromQL', async () => {
    await expect(source.instant('sum(a)', AT)).rejects.toThrow('A recording knows no PromQL: sum(a)');
  });
});
