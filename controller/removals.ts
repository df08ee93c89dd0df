import type { Infrastructure } from '../synth/environment.ts';
import type { Commit, Revision } from './ports.ts';

/** An Infrastructure document that is gone, as it was last, and the commit that took it away. */
export interface Removal {
  readonly infrastructure: Infrastructure;
  readonly revision: Revision;
}

/** What a branch's commits say of the infrastructures that it once had. */
export interface Departures {
  /** By path: what each file declared when it last parsed. */
  readonly declared: ReadonlyMap<string, readonly Infrastructure[]>;
  /** By name. */
  readonly removed: ReadonlyMap<string, Removal>;
}

export const NO_DEPARTURES: Departures = { declared: new Map(), removed: new Map() };

/** Appends `commits`, oldest first. Pure: same commits, same answer, however they were cut into calls. A file that doesn't parse counts as unchanged. */
export function foldDepartures(
  before: Departures,
  commits: readonly Commit[],
  infrastructuresIn: (path: string, blobId: string) => readonly Infrastructure[] | undefined,
): Departures {
  const declared = new Map(before.declared);
  const removed = new Map(before.removed);
  for (const { id, changes } of commits) {
    const was = changes.flatMap(({ path }) => declared.get(path) ?? []);
    for (const { path, after } of changes) {
      const now = after === null ? [] : infrastructuresIn(path, after);
      if (now !== undefined && now.length > 0) declared.set(path, now);
      else if (now !== undefined) declared.delete(path);
    }
    const names = new Set([...declared.values()].flat().map(({ name }) => name));
    for (const infrastructure of was)
      if (!names.has(infrastructure.name)) removed.set(infrastructure.name, { infrastructure, revision: id });
    for (const name of names) removed.delete(name);
  }
  return { declared, removed };
}

/** Those whose last document wants what runs there to go with it. A later one says otherwise: declared again and removed, it is kept. */
export function toPrune({ removed }: Departures, declared: ReadonlyMap<string, Infrastructure>): readonly Removal[] {
  return [...removed.values()].filter(({ infrastructure: { name, sync } }) => !declared.has(name) && sync?.onRemoval === 'prune');
}
