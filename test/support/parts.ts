import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CONTROLPLANE = fileURLToPath(new URL('../controlplane/', import.meta.url));

function found(command: string, ...args: string[]): string | undefined {
  const run = spawnSync(command, args, { encoding: 'utf8' });
  return run.status === 0 ? `${run.stdout}${run.stderr}`.trim().split('\n')[0] : undefined;
}

/** Takes an absolute path to start. */
export const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

/** Debian's name first, then those of others. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** The real programs that tests run against; undefined when this machine has none. */
export const PARTS = {
  node: { version: process.version as string | undefined, get: '' },
  git: { version: found('git', '--version'), get: 'install git' },
  'control plane': { version: found(`${CONTROLPLANE}build`, '--check'), get: 'npm run parts (needs Go 1.26)' },
  prometheus: { version: found('prometheus', '--version'), get: "npm run parts (Debian's package prometheus)" },
  pushgateway: { version: found('prometheus-pushgateway', '--version'), get: "npm run parts (Debian's package prometheus-pushgateway)" },
  sshd: { version: SSHD && found('ssh', '-V'), get: "npm run parts (Debian's package openssh-server)" },
  gpg: { version: found('gpg', '--version'), get: "npm run parts (Debian's packages gpg and gpg-agent)" },
  kubectl: { version: found('kubectl', 'version', '--client'), get: "npm run parts (Debian's package kubernetes-client)" },
  chromium: { version: CHROMIUM && found(CHROMIUM, '--version'), get: "npm run parts (Debian's package chromium)" },
  script: { version: found('script', '--version'), get: "install util-linux (Debian's package bsdutils)" },
} as const;

export type Part = keyof typeof PARTS;

/**
 * Whether tests that need `parts` can run. In CI a missing one is a failure, never a skip: use as
 * `describe.skipIf(!have('control plane'))`.
 */
export function have(...parts: Part[]): boolean {
  const missing = parts.filter((part) => PARTS[part].version === undefined);
  if (missing.length > 0 && process.env.CI === 'true') {
    throw new Error(`Missing in CI: ${missing.map((part) => `${part} (${PARTS[part].get})`).join(', ')}`);
  }
  return missing.length === 0;
}

/** Runs a program to its end; its output. */
export function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

export { CONTROLPLANE };
