import type { z } from 'zod';
import { ANNOTATION } from '../constructs/labels.ts';
import { AGREEMENT_ID } from '../constructs/spec/agreement.ts';
import { parseConstraint } from '../constructs/spec/constraint.ts';
import { API_VERSION, documentSchema, FOLDERS, type Kind, SPECS } from '../constructs/spec/document.ts';
import { METRIC_NAME } from '../constructs/spec/metric.ts';
import { isKubernetesName, kubernetesName, MAX_LABEL, MAX_TASK_NAME } from '../constructs/spec/names.ts';
import type { QosTemplateSpec } from '../constructs/spec/qos-template.ts';
import { check } from './check.ts';
import type { Annotations, Draft, TemplateDraft } from './draft.ts';
import type { ParsedDocument, Path, Problem } from './parse.ts';
import { badPlaceholders, type Json } from './placeholders.ts';
import { suggestion } from './suggest.ts';
import { problemsOfTask } from './task-rules.ts';
import { withoutUserinfo } from './userinfo.ts';

const KINDS = Object.keys(SPECS) as Kind[];
const QOS_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export interface ReadDraft {
  readonly draft?: Draft | undefined;
  readonly problems: readonly Problem[];
}

/** Whether a document says what it is, as ours and Kubernetes' do and Rotterdam's own don't. */
export function saysItsKind(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && ('apiVersion' in value || 'kind' in value);
}

/** Reads a document with apiVersion and kind that stands in `folder`; `defaults` is the file of that name. */
export function readNative(document: ParsedDocument, folder: string): ReadDraft {
  const { apiVersion, kind } = document.value as Record<string, unknown>;
  const refused = (path: Path, code: string, message: string): ReadDraft => ({
    problems: [{ ...document.place(path), severity: 'error', code, message }],
  });
  if (apiVersion !== API_VERSION) {
    const foreign = typeof apiVersion === 'string' && !apiVersion.startsWith('rotterdam.dev/');
    const fix = foreign ? `: Kubernetes objects go into the folder manifests` : '';
    return refused(['apiVersion'], 'bad-api-version', `Write apiVersion: ${API_VERSION}${fix}`);
  }
  if (typeof kind !== 'string' || !KINDS.includes(kind as Kind)) {
    return refused(['kind'], 'unknown-kind', `Cannot read kind '${String(kind)}'${suggestion(String(kind), KINDS, 'kinds are')}`);
  }
  const home = folderOf(kind as Kind);
  if (home !== folder) return refused(['kind'], 'wrong-folder', `Cannot read kind ${kind} in ${folder}: it goes into ${home}`);
  return readKind(kind as Kind, document);
}

function folderOf(kind: Kind): string {
  return Object.keys(FOLDERS).find((folder) => FOLDERS[folder]?.includes(kind)) ?? 'defaults.yaml';
}

/** Built once: making a schema takes longer than using it. */
const SCHEMAS = new Map(KINDS.map((kind) => [kind, documentSchema(kind)]));

function readKind(kind: Kind, document: ParsedDocument): ReadDraft {
  const schema = SCHEMAS.get(kind);
  const { value, problems } = schema === undefined ? { value: undefined, problems: [] } : check(schema, document);
  if (value === undefined) return { problems };
  const name = value.metadata?.name ?? '';
  const wrong = nameProblems(kind, name, document);
  const { draft, problems: own } = DRAFTS[kind](base(name, document, value.metadata?.annotations), value.spec as never, document);
  return { draft, problems: [...wrong, ...own] };
}

function nameProblems(kind: Kind, name: string, document: ParsedDocument): Problem[] {
  const bad = (message: string): Problem[] => [{ ...document.place(['metadata', 'name']), severity: 'error', code: 'bad-name', message }];
  if (kind === 'Defaults') return [];
  if (kind === 'QosTemplate' || kind === 'AgreementTemplate') {
    return QOS_NAME.test(name) ? [] : bad(`Cannot use the name '${name}': write at most ${MAX_LABEL} letters, digits, '_', '.' and '-'`);
  }
  if (kind === 'Agreement') {
    return AGREEMENT_ID.test(name) ? [] : bad(`Cannot use the name '${name}': write at most 128 letters, digits, '_', '.' and '-'`);
  }
  if (kind === 'Metric')
    return METRIC_NAME.test(name) ? [] : bad(`Cannot use the name '${name}': write letters, digits, '_' and ':', as a constraint names it`);
  const max = kind === 'Task' || kind === 'Function' ? MAX_TASK_NAME : MAX_LABEL;
  if (isKubernetesName(name, max)) return [];
  const mapped = kubernetesName(name);
  const fix = isKubernetesName(mapped, max)
    ? `: write '${mapped}'`
    : `: write at most ${max} small letters, digits and dashes, a letter first`;
  return bad(`Cannot use the name '${name}'${fix}`);
}

