import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REAL = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/**
 * Puts a `git` first on PATH that runs `script` for the command named and the real git, which is `$GIT`, for all others.
 * Returns what takes it away.
 */
export function fakeGit(command: string, script: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-git-'));
  const file = join(folder, 'git');
  writeFileSync(file, `#!/bin/sh\nGIT=${REAL}\nif [ "$1" = '${command}' ]; then\n${script}\nfi\nexec "$GIT" "$@"\n`);
  chmodSync(file, 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  return () => {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true, force: true });
  };
}
