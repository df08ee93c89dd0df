import picocolors from 'picocolors';
import { type Column, columnAt, type Panel, panelsOf, replicasOf } from './columns.ts';
import type { Simulated } from './simulate.ts';
import { maximum } from './sums.ts';

const HEIGHT = 5;
const EIGHTHS = ' ▁▂▃▄▅▆▇█';
const LABEL = 8;

/** A chart for a terminal: a panel for each guarantee and one for the replicas. Each line is `width` characters wide. Pure. */
export function chartOf(simulated: Simulated, width: number): readonly string[] {
  const count = Math.max(10, width - LABEL - 2);
  const replicas = replicasOf(simulated, count);
  return [
    ...panelsOf(simulated, count).flatMap((panel) => panelLines(panel, width)),
    ...panelLines(
      {
        guarantee: 'replicas',
        columns: replicas.map((value) => ({ value, state: 'met' as const })),
        limit: undefined,
        least: 0,
        most: maximum(replicas),
      },
      width,
    ),
    `${' '.repeat(LABEL + 2)}${marksOf(simulated, count)}`,
    `${' '.repeat(LABEL + 2)}${timesOf(simulated, count)}`,
  ];
}

function panelLines({ guarantee, columns, limit, least, most }: Panel, width: number): readonly string[] {
  const steps = HEIGHT * 8;
  const scaled = (value: number) => (most === least ? 0 : Math.round(((value - least) / (most - least)) * steps));
  const limitRow = limit === undefined ? undefined : Math.min(HEIGHT - 1, Math.floor(scaled(limit) / 8));
  const rows = Array.from({ length: HEIGHT }, (_, at) => HEIGHT - 1 - at).map((row) => {
    const label = row === limitRow ? limit : row === HEIGHT - 1 ? most : row === 0 ? least : undefined;
    const cells = columns.map((column) => cellOf(column, row, scaled, row === limitRow));
    return `${(label === undefined ? '' : compact(label)).padStart(LABEL)} ${row === limitRow ? '┼' : '┤'}${cells.join('')}`;
  });
  return [picocolors.bold(guarantee.slice(0, width).padEnd(width)), ...rows];
}

function cellOf({ value, state }: Column, row: number, scaled: (value: number) => number, isLimit: boolean): string {
  if (value === undefined) return row === 0 ? picocolors.yellow('?') : ' ';
  const filled = EIGHTHS[Math.max(0, Math.min(8, scaled(value) - row * 8))] ?? ' ';
  if (filled === ' ') return isLimit ? picocolors.dim('┄') : ' ';
  return state === 'violated' ? picocolors.red(filled) : picocolors.green(filled);
}

/** Where it scaled. */
function marksOf(simulated: Simulated, count: number): string {
  const marks = Array.from({ length: count }, () => ' ');
  for (const { atMs, from, to } of simulated.decisions) marks[columnAt(simulated, atMs, count)] = to > from ? '▲' : '▼';
  return marks.join('');
}

function timesOf({ fromMs, toMs }: Simulated, count: number): string {
  const [from, to] = [fromMs, toMs].map((atMs) => new Date(atMs).toISOString().slice(5, 16).replace('T', ' ')) as [string, string];
  return count < from.length + to.length + 1 ? from.slice(0, count).padEnd(count) : `${from}${to.padStart(count - from.length)}`;
}

/** `1.5G`: at most six characters. */
export function compact(value: number): string {
  const size = Math.abs(value);
  const unit = UNITS.find(([least]) => size >= least);
  if (unit !== undefined) return `${Number((value / unit[0]).toPrecision(3))}${unit[1]}`;
  return size !== 0 && size < 0.001 ? value.toExponential(0) : `${Number(value.toPrecision(3))}`;
}

const UNITS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;
