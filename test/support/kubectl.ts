import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real kubectl, on one API server. */
export interface Kubectl {
  /** Rejects with what it wrote to stderr. */
  run(args: readonly string[], input?: unknown): Promise<string>;
  close(): void;
}

export function kubectlFor(kubeconfig: string): Kubectl {
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-kubectl-'));
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  return {
    run: (args, input) =>
      new Promise((resolve, reject) => {
        const child = execFile('kubectl', ['--kubeconfig', file, '--cache-dir', directory, ...args], (error, stdout, stderr) =>
          error === null ? resolve(stdout) : reject(new Error(stderr)),
        );
        child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
      }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
