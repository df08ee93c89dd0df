import { Failure } from '../../errors.ts';
import type { Series } from '../../ports.ts';
import { readNumber, readSelector } from '../push/exposition.ts';
import { timeOf } from './time.ts';

const SEPARATORS = [',', ';', '\t'] as const;

/** The separator of a text whose first line is a header with several columns; undefined when it is no CSV. */
export function separatorOf(text: string): string | undefined {
  const [header = ''] = text.split('\n', 1);
  const first = (separator: string) => (header.split(separator)[0] ?? '').trim().replace(/^"|"$/g, '');
  return SEPARATORS.find((separator) => header.includes(separator) && /^\w*(time|date|ts)\w*$/i.test(first(separator)));
}

/**
 * Reads a table whose first column is the time and whose others are series, named `metric` or `metric{label="value"}` in the first line. An empty
 * cell is no sample.
 * @throws terminal Failure that names the line.
 */
export function readCsv(text: string, separator: string): readonly Series[] {
  const [header = '', ...lines] = text.replace(/\r\n/g, '\n').split('\n');
  const columns = cellsOf(header, separator).slice(1).map(columnOf);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      readLine(line, separator, columns);
    } catch (error) {
      throw new Failure('terminal', `Cannot read line ${index + 2}: ${(error as Error).message}`, { cause: error });
    }
  }
  return columns;
}

interface Column extends Series {
  readonly timesMs: number[];
  readonly values: number[];
}

function columnOf(name: string): Column {
  return { ...readSelector(name), timesMs: [], values: [] };
}

function readLine(line: string, separator: string, columns: readonly Column[]): void {
  const [time = '', ...cells] = cellsOf(line, separator);
  const atMs = timeOf(time);
  if (atMs === undefined) throw new Error(`this is no time: ${JSON.stringify(time)}`);
  if (cells.length > columns.length) throw new Error(`${cells.length + 1} cells stand under ${columns.length + 1} headings`);
  for (const [at, column] of columns.entries()) {
    const cell = cells[at]?.trim() ?? '';
    if (cell === '') continue;
    column.values.push(readNumber(cell));
    column.timesMs.push(atMs);
  }
}

/** A cell may be quoted, with `""` for a quote inside. */
function cellsOf(line: string, separator: string): readonly string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const [whole = '', inside] = /^\s*"((?:[^"]|"")*)"\s*/.exec(line.slice(at)) ?? [];
    const end = inside === undefined ? line.indexOf(separator, at) : at + whole.length;
    const stop = end === -1 ? line.length : end;
    cells.push(inside === undefined ? line.slice(at, stop) : inside.replaceAll('""', '"'));
    at = stop + 1;
  }
  return cells;
}
