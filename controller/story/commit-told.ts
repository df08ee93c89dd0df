import { Failure } from '../errors.ts';
import type { Commit, Repository, Revision } from '../ports.ts';
import { diffLines, type Line } from '../sync/show/line-diff.ts';
import type { CommitNamed } from './task-story.ts';

export interface CommitTold extends Required<CommitNamed> {
  readonly message: string;
  /** Below the environment's folder, in their order; the first of many. */
  readonly files: readonly FileChanged[];
}

export interface FileChanged {
  readonly path: string;
  /** Removed, added and same lines; absent where the file may hold what not everybody may read. */
  readonly lines?: readonly Line[];
}

const MOST_FILES = 20;
const MOST_LINES = 400;
/** Their documents hold references to secrets and never secrets, which plain Kubernetes objects and the original's infrastructures may. */
const SHOWN = ['tasks', 'docks', 'qos', 'functions', 'sla'];

/** Resolves with undefined when the branch has no such commit. */
export async function tellCommit(
  id: string,
  { tip, repository, environment }: { readonly tip: Revision; readonly repository: Repository; readonly environment: string },
): Promise<CommitTold | undefined> {
  const directory = `environments/${environment}`;
  const revision = /^[0-9a-f]{7,64}$/.test(id) ? await repository.resolve(id).catch(noneOf) : undefined;
  if (revision === undefined || !(await repository.isAncestor(revision, tip))) return undefined;
  const parent = await repository.resolve(`${revision}~1`).catch(noneOf);
  const commit = (await repository.history(revision, parent, directory)).find((one) => one.id === revision);
  if (commit === undefined) return undefined;
  const { author, message, committedAtMs, changes } = commit;
  return {
    id: revision,
    at: new Date(committedAtMs).toISOString(),
    author: `${author.name} <${author.email}>`,
    subject: message.split('\n', 1)[0] ?? '',
    message,
    files: await Promise.all(changes.slice(0, MOST_FILES).map((change) => fileChanged(change, directory, repository))),
  };
}

async function fileChanged(
  { path, before, after }: Commit['changes'][number],
  directory: string,
  repository: Repository,
): Promise<FileChanged> {
  if (!SHOWN.some((folder) => path.startsWith(`${directory}/${folder}/`))) return { path };
  const ids = [before, after].filter((id) => id !== null);
  const texts = new Map(
    (await repository.blobs(ids)).map((bytes, at) => [ids[at], new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n')]),
  );
  const linesOf = (id: string | null) => (id === null ? [] : (texts.get(id) ?? []));
  return { path, lines: diffLines(linesOf(before), linesOf(after)).slice(0, MOST_LINES) };
}

/** What can't be read now may be there. */
function noneOf(error: unknown): undefined {
  if (error instanceof Failure && error.outcome === 'terminal') return undefined;
  throw error;
}
