import type { Revision } from '../ports.ts';
import { briefly } from './briefly.ts';
import { applySteps, type Outcome, recreateSteps, removeSteps, type World } from './execute.ts';
import { type Entry, sameInventory } from './inventory/inventory.ts';
import type { Ledger } from './inventory/ledger.ts';
import { kindOf, lookUp } from './kinds.ts';
import { type ApplyStep, entryFor, type Observed, type Steps } from './plan.ts';

/**
 * The order that survives a crash at any line: the inventory names an object before it is made, and forgets it after it is gone.
 * When the set of objects stays the same there is nothing to name first, so that a change is one write away.
 */
export async function carryOut(
  world: World & { readonly ledger: Ledger },
  { revision, removing }: { readonly revision: Revision; readonly removing: boolean },
  observed: Observed,
  steps: Steps,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { clock, ledger } = world;
  const { words, divergedFrom: apart } = observed.lineage;
  const { divergedFrom } = steps;
  const named = { revision, words, divergedFrom, entries: withPending(observed, steps) };
  const outcome: Outcome = { entries: new Map(named.entries), warnings: new Map(), applied: [], later: [], failed: [...steps.failed] };
  const isGone = () => removing && outcome.entries.size === 0;
  if (!isGone() && (apart !== undefined || !sameInventory(observed.inventory, named))) await ledger.write(named, signal);
  let written = named;
  const record = async (within: AbortSignal | undefined) => {
    const left = { ...named, entries: new Map(outcome.entries) };
    if (isGone()) await ledger.remove(within);
    else if (!sameInventory(written, left)) await ledger.write(left, within);
    written = left;
  };
  const watchAgain = world.mirror.pauseFor(countByKind(steps.apply));
  try {
    const anew = await applySteps(world, steps.apply, outcome, signal);
    for (const { desired } of anew) outcome.entries.set(desired.key, { ref: desired.ref });
    if (anew.length > 0) await record(signal);
    await recreateSteps(world, anew, outcome, signal);
    for (const key of steps.forget) outcome.entries.delete(key);
    // Nothing is taken away while what replaces it may be among the refused, or not there yet.
    if (outcome.failed.length + outcome.later.length === 0) await removeSteps(world, steps, outcome, signal);
    await record(signal);
  } catch (error) {
    // Interrupted, or the server went away: the next run goes on from what is done.
    await briefly(clock, record);
    throw error;
  }
  await watchAgain(signal);
  await followNewKinds(world, steps, outcome.entries, signal);
  return outcome;
}

function countByKind(steps: readonly ApplyStep[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { change } of steps) counts.set(kindOf(change.ref), (counts.get(kindOf(change.ref)) ?? 0) + 1);
  return counts;
}

/** Old ∪ new; an object that is not the one we recorded is pending until its uid is known. */
function withPending({ inventory, setId, live }: Observed, { apply, letGo }: Steps): ReadonlyMap<string, Entry> {
  const entries = new Map(inventory.entries);
  for (const [key, { letGo: before, ...entry }] of inventory.entries) {
    if (letGo.has(key) !== (before === true)) entries.set(key, letGo.has(key) ? { ...entry, letGo: true } : entry);
  }
  for (const { desired } of apply) {
    const recorded = entries.get(desired.key);
    const known = entryFor(recorded, live(desired.key, desired.ref), setId);
    if (known === undefined && (recorded === undefined || recorded.uid !== undefined)) entries.set(desired.key, { ref: desired.ref });
  }
  return entries;
}

/** Kinds that a definition of this very plan brought are watched from now on as well. */
async function followNewKinds({ cluster, mirror }: World, { apply }: Steps, entries: ReadonlyMap<string, Entry>, signal?: AbortSignal) {
  if (!apply.some(({ desired }) => desired.bringer !== undefined)) return;
  const owned = [...entries.values()].map(({ ref }) => ref);
  const { types } = await lookUp(cluster, owned, [], signal);
  await mirror.follow([...types.values()], signal);
}
