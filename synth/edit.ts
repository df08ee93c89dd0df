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
  const written = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], document.value);
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
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const source = text.slice(bom.length);
  const node = document.node(path);
  const edited =
    bom + (node === undefined ? inserted(source, document.node(path.slice(0, -1)), origin, replicas) : replaced(source, node, replicas));
  if (readReplicas(edited, origin) !== replicas) throw new Error(`Cannot write replicas into ${origin.file}: edit it by hand`);
  return edited;
}

function taskAt(text: string, { file, index }: Target): { document: ParsedDocument; path: Path } {
  const { documents, problems } = parseText(text, file.endsWith('.json') ? 'json' : 'yaml');
  const document = documents.find((one) => one.index === index);
  const problem = problems[0];
  const why = problem === undefined ? '' : `: ${problem.line}:${problem.column} ${problem.message}`;
  if (document === undefined) throw new Error(`Cannot find document ${index + 1} of ${file}${why}`);
  const value = document.value as Record<string, unknown> | null;
  if (
    saysItsKind(value) ? value.kind === 'Task' : value !== null && typeof value === 'object' && ('containers' in value || 'image' in value)
  ) {
    return { document, path: saysItsKind(value) ? ['spec', 'replicas'] : ['replicas'] };
  }
  throw new Error(`Cannot read a task in document ${index + 1} of ${file}`);
}

function replaced(source: string, node: Node, replicas: number): string {
  const [start, end] = node.range ?? [0, 0];
  // `replicas:` with nothing after it has an empty range right behind the colon.
  const space = start === end && source[start - 1] === ':' ? ' ' : '';
  return `${source.slice(0, start)}${space}${replicas}${source.slice(end)}`;
}

function inserted(source: string, map: Node | undefined, { file }: Target, replicas: number): string {
  if (!isMap(map) || isAlias(map) || map.items.length === 0) throw new Error(`Cannot write replicas into ${file}: edit it by hand`);
  return map.flow ? insertedInFlow(source, map, replicas) : insertedInBlock(source, map, replicas);
}

/** Before the first field, with the white space that the first field has before it. */
function insertedInFlow(source: string, map: YAMLMap, replicas: number): string {
  const key = keyStart(map.items[0] as Pair<Node>);
  const space = /\s*$/.exec(source.slice((map.range?.[0] ?? 0) + 1, key))?.[0] ?? '';
  const quote = source[key] === '"' ? '"' : '';
  return `${source.slice(0, key)}${quote}replicas${quote}: ${replicas},${space || ' '}${source.slice(key)}`;
}

/** A line of its own below the first field that takes one line, else before the first field. */
function insertedInBlock(source: string, map: YAMLMap, replicas: number): string {
  const pairs = map.items as Pair<Node, Node | null>[];
  const first = keyStart(pairs[0] as Pair<Node>);
  const indent = ' '.repeat(first - (source.lastIndexOf('\n', first - 1) + 1));
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  const short = pairs.find(({ value }) => isScalar(value) && !/^BLOCK/.test(String(value.type)) && !rangeOf(source, value).includes('\n'));
  if (short === undefined) return `${source.slice(0, first)}replicas: ${replicas}${newline}${indent}${source.slice(first)}`;
  const end = source.indexOf('\n', short.value?.range?.[1] ?? 0);
  if (end === -1) return `${source}${newline}${indent}replicas: ${replicas}`;
  return `${source.slice(0, end + 1)}${indent}replicas: ${replicas}${newline}${source.slice(end + 1)}`;
}

function rangeOf(source: string, node: Node): string {
  return source.slice(node.range?.[0], node.range?.[1]);
}

function keyStart(pair: Pair<Node>): number {
  return pair.key.range?.[0] ?? 0;
}
