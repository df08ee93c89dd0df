import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directorySecrets } from '../../../../controller/adapters/secrets.ts';
import { Failure } from '../../../../controller/errors.ts';

const parent = mkdtempSync(join(tmpdir(), 'rotterdam-secrets-'));
const directory = join(parent, 'secrets');
const secrets = directorySecrets(directory);

beforeAll(() => {
  mkdirSync(join(directory, 'git'), { recursive: true });
  mkdirSync(join(directory, 'mounted', '..2026'), { recursive: true });
  writeFileSync(join(directory, 'plain'), 'k1');
  writeFileSync(join(directory, 'line'), 'k2\n');
  writeFileSync(join(directory, 'lines'), 'k3\n\n');
  writeFileSync(join(directory, 'git', 'token'), 'k4\r\n');
  writeFileSync(join(directory, 'mounted', '..2026', 'token'), 'k5');
  writeFileSync(join(parent, 'outside'), 'never');
  symlinkSync('..2026/token', join(directory, 'mounted', 'token'));
  symlinkSync('../outside', join(directory, 'out'));
  symlinkSync('..', join(directory, 'up'));
});
afterAll(() => rmSync(parent, { recursive: true }));

describe('directorySecrets', () => {
  it.each([
    { name: 'plain', text: 'k1', reason: 'as it is' },
    { name: 'line', text: 'k2', reason: 'editors end files with a newline' },
    { name: 'lines', text: 'k3\n', reason: 'only one newline is theirs' },
    { name: 'git/token', text: 'k4', reason: 'a part of a folder' },
    { name: 'mounted/token', text: 'k5', reason: 'Kubernetes mounts secrets as links that stay inside' },
  ])('reads $name: $reason', async ({ name, text }) => {
    expect(await secrets.read(name)).toBe(text);
    expect(await secrets.path(name)).toMatch(/^\/.*secrets\//);
  });

  it.each([
    { name: 'none', says: 'has no file: create' },
    { name: 'git', says: 'is no file' },
    { name: '../outside', says: 'no secret' },
    { name: 'git/..', says: 'leads out' },
    { name: 'a/b/c', says: 'no secret' },
    { name: '-rf', says: 'no secret' },
    { name: 'a\n', says: 'no secret' },
    { name: '', says: 'no secret' },
    { name: 'out', says: 'leads out' },
    { name: 'up/outside', says: 'leads out' },
  ])('refuses $name and names it', async ({ name, says }) => {
    for (const attempt of [secrets.read, secrets.path]) {
      const error = await attempt(name).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({ outcome: 'terminal' });
      expect(String(error)).toContain(`secret ${JSON.stringify(name)} as it`);
      expect(String(error)).toContain(says);
    }
  });

  it('says what to create when the directory itself is missing', async () => {
    await expect(directorySecrets('/nonexistent').read('git')).rejects.toThrow('create /nonexistent/git');
  });

  it('tells once that secrets were written', async () => {
    let told = 0;
    const stop = secrets.watch(() => {
      told += 1;
    });
    writeFileSync(join(directory, 'plain'), '');
    writeFileSync(join(directory, 'plain'), 'k1');
    await expect.poll(() => told).toBe(1);
    stop();
  });

  it.each(['new', 'plain', 'fresh/part', 'up'])('writes %s for nobody else to read, and reads it back', async (name) => {
    await secrets.write(name, 'k9');
    expect(await secrets.read(name)).toBe('k9');
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(join(directory, name))).filter((file) => file.startsWith('.') && !file.startsWith('..'))).toEqual([]);
  });

  it.each(['../out', 'a/../b', 'git/..', '', '/etc/x', 'a/b/c'])('writes nothing under %j', async (name) => {
    await expect(secrets.write(name, 'k')).rejects.toMatchObject({ outcome: 'terminal' });
    expect(readdirSync(parent).sort()).toEqual(['outside', 'secrets']);
  });

  it('leaves nothing behind where it can not write', async () => {
    await expect(secrets.write('git', 'k')).rejects.toMatchObject({ outcome: 'transient' });
    expect(readdirSync(directory).filter((file) => file.startsWith('.'))).toEqual([]);
  });

  it('tells nothing where there is no folder, and is stopped all the same', () => {
    expect(() => directorySecrets(join(parent, 'none')).watch(() => undefined)()).not.toThrow();
  });

  it('keeps secrets under names of their own, and forgets no others', async () => {
    const names = [await secrets.keep('modena', 'k6'), await secrets.keep('modena', 'k7')];
    expect(new Set(names).size).toBe(2);
    expect(await Promise.all(names.map((name) => secrets.read(name)))).toEqual(['k6', 'k7']);
    expect(names.map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600, 0o600]);
    for (const name of [...names, ...names, 'plain', 'git/token', '../outside', 'rest-modena']) await secrets.forget(name);
    await expect(secrets.read(names[0] ?? '')).rejects.toThrow(Failure);
    await secrets.read('plain');
    expect(readdirSync(directory).filter((name) => name.startsWith('rest-'))).toEqual([]);
  });
});
