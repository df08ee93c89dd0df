import { type Issue, printIssue } from '../constructs/spec/issue.ts';
import { agreementKey, kubernetesName } from '../constructs/spec/names.ts';
import type { AgreementDraft, Draft, InfrastructureDraft, TaskDraft } from '../synth/draft.ts';
import type { Environment, Infrastructure, Task } from '../synth/environment.ts';
import { loadEnvironment } from '../synth/load.ts';
import { ParseCache } from '../synth/parse-cache.ts';
import { readFile, roomOf } from '../synth/read-file.ts';
import type { SourceFile } from '../synth/source.ts';
import { issuesOf } from '../synth/synthesize.ts';
import { foldRequests, NO_REQUESTS, type Requests } from './changes/requests.ts';
import type { Commit, Repository, Revision } from './ports.ts';
import { type Departures, foldDepartures, NO_DEPARTURES, type Removal, toPrune } from './removals.ts';
import type { AgreementDocument, AgreementsIn } from './sla/agreement-history.ts';
import { blobsToRead, type DeclaredTask, EMPTY_HISTORY, foldHistory, type History, type TasksIn } from './sla/history.ts';
import { withSquashed } from './sla/squashed.ts';

/** What a branch wants, as of its tip. */
export interface Desired {
  readonly tip: Revision;
  /** Of the tip, errors and warnings. */
  readonly issues: readonly Issue[];
  /** The newest valid revision, with the decisions made since on it; undefined when there never was one. */
  readonly inForce: InForce | undefined;
  /** Up to the revision in force; of later commits only the decisions. */
  readonly history: History;
  /** Infrastructures that are to be emptied as their documents are gone. */
  readonly removals: readonly Removal[];
  /** Requests by REST that the branch's commits carry out. */
  readonly requests: Requests;
  /** First line of the message of the commit in force. */
  readonly subject: string;
  /** Tells this repository's objects from those of others. */
  readonly syncId: string;
}

/** Folders whose documents are followed through the history. */
const FOLDED = ['tasks', 'infrastructures', 'sla'];

interface InForce {
  readonly revision: Revision;
  readonly environment: Environment;
}

/** The newest valid revision that was seen, and everything folded up to it. */
interface Base extends InForce {
  readonly history: History;
  readonly departures: Departures;
  readonly requests: Requests;
}

