import { type Issue, printIssue } from '../constructs/spec/issue.ts';
import { kubernetesName } from '../constructs/spec/names.ts';
import type { TaskDraft } from '../synth/draft.ts';
import type { Environment, Task } from '../synth/environment.ts';
import { loadEnvironment, ParseCache } from '../synth/load.ts';
import { readFile, roomOf } from '../synth/read-file.ts';
import type { SourceFile } from '../synth/source.ts';
import { issuesOf } from '../synth/synthesize.ts';
import type { Commit, Repository, Revision } from './ports.ts';
import { blobsToRead, type DeclaredTask, EMPTY_HISTORY, foldHistory, type History, type TasksIn } from './sla/history.ts';

/** What a branch wants, as of its tip. */
export interface Desired {
  readonly tip: Revision;
  /** Of the tip, errors and warnings. */
  readonly issues: readonly Issue[];
  /** The newest valid revision, with the decisions made since on it; undefined when there never was one. */
  readonly inForce: InForce | undefined;
  /** Up to the revision in force; of later commits only the decisions. */
  readonly history: History;
  /** Tells this repository's objects from those of others. */
  readonly syncId: string;
}

interface InForce {
  readonly revision: Revision;
  readonly environment: Environment;
}

/** The newest valid revision that was seen, and everything folded up to it. */
interface Base extends InForce {
  readonly history: History;
}

/** Follows one environment on one branch: reads what moved, and says what is in force. */
export class DesiredState {
  readonly #repository: Repository;
  readonly #environment: string;
  readonly #cache = new ParseCache();
  #base: Base | undefined;
  #last: Desired | undefined;

  constructor(repository: Repository, environment: string) {
    this.#repository = repository;
    this.#environment = environment;
  }

