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
/** Of nobody's machine: a test once gave it as a key file whose name may not leak. */
const FIXTURE_PATHS = ['/home/hunter2'];
const MACHINE_PATH = /(^|[\s"'`(=:])\/(home|root|Users|work|farm)\/[A-Za-z0-9._-]+/m;

function findCredentials(text: string): string[] {
  return CREDENTIALS.filter(({ pattern }) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].some(
      ([match]) => !PLACEHOLDERS.some((placeholder) => match.includes(placeholder)),
    ),
  ).map(({ what }) => what);
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
  const added = git(
    'log',
    '-p',
    '--all',
    '--no-color',
    '--unified=0',
    '--',
    '.',
    ':!package-lock.json',
    ':!*go.sum',
    ':!test/hygiene.test.ts',
  )
    .split('\n')
    .filter((line) => line.startsWith('+'))
    .map((line) => line.slice(1));

  it('never held anything that looks like a credential', () => {
    expect(findCredentials(added.join('\n'))).toEqual([]);
  });

  it('never named a path of a machine', () => {
    expect(added.filter((line) => MACHINE_PATH.test(line) && !FIXTURE_PATHS.some((path) => line.includes(path)))).toEqual([]);
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
    [`"password": "user_password"\npassword = '${'z'.repeat(12)}'`, ['a password']],
  ])('%s', (text, expected) => {
    expect(findCredentials(text)).toEqual(expected);
  });
});
