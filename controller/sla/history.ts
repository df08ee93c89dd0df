import { taskId } from '../../constructs/spec/names.ts';
import type { Commit, Revision } from '../ports.ts';
import { type AgreementDocument, type AgreementHistory, type AgreementsIn, foldAgreements } from './agreement-history.ts';
import { groupBy } from './group-by.ts';
import type { Happening } from './happening.ts';
import { allowPruneIn, type DecisionRecord, decisionLines, type PruneWord, parseDecision, type Totals } from './trailer.ts';

/** A task as a document declares it. */
export interface DeclaredTask {
  readonly name: string;
  readonly replicas: number;
  /** Names of the templates it is bound to, as the environment has them. */
  readonly qos: readonly string[];
}

/** The tasks that a blob declares, or undefined when it doesn't parse. Blobs without tasks give an empty list. */
export type TasksIn = (path: string, blobId: string) => readonly DeclaredTask[] | undefined;

/** Replicas that somebody set by hand. */
export interface HumanChange extends Happening {
  readonly from: number;
  readonly to: number;
  /** `Name <email>` */
  readonly author: string;
  /** First line of the commit's message. */
  readonly subject: string;
}

export interface TaskHistory {
  /** When it was first declared. */
  readonly begun?: Happening;
  /** When the task was bound to each template, also to those that it left. */
  readonly agreed: ReadonlyMap<string, Happening>;
  /** The last change of its replicas that no decision explains. */
  readonly human?: HumanChange;
  /** All of them, oldest first. */
  readonly humans: readonly HumanChange[];
  /** Oldest first, each id once; what it consumed, and was measured by, is known of the last ten. */
  readonly decisions: readonly (Happening & DecisionRecord)[];
}

/** What a branch's commits say, folded. Read-only; {@link foldHistory} makes the next one. */
export interface History {
  /** By task id; of tasks that are gone as well, as a side of a merge may have kept them. One that comes again begins anew. */
  readonly tasks: ReadonlyMap<string, TaskHistory>;
  readonly allowPrune: readonly PruneWord[];
  /** Decision trailers that can't be read. */
  readonly malformed: readonly { readonly revision: Revision; readonly line: string }[];
  readonly decisionIds: ReadonlySet<string>;
  /** By the key of their ids: those that ever had documents of their own. */
  readonly agreements: ReadonlyMap<string, AgreementHistory>;
  /** What each file declared when it last parsed. */
  readonly files: ReadonlyMap<string, readonly DeclaredTask[]>;
  readonly agreementFiles: ReadonlyMap<string, readonly AgreementDocument[]>;
  /** By path: the last commit that changed it, merges aside. */
  readonly touched: ReadonlyMap<string, Touch>;
  /** First line of the last commit's message. */
  readonly subject: string;
  readonly commits: number;
}

export interface Touch {
  readonly revision: Revision;
  readonly atMs: number;
  /** `Name <email>` */
  readonly author: string;
}

export const EMPTY_HISTORY: History = {
  tasks: new Map(),
  allowPrune: [],
  malformed: [],
  decisionIds: new Set(),
  agreements: new Map(),
  files: new Map(),
  agreementFiles: new Map(),
  touched: new Map(),
  subject: '',
  commits: 0,
};

export const NO_TASK_HISTORY: TaskHistory = { agreed: new Map(), humans: [], decisions: [] };

export interface FoldOptions {
  /** The environment's name: decisions of others are none here. */
  readonly environment: string;
  readonly tasksIn: TasksIn;
  /** Default: there are none. */
  readonly agreementsIn?: AgreementsIn;
}

