import { createInterface } from 'node:readline/promises';
import { systemClock } from '../adapters/clock.ts';
import { createLog } from '../adapters/log.ts';
import type { CommonOptions, Settings } from '../config.ts';
import { sentence, UsageError } from '../errors.ts';
import { connect } from '../main.ts';
import type { Cluster, Repository, Revision } from '../ports.ts';
import {
  createSyncEngine,
  printConflict,
  printEnding,
  printPlan,
  printWaiting,
  printWarnings,
  type SyncEngine,
  type SyncPlan,
  type SyncTarget,
} from '../sync/engine.ts';
import { syncInTurns } from '../sync/turns.ts';
import { inDocuments, targetOf, type Wanted } from '../wanted.ts';
import { atTip } from './at-tip.ts';
import { EXIT } from './exit.ts';
import { count } from './table.ts';

const HEALTH_POLL_MS = 200;
const LONGEST_ROLLOUT_MS = 10 * 60_000;

/** One infrastructure that was looked at, or why it couldn't be. */
interface Look {
  readonly name: string;
  readonly placeOf: Wanted['placeOf'];
  readonly target: SyncTarget;
  readonly cluster: Cluster;
  readonly engine: SyncEngine;
  readonly plan: SyncPlan;
}

/** `takeOver`: field managers, beside those that the documents name. */
type LookOptions = CommonOptions & { readonly takeOver?: readonly string[] };

interface Unseen {
  readonly name: string;
  readonly reason: string;
}

/** Shows what would change at the branch's tip. Exit code 3 when something would. */
export async function plan(options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  return withLooks(options, async (looks, unseen) => {
    print(looks, unseen, options.json ?? false);
    if (unseen.length > 0) return EXIT.failed;
    return looks.some(({ plan: { changes } }) => changes.length > 0) ? EXIT.changes : EXIT.done;
  });
}

/** Makes the clusters as the branch's tip says, once; asks first, unless told not to. */
export async function apply(
  options: LookOptions & { readonly json?: boolean; readonly yes?: boolean; readonly wait?: boolean },
): Promise<number> {
  return withLooks(options, async (looks, unseen, signal) => {
    print(looks, unseen, options.json ?? false);
    const changing = looks.filter(({ plan: { changes } }) => changes.length > 0);
    if (changing.length > 0 && !options.yes && !(await confirm(signal))) return EXIT.failed;
    const applied = await Promise.all(changing.map((look) => applyOne(look, options.wait !== false, signal)));
    const whole = looks.filter((look) => !changing.includes(look) || applied[changing.indexOf(look)]);
    const ready = options.wait === false || (await Promise.all(whole.map((look) => waitUntilReady(look, signal)))).every(Boolean);
    return unseen.length === 0 && whole.length === looks.length && ready ? EXIT.done : EXIT.failed;
  });
}

async function withLooks(
  options: LookOptions,
  use: (looks: readonly Look[], unseen: readonly Unseen[], signal: AbortSignal) => Promise<number>,
): Promise<number> {
  return atTip(options, async ({ settings, repository, wanted, signal }) => {
    const looks: Look[] = [];
    const unseen: Unseen[] = [];
    try {
      await Promise.all(
        wanted.map(async (one) => {
          try {
            looks.push(await look(one, options.takeOver ?? [], settings, repository, signal));
          } catch (error) {
            unseen.push({ name: one.infrastructure.name, reason: sentence(error) });
          }
        }),
      );
      return await use(looks.sort(byName), unseen.sort(byName), signal);
    } finally {
      for (const { engine, cluster } of looks) {
        engine.close();
        cluster.close();
      }
    }
  });
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

async function look(
  wanted: Wanted,
  takeOver: readonly string[],
  settings: Settings,
  repository: Repository,
  signal: AbortSignal,
): Promise<Look> {
  const { infrastructure } = wanted;
  const cluster = await connect(settings, infrastructure);
  const isAncestor = (a: Revision, b: Revision) => repository.isAncestor(a, b);
  const engine = createSyncEngine({
    cluster,
    clock: systemClock,
    log: createLog({ pretty: process.stderr.isTTY, level: 'error' }),
    isAncestor,
  });
  try {
    const declared = targetOf(wanted);
    const target = { ...declared, takeOver: [...declared.takeOver, ...takeOver] };
    return { name: infrastructure.name, placeOf: wanted.placeOf, target, cluster, engine, plan: await engine.plan(target, signal) };
  } catch (error) {
    engine.close();
    cluster.close();
    throw error;
  }
}

function print(looks: readonly Look[], unseen: readonly Unseen[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ changes: looks.flatMap(jsonChanges), counts: totals(looks), unseen })}\n`);
    return;
  }
  for (const { name, plan: planned } of looks) process.stdout.write(`${name}\n${printPlan(planned)}\n\n`);
  for (const { name, reason } of unseen) process.stderr.write(`${name}: ${reason}\n`);
}

function jsonChanges({ name, plan: { changes, held } }: Look) {
  return changes.map((change) => ({ infrastructure: name, ...change, ...(held !== undefined && change.op === 'delete' ? { held } : {}) }));
}

function totals(looks: readonly Look[]): Record<string, number> {
  const sums: Record<string, number> = { create: 0, update: 0, delete: 0, unchanged: 0 };
  for (const { plan: planned } of looks) {
    for (const [name, count] of Object.entries(planned.counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

async function confirm(signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Cannot ask as there is no terminal: say --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await terminal.question('Apply these changes? [y/N] ', { signal }));
  } finally {
    terminal.close();
  }
}

/** True when everything planned was done. */
async function applyOne({ name, placeOf, target, engine }: Look, wait: boolean, signal: AbortSignal): Promise<boolean> {
  try {
    const {
      plan: done,
      applied,
      waiting,
      failed,
      conflicts,
      warnings,
      durationMs,
    } = await (wait ? syncInTurns(engine, target, signal) : engine.sync(target, signal));
    const said = [
      `${count(applied.length, 'change')} applied in ${Math.round(durationMs)} ms`,
      ...failed.map((one) => inDocuments(placeOf, one)),
      ...conflicts.map(printConflict),
      ...warnings.flatMap(printWarnings),
      ...printWaiting(waiting),
      ...(done.held === undefined ? [] : [done.held]),
    ];
    for (const line of said) process.stderr.write(`${name}: ${line}\n`);
    return failed.length === 0 && waiting.length === 0 && done.held === undefined;
  } catch (error) {
    process.stderr.write(`${name}: ${sentence(error)}\n`);
    return false;
  }
}

async function waitUntilReady({ name, target, engine }: Look, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = systemClock.now() + LONGEST_ROLLOUT_MS;
  for (let left = false; ; ) {
    const waiting = engine.health(target).filter(({ state }) => state !== 'ready');
    const ending = engine.ending();
    if (waiting.length + ending.length === 0) {
      if (!left) return true;
      // What it stood on may go as well now.
      await engine.sync(target, signal);
    }
    left = ending.length > 0;
    const failed = waiting.filter(({ state }) => state === 'failed');
    if (failed.length > 0 || systemClock.now() > deadlineMs) {
      for (const { ref, state, reason } of failed.length > 0 ? failed : waiting) {
        process.stderr.write(`${name}: ${ref.kind} ${ref.name} is ${state}: ${reason}\n`);
      }
      for (const one of ending) process.stderr.write(`${name}: ${printEnding(one, systemClock.now())}\n`);
      return false;
    }
    await systemClock.sleep(HEALTH_POLL_MS, signal);
  }
}
