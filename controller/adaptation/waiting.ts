import { DECISIONS_BRANCH, type Repository, type Revision } from '../ports.ts';
import { DECISION, type DecisionRecord, parseDecision, trailerValues } from '../sla/trailer.ts';

/** What waits on the decisions branch for somebody to merge it into the branch. */
export interface Waiting {
  /** The decisions branch's tip. */
  readonly head: Revision | undefined;
  /** By task. None of a branch that isn't based on the tip: what was decided then is decided again. */
  readonly decisions: ReadonlyMap<string, DecisionRecord>;
  /** Where the next decisions go on top of: the decisions branch while it is based on the tip, else the tip. */
  readonly base: Revision;
}

/**
 * Reads the decisions branch against the branch's tip. A merge of any kind makes another tip, on which nothing waits: a merged or
 * rebased trailer is there, and a squashed number counts as a person's.
 */
export async function readWaiting(repository: Repository, tip: Revision, environment: string): Promise<Waiting> {
  const head = await repository.decisionsHead();
  if (head === undefined || head === tip || !(await repository.isAncestor(tip, head))) return { head, decisions: new Map(), base: tip };
  const commits = await repository.history(head, tip, `environments/${environment}`);
  const decisions = commits
    .flatMap(({ message }) => trailerValues(message, DECISION))
    .flatMap((line) => parseDecision(line) ?? [])
    .filter((decision) => decision.environment === environment);
  return { head, decisions: new Map(decisions.map((decision) => [decision.task, decision])), base: head };
}

export function waitsForMerge({ from, to }: DecisionRecord): string {
  return `${from} → ${to} waits for a merge of ${DECISIONS_BRANCH}`;
}
