import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../constructs/spec/units.ts';
import { UsageError } from '../errors.ts';
import type { Status } from '../status.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { count } from './table.ts';

const POLL_MS = 250;

export interface WaitOptions extends WatchOptions {
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Blocks until a running watch has applied the branch's tip of now, or a later one, everywhere (or where these tasks are) and all of it (or they)
 * are ready. Exit code 1, with what is missing, when that takes too long.
 */
export async function wait(tasks: readonly string[], options: WaitOptions): Promise<number> {
  const signal = interrupted();
  const watch = runningWatch(options);
  const startedMs = performance.now();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.timeout)]);
  // From then on the watch knows of a tip that is no older than this call.
  let seen = await watch.reconcile([]);
  for (;;) {
    const missing = missingFor(seen, tasks);
    if (missing.length === 0) {
      process.stdout.write(
        `${seen.environment} at ${short(seen.revision)} is ready after ${formatDuration(performance.now() - startedMs)}\n`,
      );
      return EXIT.done;
    }
    if (deadline.aborted) {
      process.stderr.write(`${count(missing.length, 'thing')} missing after ${formatDuration(options.timeout)}:\n${missing.join('\n')}\n`);
      return EXIT.failed;
    }
    await sleep(POLL_MS, undefined, { signal: deadline }).catch(() => undefined);
    seen = await watch.status();
  }
}

/** One line each: what keeps it from running as the tip of the branch says. Pure. */
export function missingFor(seen: Status, tasks: readonly string[]): readonly string[] {
  if (seen.tip === null || seen.tip !== seen.revision) return [`the tip ${short(seen.tip)} is not in force${because(seen)}`];
  const chosen = tasks.map((name) => taskNamed(seen, name));
  const places = new Set(
    chosen.flatMap(({ infrastructure, infrastructures }) => infrastructures?.map(({ name }) => name) ?? infrastructure),
  );
  const there = seen.infrastructures.filter(({ name }) => tasks.length === 0 || places.has(name));
  const behind = there.filter(
    ({ revision, state }) => revision !== seen.revision || UNAPPLIED.includes(state) || (tasks.length === 0 && state !== 'ready'),
  );
  const lookedAfter = new Set(there.map(({ name }) => name));
  const wanted = tasks.length === 0 ? seen.tasks.filter(({ infrastructure }) => lookedAfter.has(infrastructure)) : chosen;
  const unready = wanted.filter(({ health }) => health !== 'ready');
  return [
    ...behind.map((one) => `infrastructure ${one.name} is ${one.state} at ${short(one.revision)}${because(one)}`),
    ...unready.map((one) => `task ${one.name} on ${one.infrastructure} is ${one.health}${because(one)}`),
  ];
}

/** States in which not all of a revision is there, whatever single tasks do. */
const UNAPPLIED: readonly string[] = ['held', 'waiting', 'unreachable', 'failed', 'suspended'];

function taskNamed({ tasks, environment }: Status, name: string): Status['tasks'][number] {
  const found = tasks.find((task) => task.name === name || task.id === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `Cannot wait for task '${name}' as '${environment}' declares none: tasks are ${tasks.map((task) => task.name).join(', ')}`,
  );
}

function because({ reason }: { readonly reason?: string }): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function short(revision: string | null): string {
  return revision?.slice(0, 10) ?? 'no revision';
}
