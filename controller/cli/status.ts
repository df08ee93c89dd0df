import picocolors from 'picocolors';
import { printIssue } from '../../constructs/spec/issue.ts';
import type { Status } from '../status.ts';
import { EXIT } from './exit.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { table } from './table.ts';

/** Asks a running watch what it has seen. */
export async function status(options: WatchOptions & { readonly json?: boolean }): Promise<number> {
  const seen = await runningWatch(options).status();
  process.stdout.write(options.json ? `${JSON.stringify(seen)}\n` : printStatus(seen));
  return EXIT.done;
}

/** The first half of `status`: what is in force, and where. */
export function printInfrastructures(seen: Status): string {
  return `${[headline(seen), infrastructureTable(seen)].filter((section) => section !== '').join('\n\n')}\n`;
}

export function printStatus(seen: Status): string {
  const sections = [
    headline(seen),
    seen.issues.map(printIssue).join('\n'),
    infrastructureTable(seen),
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

function infrastructureTable({ infrastructures }: Status): string {
  const rows = infrastructures.map(({ name, state, revision, reason }) => [name, state, revision?.slice(0, 10) ?? '-', reason ?? '']);
  return table(['INFRASTRUCTURE', 'STATE', 'REVISION', 'REASON'], rows);
}
