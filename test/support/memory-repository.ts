import { createHash } from 'node:crypto';
import { ConflictError } from '../../controller/errors.ts';
import type { Clock, Commit, Repository } from '../../controller/ports.ts';
import type { SourceFile } from '../../synth/source.ts';

const DIRECTORY = 'environments/city/';

type Files = Readonly<Record<string, string>>;

export interface MemoryRepository extends Repository {
  /** Commits `files` (all of them) on `parent`, the tip by default, and moves the branch there. */
  add(
    files: Files,
    options?: {
      readonly message?: string;
      readonly parent?: string | undefined;
      readonly merged?: string;
      readonly author?: Commit['author'];
    },
  ): string;
  /** Of the tip. */
  files(): Files;
  /** Commits that the tip reaches, oldest first. */
  log(): readonly Commit[];
  /** Takes over what the decisions branch holds on top of the tip, and deletes it. */
  merge(): void;
  /** Revisions that were read, in order. */
  readonly reads: readonly string[];
}

const ENGINEER = { name: 'Engineer', email: 'engineer@city.example' };
const CONTROLLER = { name: 'rotterdam-sync', email: 'rotterdam-sync@city.example' };

/**
 * A branch in memory, below environments/city. Several controllers may share it.
 * @param clock dates the commits; without one each is a minute after the one before.
 */
export function memoryRepository(clock?: Clock): MemoryRepository {
  const commits = new Map<string, Commit & { readonly files: Files }>();
  const blobs = new Map<string, string>();
  const ids = new Map<string, string>();
  const reads: string[] = [];
  const watchers = new Set<() => void>();
  let tip: string | undefined;
  let decisions: string | undefined;
  const blobOf = (text: string | undefined) => {
    if (text === undefined) return null;
    const id =
      ids.get(text) ??
      createHash('sha1')
        .update(`blob ${Buffer.byteLength(text)}\0${text}`)
        .digest('hex');
    ids.set(text, id);
    blobs.set(id, text);
    return id;
  };
  const reached = (from: string | undefined): readonly string[] => {
    const seen = new Set<string>();
    const visit = (id: string) => {
      if (seen.has(id)) return;
      for (const parent of commits.get(id)?.parents ?? []) visit(parent);
      seen.add(id);
    };
    if (from !== undefined && commits.has(from)) visit(from);
    return [...seen];
  };
  const move = (id: string) => {
    tip = id;
    for (const moved of watchers) moved();
    return id;
  };
  const store = (
    files: Files,
    { message = 'Change', parent = tip, merged, author = ENGINEER }: Parameters<MemoryRepository['add']>[1] = {},
  ) => {
    const before = parent === undefined ? {} : (commits.get(parent)?.files ?? {});
    const paths = [...new Set([...Object.keys(before), ...Object.keys(files)])];
    const changes = paths
      .filter((path) => before[path] !== files[path])
      .map((path) => ({ path: `${DIRECTORY}${path}`, before: blobOf(before[path]), after: blobOf(files[path]) }));
    const id = createHash('sha1').update(`${commits.size} ${message}`).digest('hex');
    const parents = [parent, merged].filter((id) => id !== undefined);
    const committedAtMs = clock === undefined ? 1_700_000_000_000 + commits.size * 60_000 : Math.floor(clock.now() / 1000) * 1000;
    commits.set(id, { id, parents, committedAtMs, author, message, changes, files });
    return id;
  };
  return {
    reads,
    add: (files, options) => move(store(files, options)),
    merge: () => {
      if (decisions !== undefined && reached(decisions).includes(tip ?? '')) move(decisions);
      decisions = undefined;
    },
    files: () => (tip === undefined ? {} : (commits.get(tip)?.files ?? {})),
    log: () => reached(tip).flatMap((id) => commits.get(id) ?? []),
    head: async () => tip ?? '',
    decisionsHead: async () => decisions,
    dropDecisions: async (revision) => {
      if (revision === decisions) decisions = undefined;
    },
    resolve: async (name) => name,
    read: async (revision) => {
      reads.push(revision);
      return Object.entries(commits.get(revision)?.files ?? {}).map(([path, text]): SourceFile => {
        const content = Buffer.from(text);
        return { path: `${DIRECTORY}${path}`, id: blobOf(text) ?? '', kind: 'file', size: content.length, content };
      });
    },
    blobs: async (ids) => ids.map((id) => Buffer.from(blobs.get(id) ?? '')),
    history: async (to, from) => {
      const known = new Set(reached(from));
      return reached(to).flatMap((id) => (known.has(id) ? [] : [commits.get(id) as Commit]));
    },
    root: async (revision) => reached(revision)[0] ?? '',
    isAncestor: async (ancestor, revision) => reached(revision).includes(ancestor),
    commit: async (edits, { parent, message, author = CONTROLLER, decisionsAt }) => {
      const moved = decisionsAt === undefined ? parent !== tip : (decisionsAt ?? undefined) !== decisions;
      if (moved) throw new ConflictError('The branch moved');
      const files: Record<string, string> = { ...commits.get(parent)?.files };
      for (const { path, content } of edits) {
        if (content === null) delete files[path.slice(DIRECTORY.length)];
        else files[path.slice(DIRECTORY.length)] = content;
      }
      const id = store(files, { message, parent, author });
      if (decisionsAt === undefined) return move(id);
      decisions = id;
      return id;
    },
    watch: (moved) => {
      watchers.add(moved);
      return () => watchers.delete(moved);
    },
    close: async () => undefined,
  };
}
