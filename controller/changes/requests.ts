import type { Commit, Revision } from '../ports.ts';
import type { Author, RequestKey } from './change.ts';

export const REQUEST = 'Rotterdam-Request';

/** Requests that are known again. Whoever repeats one does so within minutes. */
const MAX_REMEMBERED = 10_000;

/** A request that was carried out, as its commit keeps it. */
export interface RequestRecord extends RequestKey {
  readonly environment: string;
  /** Name of who asked: keys are each caller's own. Commits of old say it by their author. */
  readonly by: string;
  /** The document that it wrote. */
  readonly name: string;
}

/** By {@link ownKey}. */
export type Requests = ReadonlyMap<string, RequestRecord & { readonly revision: Revision }>;

export const NO_REQUESTS: Requests = new Map();

/** `Rotterdam-Request: {…}`; JSON escapes what would break the line. */
export function printRequest({ key, hash, by, environment, name }: RequestRecord): string {
  return `${REQUEST}: ${JSON.stringify({ key, hash, by, environment, name })}`;
}

/** Of one caller's request: others may use the same key. */
export function ownKey(by: Author['name'], { key }: Pick<RequestKey, 'key'>): string {
  return JSON.stringify([by, key]);
}

/** Appends `commits`, oldest first: those of `environment`. Pure. */
export function foldRequests(before: Requests, commits: readonly Commit[], environment: string): Requests {
  const found = commits.flatMap((commit) => requestsIn(commit).map((record) => ({ ...record, revision: commit.id })));
  const own = found.filter((record) => record.environment === environment);
  if (own.length === 0) return before;
  const all = [...before.values(), ...own].slice(-MAX_REMEMBERED);
  return new Map(all.map((record) => [ownKey(record.by, record), record]));
}

function requestsIn({ message, author }: Commit): readonly RequestRecord[] {
  return message
    .split('\n')
    .filter((line) => line.startsWith(`${REQUEST}: `))
    .flatMap((line) => record(line.slice(REQUEST.length + 2), author.name));
}

function record(text: string, author: string): readonly RequestRecord[] {
  try {
    const { key, hash, by = author, environment, name } = JSON.parse(text) as Partial<Record<keyof RequestRecord, unknown>>;
    const isText = (value: unknown): value is string => typeof value === 'string';
    return isText(key) && isText(hash) && isText(by) && isText(environment) && isText(name) ? [{ key, hash, by, environment, name }] : [];
  } catch {
    return [];
  }
}
