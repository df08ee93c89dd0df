import type { Issue } from '../../constructs/spec/issue.ts';
import { type ParsedDocument, type Place, parseText } from '../parse.ts';
import { nearest } from '../suggest.ts';
import { KEYS, type MovedKey } from './keys.ts';

/** What the original was told, under a key that there is. */
export interface Setting extends Place {
  readonly file: string;
  readonly moved: MovedKey;
  /** Of `Clusters`; 0 for what is no cluster's. */
  readonly at: number;
  readonly value: unknown;
}

export interface Settings {
  readonly settings: readonly Setting[];
  readonly issues: readonly Issue[];
}

/** Reads the original's configuration file. Letter case of keys counts for nothing, as in Go. */
export function readConfiguration(file: string, text: string): Settings {
  const { documents, problems } = parseText(text, 'json');
  const issues = problems.map((problem) => ({ ...problem, file }));
  const [document, other] = documents;
  if (issues.length > 0) return { settings: [], issues };
  if (document === undefined || other !== undefined || !isMapping(document.value))
    return { settings: [], issues: [{ file, line: 1, column: 1, severity: 'error', code: 'not-a-configuration', message: WRONG }] };
  const found = [...leaves(document.value, [], document)];
  return collect(found.map((leaf) => ({ ...leaf, file, moved: movedOf(leaf.key) })));
}

const WRONG = "Give Rotterdam's configuration file: a mapping with Clusters, SLAs and Tasks";
const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

/** Reads a file of variables as Docker and shells have them: `NAME=value`, with or without quotes and `export`. */
export function readVariables(file: string, text: string): Settings {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, at: at + 1 }));
  const wrong = lines.filter(({ line }) => !/^\s*(#|$)/.test(line) && !LINE.test(line));
  const found = lines.flatMap(({ line, at }) => {
    const [, key = '', raw = ''] = /^\s*#/.test(line) ? [] : (LINE.exec(line) ?? []);
    if (key === '') return [];
    const moved = KEYS.find(({ env }) => env.includes(key));
    const value = raw.replace(/^(["'])(.*)\1$/, '$2');
    return [{ key, at: 0, value: typed(value, moved), file, line: at, column: line.indexOf(key) + 1, moved }];
  });
  const { settings, issues } = collect(found);
  const message = 'Cannot read a line that is not NAME=value';
  const errors = wrong.map(({ at }): Issue => ({ file, line: at, column: 1, severity: 'error', code: 'syntax', message }));
  return { settings, issues: [...errors, ...issues] };
}

interface Leaf extends Place {
  /** `Clusters[].HostIP` */
  readonly key: string;
  readonly at: number;
  readonly value: unknown;
}

/** Values with the keys that lead to them; a section of the wrong type is a value. */
function* leaves(value: unknown, path: readonly (string | number)[], document: ParsedDocument): Generator<Leaf> {
  const fields = isMapping(value) ? Object.entries(value) : isClusters(path) && Array.isArray(value) ? [...value.entries()] : undefined;
  if (fields === undefined || path.length > 2) {
    const key = path.map((part) => (typeof part === 'number' ? '[]' : `.${part}`)).join('');
    const at = path.find((part) => typeof part === 'number') ?? 0;
    yield { key: key.slice(1), at: Number(at), value, ...document.place(path, 'key') };
    return;
  }
  for (const [name, field] of fields) yield* leaves(field, [...path, name], document);
}

function isClusters(path: readonly (string | number)[]): boolean {
  return path.length === 1 && String(path[0]).toLowerCase() === 'clusters';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function movedOf(key: string): MovedKey | undefined {
  return KEYS.find((one) => one.key.toLowerCase() === key.toLowerCase());
}

/** Variables are texts; the Defaults are numbers but for two. */
function typed(text: string, moved: MovedKey | undefined): unknown {
  return moved?.default !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function collect(found: readonly (Leaf & { readonly file: string; readonly moved: MovedKey | undefined })[]): Settings {
  const settings = found.flatMap(({ moved, ...setting }) => (moved === undefined ? [] : [{ ...setting, moved }]));
  const told = found.flatMap(({ key, value, moved, file, line, column }) => {
    const tell = (code: string, message: string): Issue => ({ file, line, column, severity: 'warning', code, message });
    if (moved === undefined) return [tell('unknown-key', `Left out the unknown key '${key}'${hint(key)}`)];
    const isKept = moved.cluster !== undefined || moved.default !== undefined || moved.key === 'Clusters[].Name';
    return isKept || value === '' ? [] : [tell('left-out', `${key} became ${moved.to.replaceAll('`', '')}`)];
  });
  return { settings, issues: told };
}

function hint(key: string): string {
  const near = nearest(key, knownKeys);
  return near === undefined ? '' : `: did you mean '${near}'?`;
}

const knownKeys = KEYS.flatMap(({ key, env }) => [key, ...env]).filter((key) => key !== '');
