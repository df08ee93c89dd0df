import { ConflictError, Failure, RefusedBranch } from '../../errors.ts';
import { said } from './said.ts';

/** Reasons that a remote gives when somebody was faster. */
const LOST =
  /stale info|non-fast-forward|fetch first|failed to update ref|cannot lock ref|incorrect old value|reference already exists|needs force/;
/** The remote's own trouble, as with a full disk. */
const FULL = /unpacker error|unable to migrate objects/;
const UNKNOWN_BRANCH = /couldn't find remote ref/;
export const SHALLOW = /shallow roots are not allowed/;
/** Only a person, or a new revision, can help. */
const FINAL =
  /authentication failed|could not read (username|password)|permission denied|returned error: (30\d|40[0-9])|not found|does not (exist|appear to be)|host key verification failed|certificate|dubious ownership|redirect|not allowed|blocked|fsck error|invalid user/i;

/** What stands in the way of `git fetch`, from what it printed. */
export function fetchFailure(url: string, branch: string, stderr: string): Failure {
  if (UNKNOWN_BRANCH.test(stderr)) return new Failure('terminal', `Cannot find branch ${branch} in ${url}: push it, or name another`);
  if (SHALLOW.test(stderr)) {
    return new Failure('terminal', `Cannot work on ${url} as it is a shallow clone, which lacks history: run git fetch --unshallow there`);
  }
  return new Failure(FINAL.test(stderr) ? 'terminal' : 'transient', `Cannot fetch ${branch} from ${url}: ${said(stderr)}`);
}

/** What stands in the way of `git push --porcelain`, from what it printed. */
export function pushFailure(url: string, branch: string, stdout: string, stderr: string): Failure {
  const rejection = /^!\t.*\t(.+)$/m.exec(stdout)?.[1];
  if (rejection !== undefined && LOST.test(rejection)) {
    return new ConflictError(`Cannot push ${branch} to ${url} as it moved: ${rejection}`);
  }
  const remote = stderr.split('\n').filter((line) => line.startsWith('remote: '));
  const words = rejection === undefined ? said(stderr) : said([...remote, `error: ${rejection}`].join('\n'));
  const message = `Cannot push ${branch} to ${url}: ${words}`;
  if (rejection !== undefined && !FULL.test(rejection)) return new RefusedBranch(message);
  return new Failure(FINAL.test(stderr) ? 'terminal' : 'transient', message);
}
