import { createHash } from 'node:crypto';
import type { Edit } from '../../../synth/source.ts';
import { Failure } from '../../errors.ts';
import type { Revision } from '../../ports.ts';
import { removeLeftovers } from './leftovers.ts';
import type { TreeEntry } from './parse.ts';
import type { Reader } from './reader.ts';
import { git } from './run.ts';
import { said } from './said.ts';
import type { Signing } from './signing.ts';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface Draft {
  readonly parent: Revision;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
  readonly atMs: number;
  /** Full name of the private ref that holds the commit until it is published. */
  readonly ref: string;
  readonly signing?: Signing | undefined;
}

/**
 * Writes a commit of `edits` on `draft.parent` to the object database and to `draft.ref`; no branch moves.
 * Rejects with a terminal Failure when an edit can't be made or none changes anything, and a transient one when nothing can be written.
 */
export async function writeDraft(reader: Reader, edits: readonly Edit[], draft: Draft, signal?: AbortSignal): Promise<Revision> {
  const paths = edits.map(({ path }) => path);
  checkPaths(paths);
  const entries = await reader.entries(['-t'], draft.parent, [...new Set(paths.flatMap((path) => [...ancestors(path), path]))], signal);
  const tree = new Map(entries.map((entry) => [entry.path, entry]));
  const changes = edits.filter((edit) => changesTree(edit, tree, draft.parent.length));
  if (changes.length === 0) throw refused('the edits change nothing');
  const input = fastImport(changes, draft, (path) => tree.get(path)?.mode ?? '100644');
  const startedMs = Date.now();
  const result = await git(['fast-import', '--quiet', '--force', '--done'], { gitDir: reader.gitDir, input, signal });
  if (result.code === 0) return signed(reader.gitDir, result.stdout.toString().trim(), draft, signal);
  await removeLeftovers(reader.gitDir, result.stderr, startedMs);
  throw new Failure('transient', `Cannot write a commit to ${reader.gitDir}: ${said(result.stderr)}`);
}

/** The same commit with a signature, where one is asked for. */
async function signed(gitDir: string, commit: Revision, draft: Draft, signal?: AbortSignal): Promise<Revision> {
  if (draft.signing === undefined) return commit;
  const { author, committer, ref, atMs } = draft;
  const date = `${Math.floor(atMs / 1000)} +0000`;
  const people = {
    ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: committer.name, GIT_COMMITTER_EMAIL: committer.email, GIT_COMMITTER_DATE: date },
  };
  return draft.signing(async ({ variables, configuration }) => {
    const call = { gitDir, variables: { ...people, ...variables }, configuration, signal };
    const args = ['commit-tree', '-S', `${commit}^{tree}`, '-p', draft.parent, '-F', '-'];
    const { code, stdout, stderr } = await git(args, { ...call, input: draft.message });
    const made = stdout.toString().trim();
    if (code !== 0) throw new Failure('terminal', `Cannot sign a commit: ${said(stderr)}`);
    await git(['update-ref', ref, made, commit], { gitDir });
    return made;
  });
}

/** The stream that `git fast-import` reads; it answers with the commit's id. */
export function fastImport(edits: readonly Edit[], draft: Draft, modeOf: (path: string) => string): string {
  const when = `${Math.floor(draft.atMs / 1000)} +0000`;
  const message = draft.message.endsWith('\n') ? draft.message : `${draft.message}\n`;
  return [
    `commit ${draft.ref}`,
    'mark :1',
    `author ${signature(draft.author)} ${when}`,
    `committer ${signature(draft.committer)} ${when}`,
    data(message),
    `from ${draft.parent}`,
    ...edits.map(({ path, content }) =>
      content === null ? `D ${quoted(path)}` : `M ${modeOf(path)} inline ${quoted(path)}\n${data(content)}`,
    ),
    'get-mark :1',
    'done\n',
  ].join('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function signature({ name, email }: Identity): string {
  const plain = (text: string) => text.replace(/[<>\p{Cc}]/gu, '');
  return `${plain(name)} <${plain(email)}>`;
}

function checkPaths(paths: readonly string[]): void {
  const wrong = paths.find((path) => path.split('/').some((part) => /^(|\.|\.\.|\.git)$/i.test(part)) || /[\0\uFFFD]/.test(path));
  if (wrong !== undefined) throw refused(`${JSON.stringify(wrong)} is no path inside a repository`);
  const seen = new Set<string>();
  const twice = paths.find((path) => seen.size === seen.add(path).size);
  if (twice !== undefined) throw refused(`two edits touch ${twice}: make them one`);
}

function changesTree({ path, content }: Edit, tree: ReadonlyMap<string, TreeEntry>, idLength: number): boolean {
  const through = ancestors(path).find((folder) => (tree.get(folder)?.type ?? 'tree') !== 'tree');
  if (through !== undefined) throw refused(`${path} leads through ${through}, which is no folder`);
  const now = tree.get(path);
  if (now !== undefined && !now.mode.startsWith('100')) throw refused(`${path} is a folder, a symbolic link or a submodule`);
  return content === null ? now !== undefined : now?.id !== blobId(content, idLength);
}

/** `a/b/c` → `a`, `a/b` */
function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
}

function blobId(content: string, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${Buffer.byteLength(content)}\0${content}`).digest('hex');
}

function refused(why: string): Failure {
  return new Failure('terminal', `Cannot commit as ${why}`);
}
