import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConflictError, Failure } from '../../errors.ts';
import { DECISIONS_BRANCH } from '../../ports.ts';
import type { Credentials } from './credentials.ts';
import { abandonedDrafts, dropDraftRef, releaseDraftRef, takeDraftRef } from './drafts.ts';
import type { Home, Move, Unpublished } from './home.ts';
import { Reader } from './reader.ts';
import { fetchFailure, pushFailure, SHALLOW } from './refusals.ts';
import { type GitResult, git, NETWORK_TIMEOUT_MS } from './run.ts';
import { said } from './said.ts';

const [DECISIONS_FOLDER = '', DECISIONS_NAME = ''] = DECISIONS_BRANCH.split('/');
const UP_TO_DATE = /^=\t/m;
/** What git says of its own objects, not of the remote. */
const DAMAGED =
  /not a git repository: '|bad object|unable to read|corrupt|did not send all necessary objects|loose object|packfile|invalid sha1 pointer/;

/**
 * A repository behind a URL, with a bare clone under `cacheDirectory` that several processes may share and anybody may delete:
 * it is made anew. Nothing is asked of the remote before the first `head`.
 */
export function openRemote(url: string, branch: string, cacheDirectory: string, credentials: () => Promise<Credentials>): Home {
  const gitDir = resolve(cacheDirectory, `${createHash('sha256').update(url).digest('hex').slice(0, 16)}.git`);
  const reader = new Reader(gitDir);
  // Of this process alone, so that two that fetch at once are not in each other's way.
  const tip = takeDraftRef();
  const beside = takeDraftRef();
  const besideRef = `${beside}/${DECISIONS_NAME}`;

  /** Talks to the remote, and gives what git printed; the failure that `refusal` makes of it is free of credentials. */
  async function talk(args: readonly string[], refusal: (result: GitResult) => Failure, signal?: AbortSignal): Promise<string> {
    const { variables, configuration, redact } = await credentials();
    const result = await git(args, { gitDir, variables, configuration, timeoutMs: NETWORK_TIMEOUT_MS, signal });
    // A branch that comes from a shallow clone is left out, with nothing but a warning.
    const stdout = redact(result.stdout.toString());
    if (result.code === 0 && !SHALLOW.test(result.stderr)) return stdout;
    throw refusal({ ...result, stdout: Buffer.from(stdout), stderr: redact(result.stderr) });
  }

  async function fetch(signal?: AbortSignal): Promise<void> {
    const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules'];
    const refusal = ({ stderr }: GitResult) =>
      DAMAGED.test(stderr.replace(/^remote: .*/gm, '')) ? new DamagedCache(said(stderr)) : fetchFailure(url, branch, stderr);
    // A pattern may match nothing.
    const wanted = [`+refs/heads/${branch}:${tip}`, `+refs/heads/${DECISIONS_FOLDER}/*:${beside}/*`];
    await talk(['fetch', ...quiet, '--prune', '--end-of-options', url, ...wanted], refusal, signal);
  }

  async function head(signal?: AbortSignal): Promise<string> {
    await ensure();
    await fetch(signal).catch((error) => (error instanceof DamagedCache ? rebuild(signal) : Promise.reject(error)));
    const revision = await reader.resolve(tip, signal);
    if (revision === undefined) throw new DamagedCache(`${tip} is gone`);
    await dropAbandoned();
    return revision;
  }

  async function publish({ commit, ref }: Unpublished, { branch: name, from }: Move, signal?: AbortSignal): Promise<void> {
    const flags = ['--porcelain', '--no-follow-tags', '--recurse-submodules=no', `--force-with-lease=refs/heads/${name}:${from ?? ''}`];
    const refusal = ({ stdout, stderr }: GitResult) => pushFailure(url, name, stdout.toString(), stderr);
    try {
      const told = await talk(['push', ...flags, '--end-of-options', url, `${commit}:refs/heads/${name}`], refusal, signal);
      // The same change on the same parent within the same second is the same commit: somebody else's.
      if (UP_TO_DATE.test(told)) throw new ConflictError(`Cannot push ${name} to ${url} as it moved: somebody else made the same commit`);
      if (name === DECISIONS_BRANCH) await git(['update-ref', besideRef, commit], { gitDir });
    } finally {
      await dropDraftRef(gitDir, ref);
    }
  }

  async function dropDecisions(revision: string, signal?: AbortSignal): Promise<void> {
    const ref = `refs/heads/${DECISIONS_BRANCH}`;
    const flags = ['--porcelain', '--no-follow-tags', '--recurse-submodules=no', `--force-with-lease=${ref}:${revision}`];
    const refusal = ({ stdout, stderr }: GitResult) => pushFailure(url, DECISIONS_BRANCH, stdout.toString(), stderr);
    await talk(['push', ...flags, '--end-of-options', url, `:${ref}`], refusal, signal);
    await git(['update-ref', '-d', besideRef], { gitDir });
  }

  async function using<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await ensure();
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted || !(await isDamaged())) throw error;
      await rebuild(signal);
      return work();
    }
  }

  async function ensure(): Promise<void> {
    if (!existsSync(join(gitDir, 'HEAD'))) await create(gitDir);
  }

  /** Whether something that the tip reaches is missing. */
  async function isDamaged(): Promise<boolean> {
    return (await git(['rev-list', '--objects', '--quiet', tip, '--'], { gitDir })).code !== 0;
  }

  async function rebuild(signal?: AbortSignal): Promise<void> {
    reader.close();
    const old = `${gitDir}.${randomBytes(6).toString('hex')}`;
    await rename(gitDir, old).catch(() => undefined);
    await rm(old, { recursive: true, force: true });
    await create(gitDir);
    await fetch(signal);
  }

  let swept = false;
  /** Once, and after a fetch: until then the refs of dead processes tell the remote what we have. */
  async function dropAbandoned(): Promise<void> {
    if (swept) return;
    swept = true;
    for (const { ref } of await abandonedDrafts(gitDir)) await dropDraftRef(gitDir, ref);
  }

  async function close(): Promise<void> {
    releaseDraftRef(tip);
    releaseDraftRef(beside);
    reader.close();
  }

  const decisionsHead = (signal?: AbortSignal) => reader.resolve(besideRef, signal);
  return { reader, head, decisionsHead, dropDecisions, publish, using, watch: () => () => undefined, close };
}

class DamagedCache extends Failure {
  constructor(message: string) {
    super('transient', `Cannot use the cached clone: ${message}`);
  }
}

/** Made beside its place and moved there whole: when another process was faster, its is taken. */
async function create(gitDir: string): Promise<void> {
  const fresh = `${gitDir}.${randomBytes(6).toString('hex')}`;
  await mkdir(fresh, { recursive: true });
  const { code, stderr } = await git(['init', '--quiet', '--bare', '--template='], { cwd: fresh });
  if (code !== 0) throw new Failure('transient', `Cannot make a clone in ${gitDir}: ${said(stderr)}`);
  await rename(fresh, gitDir).catch(async (cause) => {
    await rm(fresh, { recursive: true });
    if (!existsSync(join(gitDir, 'HEAD'))) throw new Failure('transient', `Cannot make a clone in ${gitDir}`, { cause });
  });
}
