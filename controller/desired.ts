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
  readonly lineage: Lineage;
}

/** What is kept of every commit: enough to walk back along first parents. */
type Lineage = ReadonlyMap<Revision, { readonly parent: Revision | undefined; readonly touches: boolean }>;

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
    const { history, lineage } = await this.#fold(tip, signal);
    const environment = await this.#load(tip, signal);
    const issues = issuesOf(environment);
    const inForce = isValid(issues)
      ? { revision: tip, environment }
      : withDecisions(await this.#newestValid(tip, lineage, signal), history, lineage, tip);
    const syncId = inForce?.environment.defaults.sync?.id ?? (await this.#repository.root(tip, signal)).slice(0, 12);
    this.#last = { tip, issues, inForce, history, syncId, lineage };
    return this.#last;
  }

  get #directory(): string {
    return `environments/${this.#environment}`;
  }

  async #load(revision: Revision, signal?: AbortSignal): Promise<Environment> {
    const files = await this.#repository.read(revision, this.#directory, signal);
    const environment = loadEnvironment(this.#environment, files, this.#cache);
    return files.length > 0 ? environment : { ...environment, issues: [this.#absent()] };
  }

  /** A folder that is gone is a mistake, not a wish to have nothing: what runs stays. */
  #absent(): Issue {
    const message = `Found no environment '${this.#environment}': the branch has nothing in ${this.#directory}`;
    return { file: this.#directory, line: 1, column: 1, severity: 'error', code: 'no-environment', message };
  }

  /** Appends what came since; starts again when the branch was rewritten. */
  async #fold(tip: Revision, signal?: AbortSignal): Promise<Pick<Desired, 'history' | 'lineage'>> {
    const last = this.#last;
    const from = last !== undefined && (await this.#repository.isAncestor(last.tip, tip, signal)) ? last : undefined;
    const commits = await this.#repository.history(tip, from?.tip, this.#directory, signal);
    const tasksIn = await this.#taskReader(commits, signal);
    return {
      history: foldHistory(from?.history ?? EMPTY_HISTORY, commits, tasksIn),
      lineage: new Map([
        ...(from?.lineage ?? []),
        ...commits.map(({ id, parents, changes }) => [id, { parent: parents[0], touches: changes.length > 0 }] as const),
      ]),
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

  /** Back along first parents: what a commit that doesn't touch the environment holds, its parent holds too. */
  async #newestValid(tip: Revision, lineage: Lineage, signal?: AbortSignal): Promise<Desired['inForce']> {
    for (let at = tip, commit = lineage.get(at); commit?.parent !== undefined; at = commit.parent, commit = lineage.get(at)) {
      if (!commit.touches) continue;
      const environment = await this.#load(commit.parent, signal);
      if (isValid(issuesOf(environment))) return { revision: commit.parent, environment };
    }
    return undefined;
  }
}

export function isValid(issues: readonly Issue[]): boolean {
  return issues.every(({ severity }) => severity !== 'error');
}

/** A typo must not freeze scaling: decisions made after the valid revision hold on it. */
function withDecisions(valid: Desired['inForce'], history: History, lineage: Lineage, tip: Revision): Desired['inForce'] {
  if (valid === undefined) return undefined;
  const later = new Set<Revision>();
  for (let revision: Revision | undefined = tip; revision !== undefined && revision !== valid.revision; ) {
    later.add(revision);
    revision = lineage.get(revision)?.parent;
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
