import { parse as parseYaml } from 'yaml';
import type { DeleteOptions } from './deletion.ts';
import { isRecord, recordAt, textAt } from './json.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import type { Draft } from './object.ts';
import { badRequest, invalid } from './status.ts';

/** JSON or YAML. Throws 400 when it is neither. */
export function parseBody(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The object in a body, of the kind that the path names. Throws 400 when it says that it is another. */
export function draftOf(body: unknown, kind: Kind): Draft {
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`);
  const draft = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...body, metadata: recordAt(body, 'metadata') };
  if (draft.kind !== kind.kind || draft.apiVersion !== apiVersionOf(kind)) {
    const sent = `${draft.kind} in version "${String(draft.apiVersion).split('/').at(-1)}"`;
    throw badRequest(`${sent} cannot be handled as a ${kind.kind}: no kind "${draft.kind}" is served for ${apiVersionOf(kind)} here`);
  }
  return draft;
}

export function deleteOptions(text: string, query: URLSearchParams): DeleteOptions {
  const body = text.trim() === '' ? {} : parseBody(text);
  const preconditions = recordAt(body, 'preconditions');
  const { uid, resourceVersion } = preconditions;
  const policy = textAt(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? 'Background';
  const dryRun = recordAt(body).dryRun;
  return {
    preconditions: { ...(typeof uid === 'string' ? { uid } : {}), ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) },
    propagationPolicy: policy === 'Foreground' || policy === 'Orphan' ? policy : 'Background',
    dryRun: isDryRun([...query.getAll('dryRun'), ...(Array.isArray(dryRun) ? dryRun.map(String) : [])], 'DeleteOptions'),
  };
}

/** Whether to write nothing. Throws 422 for anything but `All`. */
export function isDryRun(values: readonly string[], optionsKind: string): boolean {
  const unknown = values.filter((value) => value !== 'All');
  if (unknown.length === 0) return values.length > 0;
  const message = `Unsupported value: ${JSON.stringify(unknown)}: supported values: "All"`;
  throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }]);
}
