import { ANNOTATION, namesIn } from '../constructs/labels.ts';
import type { ManifestDraft, Spot } from './draft.ts';
import type { Manifest } from './manifest.ts';
import type { ReadDraft } from './native.ts';
import type { ParsedDocument, Path, Problem } from './parse.ts';

/** The Kubernetes objects of one document of `manifests/`; a List is its items. */
export function readManifests(document: ParsedDocument): readonly ReadDraft[] {
  const fields = document.value as { kind?: unknown; items?: unknown };
  const isList = typeof fields?.kind === 'string' && fields.kind.endsWith('List') && Array.isArray(fields.items);
  return isList
    ? (fields.items as unknown[]).map((item, at) => readManifest(item, ['items', at], document))
    : [readManifest(fields, [], document)];
}

function readManifest(value: unknown, at: Path, document: ParsedDocument): ReadDraft {
  const problems = manifestProblems(value, at, document);
  if (problems.some((problem) => problem.severity === 'error')) return { problems };
  const manifest = value as Manifest;
  const annotated = (annotation: string) => document.place([...at, 'metadata', 'annotations', annotation]);
  const selected = manifest.metadata.annotations?.[ANNOTATION.infrastructures];
  const spot: Spot = { ...document.place(at), index: document.index };
  const draft: ManifestDraft = {
    kind: 'Manifest',
    manifest,
    infrastructures: selected === undefined ? undefined : namesIn(selected),
    spot,
    places: { infrastructures: annotated(ANNOTATION.infrastructures), after: annotated(ANNOTATION.after) },
  };
  return { draft, problems };
}

function manifestProblems(value: unknown, at: Path, document: ParsedDocument): Problem[] {
  const error = (path: Path, message: string): Problem => ({
    ...document.place([...at, ...path]),
    severity: 'error',
    code: 'bad-manifest',
    message,
  });
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [error([], 'Write a Kubernetes object: a mapping with apiVersion, kind and metadata')];
  const { apiVersion, kind, metadata, data, stringData } = value as Record<string, unknown>;
  const missing = (['apiVersion', 'kind'] as const).filter((field) => !isText((value as Record<string, unknown>)[field]));
  const problems = missing.map((field) => error([field], `Add the field '${field}': a Kubernetes object needs it`));
  if (typeof apiVersion === 'string' && apiVersion.startsWith('rotterdam.dev/')) {
    problems.push(error(['apiVersion'], `Cannot read kind ${String(kind)} in manifests: it goes into a folder of its own kind`));
  }
  if (!isText((metadata as { name?: unknown } | undefined)?.name))
    problems.push(error(['metadata', 'name'], "Add the field 'name' in metadata: a Kubernetes object needs it"));
  problems.push(...textProblems(metadata, error));
  if (kind === 'Secret' && (data !== undefined || stringData !== undefined)) {
    const path = [...at, data === undefined ? 'stringData' : 'data'];
    problems.push({
      ...document.place(path, 'key'),
      severity: 'warning',
      code: 'secret-in-git',
      message: 'Move the data of this Secret out of git: anybody who reads the repository reads it',
    });
  }
  return problems;
}

function textProblems(metadata: unknown, error: (path: Path, message: string) => Problem): Problem[] {
  const fields = (metadata ?? {}) as Record<string, unknown>;
  const problems: Problem[] = [];
  if (fields.namespace !== undefined && !isText(fields.namespace))
    problems.push(error(['metadata', 'namespace'], 'Quote metadata.namespace to make it text'));
  for (const map of ['labels', 'annotations'] as const) {
    for (const [key, value] of Object.entries((fields[map] ?? {}) as object)) {
      if (typeof value !== 'string')
        problems.push(error(['metadata', map, key], `Quote the value of metadata.${map}.${key} to make it text`));
    }
  }
  return problems;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
