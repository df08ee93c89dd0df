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
  readonly inForce: { readonly revision: Revision; readonly environment: Environment } | undefined;
  readonly history: History;
  /** Tells this repository's objects from those of others. */
  readonly syncId: string;
  readonly commits: ReadonlyMap<Revision, Commit>;
}

/** Follows one environment on one branch: reads what moved, and says what is in force. */
export class DesiredState {
  readonly #repository: Repository;
  readonly #environment: string;
  readonly #cache = new ParseCache();
  #last: Desired | undefined;

  constructor(repository: Repository, environment: string) {
    this.#repository = repository;
    this.#environment = environment;
  }

  /** Reads `tip`. The same tip again costs nothing. */
  async at(tip: Revision, signal?: AbortSignal): Promise<Desired> {
    if (this.#last?.tip === tip) return this.#last;
    const { history, commits } = await this.#fold(tip, signal);
    const environment = await this.#load(tip, signal);
    const issues = issuesOf(environment);
    const inForce = isValid(issues)
      ? { revision: tip, environment }
      : withDecisions(await this.#newestValid(tip, commits, signal), history, commits, tip);
    const syncId = inForce?.environment.defaults.sync?.id ?? (await this.#repository.root(tip, signal)).slice(0, 12);
    this.#last = { tip, issues, inForce, history, syncId, commits };
    return this.#last;
  }

  get #directory(): string {
    return `environments/${this.#environment}`;
  }

  async #load(revision: Revision, signal?: AbortSignal): Promise<Environment> {
    return loadEnvironment(this.#environment, await this.#repository.read(revision, this.#directory, signal), this.#cache);
  }

  /** Appends what came since; starts again when the branch was rewritten. */
  async #fold(tip: Revision, signal?: AbortSignal): Promise<Pick<Desired, 'history' | 'commits'>> {
    const last = this.#last;
    const from = last !== undefined && (await this.#repository.isAncestor(last.tip, tip, signal)) ? last : undefined;
    const commits = await this.#repository.history(tip, from?.tip, this.#directory, signal);
    const tasksIn = await this.#taskReader(commits, signal);
    return {
      history: foldHistory(from?.history ?? EMPTY_HISTORY, commits, tasksIn),
      commits: new Map([...(from?.commits ?? []), ...commits.map((commit) => [commit.id, commit] as const)]),
    };
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

  /** Back along first parents; only commits that touched the environment can have made it valid. */
  async #newestValid(tip: Revision, commits: ReadonlyMap<Revision, Commit>, signal?: AbortSignal): Promise<Desired['inForce']> {
    let revision = commits.get(tip)?.parents[0];
    let touched = changes(commits.get(tip));
    while (revision !== undefined) {
      const commit = commits.get(revision);
      if (touched) {
        const environment = await this.#load(revision, signal);
        if (isValid(issuesOf(environment))) return { revision, environment };
      }
      touched = changes(commit);
      revision = commit?.parents[0];
    }
    return undefined;
  }
}

function changes(commit: Commit | undefined): boolean {
  return (commit?.changes.length ?? 0) > 0;
}

export function isValid(issues: readonly Issue[]): boolean {
  return issues.every(({ severity }) => severity !== 'error');
}

/** A typo must not freeze scaling: decisions made after the valid revision hold on it. */
function withDecisions(
  valid: Desired['inForce'],
  history: History,
  commits: ReadonlyMap<Revision, Commit>,
  tip: Revision,
): Desired['inForce'] {
  if (valid === undefined) return undefined;
  const later = new Set<Revision>();
  for (let revision: Revision | undefined = tip; revision !== undefined && revision !== valid.revision; ) {
    later.add(revision);
    revision = commits.get(revision)?.parents[0];
  }
  const tasks = new Map([...valid.environment.tasks].map(([name, task]) => [name, decided(task, history, later)] as const));
  return { revision: valid.revision, environment: { ...valid.environment, tasks } };
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
