import { printPath } from './check.ts';
import type { AgreementTemplate } from './environment.ts';
import { fillPlaceholders, type Json } from './placeholders.ts';
import { readFile } from './read-file.ts';

export type FilledTemplate =
  /** A document of `environments/<environment>/sla/`, in the template's own format. */
  | { readonly document: { readonly [key: string]: Json } }
  /** Sentences: all that is wrong. */
  | { readonly problems: readonly string[] };

/**
 * The document of the agreement that a template and values for its placeholders make. Pure: whoever asks chooses the `id`. Whether the
 * task and the QoS template that it names are there is seen where the environment is.
 */
export function fillTemplate({ document }: AgreementTemplate, id: string, parameters: Json): FilledTemplate {
  const { value, faults } = fillPlaceholders(document, parameters);
  if (faults.length > 0) return { problems: faults.map(({ path, message }) => `${message}, in ${printPath(path)}`) };
  const named = withId(value as { readonly [key: string]: Json }, id);
  const content = new TextEncoder().encode(JSON.stringify(named));
  const { problems } = readFile({ path: '', id: '', kind: 'file', size: content.length, content }, 'sla', 'json');
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  return errors.length > 0 ? { problems: errors } : { document: named };
}

function withId(document: { readonly [key: string]: Json }, id: string): { readonly [key: string]: Json } {
  if ('kind' in document) return { ...document, metadata: { name: id } };
  const details = document.details as { readonly [key: string]: Json };
  return { ...document, id, ...(details.name === undefined ? {} : { name: details.name }), details: { ...details, id, type: 'agreement' } };
}
