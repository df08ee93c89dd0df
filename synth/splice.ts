import { isAlias, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Span } from './parse.ts';

/** Characters of a text and what stands there instead. */
export interface Splice extends Span {
  readonly text: string;
}

/** A text is a word that means nothing else in YAML. */
export type Scalar = number | boolean | string;

export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: other } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), other);
    at = end;
  }
  return `${parts.join('')}${text.slice(at)}`;
}

/** Another value for the scalar at `span`, in the same quotes. */
export function rewritten(source: string, { start, end }: Span, value: Scalar): Splice {
  const quote = /^(["']).*\1$/s.exec(source.slice(start, end))?.[1] ?? '';
  // `replicas:` with nothing after it has an empty range right behind the colon.
  const space = start === end && source[start - 1] === ':' ? ' ' : '';
  return { start, end, text: `${space}${quote}${value}${quote}` };
}

interface Field {
  readonly name: string;
  readonly value: Scalar;
}

/** A field more in `map`, in its own style; undefined where it can't be put. */
export function inserted(source: string, map: Node | undefined, field: Field): Splice | undefined {
  if (!isMap(map) || isAlias(map) || map.items.length === 0) return undefined;
  return map.flow ? insertedInFlow(source, map, field) : insertedInBlock(source, map, field);
}

/** Before the first field, with the white space that the first field has before it. */
function insertedInFlow(source: string, map: YAMLMap, { name, value }: Field): Splice {
  const key = keyStart(map.items[0] as Pair<Node>);
  const space = /\s*$/.exec(source.slice((map.range?.[0] ?? 0) + 1, key))?.[0] ?? '';
  const quote = source[key] === '"' ? '"' : '';
  const written = typeof value === 'string' ? `${quote}${value}${quote}` : value;
  return { start: key, end: key, text: `${quote}${name}${quote}: ${written},${space || ' '}` };
}

/** A line of its own below the first field that takes one line, else before the first field. */
function insertedInBlock(source: string, map: YAMLMap, { name, value: scalar }: Field): Splice {
  const line = `${name}: ${scalar}`;
  const pairs = map.items as Pair<Node, Node | null>[];
  const first = keyStart(pairs[0] as Pair<Node>);
  const indent = ' '.repeat(first - (source.lastIndexOf('\n', first - 1) + 1));
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  const short = pairs.find(({ value }) => isScalar(value) && !/^BLOCK/.test(String(value.type)) && !rangeOf(source, value).includes('\n'));
  if (short === undefined) return { start: first, end: first, text: `${line}${newline}${indent}` };
  const end = source.indexOf('\n', short.value?.range?.[1] ?? 0);
  if (end === -1) return { start: source.length, end: source.length, text: `${newline}${indent}${line}` };
  return { start: end + 1, end: end + 1, text: `${indent}${line}${newline}` };
}

function rangeOf(source: string, node: Node): string {
  return source.slice(node.range?.[0], node.range?.[1]);
}

function keyStart(pair: Pair<Node>): number {
  return pair.key.range?.[0] ?? 0;
}
