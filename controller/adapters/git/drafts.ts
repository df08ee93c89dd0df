import { randomBytes } from 'node:crypto';
import type { Unpublished } from './home.ts';
import { git } from './run.ts';

const LIVE = new Set<string>();

/** A private ref, for a commit in the making, or a folder of some. It names our process, so that what a killed one left is found. */
export function takeDraftRef(): string {
  const ref = `refs/rotterdam/${process.pid}-${randomBytes(6).toString('hex')}`;
  LIVE.add(ref);
  return ref;
}

/** Leaves it to the next process. */
export function releaseDraftRef(ref: string): void {
  LIVE.delete(ref);
}

export async function dropDraftRef(gitDir: string, ref: string): Promise<void> {
  releaseDraftRef(ref);
  await git(['update-ref', '-d', ref], { gitDir });
}

/** Commits that processes now dead have left unpublished. */
export async function abandonedDrafts(gitDir: string): Promise<readonly Unpublished[]> {
  const { stdout } = await git(['for-each-ref', '--format=%(refname) %(objectname) %(parent)', 'refs/rotterdam/'], { gitDir });
  const drafts = stdout.toString().split('\n').filter(Boolean);
  return drafts.flatMap((line) => {
    const [ref = '', commit = '', parent = ''] = line.split(' ');
    return isAlive(ref) ? [] : [{ ref, commit, parent }];
  });
}

function isAlive(ref: string): boolean {
  const pid = Number(/^refs\/rotterdam\/(\d+)-/.exec(ref)?.[1]);
  // After a restart in a container the dead one's id is often ours.
  if (pid === process.pid) return LIVE.has(ref.split('/').slice(0, 3).join('/'));
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