function base(name: string, document: ParsedDocument, annotations: Annotations = {}) {
  const spot = { ...document.place([]), index: document.index };
  return { name, native: true, namePlace: document.place(['metadata', 'name']), spot, annotations };
}

type Base = ReturnType<typeof base>;

const DRAFTS: { readonly [K in Kind]: (base: Base, spec: z.output<(typeof SPECS)[K]>, document: ParsedDocument) => ReadDraft } = {
  Infrastructure: (named, written, document) => {
    const { spec, problems } = withoutUserinfo(written, (field) => document.place(['spec', field, 'url']));
    const places = {
      default: document.place(['spec', 'default']),
      defaultDock: document.place(['spec', 'defaultDock']),
      sources: (spec.sources ?? []).map((_, at) => document.place(['spec', 'sources', at])),
    };
    return { draft: { kind: 'Infrastructure', ...named, spec, places }, problems };
  },
  Dock: (named, spec, document) => {
    const infrastructures = (spec.infrastructures ?? []).map((_, at) => document.place(['spec', 'infrastructures', at]));
    return { draft: { kind: 'Dock', ...named, spec, places: { infrastructures } }, problems: [] };
  },
  Task: (named, spec, document) => {
    const qos = spec.qos.map((name, at) => ({ name, place: document.place(['spec', 'qos', at]) }));
    const infrastructures = (spec.infrastructures ?? []).map((_, at) => document.place(['spec', 'infrastructures', at]));
    const after = document.place(['metadata', 'annotations', ANNOTATION.after]);
    const replicasAt = document.span(['spec', 'replicas']);
    const draft: Draft = { kind: 'Task', ...named, spec, qos, replicasAt, places: { ...placesOf(document), infrastructures, after } };
    return { draft, problems: problemsOfTask(named.name, spec, (path) => document.place(['spec', ...path])) };
  },
  QosTemplate: (named, spec, document) => ({ draft: templateDraft(named, spec, document, ['spec']), problems: [] }),
  Agreement: (named, { terms, template, ...spec }, document) => {
    const place = document.place(['spec', 'template']);
    const own = terms && templateDraft(named, terms, document, ['spec', 'terms']);
    const draft: Draft = {
      kind: 'Agreement',
      ...named,
      spec,
      terms: own === undefined ? { name: template ?? '', place } : { name: named.name, place: named.namePlace, own },
      places: { task: document.place(['spec', 'task']) },
    };
    return { draft, problems: [] };
  },
  AgreementTemplate: (named, { description, agreement }, document) => {
    const made = { apiVersion: API_VERSION, kind: 'Agreement', metadata: { name: named.name }, spec: agreement };
    return {
      draft: { kind: 'AgreementTemplate', ...named, title: description ?? named.name, document: made },
      problems: placeholderProblems(agreement, document, ['spec', 'agreement']),
    };
  },
  Function: (named, spec, document) => ({ draft: { kind: 'Function', ...named, spec, places: placesOf(document) }, problems: [] }),
  Source: (named, spec) => ({ draft: { kind: 'Source', ...named, spec }, problems: [] }),
  Metric: (named, spec) => ({ draft: { kind: 'Metric', ...named, spec }, problems: [] }),
  Defaults: ({ spot }, spec, document) => {
    const places = { ...placesOf(document), adaptation: document.place(['spec', 'adaptation', 'maxReplicasTotal']) };
    return { draft: { kind: 'Defaults', spec, spot, places }, problems: [] };
  },
};

/** What looks like a placeholder and is none. */
export function placeholderProblems(template: Json, document: ParsedDocument, at: Path): Problem[] {
  return badPlaceholders(template).map(({ path, message }) => {
    return { ...document.place([...at, ...path]), severity: 'error', code: 'bad-placeholder', message };
  });
}

function templateDraft(named: Base, spec: QosTemplateSpec, document: ParsedDocument, path: Path): TemplateDraft {
  const places = {
    scaleFactor: document.place([...path, 'scaleFactor']),
    maxReplicas: document.place([...path, 'maxReplicas']),
    guarantees: spec.guarantees.map((_, at) => document.place([...path, 'guarantees', at])),
  };
  const guarantees = spec.guarantees.map((guarantee) => ({ ...guarantee, constraint: parseConstraint(guarantee.constraint) }));
  return { kind: 'QosTemplate', ...named, spec: { ...spec, guarantees }, places };
}

function placesOf(document: ParsedDocument) {
  return { infrastructure: document.place(['spec', 'infrastructure']), dock: document.place(['spec', 'dock']) };
}
