import { taskOfWorkerService } from '../../constructs/worker-services.ts';
import { identity, type ObjectRef } from '../../synth/manifest.ts';
import type { Revision } from '../ports.ts';
import type { Turn } from './after.ts';
import type { Lineage } from './inventory/lineage.ts';
import { kindOf } from './kinds.ts';

export interface PruneTarget {
  readonly infrastructure: string;
  /** Percent. */
  readonly maxPrune: number;
  readonly removing: boolean;
}

/** What this reads of steps and of what was observed. */
interface Prune {
  readonly remove: readonly Deleting[];
  readonly ending: readonly unknown[];
  readonly forget: readonly unknown[];
}
interface Deleting {
  readonly key: string;
  readonly change: { readonly ref: ObjectRef };
  readonly turn: Turn;
}
interface Seen {
  readonly inventory: {
    readonly entries: ReadonlyMap<string, { readonly letGo?: true | undefined }>;
    readonly divergedFrom: Revision | undefined;
  };
  readonly lineage: Lineage;
  readonly unseen: ReadonlyMap<string, unknown>;
  readonly desired: readonly { readonly key: string }[];
}

export interface Hold {
  /** Why the deletions are not done, and what lets them go. */
  readonly held: string | undefined;
  /** Identities that a word lets go. */
  readonly letGo: ReadonlySet<string>;
  /** What the deletions wait for a word since. */
  readonly divergedFrom: Revision | undefined;
}

const MAX_UNHELD = 3;

/**
 * Whether deletions wait for a word. What one let go before stays so until somebody wants it again; a new word lets go what would be held, one for a
 * task what was that task's and nothing else. Pure.
 */
export function hold({ remove, ending, forget }: Prune, observed: Seen, all: Seen, target: PruneTarget): Hold {
  const { inventory, lineage, unseen } = observed;
  const wanted = new Set(all.desired.map(({ key }) => key));
  const before = [...all.inventory.entries].flatMap(([key, entry]) => (entry.letGo ? [key] : []));
  const letGo = new Set([...before, ...ofTasks(remove, lineage.allowedTasks)].filter((key) => !wanted.has(key)));
  const unsaid = remove.filter(({ key, change }) => !letGo.has(key) && !isScaledIn(change.ref, wanted));
  const divergedFrom = lineage.divergedFrom ?? inventory.divergedFrom;
  const owned = all.inventory.entries.size - ending.length - forget.length - (remove.length - unsaid.length);
  const held = holdReason(unsaid.length, owned, target, divergedFrom);
  // With nothing to delete in sight, all that was applied before is wanted still.
  // Whoever took the document away has said it.
  const allowed = lineage.allowed || (target.removing && divergedFrom === undefined);
  const isWhole = unseen.size === 0 && [...all.inventory.entries.keys()].every((key) => inventory.entries.has(key) || wanted.has(key));
  if (!allowed) return { held, letGo, divergedFrom: held === undefined && isWhole ? undefined : divergedFrom };
  if (held !== undefined) for (const { key } of unsaid) letGo.add(key);
  return { held: undefined, letGo, divergedFrom: undefined };
}

/** What was of these tasks, and the namespaces that it was in: one that still has anything of ours stays all the same. */
function ofTasks(remove: readonly Deleting[], tasks: ReadonlySet<string>): readonly string[] {
  const own = remove.filter(({ turn: { task } }) => task !== undefined && tasks.has(task));
  const homes = new Set(own.map(({ change }) => change.ref.namespace));
  const left = remove.filter(({ change: { ref } }) => kindOf(ref) === '/Namespace' && homes.has(ref.name));
  return [...own, ...left].map(({ key }) => key);
}

/** The Service of a worker whose StatefulSet stays: it goes with a replica, which nobody has to confirm. */
function isScaledIn({ apiVersion, kind, namespace, name }: ObjectRef, wanted: ReadonlySet<string>): boolean {
  const task = kind === 'Service' && apiVersion === 'v1' ? taskOfWorkerService(name) : undefined;
  if (task === undefined) return false;
  return wanted.has(
    identity({ apiVersion: 'apps/v1', kind: 'StatefulSet', name: task, ...(namespace === undefined ? {} : { namespace }) }),
  );
}

/** A plan that takes away too much at once, or what another history made, is more often a mistake than a wish. */
function holdReason(
  deletions: number,
  owned: number,
  { infrastructure, maxPrune }: PruneTarget,
  divergedFrom: Revision | undefined,
): string | undefined {
  const fix = `commit with the trailer 'Rotterdam-Allow-Prune: ${infrastructure}' to let them go`;
  const what = `${deletions} of ${owned} objects would be deleted`;
  if (divergedFrom !== undefined && deletions > 0) {
    return `${what}, but ${divergedFrom}, which was applied before, is not part of this revision (the branch was rewritten, or merged from a side): ${fix}`;
  }
  return deletions <= MAX_UNHELD || (deletions < owned && deletions * 100 <= owned * maxPrune) ? undefined : `${what}: ${fix}`;
}
