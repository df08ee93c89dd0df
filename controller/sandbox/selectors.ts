import { isRecord, type Json, listAt, textAt } from './json.ts';
import type { KubeObject } from './object.ts';
import { badRequest } from './status.ts';

export type Selector = (object: KubeObject) => boolean;
type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const EVERYTHING: Selector = () => true;
const REQUIREMENT = /^\s*(!?)\s*([A-Za-z0-9][-A-Za-z0-9_./]*)\s*(?:(=|==|!=)\s*([-A-Za-z0-9_.]*)|(in|notin)\s*\(([^()]*)\))?\s*$/;

/** `a=b,c!=d,e in (f, g),!h` as a query parameter has it. */
export function labelSelector(text: string | null): Selector {
  if (text === null || text.trim() === '') return EVERYTHING;
  const requirements = text.split(/,(?![^(]*\))/).map(parseRequirement);
  return (object) => requirements.every((matches) => matches(object.metadata.labels ?? {}));
}

/** The names of objects and their namespaces, and for some kinds a few fields of theirs. */
export function fieldSelector(text: string | null, kind: string): Selector {
  if (text === null || text.trim() === '') return EVERYTHING;
  const terms = text.split(',').map((term) => parseField(term, kind));
  return (object) => terms.every((matches) => matches(object));
}

/** `matchLabels` and `matchExpressions` of a workload. */
export function matchesLabelSelector(selector: Json, labels: Labels): boolean {
  const expressions = listAt(selector, 'matchExpressions').filter(isRecord).map(parseExpression);
  return matchesLabels(selector.matchLabels, labels) && expressions.every((matches) => matches(labels));
}

export function matchesLabels(wanted: unknown, labels: Labels): boolean {
  return !isRecord(wanted) || Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function parseRequirement(text: string): Requirement {
  const [, not, key, operator, value, inOperator, list] = REQUIREMENT.exec(text) ?? [];
  if (key === undefined || (not === '!' && (operator ?? inOperator) !== undefined)) {
    throw badRequest(`unable to parse requirement: found '${text.trim().split(/\s+/).at(-1)}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  if (not === '!') return (labels) => !(key in labels);
  const values = inOperator === undefined ? [value ?? ''] : (list ?? '').split(',').map((item) => item.trim());
  if (operator === undefined && inOperator === undefined) return (labels) => key in labels;
  const within: Requirement = (labels) => labels[key] !== undefined && values.includes(labels[key]);
  return operator === '!=' || inOperator === 'notin' ? (labels) => !within(labels) : within;
}

function parseExpression(expression: Json): Requirement {
  const key = textAt(expression, 'key') ?? '';
  const values = listAt(expression, 'values');
  const within: Requirement = (labels) => values.includes(labels[key]);
  switch (expression.operator) {
    case 'In':
      return within;
    case 'NotIn':
      return (labels) => !within(labels);
    case 'Exists':
      return (labels) => key in labels;
    default:
      return (labels) => !(key in labels);
  }
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'status.phase', 'spec.restartPolicy', 'spec.serviceAccountName'],
  Event: ['involvedObject.kind', 'involvedObject.name', 'involvedObject.namespace', 'involvedObject.uid', 'reason', 'type'],
  Secret: ['type'],
  Namespace: ['status.phase'],
};

function parseField(term: string, kind: string): Selector {
  const [, path, operator, value] = /^\s*([^!=\s]+)\s*(==?|!=)\s*(.*?)\s*$/.exec(term) ?? [];
  if (path === undefined) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  if (!['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])].includes(path)) {
    throw badRequest(`"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  return (object) => ((textAt(object, ...path.split('.')) ?? '') === value) === (operator !== '!=');
}
