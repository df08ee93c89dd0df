import type { History } from '../sla/history.ts';

/** How many commits with decisions a branch has had since then. */
export function commitsSince({ tasks }: History, sinceMs: number): number {
  const revisions = new Set<string>();
  for (const { decisions } of tasks.values()) {
    for (let at = decisions.length - 1; at >= 0; at -= 1) {
      const decision = decisions[at];
      if (decision === undefined || decision.atMs < sinceMs) break;
      revisions.add(decision.revision);
    }
  }
  return revisions.size;
}

/** When the last commit with decisions was made, as far as a branch says. */
export function lastCommitMs({ tasks }: History): number {
  return [...tasks.values()].reduce((last, { decisions }) => Math.max(last, decisions.at(-1)?.atMs ?? last), Number.NEGATIVE_INFINITY);
}
