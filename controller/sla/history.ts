import { taskId } from '../../constructs/spec/names.ts';
import type { Commit, Revision } from '../ports.ts';
import { ALLOW_PRUNE, DECISION, type DecisionRecord, parseDecision, trailerValues } from './trailer.ts';

/** A task as a document declares it. */
export interface DeclaredTask {
  readonly name: string;
  readonly replicas: number;
  /** Names of the templates it is bound to, as the environment has them. */
  readonly qos: readonly string[];
}

/** The tasks that a blob declares, or undefined when it doesn't parse. Blobs without tasks give an empty list. */
export type TasksIn = (path: string, blobId: string) => readonly DeclaredTask[] | undefined;

/** Something that happened to a task; `order` counts commits, as dates of commits prove little. */
export interface Happening {
  readonly revision: Revision;
  readonly atMs: number;
  readonly order: number;
}

export interface TaskHistory {
  /** When the task was bound to each template. */
  readonly agreed: ReadonlyMap<string, Happening>;
  /** The last change of its replicas that no decision explains. */
  readonly human?: Happening & { readonly from: number; readonly to: number };
  /** Oldest first, each id once. */
  readonly decisions: readonly (Happening & DecisionRecord)[];
}

/** What a branch's commits say, folded. Read-only; {@link foldHistory} makes the next one. */
export interface History {
  /** By task id. */
  readonly tasks: ReadonlyMap<string, TaskHistory>;
  /** `Rotterdam-Allow-Prune: <infrastructure>` words, and `<environment>/<infrastructure>` ones of this environment. */
  readonly allowPrune: readonly { readonly revision: Revision; readonly infrastructure: string }[];
  /** Decision trailers that can't be read. */
  readonly malformed: readonly { readonly revision: Revision; readonly line: string }[];
  readonly decisionIds: ReadonlySet<string>;
  /** What each file declared when it last parsed. */
  readonly files: ReadonlyMap<string, readonly DeclaredTask[]>;
  readonly commits: number;
}

export const EMPTY_HISTORY: History = {
  tasks: new Map(),
  allowPrune: [],
  malformed: [],
  decisionIds: new Set(),
  files: new Map(),
  commits: 0,
};

export const NO_TASK_HISTORY: TaskHistory = { agreed: new Map(), decisions: [] };

export interface FoldOptions {
  /** The environment's name: decisions of others are none here. */
  readonly environment: string;
  readonly tasksIn: TasksIn;
}

interface Draft {
  readonly tasks: Map<string, TaskHistory>;
  readonly allowPrune: { revision: Revision; infrastructure: string }[];
  readonly malformed: { revision: Revision; line: string }[];
  readonly decisionIds: Set<string>;
  readonly files: Map<string, readonly DeclaredTask[]>;
  commits: number;
}

/**
 * Appends `commits`, oldest first, to `history`. Pure: same commits, same history, however they were cut into calls.
 * A file that doesn't parse counts as unchanged, as it isn't in force either.
 */
export function foldHistory(history: History, commits: readonly Commit[], options: FoldOptions): History {
  if (commits.length === 0) return history;
  const draft: Draft = {
    tasks: new Map(history.tasks),
    allowPrune: [...history.allowPrune],
    malformed: [...history.malformed],
    decisionIds: new Set(history.decisionIds),
    files: new Map(history.files),
    commits: history.commits,
  };
  for (const commit of commits) foldCommit(draft, commit, options);
  return draft;
}

/** The blobs that folding `commits` asks for, each once: read them in one go beforehand. */
export function blobsToRead(commits: readonly Commit[]): readonly { readonly path: string; readonly id: string }[] {
  const blobs = new Map<string, { path: string; id: string }>();
  for (const { path, before, after } of commits.flatMap((commit) => commit.changes)) {
    for (const id of [before, after]) if (id !== null) blobs.set(`${id} ${path}`, { path, id });
  }
  return [...blobs.values()];
}

function foldCommit(draft: Draft, commit: Commit, { environment, tasksIn }: FoldOptions): void {
  const happening = { revision: commit.id, atMs: commit.committedAtMs, order: draft.commits++ };
  const { before, after } = declaredAround(draft, commit, tasksIn);
  const decisions = readDecisions(draft, commit, environment);
  for (const [id, task] of after) {
    foldAgreed(draft, id, before.get(id), task, happening);
    foldReplicas(draft, id, before.get(id), task, { commit, decisions, happening });
  }
  for (const id of before.keys()) if (!after.has(id)) draft.tasks.delete(id);
  for (const decision of decisions) {
    if (draft.decisionIds.has(decision.id)) continue;
    draft.decisionIds.add(decision.id);
    const task = draft.tasks.get(decision.task) ?? NO_TASK_HISTORY;
    draft.tasks.set(decision.task, { ...task, decisions: [...task.decisions, { ...decision, ...happening }] });
  }
  for (const word of trailerValues(commit.message, ALLOW_PRUNE)) {
    const infrastructure = word.startsWith(`${environment}/`) ? word.slice(environment.length + 1) : word;
    if (!infrastructure.includes('/')) draft.allowPrune.push({ revision: commit.id, infrastructure });
  }
}

type Declared = ReadonlyMap<string, DeclaredTask>;

/** The tasks of all changed files together, so that a task that moves from file to file stays the same. */
function declaredAround(draft: Draft, commit: Commit, tasksIn: TasksIn): { before: Declared; after: Declared } {
  const before = new Map<string, DeclaredTask>();
  const after = new Map<string, DeclaredTask>();
  for (const change of commit.changes) {
    const now = change.after === null ? [] : tasksIn(change.path, change.after);
    if (now === undefined) continue;
    const was = (change.before === null ? [] : tasksIn(change.path, change.before)) ?? draft.files.get(change.path) ?? [];
    for (const task of was) before.set(taskId(task.name), task);
    for (const task of now) after.set(taskId(task.name), task);
    if (now.length > 0) draft.files.set(change.path, now);
    else draft.files.delete(change.path);
  }
  return { before, after };
}

function readDecisions(draft: Draft, commit: Commit, environment: string): readonly DecisionRecord[] {
  return trailerValues(commit.message, DECISION).flatMap((line) => {
    const decision = parseDecision(line);
    if (decision === undefined) draft.malformed.push({ revision: commit.id, line });
    return decision?.environment === environment ? [decision] : [];
  });
}

function foldAgreed(draft: Draft, id: string, before: DeclaredTask | undefined, after: DeclaredTask, happening: Happening): void {
  const task = (before === undefined ? undefined : draft.tasks.get(id)) ?? NO_TASK_HISTORY;
  const kept = after.qos.map((template) => [template, task.agreed.get(template) ?? happening] as const);
  draft.tasks.set(id, { ...task, agreed: new Map(kept) });
}

/** A merge brings decisions of its other side along: their change isn't a human's. */
function foldReplicas(
  draft: Draft,
  id: string,
  before: DeclaredTask | undefined,
  after: DeclaredTask,
  { commit, decisions, happening }: { commit: Commit; decisions: readonly DecisionRecord[]; happening: Happening },
): void {
  const task = draft.tasks.get(id);
  if (task === undefined || before === undefined || before.replicas === after.replicas) return;
  const change = { from: before.replicas, to: after.replicas };
  const decided = decisions.some(({ task: of, from, to }) => of === id && from === change.from && to === change.to);
  const merged = commit.parents.length > 1 && task.decisions.at(-1)?.to === change.to;
  if (!decided && !merged) draft.tasks.set(id, { ...task, human: { ...happening, ...change } });
}
