import { type ObjectRef, printRef } from '../../../synth/manifest.ts';
import { printable, table } from '../../table.ts';
import type { ObjectWarnings } from '../execute.ts';
import { printEnding } from '../health/ending.ts';
import type { SyncChange, SyncPlan } from '../plan.ts';
import type { FieldConflict } from '../write/apply.ts';
import type { PlannedChange } from './preview.ts';
import { printFields } from './print-fields.ts';

const COLUMNS = ['Infrastructure', 'Namespace', 'Kind', 'Name', 'Op', 'Why', 'Waits for'] as const;

/** The plan of one infrastructure. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: Omit<SyncPlan, 'changes'> & { readonly changes: readonly PlannedChange[] };
}

/**
 * One table of all changes, as kapp prints it before it acts, each with its fields below it where they are known, and the counts at
 * the end; without colours. Empty plans say that they are.
 */
export function printPlans(plans: readonly NamedPlan[]): string {
  const changes = plans.flatMap(({ name, plan }) => plan.changes.map((change) => ({ name, change })));
  const [head = '', ...rows] = table(
    COLUMNS,
    changes.map(({ name, change }) => rowOf(name, change)),
  ).split('\n');
  const lines = changes.flatMap(({ change }, index) => [rows[index] ?? '', ...detailsOf(change).map((line) => `    ${line}`)]);
  const each = plans.length < 2 ? [] : plans.map(({ name, plan }) => `${name}: ${printCounts(plan.counts)}`);
  const ending = plans.flatMap(({ name, plan }) => plan.ending.map((one) => `${name}: ${printEnding(one)}`));
  const held = plans.flatMap(({ name, plan }) => (plan.held === undefined ? [] : [`Held on ${name}: ${plan.held}`]));
  const total = `Op: ${printCounts(totalOf(plans.map(({ plan }) => plan.counts)))}`;
  return [head || 'Nothing to change.', ...lines, '', ...each, total, ...ending, ...held].join('\n');
}

export function totalOf(counts: readonly SyncPlan['counts'][]): SyncPlan['counts'] {
  const sum = (op: keyof SyncPlan['counts']) => counts.reduce((total, each) => total + each[op], 0);
  return { create: sum('create'), update: sum('update'), delete: sum('delete'), unchanged: sum('unchanged') };
}

function printCounts({ create, update, delete: gone, unchanged }: SyncPlan['counts']): string {
  return `${create} create, ${update} update, ${gone} delete, ${unchanged} unchanged`;
}

function rowOf(name: string, { ref, op, reason, waitsFor }: SyncChange): readonly string[] {
  return [name, ref.namespace ?? '-', ref.kind, ref.name, op, reason, waitsFor ?? '-'];
}

/** What is said against the change, and its fields. */
function detailsOf({ fields = [], remarks = [] }: PlannedChange): readonly string[] {
  return [...remarks.map((text) => `! ${printable(text)}`), ...printFields(fields)];
}

/** One sentence, with both values. */
export function printConflict({ ref, field, managers, ours, theirs }: FieldConflict): string {
  return `Left ${field} of ${printRef(ref)} to ${managers.join(', ')}: it is ${theirs}, the documents want ${ours}`;
}

/** One line a warning. */
export function printWarnings({ ref, texts }: ObjectWarnings): readonly string[] {
  return texts.map((text) => `The server warns of ${printRef(ref)}: ${text}`);
}

/** One line for each object that others changed and that is left so. */
export function printLeft({ changes }: SyncPlan): readonly string[] {
  return changes.filter(({ op }) => op === 'leave').map(({ ref, reason }) => `${printRef(ref)}: ${reason}`);
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