/** Follows one environment on one branch: reads what moved, and says what is in force. */
export class DesiredState {
  readonly #repository: Repository;
  readonly #environment: string;
  /** What the last revision held. */
  readonly cache = new ParseCache();
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
    const commitsSince = this.#repository.history(tip, known?.revision, this.#directory, signal);
    const [commits, environment] = await Promise.all([commitsSince, this.#load(tip, signal)]);
    const issues = issuesOf(environment);
    const valid = isValid(issues) ? { revision: tip, environment } : await this.#newestValid(tip, commits, known, signal);
    const later = valid === undefined ? commits : await this.#since(valid.revision, tip, signal);
    const base = valid && (await this.#fold(known, valid, commits, later, signal));
    // Nothing of what came later is in force, but for what the controller itself decided.
    const folded = foldHistory(base?.history ?? EMPTY_HISTORY, later, {
      environment: this.#environment,
      tasksIn: () => undefined,
      agreementsIn: () => undefined,
    });
    const history = await withSquashed(folded, this.#repository, { tip, environment: this.#environment }, signal);
    const syncId = base?.environment.defaults.sync?.id ?? (await this.#repository.root(tip, signal)).slice(0, 12);
    this.#base = base;
    const removals = base === undefined ? [] : toPrune(base.departures, base.environment.infrastructures);
    this.#last = {
      tip,
      issues,
      inForce: base && withDecisions(base, history, later),
      history,
      removals,
      requests: foldRequests(base?.requests ?? NO_REQUESTS, later, this.#environment),
      subject: base?.history.subject ?? '',
      syncId,
    };
    return this.#last;
  }

  /** As the function of that name; what the last revision held isn't read again. */
  readonly readFile: typeof readFile = (file, folder, format) => this.cache.readFile(this.#environment, file, folder, format);

  get #directory(): string {
    return `environments/${this.#environment}`;
  }

  async #load(revision: Revision, signal?: AbortSignal): Promise<Environment> {
    // Of a folder that is gone this is an error: a mistake, not a wish to have nothing. What runs stays.
    return loadEnvironment(this.#environment, await this.#repository.read(revision, this.#directory, signal), this.cache);
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
    const draftsIn = await this.#draftReader(upTo, signal);
    const tasksIn: TasksIn = (path, id) =>
      draftsIn(path, id)
        ?.filter((draft) => draft.kind === 'Task')
        .map(declaredTask);
    const agreementsIn: AgreementsIn = (path, id) =>
      draftsIn(path, id)
        ?.filter((draft) => draft.kind === 'Agreement')
        .map(agreementDocument);
    return {
      ...valid,
      history: foldHistory(known?.history ?? EMPTY_HISTORY, upTo, { environment: this.#environment, tasksIn, agreementsIn }),
      requests: foldRequests(known?.requests ?? NO_REQUESTS, upTo, this.#environment),
      departures: foldDepartures(known?.departures ?? NO_DEPARTURES, upTo, (path, id) =>
        draftsIn(path, id)?.flatMap((draft) => (draft.kind === 'Infrastructure' ? [infrastructureOf(draft, path)] : [])),
      ),
    };
  }

  /** What blobs of tasks, infrastructures and agreements declare, or undefined for one that doesn't parse; nothing for any other. */
  async #draftReader(
    commits: readonly Commit[],
    signal?: AbortSignal,
  ): Promise<(path: string, id: string) => readonly Draft[] | undefined> {
    const wanted = blobsToRead(commits).filter(({ path }) => this.#roomOf(path) !== undefined);
    const contents = await this.#repository.blobs(
      wanted.map(({ id }) => id),
      signal,
    );
    const drafts = new Map(wanted.map(({ path, id }, index) => [`${id} ${path}`, this.#draftsIn(path, id, contents[index])] as const));
    return (path, id) => (this.#roomOf(path) === undefined ? [] : drafts.get(`${id} ${path}`));
  }

  #roomOf(path: string) {
    const room = roomOf(path.slice(this.#directory.length + 1));
    return typeof room === 'object' && 'folder' in room && FOLDED.includes(room.folder) ? room : undefined;
  }

  #draftsIn(path: string, id: string, content: Uint8Array = new Uint8Array()): readonly Draft[] | undefined {
    const file: SourceFile = { path, id, kind: 'file', size: content.length, content };
    const { folder, format } = this.#roomOf(path) ?? { folder: '', format: 'yaml' };
    const { drafts, problems } = readFile(file, folder, format);
    return problems.some(({ severity }) => severity === 'error') ? undefined : drafts;
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

function infrastructureOf({ spec, name, spot }: InfrastructureDraft, file: string): Infrastructure {
  return { ...spec, name: kubernetesName(name), original: name, origin: { file, ...spot } };
}

function declaredTask({ name, spec, qos }: TaskDraft): DeclaredTask {
  return { name: kubernetesName(name), replicas: spec.replicas, qos: qos.map(({ name: template, own }) => own?.name ?? template) };
}

function agreementDocument({ name, spec: { state, expiration } }: AgreementDraft): AgreementDocument {
  return { key: agreementKey(name), state, ...(expiration === undefined ? {} : { expiresAtMs: Date.parse(expiration) }) };
}

/** What stands in the way of the tip, for a log line. */
export function whyInvalid(issues: readonly Issue[]): string {
  return issues
    .filter(({ severity }) => severity === 'error')
    .map(printIssue)
    .join('\n');
}
