import { Failure } from '../../errors.ts';

export type Location =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly transport: 'http' | 'https' | 'ssh' | 'file' };

/**
 * A folder, a URL of https, http, ssh or file, or `user@host:path`. Rejects with a terminal Failure what git would take for an
 * option or for a program to run, and a URL that holds a password or token: arguments can be read by everybody on a machine.
 */
export function parseLocation(location: string): Location {
  if (location === '' || location.startsWith('-') || hasControl(location)) throw refused(location, 'is neither a path nor a URL');
  if (/^[^/@:]+@[^/@:]+:(?!\/\/)/.test(location)) return parseScp(location);
  const scheme = /^([a-z][a-z0-9+.-]*)(:\/\/|::)/i.exec(location);
  return scheme ? parseUrl(location, `${scheme[1]}${scheme[2]}`.toLowerCase()) : { kind: 'path', path: location };
}

/** Rejects a name that `git check-ref-format --branch` refuses, and `HEAD`. */
export function checkBranch(branch: string): void {
  const parts = branch.split('/');
  const wrong =
    branch.startsWith('-') ||
    branch === 'HEAD' ||
    branch === '@' ||
    hasControl(branch) ||
    /[ ~^:?*[\\]|\.\.|@\{|\.$/.test(branch) ||
    parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock'));
  if (wrong) throw new Failure('terminal', `Cannot follow branch ${JSON.stringify(branch)} as git allows no such name: take one like main`);
}

function parseScp(location: string): Location {
  if (/@-|:-|:$/.test(location)) throw refused(location, 'is no address of ssh');
  return { kind: 'url', url: location, transport: 'ssh' };
}

function parseUrl(location: string, scheme: string): Location {
  const transport = (['https', 'http', 'ssh', 'file'] as const).find((allowed) => scheme === `${allowed}://`);
  if (transport === undefined) throw refused(location, `uses ${scheme}: allowed are https://, http://, ssh:// and file://`);
  if (!URL.canParse(location)) throw refused(location, 'is no URL');
  const { hostname, username, password } = new URL(location);
  if (password !== '' || (username !== '' && transport !== 'ssh')) throw refused(location, 'holds credentials: put them in a secret');
  if (hostname.startsWith('-') || username.startsWith('-')) throw refused(location, 'names a host that ssh would take for an option');
  if (transport !== 'file' && hostname === '') throw refused(location, 'names no host');
  return { kind: 'url', url: location, transport };
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function refused(location: string, why: string): Failure {
  const shown = JSON.stringify(location.replace(/\/\/.*@/, '//***@'));
  return new Failure('terminal', `Cannot use repository ${shown} as it ${why}`);
}
