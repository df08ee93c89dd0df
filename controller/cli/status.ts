import { existsSync, readdirSync, readFileSync } from 'node:fs';
import picocolors from 'picocolors';
import { printIssue } from '../../constructs/spec/issue.ts';
import { addressFile, stateDirectory } from '../config.ts';
import { Failure, sentence, UsageError } from '../errors.ts';
import type { Status } from '../status.ts';
import { EXIT } from './exit.ts';
import { table } from './table.ts';

/** Asks a running watch what it has seen. */
export async function status(options: {
  readonly address?: string;
  readonly environment?: string;
  readonly state?: string;
  readonly json?: boolean;
}): Promise<number> {
  const seen = await ask(options.address ?? leftAddress(stateDirectory(options.state), options.environment));
  process.stdout.write(options.json ? `${JSON.stringify(seen)}\n` : printStatus(seen));
  return EXIT.done;
}

function leftAddress(state: string, environment?: string): string {
  const left = existsSync(state) ? readdirSync(state).flatMap((name) => /^watch-(.+)\.json$/.exec(name)?.[1] ?? []) : [];
  const [named = '', ...others] = environment === undefined ? left : left.filter((name) => name === environment);
  if (others.length > 0) throw new UsageError(`Name one of the environments that are watched here: --environment ${left.join(' or ')}`);
  try {
    return (JSON.parse(readFileSync(addressFile(state, named), 'utf8')) as { url: string }).url;
  } catch {
    throw new UsageError('Name the address of a running watch: --address http://127.0.0.1:PORT (no watch --listen runs in this folder)');
  }
}

async function ask(address: string): Promise<Status> {
  const base = /^https?:\/\//.test(address) ? address : `http://${address}`;
  try {
    const reply = await fetch(new URL('/api/v1/status', base), { signal: AbortSignal.timeout(5_000) });
    if (!reply.ok) throw new Error(`it answered ${reply.status}`);
    return (await reply.json()) as Status;
  } catch (error) {
    throw new Failure('transient', `Cannot ask the watch at ${base}: ${sentence(error)}`, { cause: error });
  }
}

export function printStatus(seen: Status): string {
  const behind = seen.tip !== null && seen.tip !== seen.revision ? `, the tip ${seen.tip.slice(0, 10)} is not valid` : '';
  const sections = [
    `${picocolors.bold(seen.environment)} at ${seen.revision?.slice(0, 10) ?? 'no revision'}${behind}${seen.reason ? `\n${seen.reason}` : ''}`,
    seen.issues.map(printIssue).join('\n'),
    table(
      ['INFRASTRUCTURE', 'STATE', 'REVISION', 'REASON'],
      seen.infrastructures.map(({ name, state, revision, reason }) => [name, state, revision?.slice(0, 10) ?? '-', reason ?? '']),
    ),
    table(
      ['TASK', 'DOCK', 'INFRASTRUCTURE', 'READY', 'HEALTH', 'URL'],
      seen.tasks.map((task) => [
        task.name,
        task.dock,
        task.infrastructure,
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
