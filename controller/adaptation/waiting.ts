import { DECISIONS_BRANCH, type Repository, type Revision } from '../ports.ts';
import type { History } from '../sla/history.ts';
import { decisionsBeyond } from '../sla/squashed.ts';
import type { DecisionRecord } from '../sla/trailer.ts';

/** What waits on the decisions branch for somebody to merge it into the branch. */
export interface Waiting {
  /** The decisions branch's tip. */
  readonly head: Revision | undefined;
  /** By task. None of a branch that isn't based on the tip: what was decided then is decided again. */
  readonly decisions: ReadonlyMap<string, DecisionRecord>;
  /** When the decisions branch's last commit was made that the branch hasn't. */
  readonly lastMs: number | undefined;
  /** Where the next decisions go on top of: the decisions branch while it is based on the tip, else the tip. */
  readonly base: Revision;
  /** Nobody needs the decisions branch any more: it was merged, or the branch has moved on. */
  readonly isVoid: boolean;
}

/**
 * Reads the decisions branch against the branch's tip. A merge of any kind makes another tip, on which nothing waits: a merged or
 * rebased trailer is there, and one that a squash has lost is read from the decisions branch, which is kept for it.
 */
export async function readWaiting(repository: Repository, tip: Revision, history: History, environment: string): Promise<Waiting> {
  const head = await repository.decisionsHead();
  if (head === undefined || head === tip) return { head, decisions: new Map(), lastMs: undefined, base: tip, isVoid: head === tip };
  const { decisions, isOurs, lastMs } = await decisionsBeyond(repository, { tip, head, environment });
  if (await repository.isAncestor(tip, head))
    return { head, decisions: new Map(decisions.map((decision) => [decision.task, decision])), lastMs, base: head, isVoid: false };
  const isNeeded = ({ task, id }: DecisionRecord) => history.tasks.get(task)?.decisions.some((one) => one.id === id && one.squashed);
  return { head, decisions: new Map(), lastMs, base: tip, isVoid: isOurs && !decisions.some(isNeeded) };
}

export function waitsForMerge({ from, to }: DecisionRecord): string {
  return `${from} → ${to} waits for a merge of ${DECISIONS_BRANCH}`;
}
