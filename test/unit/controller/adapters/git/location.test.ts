import { describe, expect, it } from 'vitest';
import { checkBranch, parseLocation } from '../../../../../controller/adapters/git/location.ts';

describe('parseLocation', () => {
  it.each([
    ['.', undefined],
    ['/srv/repository.git', undefined],
    ['../a:b', undefined],
    ['./git@host:x', undefined],
    ['https://example.org/a.git', 'https'],
    ['http://127.0.0.1:8080/a', 'http'],
    ['HTTPS://example.org/a.git', 'https'],
    ['ssh://git@example.org:22/a.git', 'ssh'],
    ['git@example.org:group/a.git', 'ssh'],
    ['file:///srv/a.git', 'file'],
  ])('takes %s', (location, transport) => {
    const expected = transport ? { kind: 'url', url: location, transport } : { kind: 'path', path: location };
    expect(parseLocation(location)).toEqual(expected);
  });

  it.each([
    { location: '', says: 'neither', reason: 'empty' },
    { location: '--upload-pack=touch /tmp/x', says: 'neither', reason: 'an option' },
    { location: 'https://example.org/a\nb', says: 'neither', reason: 'a control character' },
    { location: 'ext::sh -c whoami', says: 'uses ext::', reason: 'a transport that runs programs' },
    { location: 'ext://x', says: 'uses ext://', reason: 'the same, as a URL' },
    { location: 'fd::7', says: 'uses fd::', reason: 'a transport over descriptors' },
    { location: 'git://example.org/a', says: 'uses git://', reason: 'neither encrypted nor authenticated' },
    { location: 'ftp://example.org/a', says: 'uses ftp://', reason: 'not among the allowed' },
    { location: 'https://', says: 'is no URL', reason: 'no host' },
    { location: 'ssh:///a.git', says: 'names no host', reason: 'no host either' },
    { location: 'ssh://-oProxyCommand=x/a', says: 'option', reason: 'a host that is an option' },
    { location: 'ssh://-oProxyCommand=x@host/a', says: 'option', reason: 'a user that is an option' },
    { location: 'git@-oProxyCommand=x:a', says: 'no address', reason: 'an option in the short form' },
    { location: 'git@host:-a', says: 'no address', reason: 'a path that is an option' },
    { location: 'https://user:hunter2@example.org/a', says: 'holds credentials', reason: 'a password' },
    { location: 'https://hunter2@example.org/a', says: 'holds credentials', reason: 'a token as user' },
    { location: 'https://user:hunter2/x@example.org/a', says: '***', reason: 'a password that breaks the URL' },
  ])('refuses $reason, terminally and without credentials', ({ location, says }) => {
    expect(() => parseLocation(location)).toThrow(expect.objectContaining({ outcome: 'terminal', message: expect.stringContaining(says) }));
    expect(() => parseLocation(location)).not.toThrow('hunter2');
  });
});

describe('checkBranch', () => {
  it.each(['main', 'feature/one', 'a-b_c.d', '1', 'ümlaut', 'a@b'])('takes %s', (branch) => {
    expect(() => checkBranch(branch)).not.toThrow();
  });

  it.each([
    ...['', '-f', '--force', 'HEAD', '@', '@{-1}', 'a..b', '../x', 'a/../b', '.a', 'a/.b', 'a.', 'a.lock', 'a.lock/b', '/a', 'a/', 'a//b'],
    ...['a b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[', 'a\\b', 'a\nb', 'a\u007f'],
  ])('refuses %j', (branch) => {
    expect(() => checkBranch(branch)).toThrow(expect.objectContaining({ outcome: 'terminal' }));
  });
});
