import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, sentence } from '../../errors.ts';
import type { Secrets } from '../../ports.ts';
import type { Settings } from './environment.ts';

/** Rejects with a terminal Failure when the key can't be used. */
export type Signing = <T>(sign: (settings: Settings) => Promise<T>) => Promise<T>;

/**
 * Lends git the private key that the secret `name` holds, without a passphrase: one of OpenSSH, or an armoured one of OpenPGP. It is read at
 * each use, so that a rotated one is seen.
 */
export function signingWith(secrets: Secrets | undefined, name: string): Signing {
  return async (sign) => {
    if (secrets === undefined) throw new Failure('terminal', `Cannot read secret ${name} as there is no secrets directory: name one`);
    const key = await secrets.read(name);
    if (key.includes('BEGIN PGP PRIVATE KEY BLOCK')) return withGpg(name, key, sign);
    if (/BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
      return sign({ configuration: { 'gpg.format': 'ssh', 'user.signingKey': await secrets.path(name) } });
    }
    throw new Failure('terminal', `Cannot sign commits with secret ${name}: write a private key of OpenSSH, or an armoured one of OpenPGP`);
  };
}

/** In a home of its own: nobody's keys are seen, and its agent ends with it. */
async function withGpg<T>(name: string, key: string, sign: (settings: Settings) => Promise<T>): Promise<T> {
  // Short, as the path of the agent's socket has to be.
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  try {
    const imported = await run('gpg', ['--homedir', home, '--batch', '--quiet', '--status-fd', '1', '--import'], key);
    const fingerprint = /\[GNUPG:\] IMPORT_OK \d+ ([0-9A-F]+)/.exec(imported)?.[1];
    if (fingerprint === undefined) throw new Error('it holds no secret key');
    return await sign({ variables: { GNUPGHOME: home }, configuration: { 'gpg.format': 'openpgp', 'user.signingKey': `${fingerprint}!` } });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('terminal', `Cannot sign commits with secret ${name}: ${sentence(error)}`, { cause: error });
  } finally {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

/** What the program prints; rejects with its last words when it fails. */
function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: process.env.PATH, LC_ALL: 'C' } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(stderr.trim().split('\n').at(-1) ?? `${program} failed`)),
    );
    child.stdin.end(input);
  });
}
