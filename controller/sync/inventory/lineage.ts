import { Failure } from '../../errors.ts';
import type { Revision } from '../../ports.ts';
import type { Inventory } from './inventory.ts';

/** Whether `b` reaches `a`; false when one of them is unknown. */
export type IsAncestor = (a: Revision, b: Revision) => Promise<boolean>;

/** How a revision stands to what was applied before. */
export interface Lineage {
  /** All words seen so far, those that this revision brings as well: none of them counts again. */
  readonly words: readonly Revision[];
  /** Whether this revision brings a word that lets deletions go. */
  readonly allowed: boolean;
  /** What was applied last, when this revision doesn't hold it: the branch was rewritten, or came from a side. */
  readonly divergedFrom: Revision | undefined;
}

/** Rejects (waiting) when a later revision is already applied. */
export async function lineageOf(
  { revision: recorded, words: seen }: Inventory,
  target: { readonly revision: Revision; readonly infrastructure: string; readonly pruneWords: readonly Revision[] },
  isAncestor: IsAncestor,
): Promise<Lineage> {
  const { revision, infrastructure } = target;
  const holds = async (one: Revision) => one === revision || (await isAncestor(one, revision));
  const divergedFrom = recorded === undefined || (await holds(recorded)) ? undefined : recorded;
  if (divergedFrom !== undefined && (await isAncestor(revision, divergedFrom))) {
    const message = `Cannot apply ${revision} to '${infrastructure}' as ${divergedFrom}, which came later, is already applied there`;
    throw new Failure('waiting', message, { afterMs: 5000 });
  }
  const fresh: Revision[] = [];
  for (const word of target.pruneWords) if (!seen.includes(word) && (await holds(word))) fresh.push(word);
  // Rewriting gives words of old new names: only the one that the revision itself carries is surely new.
  const allowed = divergedFrom === undefined ? fresh.length > 0 : fresh.includes(revision);
  return { words: [...seen, ...fresh], allowed, divergedFrom };
}
