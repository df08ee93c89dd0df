import { resolve } from 'node:path';
import { UsageError } from './errors.ts';

/** The package's version; the bundle carries it, a checkout is `0.0.0-checkout`. */
export const VERSION: string = process.env.ROTTERDAM_VERSION ?? '0.0.0-checkout';

export interface Settings {
  readonly environment: string;
  /** Path or URL of the repository. */
  readonly repository: string;
  readonly branch: string;
  /** Secret folder with what the repository asks for: `token`, or `ssh-key` and `known_hosts`. */
  readonly repositorySecret: string | undefined;
  readonly secretsDirectory: string;
  /** Holds secrets, cache and journal; git ignores it. */
  readonly stateDirectory: string;
  /** Holds the clone, which may be deleted at any time. */
  readonly cacheDirectory: string;
  /** Holds the journal of pushed metrics: the one thing that git, clusters and Prometheus don't. */
  readonly journalDirectory: string;
  /** Infrastructures to act on; all when empty. */
  readonly infrastructures: readonly string[];
  readonly intervalMs: number;
  readonly evaluateEveryMs: number;
  /** Name of the secret that calls of `/api/v1/hooks/git` are signed with. */
  readonly hookSecret: string | undefined;
  /** Name of the secret with the key that commits are signed with. */
  readonly signingKey: string | undefined;
}

export interface CommonOptions {
  readonly environment?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly repositorySecret?: string;
  readonly secrets?: string;
  readonly state?: string;
  readonly infrastructure?: readonly string[];
  readonly interval?: number;
  readonly evaluateEvery?: number;
  readonly hookSecret?: string;
  readonly signingKey?: string;
}

const IS_URL = /^([a-z][a-z0-9+.-]*:\/\/|[^/@\s]+@[^/:\s]+:)/i;

/** Fills in what the command line left out. Durations are milliseconds. Throws UsageError without an environment. */
export function settingsOf(options: CommonOptions): Settings {
  if (options.environment === undefined) throw new UsageError('Name the environment: --environment NAME');
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(options.environment)) {
    throw new UsageError(`Name a folder of environments/ as the environment: ${options.environment}`);
  }
  const repository = options.repository ?? '.';
  const state = stateDirectory(options.state);
  return {
    environment: options.environment,
    repository: IS_URL.test(repository) ? repository : resolve(repository),
    branch: options.branch ?? 'main',
    repositorySecret: options.repositorySecret,
    secretsDirectory: secretsDirectory(options.secrets, state),
    stateDirectory: state,
    cacheDirectory: resolve(state, 'cache'),
    journalDirectory: resolve(state, 'journal', options.environment),
    infrastructures: options.infrastructure ?? [],
    intervalMs: options.interval ?? 5_000,
    evaluateEveryMs: options.evaluateEvery ?? 15_000,
    hookSecret: options.hookSecret,
    signingKey: options.signingKey,
  };
}

export function stateDirectory(option?: string): string {
  return resolve(option ?? process.env.ROTTERDAM_STATE ?? '.rotterdam');
}

function secretsDirectory(option: string | undefined, state: string): string {
  return resolve(option ?? process.env.ROTTERDAM_SECRETS ?? resolve(state, 'secrets'));
}

/** The file in which a running watch leaves its address for `status`: one for each environment. */
export function addressFile(state: string, environment: string): string {
  return resolve(state, `watch-${environment}.json`);
}
