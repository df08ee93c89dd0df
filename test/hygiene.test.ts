import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 });

/** What the original's own examples hold in place of a secret. */
const PLACEHOLDERS = ['user_password', 'user_name'];

const CREDENTIALS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/ },
  { what: 'a JSON Web Token', pattern: /\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\./ },
  { what: 'a token of a git host', pattern: /\b(gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,}|github_pat_[A-Za-z0-9_]{30,})/ },
  { what: 'a cloud access key', pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'an OpenShift token', pattern: /\bsha256~[A-Za-z0-9_-]{40,}/ },
  { what: 'a password', pattern: /["']?password["']?\s*[:=]\s*["'](?!\$|<|\{)([A-Za-z0-9!@#%^&*_+-]{8,})["']/i },
];
const MACHINE_PATH = /(^|[\s"'`(=:])\/(home|root|Users|work|farm)\/[A-Za-z0-9._-]+/m;

function findCredentials(text: string): string[] {
  return CREDENTIALS.filter(({ pattern }) => {
    const match = pattern.exec(text);
    return match !== null && !PLACEHOLDERS.some((placeholder) => match[0].includes(placeholder));
  }).map(({ what }) => what);
}

describe('the tree', () => {
  const files = git('ls-files', '-z')
    .split('\0')
    .filter((name) => name !== '' && name !== 'package-lock.json' && !name.endsWith('go.sum'));
  const texts = files.map((name) => ({ name, text: readFileSync(`${ROOT}${name}`, 'utf8') }));

  it('holds nothing that looks like a credential', () => {
    expect(
      texts.filter(({ text }) => findCredentials(text).length > 0).map(({ name, text }) => `${name}: ${findCredentials(text)}`),
    ).toEqual([]);
  });

  it('names no path of a machine', () => {
    const named = texts.filter(({ name, text }) => name !== 'test/hygiene.test.ts' && MACHINE_PATH.test(text));
    expect(named.map(({ name, text }) => `${name}: ${MACHINE_PATH.exec(text)?.[0]}`)).toEqual([]);
  });
});

describe('the history', () => {
  it('never held anything that looks like a credential', () => {
    const added = git('log', '-p', '--all', '--no-color', '--unified=0', '--', '.', ':!package-lock.json', ':!*go.sum')
      .split('\n')
      .filter((line) => line.startsWith('+'))
      .map((line) => line.slice(1));
    expect(findCredentials(added.join('\n'))).toEqual([]);
  });
});

describe('findCredentials', () => {
  const made = ['x'.repeat(16), 'y'.repeat(16)];
  it.each([
    [`eyJ${made[0]}.eyJ${made[1]}.`, ['a JSON Web Token']],
    [`ghp_${'a'.repeat(36)}`, ['a token of a git host']],
    ['"password": "user_password"', []],
    ['"password": "$PASSWORD_FROM_ENV"', []],
    [`password = '${'z'.repeat(12)}'`, ['a password']],
  ])('%s', (text, expected) => {
    expect(findCredentials(text)).toEqual(expected);
  });
});
