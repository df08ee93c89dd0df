import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Issue, printIssue } from '../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { type Moved, moveIn } from '../../synth/moving/documents.ts';
import { readConfiguration, readVariables } from '../../synth/moving/settings.ts';
import { type SourceFile, sourceFile } from '../../synth/source.ts';
import { issuesOf } from '../../synth/synthesize.ts';
import { readFolder } from '../adapters/files.ts';
import { directorySecrets } from '../adapters/secrets.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { Failure, sentence, UsageError } from '../errors.ts';
import { ignoredByGit } from '../main.ts';
import { confirm } from './confirm.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';

interface ImportOptions extends CommonOptions {
  readonly config?: string;
  readonly env?: string;
  readonly yes?: boolean;
}

/**
 * Writes what the original's configuration says into the environment's folder below `dir`, and its secrets into the secrets directory, after it has
 * shown what. Everything or nothing: it refuses where other texts are there already, and where the documents would not be valid.
 */
export async function importOriginal(dir: string, options: ImportOptions): Promise<number> {
  const { environment, secretsDirectory, stateDirectory } = settingsOf(options);
  const { issues, ...moved } = movedOf(options);
  const wanted = filesOf(moved, { folder: join(resolve(dir), 'environments', environment), secretsDirectory });
  const there = await readFolder(resolve(dir));
  const others = documentIssues(environment, there, moved);
  process.stdout.write(lines([...issues, ...others].map(printIssue)));
  if ([...issues, ...others].some(({ severity }) => severity === 'error')) throw new UsageError('Nothing is written as that is not valid');
  const missing = wanted.filter((file) => textAt(file.path) === undefined);
  const differing = wanted.filter(({ path, text }) => ![undefined, text].includes(textAt(path)));
  if (differing.length > 0)
    throw new UsageError(`Nothing is written as there are other texts already: move away ${differing.map(({ path }) => path).join(', ')}`);
  if (missing.length === 0) return say('Nothing to do: all of it is there already');
  process.stdout.write(lines(missing.map(({ path }) => `+ ${path}`)));
  if (!options.yes && !(await confirm('Write these files?', interrupted()))) return say('Nothing is written');
  ignoredByGit(stateDirectory);
  await writeAll(missing, secretsDirectory);
  return say(
    `Wrote ${missing.length} files: look at them, commit those below environments/, then rotterdam-sync plan --environment ${environment}`,
  );
}

/** Of both, the variables count, as they did. */
function movedOf({ config, env }: ImportOptions): Moved {
  if (config === undefined && env === undefined) throw new UsageError('Name what to import: --config FILE, --env FILE, or both');
  const read = [
    config === undefined ? { settings: [], issues: [] } : readConfiguration(config, textOf(config)),
    env === undefined ? { settings: [], issues: [] } : readVariables(env, textOf(env)),
  ];
  const issues = read.flatMap((one) => one.issues);
  const moved = moveIn(read.flatMap(({ settings }) => settings));
  return { ...moved, issues: [...issues, ...moved.issues] };
}

/** A document, or a secret by its name. */
interface Wanted {
  readonly path: string;
  readonly text: string;
  readonly secret?: string;
}

function filesOf(
  { documents, secrets }: Pick<Moved, 'documents' | 'secrets'>,
  { folder, secretsDirectory }: { readonly folder: string; readonly secretsDirectory: string },
): readonly Wanted[] {
  return [
    ...[...documents].map(([path, text]) => ({ path: join(folder, path), text })),
    ...[...secrets].map(([secret, text]) => ({ path: join(secretsDirectory, secret), text, secret })),
  ];
}

/** What would be wrong with the environment then. */
function documentIssues(environment: string, there: readonly SourceFile[], { documents }: Pick<Moved, 'documents'>): readonly Issue[] {
  const added = [...documents].map(([path, text]) => sourceFile(`environments/${environment}/${path}`, text));
  const kept = there.filter(({ path }) => !added.some((file) => file.path === path));
  return issuesOf(loadEnvironment(environment, [...kept, ...added])).filter(({ severity }) => severity === 'error');
}

async function writeAll(files: readonly Wanted[], secretsDirectory: string): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path, text, secret } of files) {
      if (secret !== undefined) await directorySecrets(secretsDirectory).write(secret, text);
      else {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text, { flag: 'wx' });
      }
      written.push(path);
    }
  } catch (cause) {
    for (const path of written) await rm(path, { force: true });
    throw new Failure('terminal', `Nothing is written: ${sentence(cause)}`, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${sentence(cause)}`, { cause });
  }
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}
