import type { Change, PushRecord } from './store.ts';

export interface Header {
  readonly sinceMs: number;
}

export interface JournalText {
  readonly header: Header | undefined;
  readonly records: readonly PushRecord[];
  /** Numbers of lines that can't be read, from 1. */
  readonly damaged: readonly number[];
  /** Whether the last line has no end. */
  readonly torn: boolean;
}

type Line = {
  readonly at: number;
  readonly group: PushRecord['group'];
  readonly changes: readonly (readonly [string, string, Change['labels'], string | null])[];
};

/** One line per push that changed something: JSON has no NaN, so values are text. */
export function printRecord({ atMs, group, changes }: PushRecord): string {
  const line: Line = {
    at: atMs,
    group,
    changes: changes.map(({ name, family, labels, value }) => [name, family, labels, value === null ? null : String(value)]),
  };
  return `${JSON.stringify(line)}\n`;
}

export function printHeader({ sinceMs }: Header): string {
  return `${JSON.stringify({ journal: 1, since: sinceMs })}\n`;
}

/** Reads what can be read of a journal. */
export function readJournal(text: string): JournalText {
  const lines = text.split('\n');
  const torn = lines.pop() !== '';
  const records: PushRecord[] = [];
  const damaged: number[] = [];
  let header: Header | undefined;
  for (const [index, line] of lines.entries()) {
    const value = json(line);
    if (index === 0 && typeof value?.since === 'number') header = { sinceMs: value.since };
    else if (isLine(value)) records.push({ atMs: value.at, group: value.group, changes: value.changes.map(readChange) });
    else damaged.push(index + 1);
  }
  return { header, records, damaged, torn };
}

function readChange([name, family, labels, value]: Line['changes'][number]): Change {
  return { name, family, labels, value: value === null ? null : Number(value) };
}

function json(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | undefined;
  return (
    typeof line?.at === 'number' &&
    typeof line.group === 'object' &&
    Array.isArray(line.changes) &&
    line.changes.every((change) => Array.isArray(change) && change.length === 4)
  );
}
