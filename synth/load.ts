import { isKubernetesName } from '../constructs/spec/names.ts';
import type { Environment } from './environment.ts';
import { type Documents, Loaded, type ParseCache } from './parse-cache.ts';
import { readFile, roomOf, stemOf } from './read-file.ts';
import { Report } from './report.ts';
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

/**
 * Reads and cross-checks the documents of one environment. Never throws for what is in them: every issue is among the environment's, and
 * what has no error is there.
 */
export function loadEnvironment(name: string, files: readonly SourceFile[], cache?: ParseCache): Environment {
  const prefix = `${ROOT}${name}/`;
  const own = files.filter(({ path }) => path.startsWith(prefix)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const last = cache?.last(name);
  if (own.length > 0 && last?.isOf(own)) return last.environment;
  const report = new Report();
  if (own.length === 0) {
    const message = `Cannot find environment '${name}'${suggestion(name, environmentNames(files), 'environments are')}`;
    report.error(`${ROOT}${name}`, { line: 1, column: 1 }, 'unknown-environment', message);
  } else if (!isKubernetesName(name)) {
    const message = `Cannot use the name '${name}' for an environment: write small letters, digits and dashes, a letter first`;
    report.error(own[0]?.path ?? prefix, { line: 1, column: 1 }, 'bad-name', message);
  }
  const documents = own.map((file) => last?.read(file) ?? documentsOf(file, prefix));
  for (const one of documents) tell(one, report);
  const environment = {
    ...resolve(
      name,
      documents.flatMap(({ drafts }) => drafts),
      report,
    ),
    issues: report.issues(),
  };
  cache?.keep(new Loaded(environment, documents));
  return environment;
}

function documentsOf(file: SourceFile, prefix: string): Documents {
  const { path, id, kind } = file;
  const room = roomOf(path.slice(prefix.length));
  const read = kind === 'file' && typeof room === 'object' && 'folder' in room ? readFile(file, room.folder, room.format) : undefined;
  return { path, id, kind, room, read, drafts: (read?.drafts ?? []).map((draft) => ({ file: path, draft })) };
}

/** Reports what is wrong with a file, whatever stands in the others. */
function tell({ path, kind, room, read }: Documents, report: Report): void {
  const start = { line: 1, column: 1 };
  const folder = typeof room === 'object' && 'folder' in room ? room.folder : undefined;
  if (kind !== 'file') {
    report.error(path, start, 'not-a-file', `Cannot read a ${kind}: put the document itself here`);
    if (folder !== undefined) report.broken(folder, [stemOf(path)]);
  } else if (typeof room === 'object' && 'refused' in room) {
    report.warning(path, start, 'unknown-file', `Ignored this file: ${room.refused}`);
  }
  for (const problem of read?.problems ?? []) report.add(path, problem);
  if (folder !== undefined && read?.broken !== undefined) report.broken(folder, [stemOf(path), ...read.broken]);
}
