import type { Repository, Revision } from '../../ports.ts';
import type { Reader } from './reader.ts';

/** A commit that no branch holds yet. */
export interface Unpublished {
  readonly commit: Revision;
  readonly parent: Revision;
  /** The private ref that holds it meanwhile. */
  readonly ref: string;
}

/** Which branch is moved, and from where; null: it must not be there yet. */
export interface Move {
  readonly branch: string;
  readonly from: Revision | null;
}

/** What differs between a repository on this machine and a remote one. */
export interface Home extends Pick<Repository, 'head' | 'decisionsHead' | 'dropDecisions' | 'watch' | 'close'> {
  readonly reader: Reader;
  /** Runs something that needs the object database, maybe twice: a damaged cache is made anew in between. */
  using<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Moves a branch to the commit, or rejects and leaves everything as it was. The private ref is gone either way. */
  publish(draft: Unpublished, move: Move, signal?: AbortSignal): Promise<void>;
}
