import { LABEL } from '../constructs/labels.ts';
import type { Environment, Infrastructure, Task } from '../synth/environment.ts';
import type { Manifest, ObjectRef } from '../synth/manifest.ts';
import { originOf, synthesize } from '../synth/synthesize.ts';
import type { Desired } from './desired.ts';
import { sentence } from './errors.ts';
import type { Revision } from './ports.ts';
import type { History } from './sla/history.ts';
import type { SyncTarget } from './sync/engine.ts';

/** What one revision wants of one infrastructure. */
export interface Wanted {
  readonly infrastructure: Infrastructure;
  readonly environment: string;
  readonly revision: Revision;
  /** First line of its commit's message. */
  readonly subject: string;
  readonly manifests: readonly Manifest[];
  readonly tasks: readonly Task[];
  /** Its share of the tasks with `rollout: ordered`, by their names. */
  readonly ordered: ReadonlyMap<string, OrderedTask>;
  readonly syncId: string;
  readonly pruneWords: SyncTarget['pruneWords'];
  /** Who suspended it, and when; absent while it is not suspended. */
  readonly suspendedBy?: string;
  /** The commit that took its document away: everything of ours is to go from there. */
  readonly removal: Revision | undefined;
  /** `file:line:column` of what an object was made from. */
  readonly placeOf: (ref: ObjectRef) => string | undefined;
}

export interface OrderedTask {
  /** The infrastructures that get a change of it first. */
  readonly before: readonly string[];
  readonly manifests: readonly Manifest[];
}

/** What is in force, for one infrastructure each; `only` those named, all when none is. */
export function wantedOf({ inForce, history, removals, subject, syncId }: Desired, only: readonly string[]): readonly Wanted[] {
  if (inForce === undefined) return [];
  const { environment, revision } = inForce;
  const manifests = synthesize(environment);
  const isMeant = ({ name }: Infrastructure) => only.length === 0 || only.includes(name);
  const wordsFor = ({ name }: Infrastructure) => history.allowPrune.filter(({ infrastructure }) => infrastructure === name);
  const common = { environment: environment.name, revision, subject, syncId };
  const declared = [...environment.infrastructures.values()].filter(isMeant).map((infrastructure) => ({
    ...common,
    infrastructure,
    manifests: manifests.get(infrastructure.name) ?? [],
    ...tasksOn(infrastructure.name, environment, manifests),
    pruneWords: wordsFor(infrastructure),
    removal: undefined,
    ...suspendedBy(infrastructure, history),
    placeOf: (ref: ObjectRef) => {
      const origin = originOf(environment, infrastructure.name, ref);
      return origin && `${origin.file}:${origin.line}:${origin.column}`;
    },
  }));
  const gone = removals.filter(({ infrastructure }) => isMeant(infrastructure));
  const removing = gone.map(({ infrastructure, revision: removal }) => ({
    ...common,
    // Nobody could resume it.
    infrastructure: { ...infrastructure, suspend: false },
    manifests: [],
    tasks: [],
    ordered: new Map(),
    pruneWords: wordsFor(infrastructure),
    removal,
    placeOf: () => undefined,
  }));
  return [...declared, ...removing];
}

function tasksOn(infrastructure: string, environment: Environment, manifests: ReadonlyMap<string, readonly Manifest[]>) {
  const tasks = [...environment.tasks.values()].filter((task) => task.infrastructures.includes(infrastructure));
  const ordered = tasks.filter(({ spec }) => spec.rollout === 'ordered');
  const here = manifests.get(infrastructure) ?? [];
  const shareOf = ({ name, infrastructures }: Task): OrderedTask => ({
    before: infrastructures.slice(0, infrastructures.indexOf(infrastructure)),
    manifests: here.filter(({ metadata }) => metadata.labels?.[LABEL.task] === name),
  });
  return { tasks, ordered: new Map(ordered.map((task) => [task.name, shareOf(task)])) };
}

/** The sentence of an error about one object, with the object's place in the documents in front. */
export function inDocuments(placeOf: Wanted['placeOf'], { ref, error }: { readonly ref: ObjectRef; readonly error: unknown }): string {
  const place = placeOf(ref);
  return `${place === undefined ? '' : `${place} `}${sentence(error)}`;
}

export function targetOf({ infrastructure, ...wanted }: Wanted): SyncTarget {
  const defaultDock = infrastructure.defaultDock ?? 'default';
  const { takeOver = [], maxPrune = 30 } = infrastructure.sync ?? {};
  const { environment, revision, manifests, tasks, syncId, pruneWords, removal } = wanted;
  const { name, suspend: suspended } = infrastructure;
  const held = new Set(tasks.filter(({ spec }) => spec.suspend).map((task) => task.name));
  const prune = { pruneWords, maxPrune, removing: removal !== undefined };
  return { environment, infrastructure: name, revision, manifests, syncId, ...prune, takeOver, defaultDock, held, suspended };
}

function suspendedBy({ suspend, origin }: Infrastructure, { touched }: History): Pick<Wanted, 'suspendedBy'> {
  const commit = suspend ? touched.get(origin.file) : undefined;
  return commit === undefined
    ? {}
    : { suspendedBy: `by ${commit.author} at ${new Date(commit.atMs).toISOString()} in ${commit.revision.slice(0, 10)}` };
}

/** Manifests that nobody touched are the same objects from revision to revision. */
export function isSameWork(a: Wanted, b: Wanted): boolean {
  return (
    a.removal === b.removal &&
    a.manifests.length === b.manifests.length &&
    a.manifests.every((manifest, index) => manifest === b.manifests[index]) &&
    a.infrastructure.credentials?.secret === b.infrastructure.credentials?.secret &&
    a.infrastructure.defaultDock === b.infrastructure.defaultDock &&
    JSON.stringify(a.infrastructure.sync) === JSON.stringify(b.infrastructure.sync) &&
    suspendedIn(a) === suspendedIn(b)
  );
}

function suspendedIn({ infrastructure, tasks }: Wanted): string {
  return JSON.stringify([infrastructure.suspend, ...tasks.filter(({ spec }) => spec.suspend).map(({ name }) => name)]);
}
