import { ConflictError, Failure, RefusedBranch, RefusedFiles } from '../../controller/errors.ts';
import type { Repository } from '../../controller/ports.ts';

/** What can be wrong with git. */
export const GIT_FAULTS = ['out of reach', 'deleted', 'disk full', 'hook refuses', 'overtaken', 'rejected', 'protected'] as const;
export type GitFault = (typeof GIT_FAULTS)[number];

/** A repository that fails as `fault` says at each call; `overtake` has somebody commit just before we do, `met` is told what was in the way of a commit. */
export function faultyRepository(
  repository: Repository,
  {
    fault,
    overtake,
    met,
  }: { readonly fault: () => GitFault | undefined; readonly overtake: () => void; readonly met: (fault: GitFault) => void },
): Repository {
  return {
    ...repository,
    head: async (signal) => {
      if (fault() === 'out of reach') throw new Failure('transient', 'Cannot fetch: no route to host');
      if (fault() === 'deleted') throw new Failure('terminal', 'Cannot find branch main');
      return repository.head(signal);
    },
    commit: async (edits, at, signal) => {
      const now = fault();
      if (now !== undefined) met(now);
      if (now === 'rejected') throw new ConflictError('Cannot push: stale info', { afterMs: 30_000 });
      if (now === 'protected' && at.decisionsAt === undefined) throw new RefusedBranch('Cannot push: main is protected');
      if (now === 'disk full') throw new Failure('transient', 'Cannot commit: no space left on device');
      if (now === 'hook refuses') throw new RefusedFiles('A hook refuses', { paths: edits.map(({ path }) => path), afterMs: 60_000 });
      if (now === 'overtaken') overtake();
      return repository.commit(edits, at, signal);
    },
  };
}
