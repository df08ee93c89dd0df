import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser';
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
} from 'yaml';
import type { Issue } from '../constructs/spec/issue.ts';
import { MAX_DEPTH, yamlValue } from './yaml-value.ts';

/** From 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An issue of a text whose file isn't known: equal bytes are read once, wherever they stand. */
export type Problem = Omit<Issue, 'file'>;

/** Offsets in the text, its byte order mark included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Path = readonly PropertyKey[];

export type Format = 'json' | 'yaml';

/** One document of a file; the elements of a document that is an array count as documents. */
export interface ParsedDocument {
  /** Position among the file's documents, from 0. */
  readonly index: number;
  /** JSON data. */
  readonly value: unknown;
  /** Where the value (or its key) stands; where its nearest parent stands when it isn't there. */
  place(path: Path, of?: 'key' | 'value'): Place;
  /** Where the character `at` of the text at `path` stands. */
  placeIn(path: Path, at: number): Place;
  /** The node at `path`, aliases not followed; undefined when it isn't there. */
  node(path: Path): Node | undefined;
  /** Where the scalar at `path` stands and nothing else reads it from; undefined in a document with aliases, too. */
  span(path: Path): Span | undefined;
}

export interface ParsedText {
  /** Those that could be read. */
  readonly documents: readonly ParsedDocument[];
  readonly problems: readonly Problem[];
}

export const MAX_DOCUMENTS = 10_000;
const TOO_MANY_DOCUMENTS = `Cannot read more than ${MAX_DOCUMENTS} documents of one file`;
/** Of one kind, in one document: a file that is wrong all over needs no longer list. */
export const MAX_PROBLEMS = 50;
/** Bounds the time that a hostile file of the greatest size takes. */
const MAX_TOKENS = 300_000;

/** YAML 1.2 with the core schema and nothing more, whatever a `%YAML` directive says: `no` is a text, and so is 2021-03-04. */
const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
} as const;

/** Reads YAML or JSON into documents that know their places. Never throws: what is wrong is among the problems. */
export function parseText(text: string, format: Format): ParsedText {
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const source = text.slice(bom);
  const lines = new LineCounter();
  lines.addNewLine(0);
  const parsed: { documents: ParsedDocument[]; problems: Problem[] } = { documents: [], problems: [] };
  const problem = (offset: number, code: string, message: string) =>
    parsed.problems.push({ ...placeOf(lines, offset), severity: 'error', code, message });
  try {
    const documents = [...compose(source, lines)];
    if (format === 'json') for (const error of jsonErrors(source)) problem(error.offset, 'syntax', error.message);
    if (parsed.problems.length > 0) return parsed;
    let index = 0;
    for (const document of documents) index = readDocument(document, { source, lines, bom, index, parsed, problem });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problem(error.offset, error.code, error.message);
  }
  return parsed;
}

class Refusal extends Error {
  readonly offset: number;
  readonly code: string;

  constructor(offset: number, code: string, message: string) {
    super(message);
    this.offset = offset;
    this.code = code;
  }
}

function* compose(source: string, lines: LineCounter): Generator<Document.Parsed> {
  const composer = new Composer({ ...YAML_OPTIONS, lineCounter: lines });
  let count = 0;
  for (const document of composer.compose(tokens(source, lines))) {
    count += 1;
    if (count > MAX_DOCUMENTS) throw new Refusal(document.range[0], 'too-many-documents', TOO_MANY_DOCUMENTS);
    yield document;
  }
}

/** The composer is recursive and takes the process down with it on a text like `[[[[…`: depth is checked before it sees a document. */
function* tokens(source: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  for (const lexeme of new Lexer().lex(source)) {
    yield* parser.next(lexeme);
    count += 1;
    if (count > MAX_TOKENS) throw new Refusal(parser.offset, 'too-large', 'Cannot read a file of so many values: split it');
    if (parser.stack.length > 2 * MAX_DEPTH + 10) {
      throw new Refusal(parser.offset, 'too-deep', `Cannot read more than ${MAX_DEPTH} levels`);
    }
  }
  yield* parser.end();
}

function jsonErrors(source: string): { offset: number; message: string }[] {
  if (source.trim() === '') return [];
  const errors: ParseError[] = [];
  parseJsonc(source, errors, { disallowComments: true, allowTrailingComma: false });
  return errors
    .slice(0, MAX_PROBLEMS)
    .map(({ error, offset }) => ({ offset, message: `Cannot read JSON: ${words(printParseErrorCode(error))}` }));
}

