import type { Manifest, ObjectRef } from '../../synth/manifest.ts';
import { identity, printRef } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { Clock, Cluster, Log, Revision } from '../ports.ts';
import { carryOut } from './carry-out.ts';
import { conflictsOf, type ObjectWarnings, type Outcome, type SyncProgress } from './execute.ts';
import type { EndingObject } from './health/ending.ts';
import type { ObjectHealth } from './health/health.ts';
import { parentRef, setIdOf } from './inventory/applyset.ts';
import type { IsAncestor, PruneWord } from './inventory/lineage.ts';
import { observe } from './observe.ts';
import { endingIn, healthIn, type OpenSet, openSet } from './open-set.ts';
import { planSync, type Steps, type SyncChange, type SyncPlan } from './plan.ts';
import { previewOf, type SyncPreview } from './show/preview.ts';
import { printPlans } from './show/print.ts';
import { createAlarm } from './watch/alarm.ts';
import type { FieldConflict } from './write/apply.ts';
import { createPreflight } from './write/preflight.ts';

export type { ObjectWarnings, SyncProgress } from './execute.ts';
export { type EndingObject, printEnding } from './health/ending.ts';
export type { HealthState, ObjectHealth } from './health/health.ts';
export type { SyncChange, SyncPlan } from './plan.ts';
export type { PlannedChange, SyncPreview } from './show/preview.ts';
export { type NamedPlan, printConflict, printLeft, printPlans, printWaiting, printWarnings, totalOf } from './show/print.ts';
export { jsonField } from './show/print-fields.ts';
export type { FieldConflict } from './write/apply.ts';

export interface SyncTarget {
  readonly environment: string;
  readonly infrastructure: string;
  readonly revision: Revision;
  readonly manifests: readonly Manifest[];
  /** Tells this repository from others with equal names, so that they never prune each other. */
  readonly syncId: string;
  /** For this infrastructure. Each counts once, in the first revision that has it. */
  readonly pruneWords: readonly PruneWord[];
  /** Percent of what we own that may be deleted without a word. */
  readonly maxPrune: number;
  /** Nothing is wanted there any more: the inventory goes as well in the end. */
  readonly removing: boolean;
  /** Field managers whose fields are ours to take; all others keep theirs. */
  readonly takeOver: readonly string[];
  /** The namespace of manifests that name none. */
  readonly defaultDock: string;
  /** Names of tasks whose objects are left as they are, wanted or not: neither applied nor deleted. None when absent. */
  readonly held?: ReadonlySet<string>;
  /** Nothing at all is applied or deleted. */
  readonly suspended?: boolean;
  /** Tasks that wait, and for what: nothing new of them is applied, nothing old deleted; drift is repaired. None when absent. */
  readonly waits?: ReadonlyMap<string, string>;
}

export interface SyncReport {
  readonly revision: Revision;
  readonly plan: SyncPlan;
  readonly applied: readonly SyncChange[];
  /** What was not done yet: each says what it waits for, a task, or the end of what it takes the place of. `onChange` calls when it may be their turn. */
  readonly waiting: readonly SyncChange[];
  /** Every object that could not be applied or deleted, each with its own sentence. */
  readonly failed: readonly { readonly ref: ObjectRef; readonly error: Failure }[];
  /** Fields left to other managers, as long as they hold them. */
  readonly conflicts: readonly FieldConflict[];
  /** What the server warned of when it last took an object, since the engine began. */
  readonly warnings: readonly ObjectWarnings[];
  readonly health: readonly ObjectHealth[];
  /** How many objects the inventory holds now. */
  readonly owned: number;
  /** Of an object that is, or was, ours. */
  readonly uidOf: (ref: ObjectRef) => string | undefined;
  readonly durationMs: number;
}

