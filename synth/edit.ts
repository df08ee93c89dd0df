import type { AgreementState } from '../constructs/spec/agreement.ts';
import { saysItsKind } from './native.ts';
import { type ParsedDocument, type ParsedText, type Path, parseText, type Span } from './parse.ts';
import { inserted, rewritten, type Scalar, type Splice, spliced } from './splice.ts';

/** Which document of which file: an {@link Origin} has both. */
export interface Target {
  readonly file: string;
  /** Position among the documents (or array elements) of the file, from 0. */
  readonly index: number;
}

/** Other replicas for one task of a file. */
export interface ReplicasChange {
  /** As in {@link Target}. */
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** Where reading the text found them. */
  readonly at?: Span | undefined;
}

export interface Edited {
  readonly text: string;
  /** What wasn't changed: a sentence, by the document's index. */
  readonly refused: ReadonlyMap<number, string>;
}

/**
 * The same text with other replicas for several of its tasks, as exactly as {@link setReplicas}. Nothing is parsed where it is known where each
 * number stands.
 */
export function editReplicas(text: string, file: string, changes: readonly ReplicasChange[]): Edited {
  const known = changes.flatMap(({ at, from, to }) => (at !== undefined && says(text, at, from) ? [rewritten(text, at, to)] : []));
  if (known.length === changes.length) return { text: spliced(text, known), refused: new Map() };
  return withValues(text, file, new Map(changes.map(({ index, to }) => [index, to])), pathOfReplicas);
}

/**
 * The replicas that a task's document says, in our format or Rotterdam's own; undefined when it says none.
 * @throws Error when there is no task to be read at `origin`.
 */
export function readReplicas(text: string, origin: Target): number | undefined {
  const document = documentAt(parse(text, origin.file), origin);
  const path = pathOfReplicas(document, origin);
  const written = writtenAt(document, path);
  const replicas = typeof written === 'string' ? Number(written) : written;
  if (replicas === undefined || replicas === null) return undefined;
  if (typeof replicas === 'number' && Number.isInteger(replicas)) return replicas;
  throw new Error(`Cannot read ${path.join('.')} in ${origin.file}, as it is not a whole number`);
}

/**
 * The same text with other replicas for one task. Changes the bytes of that one scalar and no other, and nothing else that is read from
 * them; where it isn't written it is added, in the file's own style.
 * @throws Error when there is no task to be edited at `origin`, or its replicas are not written in one place of its own.
 */
export function setReplicas(text: string, { file, index }: Target, replicas: number): string {
  return orThrow(withValues(text, file, new Map([[index, replicas]]), pathOfReplicas));
}

/**
 * The same text with another `spec.suspend` for one infrastructure or task, as exactly as {@link setReplicas}.
 * @throws Error when the document is in Rotterdam's own format, which has no such field, or can't be edited.
 */
export function setSuspend(text: string, { file, index }: Target, suspend: boolean): string {
  return orThrow(withValues(text, file, new Map([[index, suspend]]), pathOfSuspend));
}

/**
 * The same text with another state for one agreement, in our format or SLALite's, as exactly as {@link setReplicas}.
 * @throws Error when there is no agreement to be edited at the place.
 */
export function setState(text: string, { file, index }: Target, state: AgreementState): string {
  return orThrow(withValues(text, file, new Map([[index, state]]), pathOfState));
}

function orThrow({ text, refused }: Edited): string {
  for (const reason of refused.values()) throw new Error(reason);
  return text;
}