interface Draft {
  readonly tasks: Map<string, TaskHistory>;
  readonly allowPrune: PruneWord[];
  readonly malformed: { revision: Revision; line: string }[];
  readonly decisionIds: Set<string>;
  readonly agreements: Map<string, AgreementHistory>;
  readonly files: Map<string, readonly DeclaredTask[]>;
  readonly agreementFiles: Map<string, readonly AgreementDocument[]>;
  readonly touched: Map<string, Touch>;
  readonly subject: string;
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
    agreements: new Map(history.agreements),
    files: new Map(history.files),
    agreementFiles: new Map(history.agreementFiles),
    touched: new Map(history.touched),
    subject: subjectOf(commits.at(-1)),
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

function foldCommit(draft: Draft, commit: Commit, { environment, tasksIn, agreementsIn = () => [] }: FoldOptions): void {
  const happening = { revision: commit.id, atMs: commit.committedAtMs, order: draft.commits++ };
  foldTouched(draft, commit);
  foldAgreements(draft, commit, happening, agreementsIn);
  const { before, after } = declaredAround(draft, commit, tasksIn);
  const decisions = readDecisions(draft, commit, environment);
  const anew = new Map();
  for (const [id, now] of after) {
    const change = { id, was: before.get(id) ?? [], now, commit, happening, anew };
    foldAgreed(draft, change);
    foldReplicas(draft, change, decisions);
  }
  for (const decision of decisions) {
    if (draft.decisionIds.has(decision.id)) continue;
    draft.decisionIds.add(decision.id);
    const task = draft.tasks.get(decision.task) ?? NO_TASK_HISTORY;
    draft.tasks.set(decision.task, { ...task, decisions: [...bounded(task.decisions), { ...decision, ...happening }] });
  }
  draft.allowPrune.push(...allowPruneIn(commit, environment));
}

/** What a decision consumed is asked for of the last one, and told of some before it, as its queries are: not kept of all that there ever were. */
function bounded(decisions: TaskHistory['decisions']): TaskHistory['decisions'] {
  const old = decisions.at(-CONSUMED_KEPT);
  if (old === undefined) return decisions;
  const { queries: _, ...rest } = old;
  return decisions.with(-CONSUMED_KEPT, { ...rest, evidence: { ...old.evidence, consumed: NOTHING } });
}

const CONSUMED_KEPT = 10;
const NOTHING: Totals = {};

function foldTouched({ touched }: Draft, commit: Commit): void {
  const { id, parents, committedAtMs, changes } = commit;
  if (parents.length > 1) return;
  const touch = { revision: id, atMs: committedAtMs, author: authorOf(commit) };
  for (const { path } of changes) touched.set(path, touch);
}

function authorOf({ author }: Commit): string {
  return `${author.name} <${author.email}>`;
}

function subjectOf(commit: Commit | undefined): string {
  return commit?.message.split('\n', 1)[0] ?? '';
}

type Declared = ReadonlyMap<string, readonly DeclaredTask[]>;

/** By task id, the tasks of all changed files together, so that a task that moves from file to file stays the same. */
function declaredAround(draft: Draft, commit: Commit, tasksIn: TasksIn): { before: Declared; after: Declared } {
  const was: DeclaredTask[] = [];
  const now: DeclaredTask[] = [];
  const changed = new Set<string>();
  for (const change of commit.changes) {
    const declared = change.after === null ? [] : tasksIn(change.path, change.after);
    if (declared === undefined) continue;
    was.push(...((change.before === null ? [] : tasksIn(change.path, change.before)) ?? draft.files.get(change.path) ?? []));
    now.push(...declared);
    changed.add(change.path);
    if (declared.length > 0) draft.files.set(change.path, declared);
    else draft.files.delete(change.path);
  }
  const kept = keptElsewhere(draft, changed, was, now);
  const byId = (tasks: readonly DeclaredTask[]) => groupBy(tasks, ({ name }) => taskId(name));
  return { before: byId([...was, ...kept]), after: byId([...now, ...kept]) };
}

/** A task may come to one file before it leaves another: what that one declares is there before and after. */
function keptElsewhere(
  draft: Draft,
  changed: ReadonlySet<string>,
  was: readonly DeclaredTask[],
  now: readonly DeclaredTask[],
): readonly DeclaredTask[] {
  if (was.length === now.length && was.every(({ name }, at) => now[at]?.name === name)) return [];
  const names = new Set([...was, ...now].map(({ name }) => name));
  return [...draft.files].flatMap(([path, tasks]) => (changed.has(path) ? [] : tasks.filter(({ name }) => names.has(name))));
}

function readDecisions(draft: Draft, commit: Commit, environment: string): readonly DecisionRecord[] {
  return decisionLines(commit.message).flatMap((line) => {
    const decision = parseDecision(line);
    if (decision === undefined) draft.malformed.push({ revision: commit.id, line });
    return decision?.environment === environment ? [decision] : [];
  });
}

interface TaskChange {
  readonly id: string;
  /** Empty when the task is new; several while more than one file declares it. */
  readonly was: readonly DeclaredTask[];
  readonly now: readonly DeclaredTask[];
  readonly commit: Commit;
  readonly happening: Happening;
  /** By their templates: of tasks that this commit has bound anew, which share what says so. */
  readonly anew: Map<string, TaskHistory['agreed']>;
}

/** What is new to a merge's first parent is known from its other side. */
function foldAgreed(draft: Draft, { id, was, now, commit, happening, anew }: TaskChange): void {
  const merged = commit.parents.length > 1;
  const task = (was.length > 0 || merged ? draft.tasks.get(id) : undefined) ?? NO_TASK_HISTORY;
  const bound = new Set(was.flatMap(({ qos }) => qos));
  const templates = now.flatMap(({ qos }) => qos);
  const agreed = templates.map(
    (template) => [template, (bound.has(template) || merged ? task.agreed.get(template) : undefined) ?? happening] as const,
  );
  const isAnew = task.agreed.size === 0 && agreed.every(([, since]) => since === happening);
  const shared = isAnew ? anew.get(templates.join('\n')) : undefined;
  const all = shared ?? new Map([...task.agreed, ...agreed]);
  if (isAnew) anew.set(templates.join('\n'), all);
  draft.tasks.set(id, { ...task, begun: task.begun ?? happening, agreed: all });
}

/** A merge brings decisions of its other side along, and a squash may bring several of one task: their change isn't a human's. */
function foldReplicas(draft: Draft, { id, was, now, commit, happening }: TaskChange, decisions: readonly DecisionRecord[]): void {
  const task = draft.tasks.get(id);
  const from = was[0]?.replicas;
  const to = now.find(({ replicas }) => !was.some((one) => one.replicas === replicas))?.replicas;
  if (task === undefined || from === undefined || to === undefined) return;
  const decided = decisions.reduce((now, decision) => (decision.task === id && decision.from === now ? decision.to : now), from);
  const merged = commit.parents.length > 1 && task.decisions.at(-1)?.to === to;
  if (decided === to || merged) return;
  const human = { ...happening, from, to, author: authorOf(commit), subject: subjectOf(commit) };
  draft.tasks.set(id, { ...task, human, humans: [...task.humans, human] });
}