/** PropertyNameExpected → property name expected */
function words(code: string): string {
  return code.replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? ' ' : ''}${letter.toLowerCase()}`);
}

interface Reading {
  readonly source: string;
  readonly lines: LineCounter;
  /** Length of the byte order mark before the text that the library read. */
  readonly bom: number;
  readonly index: number;
  readonly parsed: { readonly documents: ParsedDocument[]; readonly problems: Problem[] };
  readonly problem: (offset: number, code: string, message: string) => void;
}

/** The index of the next document. */
function readDocument(document: Document.Parsed, { source, lines, bom, index, parsed, problem }: Reading): number {
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS);
  // What follows a colon in the library's messages may quote the text, and that may be a secret.
  for (const { pos, message } of faults) problem(pos[0], 'syntax', `Cannot read YAML: ${message.split(':')[0]}`);
  if (faults.length > 0) return index + 1;
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null && root.source === '')) return index;
  const { value, faults: refused, targets } = yamlValue(root);
  for (const { node, code, message } of refused.slice(0, MAX_PROBLEMS)) problem(node.range?.[0] ?? 0, code, message);
  if (refused.length > 0) return index + 1;
  if (isSeq(root) && index + root.items.length > MAX_DOCUMENTS) throw new Refusal(root.range[0], 'too-many-documents', TOO_MANY_DOCUMENTS);
  const elements = isSeq(root)
    ? root.items.map((node, at) => ({ node: node as Node, value: (value as unknown[])[at] }))
    : [{ node: root, value }];
  elements.forEach((element, at) => {
    parsed.documents.push(positioned(element.node, element.value, index + at, { source, lines, bom, targets }));
  });
  return index + elements.length;
}

interface Whereabouts extends Pick<Reading, 'source' | 'lines' | 'bom'> {
  readonly targets: ReadonlyMap<Alias, Node>;
}

function positioned(root: Node, value: unknown, index: number, { source, lines, bom, targets }: Whereabouts): ParsedDocument {
  const follow = (node: Node | null | undefined) => (node && isAlias(node) ? targets.get(node) : node);
  const nodeAt = (path: Path) => {
    let node: Node | null | undefined = root;
    for (const segment of path) node = child(follow(node), segment)?.value;
    return node ?? undefined;
  };
  return {
    index,
    value,
    place: (path, of = 'value') => placeOf(lines, offsetOf(root, path, of, follow)),
    placeIn: (path, at) => {
      const node = follow(nodeAt(path));
      return placeOf(lines, isScalar(node) ? offsetIn(source, node, at) : offsetOf(root, path, 'value', follow));
    },
    span: (path) => {
      const node = targets.size === 0 ? nodeAt(path) : undefined;
      return isScalar(node) && node.range ? { start: node.range[0] + bom, end: node.range[1] + bom } : undefined;
    },
    node: nodeAt,
  };
}

/** Quotes, escapes and indentation stand between the characters of a text: each is looked for after the one before it. */
function offsetIn(source: string, { range, value }: Scalar, at: number): number {
  const [start, end] = range ?? [0, 0];
  const text = String(value);
  let offset = start - 1;
  for (const character of text.slice(0, Math.min(at + 1, text.length))) {
    const found = source.indexOf(character, offset + 1);
    if (found >= 0 && found < end) offset = found;
  }
  return Math.max(start, at < text.length ? offset : offset + 1);
}

function offsetOf(root: Node, path: Path, of: 'key' | 'value', follow: (node: Node | null | undefined) => Node | null | undefined): number {
  let node: Node = root;
  let offset = start(root);
  for (const [depth, segment] of path.entries()) {
    const found = child(follow(node), segment);
    if (found === undefined) break;
    offset = (of === 'key' && depth === path.length - 1 ? start(found.key) : undefined) ?? start(found.value) ?? start(found.key) ?? offset;
    if (!found.value) break;
    node = found.value;
  }
  return offset ?? 0;
}

function start(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

function child(node: Node | null | undefined, segment: PropertyKey): { key?: Node; value: Node | null } | undefined {
  if (!node || !isCollection(node)) return undefined;
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === segment);
    return pair && { key: pair.key as Node, value: pair.value as Node | null };
  }
  const value = isSeq(node) ? node.items[Number(segment)] : undefined;
  return value === undefined ? undefined : { value: value as Node };
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