function says(text: string, { start, end }: Span, replicas: number): boolean {
  const written = /^(["']?)([-+.\w]+)\1$/.exec(text.slice(start, end))?.[2];
  return written !== undefined && Number(written) === replicas;
}

type PathIn = (document: ParsedDocument, target: Target) => readonly string[];

interface Change {
  readonly path: readonly string[];
  readonly value: Scalar;
}

/** Other values for one field, by the index of its document. */
function withValues(text: string, file: string, values: ReadonlyMap<number, Scalar>, pathIn: PathIn): Edited {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const source = text.slice(bom.length);
  const before = parse(source, file);
  const refused = new Map<number, string>();
  const changes = new Map<number, Change>();
  const splices: Splice[] = [];
  for (const [index, value] of values) {
    try {
      const document = documentAt(before, { file, index });
      const change = { path: pathIn(document, { file, index }), value };
      splices.push(spliceOf(source, document, change, file));
      changes.set(index, change);
    } catch (error) {
      refused.set(index, (error as Error).message);
    }
  }
  const edited = spliced(source, splices);
  if (changes.size === 0 || isProved(before, parse(edited, file), changes)) return { text: `${bom}${edited}`, refused };
  // What one of them changes is read elsewhere too: each is tried alone.
  if (values.size > 1) return oneByOne(text, file, values, pathIn);
  return { text, refused: new Map([...changes].map(([index, { path }]) => [index, byHand(path, file)])) };
}

function oneByOne(text: string, file: string, values: ReadonlyMap<number, Scalar>, pathIn: PathIn): Edited {
  return [...values].reduce<Edited>(
    (done, value) => {
      const next = withValues(done.text, file, new Map([value]), pathIn);
      return { text: next.text, refused: new Map([...done.refused, ...next.refused]) };
    },
    { text, refused: new Map() },
  );
}

function spliceOf(source: string, document: ParsedDocument, { path, value }: Change, file: string): Splice {
  const [start, end] = document.node(path)?.range ?? [];
  if (start !== undefined && end !== undefined) return rewritten(source, { start, end }, value);
  const splice = inserted(source, document.node(path.slice(0, -1)), { name: path.at(-1) ?? '', value });
  if (splice === undefined) throw new Error(byHand(path, file));
  return splice;
}

function byHand(path: readonly string[], file: string): string {
  return `Cannot write ${path.at(-1)} into ${file}: edit it by hand`;
}

/** Whether the documents say the new values, and for the rest what they said before. */
function isProved(before: ParsedText, after: ParsedText, changes: ReadonlyMap<number, Change>): boolean {
  const rest = ({ documents }: ParsedText) =>
    JSON.stringify(documents.map(({ index, value }) => [index, without(value, changes.get(index)?.path ?? [])]));
  const isSaid = (document: ParsedDocument, { path, value }: Change) => String(writtenAt(document, path)) === String(value);
  const said = after.documents.every((document) => {
    const change = changes.get(document.index);
    return change === undefined || isSaid(document, change);
  });
  return said && rest(before) === rest(after);
}

function without(value: unknown, [key, ...below]: Path): unknown {
  if (key === undefined || value === null || typeof value !== 'object') return value;
  const { [key]: inner, ...others } = value as Record<PropertyKey, unknown>;
  return below.length === 0 ? others : { ...others, [key]: without(inner, below) };
}

function writtenAt(document: ParsedDocument, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], document.value);
}

function parse(text: string, file: string): ParsedText {
  return parseText(text, file.endsWith('.json') ? 'json' : 'yaml');
}

function documentAt({ documents, problems }: ParsedText, { file, index }: Target): ParsedDocument {
  const document = documents.find((one) => one.index === index);
  const problem = problems[0];
  const why = problem === undefined ? '' : `: ${problem.line}:${problem.column} ${problem.message}`;
  if (document === undefined) throw new Error(`Cannot find document ${index + 1} of ${file}${why}`);
  return document;
}

function pathOfReplicas({ value: document }: ParsedDocument, { file, index }: Target): readonly string[] {
  if (saysItsKind(document)) {
    if (document.kind === 'Task') return ['spec', 'replicas'];
  } else if (document !== null && typeof document === 'object' && ('containers' in document || 'image' in document)) {
    return ['replicas'];
  }
  throw new Error(`Cannot read a task in document ${index + 1} of ${file}`);
}

function pathOfSuspend({ value }: ParsedDocument, { file }: Target): readonly string[] {
  if (saysItsKind(value)) return ['spec', 'suspend'];
  throw new Error(`Cannot write suspend into ${file} as Rotterdam's own format has no such field: write it with apiVersion and kind`);
}

function pathOfState({ value }: ParsedDocument, { file, index }: Target): readonly string[] {
  if (saysItsKind(value)) {
    if (value.kind === 'Agreement') return ['spec', 'state'];
  } else if (value !== null && typeof value === 'object' && 'details' in value) return ['state'];
  throw new Error(`Cannot read an agreement in document ${index + 1} of ${file}`);
}
