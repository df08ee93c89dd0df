import { isKubernetesName, kubernetesName, nearestName } from '../../../constructs/spec/names.ts';
import type { Origin } from '../../../synth/environment.ts';
import { saysItsKind } from '../../../synth/native.ts';
import { removeDocument } from '../../../synth/remove-document.ts';
import type { Edit } from '../../../synth/source.ts';
import { type Documents, Refusal } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import type { Fields } from './body.ts';

export interface Placed {
  readonly name: string;
  readonly document: Fields;
  /** Of the document whose place it takes. */
  readonly origin: Origin | undefined;
}

/** Writes documents: each into the file of the one whose place it takes, or into one of its own when others stand there too. */
export function put(documents: Documents, folder: string, placed: readonly Placed[]): readonly Edit[] {
  const edits = new Map<string, string | null>();
  for (const edit of drop(
    documents,
    placed.flatMap(({ origin }) => origin ?? []),
  ))
    edits.set(edit.path, edit.content);
  const isFree = (path: string) => !documents.files.has(path) && !edits.has(path);
  for (const { name, document, origin } of placed) {
    const path = origin !== undefined && edits.get(origin.file) === null ? origin.file : freePath(documents, folder, name, isFree);
    edits.set(path, `${JSON.stringify(document, null, 2)}\n`);
  }
  return [...edits].map(([path, content]) => ({ path, content }));
}

/** Removes documents, and a file when nothing is left of it. @throws Refusal when one can't be told from others of its file. */
export function drop(documents: Documents, origins: readonly Pick<Origin, 'file' | 'index'>[]): readonly Edit[] {
  const left = new Map<string, string | null>();
  // From behind, as the others of a file keep their places then.
  for (const { file, index } of [...origins].sort((a, b) => b.index - a.index)) {
    const text = left.get(file) ?? textOf(documents, file) ?? '';
    try {
      left.set(file, removeDocument(text, { file, index }));
    } catch (error) {
      throw new Refusal('conflict', (error as Error).message);
    }
  }
  return [...left].map(([path, content]) => ({ path, content }));
}

/** A new document under a name that nobody has, which is answered beside it; in Rotterdam's format it keeps its spelling of that (`Web_App`). */
export function named(
  document: Fields,
  longest: number,
  isTaken: (name: string) => boolean,
): { readonly name: string; readonly document: Fields } {
  const wanted = nameOf(document);
  const name = freeName(isNative(document) ? wanted : nearestName(wanted, longest), longest, isTaken);
  return { name, document: renamed(document, name, kubernetesName(wanted) === name ? wanted : name) };
}

/** `wanted` as Kubernetes takes it, with a suffix when it is taken. @throws Refusal when Kubernetes takes no such name. */
export function freeName(wanted: string, longest: number, isTaken: (name: string) => boolean): string {
  const name = kubernetesName(wanted);
  if (!isKubernetesName(name, longest)) {
    const why = `as Kubernetes takes none such: write at most ${longest} letters, digits and dashes, a letter first`;
    throw new Refusal('invalid', `Cannot use the name '${wanted.slice(0, 80)}' ${why}`);
  }
  for (let at = 1; ; at += 1) {
    const suffix = at === 1 ? '' : `-${at}`;
    const free = `${name.slice(0, longest - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!isTaken(free)) return free;
  }
}

/** Whether a document is in our own format, not in Rotterdam's. */
export const isNative: (document: Fields) => boolean = saysItsKind;

/** The name that a document gives itself; in Rotterdam's format it stands at `key`. @throws Refusal when there is none. */
export function nameOf(document: Fields, key = 'name'): string {
  const name = isNative(document) ? fieldsIn(document, 'metadata').name : document[key];
  if (typeof name !== 'string' || name === '') throw new Refusal('invalid', `Give the document a '${key}'`);
  return name;
}

/** `spelled` is how Rotterdam's format says `name`. */
export function renamed(document: Fields, name: string, spelled: string): Fields {
  return isNative(document) ? { ...document, metadata: { ...fieldsIn(document, 'metadata'), name } } : { ...document, name: spelled };
}

/** Fields of a document's spec, or of the document itself in Rotterdam's format, replaced. */
export function withFields(document: Fields, fields: Fields): Fields {
  return isNative(document) ? { ...document, spec: { ...fieldsIn(document, 'spec'), ...fields } } : { ...document, ...fields };
}

function fieldsIn(document: Fields, key: string): Fields {
  const fields = document[key];
  return typeof fields === 'object' && fields !== null ? (fields as Fields) : {};
}

function freePath({ directory }: Documents, folder: string, name: string, isFree: (path: string) => boolean): string {
  for (let at = 1; ; at += 1) {
    const path = `${directory}/${folder}/${name}${at === 1 ? '' : `-${at}`}.json`;
    if (isFree(path)) return path;
  }
}
