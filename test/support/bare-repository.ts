import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../controller/adapters/clock.ts';
import { openRepository, type RepositoryOptions } from '../../controller/adapters/git/repository.ts';
import type { Repository } from '../../controller/ports.ts';
import { run } from './parts.ts';

/** A bare repository below `folder` whose branch main has one commit with `files` under environments/city. Returns its path. */
export function bareRepository(folder: string, files: Readonly<Record<string, string>>): string {
  const tree = mkdtempSync(join(folder, 'tree-'));
  const git = (...args: string[]) =>
    run('git', ['-C', tree, '-c', 'user.name=Engineer', '-c', 'user.email=engineer@city.example', ...args]);
  git('init', '--quiet', '--initial-branch=main');
  for (const [path, text] of Object.entries(files)) {
    const file = join(tree, 'environments/city', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  const bare = `${tree}.git`;
  run('git', ['clone', '--quiet', '--bare', tree, bare]);
  rmSync(tree, { recursive: true });
  return bare;
}

/** A clone of its own, where `location` is a URL: as another controller has it. */
export function openBare(folder: string, location: string, options: Partial<RepositoryOptions> = {}): Promise<Repository> {
  return openRepository({ location, branch: 'main', cacheDirectory: mkdtempSync(join(folder, 'cache-')), clock: systemClock, ...options });
}
