import { Failure, RefusedFiles } from '../../controller/errors.ts';
import type { Repository } from '../../controller/ports.ts';

/** What can be wrong with git. */
export const GIT_FAULTS = ['out of reach', 'deleted', 'disk full', 'hook refuses', 'overtaken'] as const;
export type GitFault = (typeof GIT_FAULTS)[number];

/** A repository that fails as `fault` says at each call; `overtake` has somebody commit just before we do. */
export function faultyRepository(
  repository: Repository,
  { fault, overtake }: { readonly fault: () => GitFault | undefined; readonly overtake: () => void },
): Repository {
  return {
    ...repository,
    head: async (signal) => {
      if (fault() === 'out of reach') throw new Failure('transient', 'Cannot fetch: no route to host');
      if (fault() === 'deleted') throw new Failure('terminal', 'Cannot find branch main');
      return repository.head(signal);
    },
    commit: async (edits, at, signal) => {
      if (fault() === 'disk full') throw new Failure('transient', 'Cannot commit: no space left on device');
      if (fault() === 'hook refuses') throw new RefusedFiles('A hook refuses', { paths: edits.map(({ path }) => path), afterMs: 60_000 });
      if (fault() === 'overtaken') overtake();
      return repository.commit(edits, at, signal);
    },
  };
}
