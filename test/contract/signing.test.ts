import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directorySecrets } from '../../controller/adapters/secrets.ts';
import type { Repository } from '../../controller/ports.ts';
import { bareRepository, openBare } from '../support/bare-repository.ts';
import { have, run } from '../support/parts.ts';

const FILE = 'environments/city/a.yaml';
const MESSAGE = 'Scale web ü\n\nRotterdam-Decision: {"id":"1"}\n';
const ROBOT = 'rotterdam-sync@localhost';

/** Signed commits are what git itself takes for signed. */
describe.skipIf(!have('git', 'sshd', 'gpg'))('signed commits', () => {
  let folder: string;
  let location: string;
  let opened: Repository[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotterdam-signing-'));
    mkdirSync(join(folder, 'secrets'));
    location = bareRepository(folder, { 'a.yaml': 'one\n' });
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((one) => one.close()));
    rmSync(folder, { recursive: true });
  });

  async function commit(place: string): Promise<string> {
    const secrets = directorySecrets(join(folder, 'secrets'));
    const repository = await openBare(folder, place, { secrets, signingSecret: 'key' });
    opened.push(repository);
    const edits = [{ path: FILE, content: 'two\n' }];
    return repository.commit(edits, { parent: await repository.head(), message: MESSAGE });
  }

  const secret = (text: string) => {
    writeFileSync(join(folder, 'secrets/key'), text, { mode: 0o600 });
    chmodSync(join(folder, 'secrets/key'), 0o600);
  };
  const verified = (revision: string, flags: readonly string[], env: Record<string, string> = {}) => {
    const args = ['-C', location, ...flags, 'verify-commit', revision];
    const { status, stderr } = spawnSync('git', args, { encoding: 'utf8', env: { ...process.env, ...env } });
    return { status, stderr };
  };
  const origin = (...args: string[]) => run('git', ['-C', location, ...args]).trim();
  const transports = () => [location, `file://${location}`];

  it('by ssh, on this machine and pushed, with the message as it was', async () => {
    const key = join(folder, 'id');
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    secret(readFileSync(key, 'utf8'));
    const allowed = join(folder, 'allowed');
    writeFileSync(allowed, `${ROBOT} ${readFileSync(`${key}.pub`, 'utf8')}`);
    for (const place of transports()) {
      const revision = await commit(place);
      expect(origin('rev-parse', 'main')).toBe(revision);
      expect(verified(revision, ['-c', `gpg.ssh.allowedSignersFile=${allowed}`])).toMatchObject({
        status: 0,
        stderr: expect.stringContaining(`Good "git" signature for ${ROBOT}`),
      });
      expect(run('git', ['-C', location, 'log', '-1', '--format=%an|%ae|%ce|%B', revision])).toBe(
        `rotterdam-sync|${ROBOT}|${ROBOT}|${MESSAGE}\n`,
      );
      expect(origin('show', `${revision}:${FILE}`)).toBe('two');
      expect(origin('for-each-ref', 'refs/rotterdam')).toBe('');
      origin('update-ref', 'refs/heads/main', `${revision}~1`);
    }
  });

  it('by gpg, in a home that is gone afterwards', async () => {
    const home = mkdtempSync(join(tmpdir(), 'gpg-'));
    const gpg = (...args: string[]) =>
      run('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args]);
    try {
      gpg('--quick-generate-key', `rotterdam-sync <${ROBOT}>`, 'ed25519', 'sign', 'never');
      secret(gpg('--armor', '--export-secret-keys'));
      const revision = await commit(location);
      expect(verified(revision, [], { GNUPGHOME: home })).toMatchObject({ status: 0, stderr: expect.stringContaining('Good signature') });
    } finally {
      run('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true });
    }
  });

  it.each([
    { reason: 'a secret that is no key', text: 'hunter2', says: 'Cannot sign commits with secret key: write a private key' },
    {
      reason: 'a broken key of OpenSSH',
      text: '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----',
      says: 'Cannot sign a commit: ',
    },
    {
      reason: 'a broken key of OpenPGP',
      text: '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx\n-----END PGP PRIVATE KEY BLOCK-----',
      says: 'Cannot sign commits with secret key: ',
    },
  ])('are refused with $reason, terminally, and nothing is written', async ({ text, says }) => {
    secret(text);
    const before = origin('rev-parse', 'main');
    await expect(commit(location)).rejects.toMatchObject({ outcome: 'terminal', message: expect.stringContaining(says) });
    expect([origin('rev-parse', 'main'), origin('for-each-ref', 'refs/rotterdam')]).toEqual([before, '']);
  });

  it('are refused without the secret', async () => {
    await expect(commit(location)).rejects.toMatchObject({ outcome: 'terminal', message: expect.stringContaining('"key"') });
  });
});
