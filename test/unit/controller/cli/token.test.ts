import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../../controller/cli/program.ts';
import { grantOf, parseGrants } from '../../../../controller/gateway/access/tokens.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tokens-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

async function token(...args: readonly string[]) {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    });
  }
  const code = await main(['token', ...args, '--state', directory]);
  vi.restoreAllMocks();
  return { code, ...said };
}

const file = () => join(directory, 'tokens.yaml');
const text = () => readFileSync(file(), 'utf8');

describe('token create', () => {
  it('prints the token once, and keeps its hash for nobody else to read', async () => {
    const { code, stdout } = await token('create', '--scope', 'write', '--dock', 'class', '--dock', 'money', '--expires-in', '90d');
    expect(code).toBe(0);
    expect(grantOf(stdout.trim(), parseGrants(text()))).toMatchObject({
      name: 'class-money-write',
      scope: 'write',
      docks: ['class', 'money'],
    });
    expect(text()).not.toContain(stdout.trim());
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(existsSync(join(directory, '.gitignore'))).toBe(true);
  });

  it('gives each a name of its own, and refuses one that is taken', async () => {
    for (const _ of [1, 2]) await token('create', '--scope', 'read');
    expect(parseGrants(text()).map(({ name }) => name)).toEqual(['read', 'read-2']);
    expect(await token('create', '--scope', 'read', '--name', 'read')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('two of the name'),
    });
  });

  it('opens a network to those who have none', async () => {
    const { code, stdout } = await token(
      'create',
      '--scope',
      'write',
      '--dock',
      'class',
      '--network',
      '10.0.0.0/8',
      '--anonymous',
      '--name',
      'masters',
    );
    expect({ code, stdout, grants: parseGrants(text()) }).toMatchObject({
      code: 0,
      stdout: '',
      grants: [{ name: 'masters', networks: ['10.0.0.0/8'] }],
    });
    expect(text()).not.toContain('sha256');
  });

  it.each([
    { reason: 'no scope', args: [], says: '--scope' },
    { reason: 'a scope that is none', args: ['--scope', 'all'], says: 'Allowed choices' },
    { reason: 'an admin of a dock', args: ['--scope', 'admin', '--dock', 'class'], says: 'Leave out docks' },
    { reason: 'nobody from everywhere', args: ['--scope', 'read', '--anonymous'], says: 'Name a network' },
    { reason: 'an anonymous admin', args: ['--scope', 'admin', '--anonymous', '--network', '10.0.0.0/8'], says: 'An admin needs a token' },
    { reason: 'a network that is none', args: ['--scope', 'read', '--network', '10'], says: 'Write a network' },
    { reason: 'a name for a trailer', args: ['--scope', 'read', '--name', 'a b'], says: 'Write a name' },
  ])('refuses $reason, and writes nothing', async ({ args, says }) => {
    expect(await token('create', ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
    expect(existsSync(file())).toBe(false);
  });
});

describe('token list and revoke', () => {
  it('show what is granted without its hash, and take it back', async () => {
    await token('create', '--scope', 'admin', '--name', 'ada');
    await token('create', '--scope', 'read', '--network', '10.0.0.0/8', '--anonymous', '--name', 'lan');
    const { stdout } = await token('list');
    expect(stdout.replaceAll(/ +/g, ' ')).toMatch(/ada admin all anywhere .* never\nlan \(needs no token\) read all 10\.0\.0\.0\/8/);
    expect(JSON.parse((await token('list', '--json')).stdout)).toMatchObject([
      { name: 'ada', anonymous: false },
      { name: 'lan', anonymous: true },
    ]);
    expect(stdout).not.toMatch(/[0-9a-f]{64}/);
    expect((await token('revoke', 'ada')).code).toBe(0);
    expect(parseGrants(text()).map(({ name }) => name)).toEqual(['lan']);
    expect(await token('revoke', 'ada')).toMatchObject({ code: 2, stderr: 'Cannot revoke ada: granted is lan\n' });
  });

  it('say when there is nothing, or nothing to be read', async () => {
    expect(await token('list')).toMatchObject({ code: 2, stderr: expect.stringContaining('there is none') });
    writeFileSync(file(), 'grants: {');
    expect(await token('revoke', 'ada')).toMatchObject({ code: 2, stderr: expect.stringContaining('it is no YAML') });
  });
});
