import { Failure } from '../../errors.ts';
import type { Secrets } from '../../ports.ts';
import type { Settings } from './environment.ts';
import type { Location } from './location.ts';

export interface Credentials extends Settings {
  /** The same text without anything secret. */
  redact(text: string): string;
}

/**
 * What git needs to be let in, from the parts of the secret folder `name`: `token` for http(s), alone or as `user:token`;
 * `ssh-key` and `known_hosts` for ssh. Read at each use, so that a rotated secret is seen.
 */
export async function readCredentials(
  location: Extract<Location, { kind: 'url' }>,
  secrets: Secrets | undefined,
  name: string | undefined,
): Promise<Credentials> {
  if (name === undefined || location.transport === 'file') return { redact: (text) => text };
  if (secrets === undefined) throw new Failure('terminal', `Cannot read secret ${name} as there is no secrets directory: name one`);
  if (location.transport === 'ssh') return sshCredentials(await secrets.path(`${name}/ssh-key`), await secrets.path(`${name}/known_hosts`));
  const { origin, hostname, protocol } = new URL(location.url);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    throw new Failure('terminal', `Cannot send the token ${name}/token to ${origin} in clear text: use https`);
  }
  return tokenCredentials(origin, await secrets.read(`${name}/token`));
}

export function sshCredentials(key: string, knownHosts: string): Credentials {
  const words = ['-i', key, '-o', 'IdentitiesOnly=yes', '-o', `UserKnownHostsFile="${knownHosts}"`];
  const strict = ['-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes'];
  return { variables: { GIT_SSH_COMMAND: ['ssh', ...words, ...strict].map(quote).join(' ') }, redact: (text) => text };
}

export function tokenCredentials(origin: string, token: string): Credentials {
  const basic = Buffer.from(token.includes(':') ? token : `x-access-token:${token}`).toString('base64');
  const hidden = [token, token.slice(token.indexOf(':') + 1), basic].filter((text) => text !== '');
  return {
    configuration: { [`http.${origin}/.extraHeader`]: `Authorization: Basic ${basic}` },
    redact: (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text),
  };
}

/** git hands the command to a shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
