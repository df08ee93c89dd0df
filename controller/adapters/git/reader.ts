import { MAX_FILE_BYTES, type SourceFile } from '../../../synth/source.ts';
import { Failure } from '../../errors.ts';
import type { Commit, Revision } from '../../ports.ts';
import { Batch } from './batch.ts';
import type { GitObject } from './batch-parser.ts';
import { LOG_FORMAT, parseLog, parseTree, type TreeEntry } from './parse.ts';
import { type GitResult, git } from './run.ts';
import { said } from './said.ts';

const NOTHING = new Uint8Array();

/** Reads one object database. Nothing here changes it. */
export class Reader {
  readonly gitDir: string;
  readonly #batch: Batch;
  /** By blob id: what the last `files` used. */
  #contents: ReadonlyMap<string, Uint8Array> = new Map();
  /** The last answers of `files` and `root`: they hold for ever. */
  #files: { readonly of: string; readonly files: readonly SourceFile[] } | undefined;
  #root: { readonly of: Revision; readonly root: Revision } | undefined;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
    this.#batch = new Batch(gitDir);
  }

  /** The commit that a full ref name stands for. No process is started for it. */
  async resolve(ref: string, signal?: AbortSignal): Promise<Revision | undefined> {
    const [object] = await this.#batch.ask([ref], signal);
    return object?.id;
  }

  /** The commit that a name stands for, as git reads it. */
  async named(name: string, signal?: AbortSignal): Promise<Revision | undefined> {
    const { code, stdout } = await this.#git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], signal);
    return code === 0 ? stdout.toString().trim() : undefined;
  }

  async files(revision: Revision, directory: string, signal?: AbortSignal): Promise<readonly SourceFile[]> {
    const of = `${revision} ${directory}`;
    if (this.#files?.of !== of) this.#files = { of, files: await this.#filesOf(revision, directory, signal) };
    return this.#files.files;
  }

  async #filesOf(revision: Revision, directory: string, signal?: AbortSignal): Promise<readonly SourceFile[]> {
    const entries = await this.entries(['-r', '-l'], revision, [directory], signal);
    const wanted = entries.filter((entry) => kindOf(entry) === 'file' && entry.size <= MAX_FILE_BYTES).map(({ id }) => id);
    const contents = await this.blobs(wanted, signal);
    this.#contents = new Map(wanted.map((id, n) => [id, contents[n] ?? NOTHING]));
    return entries.map((entry) => {
      const { path, id, size } = entry;
      return { path, id, kind: kindOf(entry), size, content: this.#contents.get(kindOf(entry) === 'file' ? id : '') ?? NOTHING };
    });
  }

  /** `git ls-tree` with `flags` at `paths`. */
  async entries(
    flags: readonly string[],
    revision: Revision,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly TreeEntry[]> {
    const below = paths.filter((path) => path !== '' && path !== '.');
    return parseTree(await this.#output(['ls-tree', '-z', '--full-tree', ...flags, checked(revision), '--', ...below], signal));
  }

  async blobs(ids: readonly string[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const missing = [...new Set(ids)].filter((id) => !this.#contents.has(id)).map(checked);
    const objects = await this.#batch.ask(missing, signal);
    const read = new Map(missing.map((id, n) => [id, objects[n]?.content]));
    return ids.map((id) => {
      const content = this.#contents.get(id) ?? read.get(id);
      if (content === undefined) throw new Failure('terminal', `Cannot read blob ${id}: ${this.gitDir} has none`);
      return content;
    });
  }

  async history(to: Revision, from: Revision | undefined, directory: string, signal?: AbortSignal): Promise<readonly Commit[]> {
    const shape = ['--topo-order', '--reverse', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-color', '--encoding=UTF-8'];
    // Every commit, whether it changed the directory or not, and every parent of a merge.
    const all = ['--full-history', '--sparse', '--diff-merges=first-parent', `--format=${LOG_FORMAT}`];
    const range = from === undefined ? [checked(to)] : [checked(to), `^${checked(from)}`];
    const below = directory === '' || directory === '.' ? [] : [directory];
    return parseLog(await this.#output(['log', ...shape, ...all, ...range, '--', ...below], signal));
  }

  async root(revision: Revision, signal?: AbortSignal): Promise<Revision> {
    const [commit] = await this.#batch.ask([checked(revision)], signal);
    // Of a child it is the same.
    const isKnown = this.#root !== undefined && [revision, parentsOf(commit)[0]].includes(this.#root.of);
    const root = isKnown && this.#root !== undefined ? this.#root.root : await this.#rootOf(revision, signal);
    this.#root = { of: revision, root };
    return root;
  }

  async #rootOf(revision: Revision, signal?: AbortSignal): Promise<Revision> {
    const output = await this.#output(['rev-list', '--first-parent', '--max-parents=0', revision, '--'], signal);
    return output.toString().trim();
  }

  /** Undefined when one of them is not here. */
  async isAncestor(ancestor: Revision, revision: Revision, signal?: AbortSignal): Promise<boolean | undefined> {
    const known = await this.#batch.ask([checked(ancestor), checked(revision)], signal);
    if (known.includes(undefined)) return undefined;
    // Mostly it is the commit before: no process is started for that.
    if (parentsOf(known[1]).includes(ancestor)) return true;
    const result = await this.#git(['merge-base', '--is-ancestor', ancestor, revision], signal);
    if (result.code > 1) throw this.#failed('merge-base', result);
    return result.code === 0;
  }

  /** Drops the process that reads objects; the next question starts another. */
  close(): void {
    this.#batch.close();
  }

  async #output(args: readonly string[], signal: AbortSignal | undefined): Promise<Buffer> {
    const result = await this.#git(args, signal);
    if (result.code !== 0) throw this.#failed(args[0] ?? '', result);
    return result.stdout;
  }

  #git(args: readonly string[], signal: AbortSignal | undefined): Promise<GitResult> {
    return git(args, { gitDir: this.gitDir, signal });
  }

  #failed(command: string, { stderr }: GitResult): Failure {
    return new Failure('terminal', `Cannot read ${this.gitDir} (git ${command}): ${said(stderr)}`);
  }
}

function checked(id: string): string {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new Failure('terminal', `Cannot read ${JSON.stringify(id)} as it is no git id`);
  return id;
}

/** Of a commit as git keeps it; its message comes after an empty line. */
function parentsOf(commit: GitObject | undefined): readonly Revision[] {
  const [head = ''] = Buffer.from(commit?.content ?? NOTHING)
    .toString('latin1')
    .split('\n\n', 1);
  return [...head.matchAll(/^parent (\S+)$/gm)].map(([, id = '']) => id);
}

function kindOf({ mode, type }: TreeEntry): SourceFile['kind'] {
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}
