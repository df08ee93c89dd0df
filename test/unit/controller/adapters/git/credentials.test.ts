import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readCredentials, sshCredentials, tokenCredentials } from '../../../../../controller/adapters/git/credentials.ts';
import { parseLocation } from '../../../../../controller/adapters/git/location.ts';
import type { Secrets } from '../../../../../controller/ports.ts';

const secrets: Secrets = {
  read: async (name) => `text of ${name}`,
  path: async (name) => `/secrets/${name}`,
  watch: () => () => undefined,
};

async function credentialsFor(location: string, from: Secrets | undefined = secrets, name: string | undefined = 'origin') {
  const place = parseLocation(location);
  return place.kind === 'url' ? readCredentials(place, from, name) : expect.fail('A URL is needed here');
}

describe('readCredentials', () => {
  it.each([
    { location: 'https://example.org:8443/a.git', header: 'http.https://example.org:8443/.extraHeader', reason: 'only for that origin' },
    { location: 'http://127.0.0.1:80/a', header: 'http.http://127.0.0.1/.extraHeader', reason: 'in clear text to ourselves' },
    { location: 'http://localhost:81/a', header: 'http.http://localhost:81/.extraHeader', reason: 'the same by name' },
  ])('sends the token with $location: $reason', async ({ location, header }) => {
    const basic = Buffer.from('x-access-token:text of origin/token').toString('base64');
    expect((await credentialsFor(location)).configuration).toEqual({ [header]: `Authorization: Basic ${basic}` });
  });

  it.each(['http://example.org/a', 'http://127.example.org/a', 'http://localhost.example.org/a'])(
    'sends no token to %s',
    async (location) => {
      await expect(credentialsFor(location)).rejects.toMatchObject({ outcome: 'terminal', message: expect.stringContaining('use https') });
    },
  );

  it('asks ssh for the key and the hosts of the folder', async () => {
    const command = (await credentialsFor('git@example.org:a')).variables?.GIT_SSH_COMMAND;
    expect(command).toContain("'-i' '/secrets/origin/ssh-key'");
    expect(command).toContain(`'UserKnownHostsFile="/secrets/origin/known_hosts"'`);
    expect(command).toContain("'StrictHostKeyChecking=yes'");
  });

  it('reads nothing where nothing is asked for', async () => {
    const unread: Secrets = { read: () => expect.fail('read'), path: () => expect.fail('path'), watch: () => expect.fail('watch') };
    expect(await credentialsFor('file:///a', unread)).not.toHaveProperty('configuration');
    const place = parseLocation('https://example.org/a');
    if (place.kind === 'url') expect(await readCredentials(place, unread, undefined)).not.toHaveProperty('configuration');
    if (place.kind === 'url') await expect(readCredentials(place, undefined, 'origin')).rejects.toThrow('no secrets directory');
  });
});

describe('sshCredentials', () => {
  it("survives git's shell with any path", () => {
    const { variables } = sshCredentials("/a b/it's $(x)", '/c d/"hosts"');
    const words = execFileSync('sh', ['-c', `for word in ${variables?.GIT_SSH_COMMAND}; do printf '%s\\n' "$word"; done`], {
      encoding: 'utf8',
    });
    expect(words.split('\n').slice(0, 3)).toEqual(['ssh', '-i', "/a b/it's $(x)"]);
  });
});

describe('tokenCredentials', () => {
  it.each(['token', 'user:token'])('hides %s in every form', (token) => {
    const { configuration, redact } = tokenCredentials('https://example.org', token);
    const [header = ''] = Object.values(configuration ?? {});
    expect(redact(`said ${header} and token`)).toBe('said Authorization: Basic *** and ***');
  });

  it('takes a user with its token as it is', () => {
    const [header = ''] = Object.values(tokenCredentials('https://example.org', 'ada:t').configuration ?? {});
    expect(Buffer.from(header.replace(/.* /, ''), 'base64').toString()).toBe('ada:t');
  });
});
