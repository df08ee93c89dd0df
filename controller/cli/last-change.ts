import type { Commit } from '../ports.ts';

/** Blobs are asked for this many at a time: most documents changed lately. */
const BLOCK = 20;

/**
 * The commit that last changed the document around `line` (from 1) of a file, which may hold several. `commits` are those that changed
 * the file, oldest first. A merge counts only where there is nothing else.
 */
export async function lastChangeOf(
  commits: readonly Commit[],
  file: string,
  line: number,
  texts: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<Commit | undefined> {
  const ordinary = commits.filter(({ parents }) => parents.length < 2);
  const newestFirst = (ordinary.length > 0 ? ordinary : commits).toReversed();
  const blob = (commit: Commit | undefined, side: 'before' | 'after') => commit?.changes.find(({ path }) => path === file)?.[side] ?? [];
  const [now = ''] = await texts([blob(newestFirst[0], 'after')].flat());
  const document = documentAt(now, line);
  for (let at = 0; at < newestFirst.length; at += BLOCK) {
    const block = newestFirst.slice(at, at + BLOCK);
    const before = await texts(block.flatMap((commit) => blob(commit, 'before')));
    const unread = [...before];
    const found = block.find((commit) => blob(commit, 'before').length === 0 || !documentsIn(unread.shift() ?? '').includes(document));
    if (found !== undefined) return found;
  }
  return newestFirst.at(-1);
}

function documentAt(text: string, line: number): string {
  const isEnd = (one: string) => /^---(\s|$)/.test(one);
  const lines = text.split('\n');
  const before = lines.slice(0, line).findLastIndex(isEnd);
  const after = lines.findIndex((one, index) => index >= line && isEnd(one));
  return lines
    .slice(before + 1, after < 0 ? undefined : after)
    .join('\n')
    .trim();
}

function documentsIn(text: string): readonly string[] {
  return text.split(/^---(?:[ \t].*)?$/m).map((one) => one.trim());
}
