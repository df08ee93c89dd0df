import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stateDirectory } from '../config.ts';
import { sentence, UsageError } from '../errors.ts';
import type { Grant, Scope } from '../gateway/access/grant.ts';
import { makeToken, parseGrants, withGrant, withoutGrant } from '../gateway/access/tokens.ts';
import { ignoredByGit } from '../main.ts';
import { EXIT } from './exit.ts';
import { table } from './table.ts';

export interface TokensOptions {
  readonly tokens?: string;
  readonly state?: string;
}

export interface TokenOptions extends TokensOptions {
  readonly scope: Scope;
  readonly name?: string;
  readonly dock?: readonly string[];
  readonly network?: readonly string[];
  readonly host?: readonly string[];
  /** Milliseconds. */
  readonly expiresIn?: number;
  readonly anonymous?: boolean;
}

/** Grants something, and prints the token for it, which is kept nowhere. Nobody needs one for an anonymous grant. */
export function createToken(options: TokenOptions): number {
  const { scope, dock: docks, network: networks, host: hosts, expiresIn, anonymous = false } = options;
  const [file, text] = tokensFile(options, '');
  const { token, sha256 } = makeToken();
  const nowMs = Date.now();
  const grant: Grant = {
    name: options.name ?? freeName([...(docks ?? []), scope].join('-'), namesIn(text)),
    scope,
    ...(docks === undefined ? {} : { docks }),
    ...(networks === undefined ? {} : { networks }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(anonymous ? {} : { sha256 }),
    created: new Date(nowMs).toISOString(),
    ...(expiresIn === undefined ? {} : { expires: new Date(nowMs + expiresIn).toISOString() }),
  };
  if (anonymous && networks === undefined) throw new UsageError('Name a network that needs no token: --network 10.0.0.0/8');
  const granted = usable(() => withGrant(text, grant));
  if (options.tokens === undefined) ignoredByGit(dirname(file));
  replace(file, granted);
  process.stderr.write(`Granted ${scope} to ${grant.name} in ${file}${anonymous ? '' : '. This is the token; it is not shown again:'}\n`);
  if (!anonymous) process.stdout.write(`${token}\n`);
  return EXIT.done;
}

export function listTokens({ json, ...options }: TokensOptions & { readonly json?: boolean }): number {
  const [, text] = tokensFile(options);
  const grants = usable(() => parseGrants(text)).map(({ sha256, ...grant }) => ({ ...grant, anonymous: sha256 === undefined }));
  const rows = grants.map(({ name, scope, docks = ['all'], networks = ['anywhere'], anonymous, created = '-', expires = 'never' }) => [
    anonymous ? `${name} (needs no token)` : name,
    scope,
    docks.join(', '),
    networks.join(', '),
    created,
    expires,
  ]);
  process.stdout.write(json ? `${JSON.stringify(grants)}\n` : `${table(['NAME', 'SCOPE', 'DOCKS', 'FROM', 'CREATED', 'EXPIRES'], rows)}\n`);
  return EXIT.done;
}

export function revokeToken(name: string, options: TokensOptions): number {
  const [file, text] = tokensFile(options);
  const left = usable(() => withoutGrant(text, name));
  if (left === undefined) throw new UsageError(`Cannot revoke ${name}: granted is ${[...namesIn(text)].join(', ') || 'nothing'}`);
  replace(file, left);
  process.stderr.write(`Revoked ${name} in ${file}\n`);
  return EXIT.done;
}

function tokensFile({ tokens, state }: TokensOptions, otherwise?: string): readonly [file: string, text: string] {
  const file = tokens === undefined ? resolve(stateDirectory(state), 'tokens.yaml') : resolve(tokens);
  try {
    return [file, readFileSync(file, 'utf8')];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (otherwise === undefined) throw new UsageError(`Cannot read ${file}: there is none. Make one by token create`);
    return [file, otherwise];
  }
}

/** Whole or not at all, for nobody else to read. */
function replace(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.trim() === '' ? [] : usable(() => parseGrants(text)).map(({ name }) => name));
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let at = 1; ; at += 1) {
    const name = at === 1 ? wanted : `${wanted}-${at}`;
    if (!taken.has(name)) return name;
  }
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}
