import { apiVersionOf, type Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';
import { badRequest } from './status.ts';

export interface PageOptions {
  /** Of the list, also of its later pages. */
  readonly version: number;
  /** Where the page before ended. */
  readonly after: string | undefined;
  /** No limit when 0. */
  readonly limit: number;
  /** Whether a selector keeps the server from knowing how many are left. */
  readonly filtered: boolean;
}

/** `all` must be sorted by namespace and name. */
export function pageOf(all: readonly KubeObject[], { version, after, limit, filtered }: PageOptions): Page {
  const rest = after === undefined ? all : all.filter((object) => isAfter(keyOf(object), after));
  const objects = limit > 0 ? rest.slice(0, limit) : rest;
  const last = objects.at(-1);
  const left = rest.length - objects.length;
  const more =
    last === undefined || left === 0
      ? {}
      : { continue: printToken({ version, after: keyOf(last) }), ...(filtered ? {} : { remainingItemCount: left }) };
  return { metadata: { resourceVersion: String(version), ...more }, objects };
}

export interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly objects: readonly KubeObject[];
}

export function listOf(kind: Kind, { metadata, objects }: Page) {
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: objects.map((object) => itemOf(kind, object)) };
}

/** The form that metadata clients ask for. */
export function metadataListOf({ metadata, objects }: Page) {
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(metadataOf) };
}

export function metadataOf({ metadata }: KubeObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** Throws 400 when it is none of ours. */
export function continueToken(text: string | null): Token | undefined {
  if (text === null || text === '') return undefined;
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv: number; start: string };
    return { version: rv, after: start };
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
}

interface Token {
  readonly version: number;
  readonly after: string;
}

/** In a list of built-in kinds the items don't say what they are. */
function itemOf(kind: Kind, object: KubeObject): Readonly<Record<string, unknown>> {
  const { apiVersion: _, kind: __, ...rest } = object;
  return kind.custom ? { ...object, apiVersion: apiVersionOf(kind) } : rest;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isAfter(key: string, other: string): boolean {
  const [namespace = '', name = ''] = key.split('/');
  const [otherNamespace = '', otherName = ''] = other.split('/');
  return namespace === otherNamespace ? name > otherName : namespace > otherNamespace;
}

function printToken({ version, after }: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url');
}
