import { describe, expect, it } from 'vitest';
import { fetchFailure, pushFailure } from '../../../../../controller/adapters/git/refusals.ts';
import { said } from '../../../../../controller/adapters/git/said.ts';
import { ConflictError, RefusedBranch } from '../../../../../controller/errors.ts';

const URL = 'https://example.org/a.git';

describe('fetchFailure', () => {
  it.each([
    { stderr: "fatal: couldn't find remote ref refs/heads/main", outcome: 'terminal', says: 'Cannot find branch main' },
    {
      stderr: 'warning: rejected refs/heads/main because shallow roots are not allowed to be updated',
      outcome: 'terminal',
      says: '--unshallow',
    },
    { stderr: "fatal: Authentication failed for 'https://example.org/a.git/'", outcome: 'terminal', says: 'Authentication failed' },
    { stderr: 'fatal: could not read Username: terminal prompts disabled', outcome: 'terminal', says: 'Username' },
    { stderr: "fatal: repository 'https://example.org/a.git/' not found", outcome: 'terminal', says: 'not found' },
    { stderr: 'fatal: unable to access: The requested URL returned error: 403', outcome: 'terminal', says: '403' },
    { stderr: 'fatal: unable to access: The requested URL returned error: 302', outcome: 'terminal', says: '302' },
    { stderr: 'fatal: unable to access: server certificate verification failed', outcome: 'terminal', says: 'certificate' },
    { stderr: 'Host key verification failed.\nfatal: Could not read from remote', outcome: 'terminal', says: 'Could not read' },
    { stderr: 'git@example.org: Permission denied (publickey).', outcome: 'terminal', says: 'Permission denied' },
    { stderr: 'fatal: unable to access: Could not resolve host: example.org', outcome: 'transient', says: 'resolve host' },
    { stderr: 'fatal: unable to access: Failed to connect to example.org', outcome: 'transient', says: 'Failed to connect' },
    { stderr: 'fatal: unable to access: The requested URL returned error: 502', outcome: 'transient', says: '502' },
    { stderr: 'fatal: the remote end hung up unexpectedly', outcome: 'transient', says: 'hung up' },
    { stderr: '', outcome: 'transient', says: 'gave no reason' },
  ])('is $outcome for $stderr', ({ stderr, outcome, says }) => {
    expect(fetchFailure(URL, 'main', stderr)).toMatchObject({ outcome, message: expect.stringContaining(says) });
  });
});

describe('pushFailure', () => {
  const rejected = (why: string) => `To ${URL}\n!\tabc:refs/heads/main\t${why}\nDone\n`;

  it.each([
    '[rejected] (stale info)',
    '[rejected] (fetch first)',
    '[rejected] (non-fast-forward)',
    '[remote rejected] (failed to update ref)',
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at a but expected b)",
    '[remote rejected] (incorrect old value provided)',
  ])('is a conflict when git answers %s', (why) => {
    expect(pushFailure(URL, 'main', rejected(why), '')).toBeInstanceOf(ConflictError);
  });

  it.each([
    {
      stdout: rejected('[remote rejected] (protected branch hook declined)'),
      stderr: 'remote: error: GH006: Protected branch',
      outcome: 'terminal',
    },
    { stdout: rejected('[remote rejected] (branch is currently checked out)'), stderr: '', outcome: 'terminal' },
    { stdout: rejected('[remote rejected] (unpacker error)'), stderr: 'error: remote unpack failed: No space left', outcome: 'transient' },
    { stdout: '', stderr: 'fatal: unable to access: The requested URL returned error: 403', outcome: 'terminal' },
    { stdout: '', stderr: 'fatal: unable to access: The requested URL returned error: 503', outcome: 'transient' },
    { stdout: '', stderr: 'error: RPC failed; curl 56\nfatal: the remote end hung up', outcome: 'transient' },
  ])('is $outcome, no conflict, for $stdout $stderr', ({ stdout, stderr, outcome }) => {
    const failure = pushFailure(URL, 'main', stdout, stderr);
    expect(failure).not.toBeInstanceOf(ConflictError);
    expect(failure.outcome).toBe(outcome);
    expect(failure.message).toContain(stderr.includes('GH006') ? 'GH006: Protected branch; [remote rejected]' : 'Cannot push main');
  });
});

describe('a branch that is refused', () => {
  it.each([
    ['[remote rejected] (protected branch hook declined)', 'GitHub'],
    ['[remote rejected] (pre-receive hook declined)', 'GitLab, Gitea, a hook'],
    ['[remote rejected] (branch is currently checked out)', 'a work tree'],
  ])('is one for %s (%s), as another may not be', (why) => {
    expect(pushFailure(URL, 'main', `!\tabc:refs/heads/main\t${why}\n`, '')).toBeInstanceOf(RefusedBranch);
  });

  it.each([
    ['!\ta:refs/heads/main\t[remote rejected] (unpacker error)\n', ''],
    ['', 'fatal: unable to access: The requested URL returned error: 403'],
    ['', 'fatal: the remote end hung up unexpectedly'],
  ])('is none for %j %j, as another would be refused as well', (stdout, stderr) => {
    expect(pushFailure(URL, 'main', stdout, stderr)).not.toBeInstanceOf(RefusedBranch);
  });
});

describe('said', () => {
  it.each([
    ['fatal: bad\nhint: do this\n', 'bad; hint: do this'],
    ['remote: \u001b[31mno\u001b[0m\u0007 \r\nfatal: x', 'no; x'],
    ["fatal: unable to access 'http://user:pass@proxy:1/'", "unable to access 'http://***@proxy:1/'"],
    ['fatal: full\nfast-import: dumping crash report to x', 'full'],
    ['', 'git gave no reason'],
    [`fatal: ${'x'.repeat(2000)}`, 'x'.repeat(600)],
  ])('tells %j in one line', (stderr, expected) => {
    expect(said(stderr)).toBe(expected);
  });
});
