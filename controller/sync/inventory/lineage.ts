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

/** Each removal by REST says one, and the inventory has room for so many. Commits; it remembers twice as many, as their order may be another one. */
const MOST_WORDS = 500;

/** How a revision stands to what was applied before. */
export interface Lineage {
  /** The last words seen so far, those that this revision brings as well: none of them counts again, and older ones not either. */
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
  for (const word of latest(target.pruneWords)) if (!known.has(word.revision) && (await holds(word.revision))) fresh.push(word);
  // Rewriting gives words of old new names: only the one that the revision itself carries is surely new.
  const counting = divergedFrom === undefined ? fresh : fresh.filter((word) => word.revision === revision);
  return {
    words: [...new Set([...seen, ...fresh.map((word) => word.revision)])].slice(-2 * MOST_WORDS),
    allowed: counting.some(({ task }) => task === undefined),
    allowedTasks: new Set(counting.flatMap(({ task }) => task ?? [])),
    divergedFrom,
  };
}

/** Those of the last commits: what came before them was applied long ago, or is said again. */
function latest(words: readonly PruneWord[]): readonly PruneWord[] {
  const commits = new Set([...new Set(words.map(({ revision }) => revision))].slice(-MOST_WORDS));
  return words.filter(({ revision }) => commits.has(revision));
}
