import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { chartOf, compact } from '../../../../controller/simulation/chart.ts';
import type { Point, Simulated } from '../../../../controller/simulation/simulate.ts';
import { svgOf } from '../../../../controller/simulation/svg.ts';
import { START_MS } from '../sla/world.ts';

function point(at: number, replicas: number, value: number | undefined): Point {
  const known = (shown: number) => ({ state: shown < 5 ? ('met' as const) : ('violated' as const), value: shown, limit: 5 });
  const verdict =
    value === undefined
      ? { state: 'unknown' as const, reason: 'no samples' }
      : { ...known(value), evidenceAtMs: START_MS, source: 'recording' };
  return { atMs: START_MS + at * 1000, replicas, verdicts: [{ guarantee: 'load <1>', verdict }], decision: { kind: 'hold', reason: '' } };
}

const SIMULATED: Simulated = {
  fromMs: START_MS,
  toMs: START_MS + 40_000,
  points: [point(0, 4, 0), point(10, 4, 10), point(20, 6, undefined), point(30, 6, 2)],
  decisions: [{ atMs: START_MS + 10_000, from: 4, to: 6 } as Simulated['decisions'][number]],
};

const ROW = (label: string, axis: string, cells: string) => `${label.padStart(8)} ${axis}${cells}`;

test('chartOf shows values against their limit, what is unknown, replicas and where it scaled', () => {
  expect(chartOf(SIMULATED, 50).map((line) => stripVTControlCharacters(line))).toEqual([
    'load <1>'.padEnd(50),
    ROW('10', '┤', `${' '.repeat(10)}${'█'.repeat(10)}${' '.repeat(20)}`),
    ROW('', '┤', `${' '.repeat(10)}${'█'.repeat(10)}${' '.repeat(20)}`),
    ROW('5', '┼', `${'┄'.repeat(10)}${'█'.repeat(10)}${' '.repeat(10)}${'┄'.repeat(10)}`),
    ROW('', '┤', `${' '.repeat(10)}${'█'.repeat(10)}${' '.repeat(20)}`),
    ROW('0', '┤', `${' '.repeat(10)}${'█'.repeat(10)}${'?'.repeat(10)}${'█'.repeat(10)}`),
    'replicas'.padEnd(50),
    ROW('6', '┤', `${' '.repeat(20)}${'█'.repeat(20)}`),
    ROW('', '┤', `${'▃'.repeat(20)}${'█'.repeat(20)}`),
    ROW('', '┤', '█'.repeat(40)),
    ROW('', '┤', '█'.repeat(40)),
    ROW('0', '┤', '█'.repeat(40)),
    `${' '.repeat(20)}▲${' '.repeat(29)}`,
    `${' '.repeat(10)}11-14 22:13${' '.repeat(18)}11-14 22:14`,
  ]);
});

describe('svgOf', () => {
  const svg = svgOf([
    { title: 'A & B', simulated: SIMULATED },
    { title: 'C', simulated: SIMULATED },
  ]);

  test.each([
    { draws: 'one beside the other', part: '<g transform="translate(696 0)">' },
    { draws: 'text that may hold anything', part: '>A &amp; B</text>' },
    { draws: 'names that may hold anything', part: '>load &lt;1></text>' },
    { draws: 'the time of a violation', part: '<rect x="140" y="51" width="140" height="110" fill="#f9d4d0"/>' },
    { draws: 'the time of what is unknown', part: '<rect x="280" y="51" width="140" height="110" fill="#ececec"/>' },
    { draws: 'a line with a gap', part: 'd="M0 161H140V51H280M420 139H560"' },
    { draws: 'the limit', part: 'limit 5</text>' },
    { draws: 'what was decided', part: '>4 → 6</text>' },
  ])('draws $draws', ({ part }) => {
    expect(svg).toContain(part);
  });
});

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [0.00012, '1e-4'],
  [12345, '12.3k'],
  [2_048_000_000, '2.05G'],
  [-1500, '-1.5k'],
])('compact %d is %s', (value, text) => {
  expect(compact(value)).toBe(text);
});
