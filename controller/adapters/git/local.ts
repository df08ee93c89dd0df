import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConflictError, Failure } from '../../errors.ts';
import { DECISIONS_BRANCH } from '../../ports.ts';
import { abandonedDrafts, dropDraftRef, releaseDraftRef } from './drafts.ts';
import type { Home, Move, Unpublished } from './home.ts';
import { Reader } from './reader.ts';
import { git } from './run.ts';
import { said } from './said.ts';
import { watchRef } from './watch.ts';
import { moveFiles, workTreesOf } from './worktree.ts';

/** Somebody else was faster, or is writing the ref this moment. */
const LOST = /but expected|File exists|reference already exists|unable to resolve reference/;

/**
 * A repository of this machine, bare or not: commits go straight to its object database, and to the files wherever the branch
 * is checked out. What a killed process left half done is undone here.
 */
export async function openLocal(location: string, branch: string, committer: Readonly<Record<string, string>>): Promise<Home> {
  const { gitDir, workTree } = await find(location);
  const ref = refOf(branch);
  const reader = new Reader(gitDir);

  async function head(signal?: AbortSignal): Promise<string> {
    const tip = await reader.resolve(ref, signal);
    if (tip === undefined) throw await noBranch(location, gitDir, branch);
    return tip;
  }

  async function checkMove({ branch: name, from }: Move): Promise<void> {
    const tip = name === branch ? await head() : ((await reader.resolve(refOf(name))) ?? null);
    if (tip !== from) throw new ConflictError(`Cannot commit to ${name} of ${location} as it moved from ${from} to ${tip}`);
  }

  /** Deaf to aborts: half of it would be worse than either end. */
  async function publish(draft: Unpublished, move: Move): Promise<void> {
    // A branch that isn't there yet is checked out nowhere.
    const from = move.from ?? draft.parent;
    const moved: string[] = [];
    try {
      await checkMove(move);
      for (const tree of await workTreesOf(gitDir, workTree, refOf(move.branch))) {
        await moveFiles(tree, from, draft.commit);
        moved.push(tree);
      }
      await moveRef(draft, move);
    } catch (error) {
      for (const tree of moved) await moveFiles(tree, draft.commit, from);
      await dropDraftRef(gitDir, draft.ref);
      // The faster one's files may be what was in the way.
      await checkMove(move);
      throw error;
    }
  }

  async function moveRef(draft: Unpublished, { branch: name, from }: Move): Promise<void> {
    const input = `update ${refOf(name)} ${draft.commit} ${from ?? draft.commit.replace(/./g, '0')}\ndelete ${draft.ref} ${draft.commit}\n`;
    const { code, stderr } = await git(['update-ref', '-m', 'rotterdam-sync: commit', '--stdin'], { gitDir, variables: committer, input });
    if (code === 0) return releaseDraftRef(draft.ref);
    const message = `Cannot move ${name} of ${location} to a new commit: ${said(stderr)}`;
    throw LOST.test(stderr) ? new ConflictError(message) : new Failure('transient', message);
  }

  async function dropDecisions(revision: string): Promise<void> {
    const decisions = refOf(DECISIONS_BRANCH);
    const message = `Cannot delete ${DECISIONS_BRANCH} of ${location}`;
    const [tree] = await workTreesOf(gitDir, workTree, decisions);
    if (tree !== undefined) throw new Failure('terminal', `${message} as it is checked out in ${tree}`);
    const { code, stderr } = await git(['update-ref', '-d', decisions, revision], { gitDir });
    if (code !== 0) throw new ConflictError(`${message}: ${said(stderr)}`);
  }

  async function undoAbandoned(): Promise<void> {
    for (const draft of await abandonedDrafts(gitDir)) {
      const published = (await reader.resolve(ref)) !== draft.parent;
      const trees = published ? [] : await workTreesOf(gitDir, workTree, ref);
      // Where a person has gone on working with it, it's theirs.
      for (const tree of trees) await moveFiles(tree, draft.commit, draft.parent).catch(() => undefined);
      await dropDraftRef(gitDir, draft.ref);
    }
  }

  await undoAbandoned();
  return {
    reader,
    head,
    decisionsHead: (signal) => reader.resolve(refOf(DECISIONS_BRANCH), signal),
    dropDecisions,
    publish,
    using: (work) => work(),
    watch: (moved) => watchRef(gitDir, ref, moved),
    close: async () => reader.close(),
  };
}

function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

async function find(location: string): Promise<{ gitDir: string; workTree: string | undefined }> {
  // With the dot a file is no folder.
  const folder = await realpath(`${location}/.`).catch((cause) => {
    throw new Failure('terminal', `Cannot open repository ${location}: there is no such folder`, { cause });
  });
  const question = ['--path-format=absolute', '--git-common-dir', '--is-shallow-repository', '--is-inside-work-tree'];
  // Not a repository further up: its environments would be elsewhere.
  const variables = { GIT_CEILING_DIRECTORIES: dirname(folder) };
  const { code, stdout, stderr } = await git(['rev-parse', ...question], { cwd: folder, variables });
  if (code !== 0) throw new Failure('terminal', `Cannot open repository ${location}: ${said(stderr)}`);
  const [gitDir = '', shallow, inside] = stdout.toString().split('\n');
  if (shallow === 'true') {
    throw new Failure(
      'terminal',
      `Cannot work on ${location} as it is a shallow clone, which lacks history: run git fetch --unshallow there`,
    );
  }
  return { gitDir, workTree: inside === 'true' ? folder : undefined };
}

async function noBranch(location: string, gitDir: string, branch: string): Promise<Failure> {
  const { stdout } = await git(['for-each-ref', '--count=20', '--format=%(refname:short)', 'refs/heads/'], { gitDir });
  const branches = stdout.toString().split('\n').filter(Boolean);
  const why = branches.length > 0 ? `its branches are ${branches.join(', ')}` : 'it has no commit yet';
  return new Failure('terminal', `Cannot find branch ${branch} in ${location}: ${why}`);
}
