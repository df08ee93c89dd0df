import type { z } from 'zod';
import { isKubernetesName, kubernetesName, MAX_LABEL, nearestName } from '../../constructs/spec/names.ts';
import type { Locate } from '../draft.ts';
import type { ParsedDocument, Path, Problem } from '../parse.ts';

/** Of a name, in a message. */
const SHOWN_LENGTH = 80;

/** What every draft of a document in Rotterdam's own JSON begins with, and what is wrong with its name. */
export function base(document: ParsedDocument, name: string, path: Path, max = MAX_LABEL) {
  const namePlace = document.place(path);
  const { name: taken, problems } = nearest(document, name, path, max);
  return { named: { name: taken, namePlace, native: false, spot: { ...document.place([]), index: document.index } }, problems };
}

/** A name that the original took: as it is written where its spelling alone differs from one of Kubernetes, else the nearest one, and a warning. */
export function nearest(document: ParsedDocument, name: string, path: Path, max = MAX_LABEL): { name: string; problems: Problem[] } {
  if (isKubernetesName(kubernetesName(name), max)) return { name, problems: [] };
  const found = nearestName(name, max);
  const shown = name.length > SHOWN_LENGTH ? `${name.slice(0, SHOWN_LENGTH)}…` : name;
  if (found === '') {
    const message = `Cannot use the name '${shown}', as no letter or digit of ASCII is in it: write at most ${max} letters, digits and dashes`;
    return { name, problems: [{ ...document.place(path), severity: 'error', code: 'bad-name', message }] };
  }
  const message = `Read the name '${shown}' as '${found}': Kubernetes takes at most ${max} small letters, digits and dashes, a letter first`;
  return { name: found, problems: [{ ...document.place(path), severity: 'warning', code: 'renamed', message }] };
}

export function warning(document: ParsedDocument, path: Path, code: string, message: string): Problem {
  return { ...document.place(path, 'key'), severity: 'warning', code, message };
}

/** Absent in the way of Go's zero values: '', 0, not there. */
export function given<T>(value: T | undefined): value is T {
  return value !== undefined && value !== '' && value !== 0;
}

/** Only what is given: `exactOptionalPropertyTypes` tells an absent field from one that is undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => given(value))) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** What a document in Rotterdam's JSON says, as our own format has it; our schema may refuse what the original's let pass. */
export function converted<S extends z.ZodType>(schema: S, input: z.input<S>, locate: Locate): { spec?: z.output<S>; problems: Problem[] } {
  const result = schema.safeParse(input);
  if (result.success) return { spec: result.data, problems: [] };
  return { problems: result.error.issues.map(({ path, message }) => ({ ...locate(path), severity: 'error', code: 'bad-value', message })) };
}
