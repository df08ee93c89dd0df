import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, RefusedFiles } from '../../errors.ts';
import { type GitResult, git } from './run.ts';
import { said } from './said.ts';

const REFUSED_AGAIN_MS = 10_000;
/** git has judged by then that nothing of a person's is in the way, and has begun to write. */
const HALF_WRITTEN = /unable to (write|create) (file|symlink|new index)|unable to (unlink|stat just-written)|cannot create directory/;

/** The folders in which `ref` is checked out: `own` or any linked one. */
export async function workTreesOf(gitDir: string, own: string | undefined, ref: string): Promise<readonly string[]> {
  if (own !== undefined) {
    const { stdout } = await git(['symbolic-ref', '-q', 'HEAD'], { cwd: own });
    if (stdout.toString().trim() === ref) return [own];
  }
  const { stdout } = await git(['worktree', 'list', '--porcelain', '-z'], { gitDir });
  const trees = stdout
    .toString()
    .split('\0\0')
    .map((tree) => tree.split('\0'));
  return trees
    .filter((lines) => lines.includes(`branch ${ref}`) && !lines.includes('bare'))
    .map(([first = '']) => first.replace(/^worktree /, ''))
    .filter((folder) => existsSync(join(folder, '.git')));
}

/**
 * Takes the files and the index of a work tree from one commit to another; what differs otherwise stays as it is.
 * Rejects with a waiting Failure that names the files in which somebody's work would be lost, and changes nothing then.
 */
export async function moveFiles(workTree: string, from: string, to: string): Promise<void> {
  const move = () => git(['read-tree', '-m', '-u', from, to], { cwd: workTree });
  let result = await move();
  if (result.code !== 0 && !HALF_WRITTEN.test(result.stderr)) {
    // Files that were only touched look changed until the index is refreshed.
    await git(['update-index', '-q', '--refresh'], { cwd: workTree });
    result = await move();
  }
  if (result.code === 0) return;
  if (HALF_WRITTEN.test(result.stderr)) await restoreFiles(workTree, from, to);
  throw refusal(workTree, result);
}

/** After a full disk: the index is still that of `from`, the files are partly those of `to`. */
async function restoreFiles(workTree: string, from: string, to: string): Promise<void> {
  const { stdout } = await git(['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to], { cwd: workTree });
  const fields = stdout.toString().split('\0');
  const changes = fields.flatMap((status, n) => (n % 2 === 0 && status !== '' ? [{ status, path: fields[n + 1] ?? '' }] : []));
  for (const { status, path } of changes) if (status === 'A') await rm(join(workTree, path), { force: true });
  const kept = changes.filter(({ status }) => status !== 'A').map(({ path }) => `${path}\0`);
  await git(['checkout-index', '--force', '-z', '--stdin'], { cwd: workTree, input: kept.join('') });
}

function refusal(workTree: string, { stderr }: GitResult): Failure {
  if (/index\.lock': File exists/.test(stderr)) {
    return new Failure('waiting', `Cannot write files in ${workTree} as another git holds index.lock: let it finish`, {
      afterMs: REFUSED_AGAIN_MS,
    });
  }
  const files = [...stderr.matchAll(/(?:Entry|file|directory) '(.+?)'/g)].map(([, file = '']) => file);
  if (files.length === 0) return new Failure('transient', `Cannot write files in ${workTree}: ${said(stderr)}`);
  const message = `Cannot write ${files.join(', ')} in ${workTree} as uncommitted changes would be lost: commit them or undo them`;
  return new RefusedFiles(message, { paths: files, afterMs: REFUSED_AGAIN_MS });
}
