import type { Issue } from '../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { ParseCache } from '../../synth/parse-cache.ts';
import { type Edit, type SourceFile, sourceFile } from '../../synth/source.ts';
import { issuesOf } from '../../synth/synthesize.ts';
import { type Change, type Documents, InvalidDocuments, type Made } from './change.ts';

export interface PlannedChange<C extends Change = Change> {
  readonly change: C;
  readonly made: Made;
  readonly warnings: readonly Issue[];
}

export interface ChangePlan<C extends Change = Change> {
  /** Of all that is made, each file once. */
  readonly edits: readonly Edit[];
  readonly made: readonly PlannedChange<C>[];
  readonly refused: readonly { readonly change: C; readonly error: unknown }[];
}

export function documentsOf(environment: string, files: readonly SourceFile[], cache = new ParseCache()): Documents {
  return {
    directory: `environments/${environment}`,
    files: new Map(files.map((file) => [file.path, file])),
    environment: loadEnvironment(environment, files, cache),
  };
}

/**
 * Pure: each change is made of what the ones before it made. One that is refused, or after which the documents would not be valid, is left out, and the
 * others stand.
 */
export function planChanges<C extends Change>(changes: readonly C[], documents: Documents, cache = new ParseCache()): ChangePlan<C> {
  // The objects that documents make are many: those of all changes are looked at together, and one by one only to find whose is the fault.
  const together = changes.length > 1 ? makeAll(changes, documents, cache, ({ environment }) => environment.issues) : undefined;
  if (together !== undefined && errorsIn(issuesOf(together.documents.environment)).length === 0) return together.plan;
  return makeAll(changes, documents, cache, ({ environment }) => issuesOf(environment)).plan;
}

type IssuesIn = (documents: Documents) => readonly Issue[];

function makeAll<C extends Change>(changes: readonly C[], documents: Documents, cache: ParseCache, issuesIn: IssuesIn) {
  let now = documents;
  const made: PlannedChange<C>[] = [];
  const refused: { change: C; error: unknown }[] = [];
  for (const change of changes) {
    try {
      const one = change.make(now);
      const next = edited(now, one.edits, cache);
      check(now, next, { edits: one.edits, isUrgent: change.isUrgent ?? false }, issuesIn);
      change.permit?.(now, next);
      change.seen?.(now, next);
      made.push({ change, made: one, warnings: warningsOf(next, one.edits) });
      now = next;
    } catch (error) {
      refused.push({ change, error });
    }
  }
  const plan: ChangePlan<C> = { edits: editsBetween(documents, now), made, refused };
  return { plan, documents: now };
}

/** The text of a file of the documents, or undefined when there is none. */
export function textOf({ files }: Documents, path: string): string | undefined {
  const file = files.get(path);
  return file === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.content);
}

function edited(documents: Documents, edits: readonly Edit[], cache: ParseCache): Documents {
  const { directory, files, environment } = documents;
  const after = new Map(files);
  for (const { path, content } of edits) {
    if (content === null) after.delete(path);
    else if (textOf(documents, path) !== content) after.set(path, sourceFile(path, content));
  }
  return { directory, files: after, environment: loadEnvironment(environment.name, [...after.values()], cache) };
}

/** What is not valid would never come into force, whoever made it so. */
function check(
  before: Documents,
  after: Documents,
  { edits, isUrgent }: { readonly edits: readonly Edit[]; readonly isUrgent: boolean },
  issuesIn: IssuesIn,
): void {
  const errors = errorsIn(issuesIn(after));
  if (errors.length === 0) return;
  const known = new Set(errorsIn(issuesIn(before)).map(({ file, message }) => `${file}: ${message}`));
  const wasThere = ({ file, message }: Issue) => known.has(`${file}: ${message}`);
  const [error, ...more] = isUrgent ? errors.filter((one) => !wasThere(one)) : errors;
  if (error === undefined) return;
  const isOld = wasThere(error);
  const why = isOld ? 'the documents are not valid already' : 'the documents would not be valid';
  const isOwn = !isOld && edits.some(({ path, content }) => path === error.file && content !== null);
  throw new InvalidDocuments(isOwn ? 'invalid' : 'conflict', why, [error, ...more]);
}

function errorsIn(issues: readonly Issue[]): readonly Issue[] {
  return issues.filter(({ severity }) => severity === 'error');
}

function warningsOf({ environment }: Documents, edits: readonly Edit[]): readonly Issue[] {
  const written = new Set(edits.map(({ path }) => path));
  return environment.issues.filter(({ file, severity }) => severity === 'warning' && written.has(file));
}

function editsBetween(before: Documents, after: Documents): readonly Edit[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths]
    .filter((path) => before.files.get(path)?.id !== after.files.get(path)?.id)
    .map((path) => ({ path, content: textOf(after, path) ?? null }));
}