/** Brings one infrastructure to what its manifests say. One call of `plan` or `sync` at a time. */
export interface SyncEngine {
  /** Observes and plans; writes nothing. With `fields` each change tells what is different about its object. */
  plan(target: SyncTarget, signal?: AbortSignal, options?: { readonly fields?: boolean }): Promise<SyncPreview>;
  /** Plans from what the watches have seen: once they are warm it asks nothing, so that what is there without our label goes unseen. */
  look(target: SyncTarget, signal?: AbortSignal): Promise<SyncPlan>;
  /**
   * Observes, plans, applies, prunes. Refused objects are in the report; rejects with a Failure when the cluster doesn't answer
   * or refuses the credentials (transient, terminal), and when a later revision is already applied (waiting). `progress` is told of
   * each change as it happens.
   */
  sync(target: SyncTarget, signal?: AbortSignal, progress?: (news: SyncProgress) => void): Promise<SyncReport>;
  /** What the watches have seen, without a request; 'missing' for what they haven't. */
  health(target: SyncTarget): readonly ObjectHealth[];
  /** What of ours is no longer wanted and on its way out, as the watches have seen it, without a request. */
  ending(): readonly EndingObject[];
  /** Calls back soon after an object of ours moved by other hands than ours. Returns what stops it. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/** Many events of one moment are one change. */
const COALESCE_MS = 10;

export function createSyncEngine(options: {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly isAncestor: IsAncestor;
}): SyncEngine {
  const { cluster, clock, log, isAncestor } = options;
  const listeners = new Map<symbol, () => void>();
  const preflight = createPreflight(cluster);
  const closing = new AbortController();
  let set: OpenSet | undefined;
  let telling = false;

  const tell = async () => {
    if (telling) return;
    telling = true;
    await clock.sleep(COALESCE_MS, closing.signal).catch(() => undefined);
    telling = false;
    if (!closing.signal.aborted) for (const listener of listeners.values()) listener();
  };
  const changed = () => void tell();
  const alarm = createAlarm(clock, changed);

  const open = (target: SyncTarget): OpenSet => {
    const parent = parentRef(target);
    if (set?.setId === setIdOf(parent)) return set;
    set?.close();
    set = openSet({ cluster, clock, parent, changed });
    return set;
  };

  const look = async (target: SyncTarget, writes: boolean, signal: AbortSignal | undefined) => {
    const at = open(target);
    const observed = await observe({ cluster, isAncestor, preflight, writes, ...at }, target, signal);
    const steps = planSync(target, observed);
    for (const { reported } of steps.leave) if (reported !== undefined) at.reported.set(reported.key, reported.manifest);
    return { at, observed, steps };
  };

  const health = (target: SyncTarget) => healthIn(open(target), target);

  return {
    async plan(target, signal, options = {}) {
      const { steps } = await look(target, false, signal);
      return await previewOf(cluster, steps, { ...options, takeOver: target.takeOver }, signal);
    },
    look: async (target, signal) => (await look(target, false, signal)).steps.plan,
    async sync(target, signal, progress = () => undefined) {
      refuseSuspended(target);
      const startedMs = clock.now();
      const { at, observed, steps } = await look(target, true, signal);
      const { infrastructure } = target;
      const { plan: planned } = steps;
      if (planned.changes.length > 0) log.debug({ infrastructure, text: printPlans([{ name: infrastructure, plan: planned }]) }, 'plan');
      const { takeOver } = target;
      const outcome = await carryOut({ cluster, clock, progress, takeOver, ...at }, target, observed, steps, signal).catch((error) => {
        preflight.forget();
        throw error;
      });
      if (outcome.failed.length > 0) preflight.forget();
      const durationMs = clock.now() - startedMs;
      report(log, target, steps, outcome, durationMs);
      noteWarnings(log, target, at.warnings, outcome);
      const { applied, failed, later, entries } = outcome;
      const wanted = new Set(observed.desired.map(({ key }) => key));
      at.leaving = [...entries].flatMap(([key, entry]) => (wanted.has(key) ? [] : [entry]));
      for (const { untilMs } of steps.leave) if (untilMs !== undefined) alarm.set(untilMs);
      // Not all that is ready at once is seen to move.
      if (steps.later.length > 0 && applied.length > 0) changed();
      return {
        revision: target.revision,
        plan: failed.length + later.length === 0 ? steps.plan : withHeld(steps.plan),
        applied,
        waiting: [...steps.later, ...later],
        failed,
        conflicts: conflictsOf(observed.desired, entries),
        warnings: [...at.warnings.values()],
        health: health(target),
        owned: entries.size,
        uidOf: (ref) => (entries.get(identity(ref)) ?? observed.inventory.entries.get(identity(ref)))?.uid,
        durationMs,
      };
    },
    health,
    ending: () => (set === undefined ? [] : endingIn(set)),
    onChange(listener) {
      const key = Symbol();
      listeners.set(key, listener);
      return () => listeners.delete(key);
    },
    close() {
      closing.abort(new Failure('waiting', 'The engine was closed'));
      alarm.close();
      set?.close();
    },
  };
}

/** Refused objects are in the report: whoever asked tells of them, once. */
function report(log: Log, target: SyncTarget, { plan }: Steps, { applied, failed }: Outcome, durationMs: number): void {
  if (applied.length === 0) return;
  const { infrastructure, revision } = target;
  log.info({ infrastructure, revision, ...plan.counts, applied: applied.length, failed: failed.length, durationMs }, 'synced');
}

/** Tells of what is new, and forgets what is no longer applied. */
function noteWarnings(log: Log, { infrastructure }: SyncTarget, known: Map<string, ObjectWarnings>, { warnings, entries }: Outcome): void {
  for (const [key, { ref, texts }] of warnings) {
    const news = texts.filter((text) => !known.get(key)?.texts.includes(text));
    if (news.length > 0) log.warn({ infrastructure, object: printRef(ref), warnings: news }, 'warning');
    if (texts.length > 0) known.set(key, { ref, texts });
    else known.delete(key);
  }
  for (const key of [...known.keys()]) if (!entries.has(key)) known.delete(key);
}

function refuseSuspended({ suspended, infrastructure }: SyncTarget): void {
  if (!suspended) return;
  throw new Failure(
    'terminal',
    `Cannot apply to '${infrastructure}' as it is suspended: rotterdam-sync resume infrastructure/${infrastructure}`,
  );
}

function withHeld(plan: SyncPlan): SyncPlan {
  if (plan.counts.delete === 0 || plan.held !== undefined) return plan;
  return { ...plan, held: `${plan.counts.delete} deletions wait until everything else is applied` };
}
