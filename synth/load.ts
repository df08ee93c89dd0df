import { isKubernetesName } from '../constructs/spec/names.ts';
import type { Draft } from './draft.ts';
import type { Environment } from './environment.ts';
import type { Format } from './parse.ts';
import { type ReadFile, readFile, roomOf, stemOf } from './read-file.ts';
import { type Located, Report } from './report.ts';
import { resolve } from './resolve.ts';
import type { SourceFile } from './source.ts';
import { suggestion } from './suggest.ts';

const ROOT = 'environments/';

/** The names of the folders under `environments/`, sorted. */
export function environmentNames(files: readonly SourceFile[]): readonly string[] {
  const names = new Set<string>();
  for (const { path } of files) {
    const end = path.indexOf('/', ROOT.length);
    if (path.startsWith(ROOT) && end !== -1) names.add(path.slice(ROOT.length, end));
  }
  return [...names].sort();
}

/** Documents that were read before, by what they depend on: equal bytes are read once. Holds what the last load of each environment used. */
export class ParseCache {
  readonly #environments = new Map<string, ReadonlyMap<string, ReadFile>>();

  /** What `read` asks for is kept; the rest of what the environment used before is dropped at the end. */
  use<T>(environment: string, load: (read: (key: string, make: () => ReadFile) => ReadFile) => T): T {
    const before = this.#environments.get(environment);
    const now = new Map<string, ReadFile>();
    const result = load((key, make) => {
      const read = now.get(key) ?? before?.get(key) ?? make();
      now.set(key, read);
      return read;
    });
    this.#environments.set(environment, now);
    return result;
  }

  /** As {@link readFile}; what the last load of the environment used isn't read again. */
  readFile(environment: string, file: SourceFile, folder: string, format: Format): ReadFile {
    return this.#environments.get(environment)?.get(keyOf(file, folder, format)) ?? readFile(file, folder, format);
  }
}

function keyOf({ id }: SourceFile, folder: string, format: Format): string {
  return `${folder} ${format} ${id}`;
}

/**
 * Reads and cross-checks the documents of one environment. Never throws for what is in them: every issue is among the environment's, and
 * what has no error is there.
 */
export function loadEnvironment(name: string, files: readonly SourceFile[], cache = new ParseCache()): Environment {
  const report = new Report();
  const prefix = `${ROOT}${name}/`;
  const own = files.filter(({ path }) => path.startsWith(prefix)).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (own.length === 0) {
    const message = `Cannot find environment '${name}'${suggestion(name, environmentNames(files), 'environments are')}`;
    report.error(`${ROOT}${name}`, { line: 1, column: 1 }, 'unknown-environment', message);
  } else if (!isKubernetesName(name)) {
    const message = `Cannot use the name '${name}' for an environment: write small letters, digits and dashes, a letter first`;
    report.error(own[0]?.path ?? prefix, { line: 1, column: 1 }, 'bad-name', message);
  }
  const drafts = cache.use(name, (read) => own.flatMap((file) => draftsOf(file, prefix, read, report)));
  return { ...resolve(name, drafts, report), issues: report.issues() };
}

function draftsOf(
  file: SourceFile,
  prefix: string,
  read: (key: string, make: () => ReadFile) => ReadFile,
  report: Report,
): Located<Draft>[] {
  const room = roomOf(file.path.slice(prefix.length));
  const start = { line: 1, column: 1 };
  if (file.kind !== 'file') {
    report.error(file.path, start, 'not-a-file', `Cannot read a ${file.kind}: put the document itself here`);
    if (typeof room === 'object' && 'folder' in room) report.broken(room.folder, [stemOf(file.path)]);
    return [];
  }
  if (room === 'ignored') return [];
  if ('refused' in room) {
    report.warning(file.path, start, 'unknown-file', `Ignored this file: ${room.refused}`);
    return [];
  }
  const { folder, format } = room;
  const { drafts, problems, broken } = read(keyOf(file, folder, format), () => readFile(file, folder, format));
  for (const problem of problems) report.add(file.path, problem);
  if (broken !== undefined) report.broken(folder, [stemOf(file.path), ...broken]);
  return drafts.map((draft) => ({ file: file.path, draft }));
}
