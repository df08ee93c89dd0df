import picocolors from 'picocolors';
import { printIssue } from '../../constructs/spec/issue.ts';
import type { Status } from '../status.ts';
import { EXIT } from './exit.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { table } from './table.ts';

/** Asks a running watch what it has seen. */
export async function status(options: WatchOptions & { readonly json?: boolean }): Promise<number> {
  const seen = await runningWatch(options).status();
  process.stdout.write(options.json ? `${JSON.stringify(seen)}\n` : printStatus(seen, Date.now()));
  return EXIT.done;
}

/** The first half of `status`: what is in force, and where. */
export function printInfrastructures(seen: Status, nowMs: number): string {
  return `${[headline(seen), infrastructureTable(seen, nowMs)].filter((section) => section !== '').join('\n\n')}\n`;
}

export function printStatus(seen: Status, nowMs: number): string {
  const sections = [
    headline(seen),
    seen.issues.map(printIssue).join('\n'),
    infrastructureTable(seen, nowMs),
    table(
      ['TASK', 'DOCK', 'INFRASTRUCTURE', 'READY', 'HEALTH', 'URL'],
      seen.tasks.map((task) => [
        task.name,
        task.dock,
        task.infrastructures?.map(({ name }) => name).join(', ') ?? task.infrastructure,
        `${task.replicas.ready}/${task.replicas.desired}${task.scaledBy === undefined ? '' : ` by ${task.scaledBy}`}`,
        task.reason ? `${task.health}: ${task.reason}` : task.health,
        task.url ?? '',
      ]),
    ),
    table(
      ['AGREEMENT', 'GUARANTEE', 'STATE', 'VALUE', 'LIMIT', 'REASON'],
      seen.tasks
        .flatMap(({ agreements }) => agreements)
        .map(({ id, guarantee, state, value, limit, reason }) => [id, guarantee, state, `${value ?? ''}`, `${limit ?? ''}`, reason ?? '']),
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

/** `5m ago`: in the largest unit that it is one of. */
function printAge(ageMs: number): string {
  const [, unitMs, unit] = UNITS.find(([least]) => ageMs >= least) ?? [0, 1_000, 's'];
  return `${Math.max(0, Math.floor(ageMs / unitMs))}${unit} ago`;
}

const UNITS = [
  [2 * 86_400_000, 86_400_000, 'd'],
  [2 * 3_600_000, 3_600_000, 'h'],
  [2 * 60_000, 60_000, 'm'],
] as const;
