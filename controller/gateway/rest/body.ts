import type { FastifyRequest } from 'fastify';
import type { Issue } from '../../../constructs/spec/issue.ts';
import { type ParsedDocument, type Path, type Problem, parseText } from '../../../synth/parse.ts';
import { readFile } from '../../../synth/read-file.ts';
import { HttpError } from './reply.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Body {
  /** One, or the elements of a list; without the fields that nobody knows. */
  readonly documents: readonly Fields[];
  /** Of the body, at their lines and columns. */
  readonly warnings: readonly Issue[];
}

/**
 * Reads a body of JSON as a file of `folder` would be read, in our format or Rotterdam's own.
 * @throws HttpError 400 with every error at its place, 415 for another type: no page in a browser may send JSON here unasked.
 */
export function readBody(request: FastifyRequest, folder: string): Body {
  const content = bytesOf(request);
  const { problems } = readFile({ path: 'body', id: '', kind: 'file', size: content.length, content }, folder, 'json');
  const issues = problems.map((problem) => ({ ...problem, file: 'body' }));
  const errors = issues.filter(({ severity }) => severity === 'error');
  const [error] = errors;
  if (error !== undefined)
    throw new HttpError(400, `Cannot read the body: line ${error.line}, column ${error.column}: ${error.message}`, errors);
  const { documents } = parseText(content.toString(), 'json');
  if (documents.length === 0) throw new HttpError(400, 'Send a document: there is none in the body');
  return { documents: documents.map((document) => withoutUnknown(document, problems)), warnings: issues };
}

/** A body of one document. */
export function readOne(request: FastifyRequest, folder: string): { readonly document: Fields; readonly warnings: readonly Issue[] } {
  const { documents, warnings } = readBody(request, folder);
  const [document, other] = documents;
  if (document === undefined || other !== undefined) throw new HttpError(400, 'Send one document: a mapping of fields');
  return { document, warnings };
}

/** A body that is no document: any mapping. */
export function readPlain(request: FastifyRequest): Fields {
  return readMapping(request).fields;
}

export interface Mapping {
  readonly fields: Fields;
  /** What is to be said of one of them, at its place. */
  warning(path: Path, code: string, message: string): Issue;
}

/** The same, of which something is to be said. */
export function readMapping(request: FastifyRequest): Mapping {
  const { documents, problems } = parseText(bytesOf(request).toString(), 'json');
  const [problem] = problems;
  if (problem !== undefined)
    throw new HttpError(400, `Cannot read the body: line ${problem.line}, column ${problem.column}: ${problem.message}`);
  const [document, other] = documents;
  const value = document?.value;
  if (document === undefined || other !== undefined || typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpError(400, 'Send a mapping of fields');
  const warning = (path: Path, code: string, message: string): Issue => {
    const { line, column } = document.place(path, 'key');
    return { file: 'body', line, column, severity: 'warning', code, message };
  };
  return { fields: value as Fields, warning };
}

function bytesOf({ headers, body }: FastifyRequest): Buffer {
  if (!/^application\/(.+\+)?json\b/i.test(headers['content-type'] ?? '')) throw new HttpError(415, 'Send application/json');
  if (!Buffer.isBuffer(body) || body.length === 0) throw new HttpError(400, 'Send a document: the body is empty');
  return body;
}

function withoutUnknown(document: ParsedDocument, problems: readonly Problem[]): Fields {
  const unknown = new Set(problems.filter(({ code }) => code === 'unknown-field').map(printedPlace));
  if (unknown.size === 0) return document.value as Fields;
  return known(document.value, [], (path) => !unknown.has(printedPlace(document.place(path, 'key')))) as Fields;
}

function known(value: unknown, path: Path, isKnown: (path: Path) => boolean): unknown {
  if (Array.isArray(value)) return value.map((element, at) => known(element, [...path, at], isKnown));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isKnown([...path, key]));
  return Object.fromEntries(kept.map(([key, field]) => [key, known(field, [...path, key], isKnown)]));
}

function printedPlace({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`;
}
