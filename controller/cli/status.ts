import picocolors from 'picocolors';
import { printIssue } from '../../constructs/spec/issue.ts';
import { UsageError } from '../errors.ts';
import type { AgreementStatus, DecisionStatus, Status, TaskStatus } from '../status.ts';
import { printAge } from './age.ts';
import { EXIT } from './exit.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { table } from './table.ts';

/** More rows of a table are summed up, unless all are asked for: what needs a look stands first. */
const MOST_ROWS = 20;

interface StatusOptions extends WatchOptions {
  readonly json?: boolean;
  /** Only these; names or ids. */
  readonly task?: readonly string[];
  readonly all?: boolean;
}

/** Asks a running watch what it has seen. */
export async function status({ json, task, all, ...options }: StatusOptions): Promise<number> {
  const seen = onlyTasks(await runningWatch(options).status(), task);
  process.stdout.write(json ? `${JSON.stringify(seen)}\n` : printStatus(seen, Date.now(), all));
  return EXIT.done;
}

function onlyTasks(seen: Status, asked: readonly string[] | undefined): Status {
  if (asked === undefined) return seen;
  const unknown = asked.filter((one) => !seen.tasks.some(({ name, id }) => name === one || id === one));
  if (unknown.length > 0) throw new UsageError(`Cannot show ${unknown.join(', ')} as the watch knows no such task`);
  return { ...seen, tasks: seen.tasks.filter(({ name, id }) => asked.includes(name) || asked.includes(id)) };
}

/** The first half of `status`: what is in force, and where. */
export function printInfrastructures(seen: Status, nowMs: number): string {
  return `${[headline(seen), infrastructureTable(seen, nowMs)].filter((section) => section !== '').join('\n\n')}\n`;
}

export function printStatus(seen: Status, nowMs: number, all = false): string {
  const sections = [
    headline(seen),
    seen.conditions.map(({ type, reason, since }) => `${type} since ${since}: ${reason}`).join('\n'),
    seen.issues.map(printIssue).join('\n'),
    infrastructureTable(seen, nowMs),
    taskTable(seen.tasks, all),
    agreementTable(
      seen.tasks.flatMap(({ agreements }) => agreements),
      nowMs,
      all,
    ),
    ...seen.functions.map(({ name, state, reason }) => `Function ${name}: ${state}, ${reason}`),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(seen: Status): string {
  const behind = seen.tip !== null && seen.tip !== seen.revision ? `, the tip ${seen.tip.slice(0, 10)} is not valid` : '';
  return `${picocolors.bold(seen.environment)} at ${seen.revision?.slice(0, 10) ?? 'no revision'}${behind}${seen.reason ? `\n${seen.reason}` : ''}`;
}

/** A reason of several lines goes on below. */
function infrastructureTable({ infrastructures }: Status, nowMs: number): string {
  const rows = infrastructures.flatMap(({ name, state, revision, appliedAt, reason = '' }) => {
    const [first = '', ...more] = reason.split('\n');
    const age = appliedAt === undefined ? '-' : printAge(nowMs - Date.parse(appliedAt));
    return [[name, state, revision?.slice(0, 10) ?? '-', age, first], ...more.map((line) => ['', '', '', '', line])];
  });
  return table(['INFRASTRUCTURE', 'STATE', 'REVISION', 'APPLIED', 'REASON'], rows);
}

function taskTable(tasks: readonly TaskStatus[], all: boolean): string {
  const rows = shown(tasks, all, ({ health }) => health === 'ready').map((task) => [
    task.name,
    task.dock,
    task.infrastructures?.map(({ name }) => name).join(', ') ?? task.infrastructure,
    `${task.replicas.ready}/${task.replicas.desired}${task.scaledBy === undefined ? '' : ` by ${task.scaledBy}`}`,
    task.reason ? `${task.health}: ${task.reason}` : task.health,
    task.url ?? '',
  ]);
  const states = tasks.map(({ health }) => health);
  return withRest(table(['TASK', 'DOCK', 'INFRASTRUCTURE', 'READY', 'HEALTH', 'URL'], rows), rows.length, 'tasks', states);
}

function agreementTable(agreements: readonly AgreementStatus[], nowMs: number, all: boolean): string {
  const rows = shown(agreements, all, ({ state }) => state === 'met').map((one) => [
    one.id,
    one.guarantee,
    one.state,
    `${one.value ?? ''}`,
    `${one.limit ?? ''}`,
    printEvidence(one, nowMs),
    printDecision(one),
  ]);
  const states = agreements.map(({ state }) => state);
  const head = ['AGREEMENT', 'GUARANTEE', 'STATE', 'VALUE', 'LIMIT', 'EVIDENCE', 'DECISION'];
  return withRest(table(head, rows), rows.length, 'guarantees', states);
}

function shown<Item>(items: readonly Item[], all: boolean, isWell: (item: Item) => boolean): readonly Item[] {
  if (all || items.length <= MOST_ROWS) return items;
  return [...items.filter((item) => !isWell(item)), ...items.filter(isWell)].slice(0, MOST_ROWS);
}

function withRest(rows: string, count: number, what: string, states: readonly string[]): string {
  if (count === states.length) return rows;
  const of = [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} ${state}`).join(', ');
  return `${rows}\n${count} of ${states.length} ${what} shown: ${of}. See --task NAME or --all.`;
}

function printEvidence({ evidenceAt, source }: AgreementStatus, nowMs: number): string {
  return evidenceAt === undefined ? '' : `${printAge(nowMs - Date.parse(evidenceAt))}, ${source}`;
}

/** Of what is met, only what is worth knowing. */
function printDecision({ state, decision, reason = '' }: AgreementStatus): string {
  return state === 'violated' && decision !== undefined ? sayDecision(decision) : reason;
}

/** `4 → 6, limited by maxReplicas 6`, or why it holds. */
export function sayDecision(decision: DecisionStatus): string {
  if (decision.kind === 'hold') return `holds: ${decision.reason}`;
  const limit = decision.limitedBy === undefined ? '' : `, limited by ${decision.limitedBy}`;
  return `${decision.from} → ${decision.to}${limit}`;
}
