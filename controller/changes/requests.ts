import type { Commit, Revision } from '../ports.ts';
import type { RequestKey } from './change.ts';

export const REQUEST = 'Rotterdam-Request';

/** Requests that are known again. Whoever repeats one does so within minutes. */
const MAX_REMEMBERED = 10_000;

/** A request that was carried out, as its commit keeps it. */
export interface RequestRecord extends RequestKey {
  readonly environment: string;
  /** The document that it wrote. */
  readonly name: string;
}

export type Requests = ReadonlyMap<string, RequestRecord & { readonly revision: Revision }>;

export const NO_REQUESTS: Requests = new Map();

/** `Rotterdam-Request: {…}`; JSON escapes what would break the line. */
export function printRequest({ key, hash, environment, name }: RequestRecord): string {
  return `${REQUEST}: ${JSON.stringify({ key, hash, environment, name })}`;
}

/** Appends `commits`, oldest first: by key, those of `environment`. Pure. */
export function foldRequests(before: Requests, commits: readonly Commit[], environment: string): Requests {
  const found = commits.flatMap(({ id, message }) => requestsIn(message).map((record) => ({ ...record, revision: id })));
  const own = found.filter((record) => record.environment === environment);
  if (own.length === 0) return before;
  const all = [...before.values(), ...own].slice(-MAX_REMEMBERED);
  return new Map(all.map((record) => [record.key, record]));
}

function requestsIn(message: string): readonly RequestRecord[] {
  return message
    .split('\n')
    .filter((line) => line.startsWith(`${REQUEST}: `))
    .flatMap((line) => record(line.slice(REQUEST.length + 2)));
}

function record(text: string): readonly RequestRecord[] {
  try {
    const { key, hash, environment, name } = JSON.parse(text) as Partial<Record<keyof RequestRecord, unknown>>;
    const isText = (value: unknown): value is string => typeof value === 'string';
    return isText(key) && isText(hash) && isText(environment) && isText(name) ? [{ key, hash, environment, name }] : [];
  } catch {
    return [];
  }
}
