import { type ObjectRef, printRef } from '../../synth/manifest.ts';
import type { FieldConflict } from './apply.ts';
import { printEnding } from './ending.ts';
import type { ObjectWarnings } from './execute.ts';
import type { SyncChange, SyncPlan } from './plan.ts';

const COLUMNS = ['Namespace', 'Kind', 'Name', 'Op', 'Why', 'Waits for'] as const;

/** A table as kapp prints it before it acts, with the counts below; without colours. Empty plans say that they are. */
export function printPlan({ changes, counts, ending, held }: SyncPlan): string {
  const rows = changes.map(({ op, ref, reason, waitsFor }) => [ref.namespace ?? '-', ref.kind, ref.name, op, reason, waitsFor ?? '-']);
  const summary = `Op: ${counts.create} create, ${counts.update} update, ${counts.delete} delete, ${counts.unchanged} unchanged`;
  const lines = rows.length === 0 ? ['Nothing to change.'] : table([[...COLUMNS], ...rows]);
  return [...lines, '', summary, ...ending.map((one) => printEnding(one)), ...(held === undefined ? [] : [`Held: ${held}`])].join('\n');
}

/** One sentence, with both values. */
export function printConflict({ ref, field, managers, ours, theirs }: FieldConflict): string {
  return `Left ${field} of ${printRef(ref)} to ${managers.join(', ')}: it is ${theirs}, the documents want ${ours}`;
}

/** One line a warning. */
export function printWarnings({ ref, texts }: ObjectWarnings): readonly string[] {
  return texts.map((text) => `The server warns of ${printRef(ref)}: ${text}`);
}

/** One line for each task, or tasks, that changes wait for. */
export function printWaiting(waiting: readonly SyncChange[]): readonly string[] {
  const groups = new Map<string, ObjectRef[]>();
  for (const { ref, waitsFor = '' } of waiting) groups.set(waitsFor, [...(groups.get(waitsFor) ?? []), ref]);
  return [...groups].map(([waitsFor, [first, ...more]]) => {
    const others = more.length === 0 ? 'waits' : `and ${more.length} more wait`;
    return `${first === undefined ? '' : printRef(first)} ${others} for ${waitsFor}`;
  });
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
