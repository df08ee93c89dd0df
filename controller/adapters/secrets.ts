import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isKeptName, keptName } from '../../synth/original/secrets.ts';
import { Failure, sentence } from '../errors.ts';
import type { SecretStore } from '../ports.ts';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(\/[A-Za-z0-9._-]+)?$/;

/** A file that is being written is empty first. */
const WRITTEN_MS = 100;

/**
 * Secrets as files of a directory, `name` or `name/part`, as a mounted Secret of Kubernetes lays them out: symbolic links
 * are followed as long as they stay inside. They are read at each call, so a rotated secret is seen.
 */
export function directorySecrets(directory: string): SecretStore {
  const path = (name: string) => locate(directory, name);
  return {
    path,
    read: async (name) => (await readFile(await path(name), 'utf8')).replace(/\r?\n$/, ''),
    write: (name, text) => replace(directory, name, text),
    keep: async (label, text) => {
      const name = keptName(label, randomUUID().replaceAll('-', ''));
      await replace(directory, name, text);
      return name;
    },
    forget: async (name) => {
      if (isKeptName(name)) await rm(join(directory, name), { force: true });
    },
    watch: (changed) => watchDirectory(directory, changed),
  };
}

/** Nobody else may read it, and nobody reads half of it. A symbolic link of this name is replaced, not followed. */
async function replace(directory: string, name: string, text: string): Promise<void> {
  const file = join(directory, name);
  if (!NAME.test(name) || !file.endsWith(name)) throw refused(name, "is no secret's name: letters, digits and . _ - with at most one /");
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw new Failure('transient', `Cannot write secret ${JSON.stringify(name)}: ${sentence(error)}`, { cause: error });
  }
}

function watchDirectory(directory: string, changed: () => void): () => void {
  let soon: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(directory, { persistent: false }, () => {
      clearTimeout(soon);
      soon = setTimeout(changed, WRITTEN_MS);
    });
    watcher.on('error', () => watcher.close());
    return () => {
      clearTimeout(soon);
      watcher.close();
    };
  } catch {
    // Where the system can't watch, a secret is read again after a failure.
    return () => undefined;
  }
}

async function locate(directory: string, name: string): Promise<string> {
  if (!NAME.test(name)) throw refused(name, "is no secret's name: letters, digits and . _ - with at most one /");
  const file = join(directory, name);
  const [home, target] = await Promise.all([real(directory), real(file)]);
  if (home === undefined || target === undefined) throw refused(name, `has no file: create ${file}`);
  if (!target.startsWith(home + sep)) throw refused(name, `leads out of ${directory}: replace the symbolic link by a file`);
  if (!(await stat(target)).isFile()) throw refused(name, `is no file: ${file}`);
  return target;
}

async function real(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

function refused(name: string, why: string): Failure {
  return new Failure('terminal', `Cannot read secret ${JSON.stringify(name)} as it ${why}`);
}
