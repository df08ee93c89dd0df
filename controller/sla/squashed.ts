import type { Repository, Revision } from '../ports.ts';
import type { History, HumanChange, TaskHistory } from './history.ts';
import { type DecisionRecord, decisionLines, parseDecision } from './trailer.ts';

/** The decisions of an environment that `head` has beyond `tip`, oldest first, whether there is nothing else, and when the last commit was made. */
export async function decisionsBeyond(
  repository: Repository,
  { tip, head, environment }: { readonly tip: Revision; readonly head: Revision; readonly environment: string },
  signal?: AbortSignal,
): Promise<{ readonly decisions: readonly DecisionRecord[]; readonly isOurs: boolean; readonly lastMs: number | undefined }> {
  const commits = await repository.history(head, tip, `environments/${environment}`, signal);
  const all = commits.map(({ message }) => decisionLines(message).flatMap((line) => parseDecision(line) ?? []));
  const isOwn = (decision: DecisionRecord) => decision.environment === environment;
  const isOurs = all.every((own) => own.length > 0 && own.every(isOwn));
  return { decisions: all.flat().filter(isOwn), isOurs, lastMs: commits.at(-1)?.committedAtMs };
}

/**
 * A squash may bring a decision's number without its trailer. While the decisions branch is there it says what the number was: the last
 * change from and to the same replicas that it doesn't reach is that decision, and no human's.
 */
export async function withSquashed(
  history: History,
  repository: Repository,
  { tip, environment }: { readonly tip: Revision; readonly environment: string },
  signal?: AbortSignal,
): Promise<History> {
  const head = await repository.decisionsHead(signal);
  if (head === undefined || head === tip) return history;
  const { decisions } = await decisionsBeyond(repository, { tip, head, environment }, signal);
  const missing = decisions.filter(({ id }) => !history.decisionIds.has(id));
  if (!missing.some((decision) => changesLike(history, decision).length > 0)) return history;
  const since = await repository.history(tip, head, `environments/${environment}`, signal);
  return adopted(history, missing, new Set(since.map(({ id }) => id)));
}

function changesLike({ tasks }: History, { task, from, to }: DecisionRecord): readonly HumanChange[] {
  return tasks.get(task)?.humans.filter((human) => human.from === from && human.to === to) ?? [];
}

/** Pure. */
function adopted(history: History, missing: readonly DecisionRecord[], since: ReadonlySet<Revision>): History {
  const tasks = new Map(history.tasks);
  const decisionIds = new Set(history.decisionIds);
  for (const decision of missing) {
    const task = tasks.get(decision.task);
    const change = changesLike({ ...history, tasks }, decision).findLast(({ revision }) => since.has(revision));
    if (task === undefined || change === undefined) continue;
    decisionIds.add(decision.id);
    tasks.set(decision.task, decidedBy(task, change, decision));
  }
  return { ...history, tasks, decisionIds };
}

function decidedBy({ human: _, ...task }: TaskHistory, change: HumanChange, decision: DecisionRecord): TaskHistory {
  const humans = task.humans.filter((one) => one !== change);
  const last = humans.at(-1);
  const { revision, atMs, order } = change;
  const decisions = [...task.decisions, { ...decision, squashed: true as const, revision, atMs, order }].sort((a, b) => a.order - b.order);
  return { ...task, humans, decisions, ...(last && { human: last }) };
}
