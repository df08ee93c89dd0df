import { isAlias, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { saysItsKind } from './native.ts';
import { type ParsedDocument, type Path, parseText } from './parse.ts';

/** Which document of which file: an {@link Origin} has both. */
export interface Target {
  readonly file: string;
  /** Position among the documents (or array elements) of the file, from 0. */
  readonly index: number;
}

/**
 * The replicas that a task's document says, in our format or Rotterdam's own; undefined when it says none.
 * @throws Error when there is no task to be read at `origin`.
 */
export function readReplicas(text: string, origin: Target): number | undefined {
  const { document, path } = taskAt(text, origin);
  const written = writtenAt(document, path);
  const replicas = typeof written === 'string' ? Number(written) : written;
  if (replicas === undefined || replicas === null) return undefined;
  if (typeof replicas === 'number' && Number.isInteger(replicas)) return replicas;
  throw new Error(`Cannot read ${path.join('.')} in ${origin.file}, as it is not a whole number`);
}

/**
 * The same text with other replicas for one task. Changes the bytes of that one scalar and no other; where it isn't written it is added, in the
 * file's own style.
 * @throws Error when there is no task to be edited at `origin`, or its replicas are not written in one place of its own.
 */
export function setReplicas(text: string, origin: Target, replicas: number): string {
  const { document, path } = taskAt(text, origin);
  const edited = withField(text, document, path, origin, replicas);
  if (readReplicas(edited, origin) !== replicas) throw byHand('replicas', origin);
  return edited;
}

/**
 * The same text with another `spec.suspend` for one infrastructure or task, as exactly as {@link setReplicas}.
 * @throws Error when the document is in Rotterdam's own format, which has no such field, or can't be edited.
 */
export function setSuspend(text: string, origin: Target, suspend: boolean): string {
  const path = ['spec', 'suspend'];
  const document = documentAt(text, origin);
  if (!saysItsKind(document.value)) {
    throw new Error(
      `Cannot write suspend into ${origin.file} as Rotterdam's own format has no such field: write it with apiVersion and kind`,
    );
  }
  const edited = withField(text, document, path, origin, suspend);
  if (writtenAt(documentAt(edited, origin), path) !== suspend) throw byHand('suspend', origin);
  return edited;
}

type Scalar = number | boolean;

function withField(text: string, document: ParsedDocument, path: readonly string[], origin: Target, value: Scalar): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const source = text.slice(bom.length);
  const node = document.node(path);
  if (node !== undefined) return bom + replaced(source, node, value);
  return bom + inserted(source, document.node(path.slice(0, -1)), origin, { name: path.at(-1) ?? '', value });
}

function byHand(field: string, { file }: Target): Error {
  return new Error(`Cannot write ${field} into ${file}: edit it by hand`);
}

function writtenAt(document: ParsedDocument, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], document.value);
}

function documentAt(text: string, { file, index }: Target): ParsedDocument {
  const { documents, problems } = parseText(text, file.endsWith('.json') ? 'json' : 'yaml');
  const document = documents.find((one) => one.index === index);
  const problem = problems[0];
  const why = problem === undefined ? '' : `: ${problem.line}:${problem.column} ${problem.message}`;
  if (document === undefined) throw new Error(`Cannot find document ${index + 1} of ${file}${why}`);
  return document;
}

function taskAt(text: string, target: Target): { document: ParsedDocument; path: readonly string[] } {
  const { file, index } = target;
  const document = documentAt(text, target);
  const value = document.value as Record<string, unknown> | null;
  if (
    saysItsKind(value) ? value.kind === 'Task' : value !== null && typeof value === 'object' && ('containers' in value || 'image' in value)
  ) {
    return { document, path: saysItsKind(value) ? ['spec', 'replicas'] : ['replicas'] };
  }
  throw new Error(`Cannot read a task in document ${index + 1} of ${file}`);
}

function replaced(source: string, node: Node, value: Scalar): string {
  const [start, end] = node.range ?? [0, 0];
  // `replicas:` with nothing after it has an empty range right behind the colon.
  const space = start === end && source[start - 1] === ':' ? ' ' : '';
  return `${source.slice(0, start)}${space}${value}${source.slice(end)}`;
}

interface Field {
  readonly name: string;
  readonly value: Scalar;
}

function inserted(source: string, map: Node | undefined, target: Target, field: Field): string {
  if (!isMap(map) || isAlias(map) || map.items.length === 0) throw byHand(field.name, target);
  return map.flow ? insertedInFlow(source, map, field) : insertedInBlock(source, map, field);
}

/** Before the first field, with the white space that the first field has before it. */
function insertedInFlow(source: string, map: YAMLMap, { name, value }: Field): string {
  const key = keyStart(map.items[0] as Pair<Node>);
  const space = /\s*$/.exec(source.slice((map.range?.[0] ?? 0) + 1, key))?.[0] ?? '';
  const quote = source[key] === '"' ? '"' : '';
  return `${source.slice(0, key)}${quote}${name}${quote}: ${value},${space || ' '}${source.slice(key)}`;
}

/** A line of its own below the first field that takes one line, else before the first field. */
function insertedInBlock(source: string, map: YAMLMap, { name, value: scalar }: Field): string {
  const line = `${name}: ${scalar}`;
  const pairs = map.items as Pair<Node, Node | null>[];
  const first = keyStart(pairs[0] as Pair<Node>);
  const indent = ' '.repeat(first - (source.lastIndexOf('\n', first - 1) + 1));
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  const short = pairs.find(({ value }) => isScalar(value) && !/^BLOCK/.test(String(value.type)) && !rangeOf(source, value).includes('\n'));
  if (short === undefined) return `${source.slice(0, first)}${line}${newline}${indent}${source.slice(first)}`;
  const end = source.indexOf('\n', short.value?.range?.[1] ?? 0);
  if (end === -1) return `${source}${newline}${indent}${line}`;
  return `${source.slice(0, end + 1)}${indent}${line}${newline}${source.slice(end + 1)}`;
}

function rangeOf(source: string, node: Node): string {
  return source.slice(node.range?.[0], node.range?.[1]);
}

function keyStart(pair: Pair<Node>): number {
  return pair.key.range?.[0] ?? 0;
}
