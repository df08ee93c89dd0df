import { FOLDERS } from '../constructs/spec/document.ts';
import type { Draft } from './draft.ts';
import { type ReadDraft, readNative, saysItsKind } from './native.ts';
import { readAgreement, readAgreementTemplate } from './original/agreement.ts';
import { readFunction } from './original/function.ts';
import { readClusterRequest, readInfrastructure } from './original/infrastructure.ts';
import { readQosDefinition } from './original/qos.ts';
import { readTask } from './original/task.ts';
import { type Format, type ParsedDocument, type Problem, parseText } from './parse.ts';
import { readManifests } from './raw-manifests.ts';
import { MAX_FILE_BYTES, type SourceFile } from './source.ts';

/** What a file is for, by its path within the environment. */
export type Room = { readonly folder: string; readonly format: Format } | { readonly refused: string } | 'ignored';

export interface ReadFile {
  readonly drafts: readonly Draft[];
  readonly problems: readonly Problem[];
  /** When a document couldn't be read: the names in the text, among them that document's. */
  readonly broken?: readonly string[];
}

const ENDING = /\.(yaml|yml|json)$/;

/** `infrastructures/edge.yaml` → edge */
export function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(ENDING, '');
}

/** Files of people and of git (`README.md`, `.gitkeep`) are nobody's documents. */
export function roomOf(path: string): Room {
  const segments = path.split('/');
  const [folder = '', ...rest] = segments;
  const name = segments.at(-1) ?? '';
  if (name.startsWith('.') || name.endsWith('.md')) return 'ignored';
  const ending = ENDING.exec(name)?.[1];
  const format = ending === 'json' ? 'json' : 'yaml';
  const isDefaults = rest.length === 0 && name.replace(ENDING, '') === 'defaults';
  if (ending !== undefined && isDefaults) return { folder: 'defaults.yaml', format };
  const known = folder === 'manifests' || folder in FOLDERS;
  if (!known || rest.length === 0) return { refused: `folders are ${[...Object.keys(FOLDERS), 'manifests'].join(', ')}` };
  if (ending === undefined) return { refused: 'documents end in .yaml, .yml or .json' };
  if (rest.length > 1 && folder !== 'manifests') return { refused: `documents stand in ${folder} itself, not in folders below it` };
  const isCluster = folder === 'infrastructures' && /\.cluster\.\w+$/.test(name);
  return { folder: isCluster ? 'cluster-requests' : folder, format };
}

/** Reads a file's documents, each on its own. Depends on the bytes, folder and format only. */
export function readFile(file: SourceFile, folder: string, format: Format): ReadFile {
  const text = textOf(file);
  if (typeof text !== 'string') return { drafts: [], problems: [text], broken: [] };
  const { documents, problems } = parseText(text, format);
  if (documents.length === 0 && problems.length === 0)
    return { drafts: [], problems: [atStart('warning', 'empty-file', 'Found no document in this file')] };
  const reads = documents.flatMap((document) => (folder === 'manifests' ? readManifests(document) : [readDocument(document, folder)]));
  return {
    drafts: reads.flatMap(({ draft }) => (draft === undefined ? [] : [draft])),
    problems: [...problems, ...reads.flatMap((read) => read.problems)],
    ...(problems.length > 0 || reads.some(({ draft }) => draft === undefined) ? { broken: namesIn(text) } : {}),
  };
}

/** What a text that may not parse seems to name; too many does no harm. */
function namesIn(text: string): readonly string[] {
  const named = text.matchAll(/\b(?:name|guaranteeName)["']?\s*:\s*(?:"([^"\n]*)|'([^'\n]*)|([^\s,}#]+))/g);
  return [...named].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

function textOf(file: SourceFile): string | Problem {
  if (file.size > MAX_FILE_BYTES)
    return atStart('error', 'too-large', `Cannot read a file of more than ${MAX_FILE_BYTES} bytes: ${file.size}`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.content);
    return text.includes('\0') ? atStart('error', 'not-text', 'Cannot read a file with NUL bytes: write UTF-8 text') : text;
  } catch {
    return atStart('error', 'not-text', 'Cannot read a file that is not UTF-8 text');
  }
}

function atStart(severity: Problem['severity'], code: string, message: string): Problem {
  return { line: 1, column: 1, severity, code, message };
}

const ORIGINALS: Readonly<Record<string, (document: ParsedDocument) => ReadDraft>> = {
  infrastructures: readInfrastructure,
  'cluster-requests': readClusterRequest,
  tasks: readTask,
  qos: readQosDefinition,
  functions: readFunction,
  sla: (document) => (isTemplate(document.value) ? readAgreementTemplate(document) : readAgreement(document)),
};

function isTemplate(value: unknown): boolean {
  return (value as { details?: { type?: unknown } | null }).details?.type === 'template';
}

function readDocument(document: ParsedDocument, folder: string): ReadDraft {
  const refused = (code: string, message: string): ReadDraft => ({
    problems: [{ ...document.place([]), severity: 'error', code, message }],
  });
  const { value } = document;
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return refused('not-a-document', 'Write a document as a mapping of fields');
  if (saysItsKind(value)) return readNative(document, folder === 'cluster-requests' ? 'infrastructures' : folder);
  const read = ORIGINALS[folder];
  if (read === undefined) return refused('not-a-document', 'Write apiVersion, kind, metadata and spec');
  if (folder === 'infrastructures' && 'type' in value && !('name' in value)) {
    return refused('wrong-file', "Name a cluster request after its infrastructure: '<infrastructure>.cluster.json'");
  }
  return read(document);
}
