import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../../../../controller/adapters/git/environment.ts';

describe('gitEnvironment', () => {
  it('passes proxies and nothing that would let others decide', () => {
    const environment = gitEnvironment({
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy:1',
      no_proxy: 'a',
      HOME: '/root',
      GIT_DIR: '/elsewhere',
      GIT_SSH: 'evil',
      GIT_CONFIG_PARAMETERS: "'core.pager=evil'",
      LD_PRELOAD: 'evil.so',
    });
    expect(environment).toMatchObject({
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy:1',
      no_proxy: 'a',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    });
    for (const name of ['HOME', 'GIT_DIR', 'GIT_SSH', 'GIT_CONFIG_PARAMETERS', 'LD_PRELOAD']) expect(environment).not.toHaveProperty(name);
  });

  it('is understood by git, with what is added for one call', () => {
    const env = gitEnvironment(process.env, {
      configuration: { 'http.https://x/.extraHeader': 'A: b' },
      variables: { GIT_COMMITTER_NAME: 'me' },
    });
    const read = (key: string) => execFileSync('git', ['config', '--get', key], { env, encoding: 'utf8', cwd: '/' }).trim();
    expect(['protocol.allow', 'protocol.ssh.allow', 'core.hooksPath', 'http.https://x/.extraHeader'].map(read)).toEqual([
      'never',
      'always',
      '/dev/null',
      'A: b',
    ]);
    expect(env.GIT_COMMITTER_NAME).toBe('me');
  });
});
