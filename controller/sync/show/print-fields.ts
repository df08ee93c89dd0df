import { stringify } from 'yaml';
import { printable } from '../../table.ts';
import { isMap } from '../fields/field-map.ts';
import { type FieldChange, printPath } from './field-diff.ts';
import { Hidden } from './hidden.ts';
import { diffLines, type Line } from './line-diff.ts';

const MOST_LINES = 60;
const LONGEST_LINE = 200;

/** Each field with what it was and what it would be, as YAML; bounded for one object, what is left out is counted. Pure. */
export function printFields(fields: readonly FieldChange[]): readonly string[] {
  const lines = fields.flatMap((field) => [
    printPath(field.path) || '.',
    ...changedLines(field).map(({ mark, text }) => `  ${mark} ${text}`),
  ]);
  const shown = lines.slice(0, MOST_LINES).map((line) => cut(printable(line).trimEnd()));
  return lines.length <= MOST_LINES ? shown : [...shown, `… ${lines.length - MOST_LINES} more lines`];
}

/** A field for machines: the path as text, the values without what is hidden. */
export function jsonField({ path, ...sides }: FieldChange): { readonly path: string; readonly before?: unknown; readonly after?: unknown } {
  return { path: printPath(path), ...shownSides(sides) };
}

function changedLines(field: FieldChange): readonly Line[] {
  const { before, after } = shownSides(field);
  return diffLines(linesOf(before), linesOf(after));
}

/** What is hidden on both sides is told apart by where it stands. */
function shownSides({ before, after }: Omit<FieldChange, 'path'>): Omit<FieldChange, 'path'> {
  const isOne = before === undefined || after === undefined;
  const masks = isOne ? ['*****', '*****'] : ['***** (before)', '***** (after)'];
  return {
    ...(before === undefined ? {} : { before: masked(before, masks[0] ?? '') }),
    ...(after === undefined ? {} : { after: masked(after, masks[1] ?? '') }),
  };
}

function masked(value: unknown, mask: string): unknown {
  if (value instanceof Hidden) return mask;
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, masked(field, mask)])) : value;
}

function linesOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string' && (value.includes('\n') || value.startsWith('*****'))) return value.split('\n');
  return stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
