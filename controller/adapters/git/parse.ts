import type { Commit } from '../../ports.ts';

export interface TreeEntry {
  /** As git writes it: `100644`, `120000`. */
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  /** 0 where git tells none. */
  readonly size: number;
  readonly path: string;
}

/** Output of `git ls-tree -z`, with or without `-l`. Bytes of a path that are not UTF-8 become U+FFFD. */
export function parseTree(output: Buffer): TreeEntry[] {
  return tokens(output).map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', type = '', id = '', size = '0'] = line.slice(0, tab).split(/ +/);
    return { mode, type, id, size: Number.parseInt(size, 10) || 0, path: line.slice(tab + 1) };
  });
}

/** What {@link parseLog} reads: no field can hold a NUL. */
export const LOG_FORMAT = 'tformat:%H%x00%P%x00%ct%x00%an%x00%ae%x00%B';

/** Output of `git log -z --raw --format=`{@link LOG_FORMAT}. */
export function parseLog(output: Buffer): Commit[] {
  const fields = tokens(output);
  const commits: Commit[] = [];
  for (let at = 0; at < fields.length; ) {
    const [id = '', parents = '', seconds = '', name = '', email = '', message = ''] = fields.slice(at, at + 6);
    const changes: Commit['changes'][number][] = [];
    for (at += 6; /^\n?:/.test(fields[at] ?? ''); at += 2) changes.push(parseChange(fields[at] ?? '', fields[at + 1] ?? ''));
    const author = { name, email };
    commits.push({ id, parents: parents.split(' ').filter(Boolean), committedAtMs: Number(seconds) * 1000, author, message, changes });
  }
  return commits;
}

/** `:100644 100644 <before> <after> M` */
function parseChange(raw: string, path: string): Commit['changes'][number] {
  const [, , before = '', after = ''] = raw.split(' ');
  return { path, before: blob(before), after: blob(after) };
}

function blob(id: string): string | null {
  return /^0+$/.test(id) ? null : id;
}

/** NUL ends each. */
function tokens(output: Buffer): string[] {
  return output.toString('utf8').split('\0').slice(0, -1);
}
