import { watch } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Failure } from '../errors.ts';
import type { Secrets } from '../ports.ts';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(\/[A-Za-z0-9._-]+)?$/;

/** A file that is being written is empty first. */
const WRITTEN_MS = 100;

/**
 * Secrets as files of a directory, `name` or `name/part`, as a mounted Secret of Kubernetes lays them out: symbolic links
 * are followed as long as they stay inside. They are read at each call, so a rotated secret is seen.
 */
export function directorySecrets(directory: string): Secrets {
  const path = (name: string) => locate(directory, name);
  return {
    path,
    read: async (name) => (await readFile(await path(name), 'utf8')).replace(/\r?\n$/, ''),
    watch: (changed) => watchDirectory(directory, changed),
  };
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