  /** Reads `tip`. The same tip again costs nothing. */
  async at(tip: Revision, signal?: AbortSignal): Promise<Desired> {
    if (this.#last?.tip === tip) return this.#last;
    const known = await this.#knownBelow(tip, signal);
    const commits = await this.#repository.history(tip, known?.revision, this.#directory, signal);
    const environment = await this.#load(tip, signal);
    const issues = issuesOf(environment);
    const valid = isValid(issues) ? { revision: tip, environment } : await this.#newestValid(tip, commits, known, signal);
    const later = valid === undefined ? commits : await this.#since(valid.revision, tip, signal);
    const base = valid && (await this.#fold(known, valid, commits, later, signal));
    // Nothing of what came later is in force, but for what the controller itself decided.
    const history = foldHistory(base?.history ?? EMPTY_HISTORY, later, { environment: this.#environment, tasksIn: () => undefined });
    const syncId = base?.environment.defaults.sync?.id ?? (await this.#repository.root(tip, signal)).slice(0, 12);
    this.#base = base;
    this.#last = { tip, issues, inForce: base && withDecisions(base, history, later), history, syncId };
    return this.#last;
  }

  get #directory(): string {
    return `environments/${this.#environment}`;
  }

  async #load(revision: Revision, signal?: AbortSignal): Promise<Environment> {
    // Of a folder that is gone this is an error: a mistake, not a wish to have nothing. What runs stays.
    return loadEnvironment(this.#environment, await this.#repository.read(revision, this.#directory, signal), this.#cache);
  }

  /** What is known, unless the branch was rewritten. */
  async #knownBelow(tip: Revision, signal?: AbortSignal): Promise<Base | undefined> {
    const base = this.#base;
    return base !== undefined && (await this.#repository.isAncestor(base.revision, tip, signal)) ? base : undefined;
  }

  async #since(revision: Revision, tip: Revision, signal?: AbortSignal): Promise<readonly Commit[]> {
    return revision === tip ? [] : this.#repository.history(tip, revision, this.#directory, signal);
  }

  async #fold(
    known: Base | undefined,
    valid: InForce,
    commits: readonly Commit[],
    later: readonly Commit[],
    signal?: AbortSignal,
  ): Promise<Base> {
    const after = new Set(later.map(({ id }) => id));
    const upTo = commits.filter(({ id }) => !after.has(id));
    const options = { environment: this.#environment, tasksIn: await this.#taskReader(upTo, signal) };
    return { ...valid, history: foldHistory(known?.history ?? EMPTY_HISTORY, upTo, options) };
  }

  async #taskReader(commits: readonly Commit[], signal?: AbortSignal): Promise<TasksIn> {
    const wanted = blobsToRead(commits).filter(({ path }) => this.#roomOf(path) !== undefined);
    const contents = await this.#repository.blobs(
      wanted.map(({ id }) => id),
      signal,
    );
    const tasks = new Map(wanted.map(({ path, id }, index) => [`${id} ${path}`, this.#tasksIn(path, id, contents[index])] as const));
    return (path, id) => (this.#roomOf(path) === undefined ? [] : tasks.get(`${id} ${path}`));
  }

  #roomOf(path: string) {
    const room = roomOf(path.slice(this.#directory.length + 1));
    return typeof room === 'object' && 'folder' in room && room.folder === 'tasks' ? room : undefined;
  }

  #tasksIn(path: string, id: string, content: Uint8Array = new Uint8Array()): readonly DeclaredTask[] | undefined {
    const file: SourceFile = { path, id, kind: 'file', size: content.length, content };
    const { drafts, problems } = readFile(file, 'tasks', this.#roomOf(path)?.format ?? 'yaml');
    if (problems.some(({ severity }) => severity === 'error')) return undefined;
    return drafts.filter((draft) => draft.kind === 'Task').map(declaredTask);
  }

  /**
   * Back along first parents, down to what is known: what a commit that doesn't touch the environment holds, its parent holds too. A merge may
   * lead to a side that never was on the branch; what was in force then stays.
   */
  async #newestValid(
    tip: Revision,
    commits: readonly Commit[],
    known: Base | undefined,
    signal?: AbortSignal,
  ): Promise<InForce | undefined> {
    const byId = new Map(commits.map((commit) => [commit.id, commit]));
    for (let commit = byId.get(tip); commit !== undefined; commit = byId.get(commit.parents[0] ?? '')) {
      const [parent] = commit.parents;
      if (parent === undefined || parent === known?.revision) break;
      if (commit.changes.length === 0) continue;
      if (known !== undefined && !(await this.#repository.isAncestor(known.revision, parent, signal))) break;
      const environment = await this.#load(parent, signal);
      if (isValid(issuesOf(environment))) return { revision: parent, environment };
    }
    return known;
  }
}

export function isValid(issues: readonly Issue[]): boolean {
  return issues.every(({ severity }) => severity !== 'error');
}

/** A typo must not freeze scaling: decisions made after the valid revision hold on it. */
function withDecisions({ revision, environment }: InForce, history: History, later: readonly Commit[]): InForce {
  if (later.length === 0) return { revision, environment };
  const since = new Set(later.map(({ id }) => id));
  return {
    revision,
    environment: { ...environment, tasks: new Map([...environment.tasks].map(([name, task]) => [name, decided(task, history, since)])) },
  };
}

function decided(task: Task, history: History, later: ReadonlySet<Revision>): Task {
  const decision = history.tasks.get(task.id)?.decisions.findLast(({ revision }) => later.has(revision));
  return decision === undefined ? task : { ...task, spec: { ...task.spec, replicas: decision.to } };
}

function declaredTask({ name, spec, qos }: TaskDraft): DeclaredTask {
  return { name: kubernetesName(name), replicas: spec.replicas, qos: qos.map(({ name: template, own }) => own?.name ?? template) };
}

/** What stands in the way of the tip, for a log line. */
export function whyInvalid(issues: readonly Issue[]): string {
  return issues
    .filter(({ severity }) => severity === 'error')
    .map(printIssue)
    .join('\n');
}
