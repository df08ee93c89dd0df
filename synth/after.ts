import { ANNOTATION, LABEL, namesIn } from '../constructs/labels.ts';
import { compareText } from '../constructs/spec/issue.ts';
import { kubernetesName } from '../constructs/spec/names.ts';
import type { ManifestDraft, TaskDraft } from './draft.ts';
import type { RawManifest, Task } from './environment.ts';
import { printRef, refOf } from './manifest.ts';
import type { Place } from './parse.ts';
import type { Located, Report } from './report.ts';
import { suggestion } from './suggest.ts';

/** Something that may wait: a task's document, or an object from `manifests/`. */
interface Waiter {
  /** For people. */
  readonly what: string;
  /** The task that it is, or is part of by its label. */
  readonly task: string | undefined;
  readonly infrastructures: readonly string[];
  readonly after: readonly string[];
  readonly file: string;
  readonly place: Place;
}

/** Looks up the tasks that `rotterdam.dev/after` names: each must be on the same infrastructure, and none may wait for itself. */
export function checkAfter(waiters: readonly Waiter[], report: Report): void {
  const places = placesOfTasks(waiters);
  for (const waiter of waiters) for (const name of waiter.after) checkName(waiter, name, places, report);
  for (const cycle of cyclesOf(waiters)) {
    const [first = ''] = cycle;
    const waiter = waiters.find(({ task, after }) => task === first && after.includes(cycle[1] ?? first));
    const path = [...cycle, first].map((name) => `'${name}'`).join(' after ');
    if (waiter) report.error(waiter.file, waiter.place, 'cyclic-after', `Cannot order tasks that wait for each other: ${path}`);
  }
}

/** Of the drafts that became tasks. */
export function taskWaiters(drafts: readonly Located<TaskDraft>[], tasks: ReadonlyMap<string, Task>): Waiter[] {
  return drafts.flatMap(({ file, draft }) => {
    const { name, infrastructures } = tasks.get(kubernetesName(draft.name)) ?? {};
    if (name === undefined || infrastructures === undefined) return [];
    const after = namesOf(draft.annotations);
    return [{ what: `task '${name}'`, task: name, infrastructures, after, file, place: draft.places.after }];
  });
}

/** `manifests` are those of the drafts, in their order. */
export function manifestWaiters(drafts: readonly Located<ManifestDraft>[], manifests: readonly RawManifest[]): Waiter[] {
  return manifests.flatMap(({ manifest, infrastructures }, at) => {
    const { labels, annotations = {} } = manifest.metadata;
    const located = drafts[at];
    if (located === undefined) return [];
    const { file, draft } = located;
    const waits = { what: printRef(refOf(manifest)), task: labels?.[LABEL.task], after: namesOf(annotations) };
    return [{ ...waits, infrastructures, file, place: draft.places.after }];
  });
}

function namesOf(annotations: Readonly<Record<string, string>>): readonly string[] {
  return namesIn(annotations[ANNOTATION.after]).map(kubernetesName);
}

function placesOfTasks(waiters: readonly Waiter[]): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const { task, infrastructures } of waiters) {
    if (task === undefined) continue;
    const known = places.get(task) ?? new Set();
    for (const infrastructure of infrastructures) known.add(infrastructure);
    places.set(task, known);
  }
  return places;
}

function checkName({ what, infrastructures, file, place }: Waiter, name: string, places: ReturnType<typeof placesOfTasks>, report: Report) {
  const there = places.get(name);
  if (there === undefined) {
    if (report.isBroken('tasks', name)) return;
    const message = `Cannot let ${what} wait for task '${name}' as no task has this name${suggestion(name, [...places.keys()], 'declared are')}`;
    report.error(file, place, 'unknown-task', message);
    return;
  }
  const without = infrastructures.filter((infrastructure) => !there.has(infrastructure));
  if (without.length === 0) return;
  const message = `Cannot let ${what} on ${without.join(', ')} wait for task '${name}' as that is on ${[...there].join(', ')}`;
  report.error(file, place, 'task-elsewhere', message);
}

/** Each way round by the names on it. Tasks that wait for nobody, or only for such, are on none. */
function cyclesOf(waiters: readonly Waiter[]): string[][] {
  const left = edgesOf(waiters);
  const cycles: string[][] = [];
  for (dropFree(left); left.size > 0; dropFree(left)) {
    const cycle = cycleIn(left);
    cycles.push(cycle);
    for (const name of cycle) left.delete(name);
  }
  return cycles;
}

type Edges = Map<string, ReadonlySet<string>>;

function edgesOf(waiters: readonly Waiter[]): Edges {
  const edges: Edges = new Map();
  for (const { task, after } of waiters) {
    if (task !== undefined) edges.set(task, new Set([...(edges.get(task) ?? []), ...after]));
  }
  return edges;
}

function dropFree(left: Edges): void {
  const waiting = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const [name, after] of left) {
    const before = [...after].filter((other) => left.has(other));
    waiting.set(name, before.length);
    for (const other of before) dependants.set(other, [...(dependants.get(other) ?? []), name]);
  }
  const free = [...left.keys()].filter((name) => waiting.get(name) === 0);
  for (const name of free) {
    left.delete(name);
    for (const dependant of dependants.get(name) ?? []) {
      const count = (waiting.get(dependant) ?? 0) - 1;
      waiting.set(dependant, count);
      if (count === 0) free.push(dependant);
    }
  }
}

/** All that are left wait for one that is left: followed far enough, one comes again. */
function cycleIn(left: Edges): string[] {
  const path: string[] = [];
  let name = [...left.keys()].sort(compareText)[0] ?? '';
  for (; !path.includes(name); name = [...(left.get(name) ?? [])].find((other) => left.has(other)) ?? '') path.push(name);
  return path.slice(path.indexOf(name));
}
