import type { z } from 'zod';
import { isKubernetesName, kubernetesName, MAX_LABEL } from '../../constructs/spec/names.ts';
import type { Locate } from '../draft.ts';
import type { ParsedDocument, Path, Problem } from '../parse.ts';

/** What every draft of a document in Rotterdam's own JSON begins with, and what is wrong with its name. */
export function base(document: ParsedDocument, name: string, path: Path, max = MAX_LABEL) {
  const namePlace = document.place(path);
  const mapped = kubernetesName(name);
  const bad = `Cannot use the name '${name}', as '${mapped}' is not one that Kubernetes takes: write at most ${max} letters, digits and dashes, a letter first`;
  const problems: Problem[] = isKubernetesName(mapped, max) ? [] : [{ ...namePlace, severity: 'error', code: 'bad-name', message: bad }];
  return { named: { name, namePlace, native: false, spot: { ...document.place([]), index: document.index } }, problems };
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
