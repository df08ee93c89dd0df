import { Failure } from '../../errors.ts';
import type { Revision } from '../../ports.ts';
import type { Inventory } from './inventory.ts';

/** Whether `b` reaches `a`; false when one of them is unknown. */
export type IsAncestor = (a: Revision, b: Revision) => Promise<boolean>;

/** A commit that carries `Rotterdam-Allow-Prune` for an infrastructure. */
export interface PruneWord {
  readonly revision: Revision;
  /** It lets go this task's objects; all of the infrastructure when absent. */
  readonly task?: string;
}

/** How a revision stands to what was applied before. */
export interface Lineage {
  /** All words seen so far, those that this revision brings as well: none of them counts again. */
  readonly words: readonly Revision[];
  /** Whether this revision brings a word that lets deletions go. */
  readonly allowed: boolean;
  /** Names of tasks that it brings a word for. */
  readonly allowedTasks: ReadonlySet<string>;
  /** What was applied last, when this revision doesn't hold it: the branch was rewritten, or came from a side. */
  readonly divergedFrom: Revision | undefined;
}

/** Rejects (waiting) when a later revision is already applied. */
export async function lineageOf(
  { revision: recorded, words: seen }: Inventory,
  target: { readonly revision: Revision; readonly infrastructure: string; readonly pruneWords: readonly PruneWord[] },
  isAncestor: IsAncestor,
): Promise<Lineage> {
  const { revision, infrastructure } = target;
  const holds = async (one: Revision) => one === revision || (await isAncestor(one, revision));
  const divergedFrom = recorded === undefined || (await holds(recorded)) ? undefined : recorded;
  if (divergedFrom !== undefined && (await isAncestor(revision, divergedFrom))) {
    const message = `Cannot apply ${revision} to '${infrastructure}' as ${divergedFrom}, which came later, is already applied there`;
    throw new Failure('waiting', message, { afterMs: 5000 });
  }
  const known = new Set(seen);
  const fresh: PruneWord[] = [];
  for (const word of target.pruneWords) if (!known.has(word.revision) && (await holds(word.revision))) fresh.push(word);
  // Rewriting gives words of old new names: only the one that the revision itself carries is surely new.
  const counting = divergedFrom === undefined ? fresh : fresh.filter((word) => word.revision === revision);
  return {
    words: [...new Set([...seen, ...fresh.map((word) => word.revision)])],
    allowed: counting.some(({ task }) => task === undefined),
    allowedTasks: new Set(counting.flatMap(({ task }) => task ?? [])),
    divergedFrom,
  };
}
