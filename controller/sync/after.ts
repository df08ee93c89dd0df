import { ANNOTATION, LABEL, namesIn } from '../../constructs/labels.ts';
import type { Manifest, ObjectRef } from '../../synth/manifest.ts';
import { kindOf } from './kinds.ts';
import { stageOf } from './order.ts';

/** The task that an object belongs to, and those that it waits for. */
export interface Turn {
  readonly task?: string;
  readonly after?: readonly string[];
}

/** What this reads of steps and of what was observed. */
interface Step {
  readonly change: { readonly ref: ObjectRef; readonly waitsFor?: string };
}
interface Applying extends Step {
  readonly desired: Turn & { readonly key: string };
  readonly repair: boolean;
}
interface Deleting extends Step {
  readonly turn: Turn;
}
interface Seen {
  readonly inventory: { readonly entries: ReadonlyMap<string, unknown> };
  readonly desired: readonly (Turn & { readonly key: string; readonly ref: ObjectRef })[];
  live(key: string, ref: ObjectRef): { readonly health: { readonly state: string } } | undefined;
  members(): Iterable<readonly [string, { readonly turn: Turn; readonly ending: unknown }]>;
}

export interface InTurn<Step> {
  readonly now: readonly Step[];
  /** Each with what it waits for. They are looked at again when that has moved. */
  readonly later: readonly Step[];
}

export function turnOf({ labels, annotations }: Manifest['metadata']): Turn {
  const task = labels?.[LABEL.task];
  const after = namesIn(annotations?.[ANNOTATION.after]);
  return { ...(task === undefined ? {} : { task }), ...(after.length === 0 ? {} : { after }) };
}

/**
 * A change waits until nothing is left to apply of the tasks that it comes after, and they are ready. What only puts back what was
 * there before doesn't wait. `refused` are identities. Pure, and linear.
 */
export function inTurn<S extends Applying>(steps: readonly S[], refused: ReadonlySet<string>, observed: Seen): InTurn<S> {
  const named = new Set(steps.flatMap(({ desired }) => desired.after ?? []));
  if (named.size === 0) return { now: steps, later: [] };
  const moving = new Set([...steps.map(({ desired }) => desired.key), ...refused]);
  const unfinished = new Set<string>();
  for (const { key, ref, task } of observed.desired) {
    if (task === undefined || !named.has(task)) continue;
    if (moving.has(key) || (isAwaited(kindOf(ref)) && observed.live(key, ref)?.health.state !== 'ready')) unfinished.add(task);
  }
  return splitBy(steps, ({ desired, repair }) =>
    repair ? undefined : printTasks((desired.after ?? []).filter((task) => unfinished.has(task))),
  );
}

/** Puts off what is of tasks that wait for something elsewhere; `waits` says what. Pure. */
export function unlessWaiting<S extends Step>(
  steps: readonly S[],
  taskOf: (step: S) => string | undefined,
  waits: ReadonlyMap<string, string>,
): InTurn<S> {
  return splitBy(steps, (step) => waits.get(taskOf(step) ?? ''));
}

/** In reverse: a task is deleted once nothing is left of those that come after it; what others stand on, after all of them. Pure. */
export function inReverse<S extends Deleting>(steps: readonly S[], observed: Seen): InTurn<S> {
  if (!steps.some(({ turn }) => turn.task !== undefined)) return { now: steps, later: [] };
  const dependants = dependantsIn(observed);
  const { now, later } = splitBy(steps, ({ turn }) => printTasks(dependants.get(turn.task ?? '') ?? []));
  // Documents of several revisions may together name a way round.
  if (later.length === steps.length && ![...observed.members()].some(([, { ending }]) => ending !== undefined))
    return { now: steps, later: [] };
  const first = Math.max(0, ...later.map(({ change }) => stageOf(change.ref)));
  const under = splitBy(now, ({ change, turn }) =>
    turn.task === undefined && stageOf(change.ref) < first ? printTasks(tasksOf(later)) : undefined,
  );
  return { now: under.now, later: [...later, ...under.later] };
}

/** Task → the tasks after it of which something is left that is no longer wanted. */
function dependantsIn({ inventory, desired, members }: Seen): ReadonlyMap<string, readonly string[]> {
  const wanted = new Set(desired.map(({ key }) => key));
  const dependants = new Map<string, string[]>();
  for (const [key, { turn }] of members()) {
    if (turn.after === undefined || wanted.has(key) || !inventory.entries.has(key)) continue;
    for (const task of turn.after) dependants.set(task, [...(dependants.get(task) ?? []), turn.task ?? key]);
  }
  return dependants;
}

function tasksOf(steps: readonly Deleting[]): readonly string[] {
  return steps.flatMap(({ turn }) => turn.task ?? []);
}

/** `Task a, Task b`; undefined of none. */
function printTasks(tasks: readonly string[]): string | undefined {
  return tasks.length === 0 ? undefined : [...new Set(tasks)].map((task) => `Task ${task}`).join(', ');
}

function splitBy<S extends Step>(steps: readonly S[], waitsForOf: (step: S) => string | undefined): InTurn<S> {
  const [now, later]: [S[], S[]] = [[], []];
  for (const step of steps) {
    const waitsFor = waitsForOf(step);
    if (waitsFor === undefined) now.push(step);
    else later.push({ ...step, change: { ...step.change, waitsFor } });
  }
  return { now, later };
}

/** Kinds that lead to a task or guard it: a task runs without an address, and a claim may be bound only when its pod is there. */
const NOT_AWAITED: ReadonlySet<string> = new Set([
  '/Service',
  '/PersistentVolumeClaim',
  'networking.k8s.io/Ingress',
  'route.openshift.io/Route',
  'autoscaling/HorizontalPodAutoscaler',
  'policy/PodDisruptionBudget',
]);

export function isAwaited(kind: string): boolean {
  return !NOT_AWAITED.has(kind);
}
