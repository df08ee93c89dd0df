import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { renameMetrics } from '../../constructs/spec/constraint/rename.ts';
import { ConstraintError, measuredBy, parseConstraint } from '../../constructs/spec/constraint.ts';
import { kubernetesName, taskId } from '../../constructs/spec/names.ts';
import { check } from '../check.ts';
import type { AgreementDraft, GuaranteeDraft, TemplateDraft } from '../draft.ts';
import { placeholderProblems, type ReadDraft } from '../native.ts';
import type { ParsedDocument, Problem } from '../parse.ts';
import type { Json } from '../placeholders.ts';
import { warning } from './base.ts';
import { slaAgreement, slaTemplate } from './schemas.ts';

const WINDOW_MS = 5 * 60_000;

/**
 * An agreement as SLALite keeps it: its client is the task. Metrics that end in the task's id are a COMPSs workflow's own, others are those of the
 * infrastructure. It is judged; what is done about it only the agreement of a task and a template says.
 */
export function readAgreement(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(slaAgreement, document, true);
  if (value === undefined) return { problems };
  const { id, name, state, details } = value;
  const task = taskId(kubernetesName(details.client.id));
  const read = details.guarantees.map((guarantee, at) => readGuarantee(guarantee, at, details.variables, document));
  const found = [...problems, ...differences(value, document), ...read.flatMap((one) => one.problems)];
  const promised = read.flatMap((one) => one.promised ?? []);
  if (promised.length < read.length) return { problems: found };
  const spot = { ...document.place([]), index: document.index };
  const base = { name: id, namePlace: document.place(['id']), native: false, spot };
  const place = document.place(['details', 'guarantees']);
  const own: TemplateDraft = {
    kind: 'QosTemplate',
    ...base,
    spec: { ...termsOf(once(promised), task), window: WINDOW_MS, action: 'none' },
    places: { scaleFactor: place, maxReplicas: place },
  };
  const draft: AgreementDraft = {
    kind: 'Agreement',
    ...base,
    spec: { task: details.client.id, state, ...(details.expiration === undefined ? {} : { expiration: details.expiration }) },
    terms: { name: id, place, own },
    parties: { title: name, provider: details.provider, client: details.client },
    places: { task: document.place(['details', 'client', 'id']) },
  };
  return { draft, problems: found };
}

/** A template of SLALite's: an agreement with placeholders. */
export function readAgreementTemplate(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(slaTemplate, document, true);
  if (value === undefined) return { problems };
  const spot = { ...document.place([]), index: document.index };
  const named = { name: value.id, namePlace: document.place(['id']), native: false, spot };
  const made = document.value as { readonly [key: string]: Json };
  return {
    draft: { kind: 'AgreementTemplate', ...named, title: value.name, document: made },
    problems: [...problems, ...placeholderProblems(made, document, [])],
  };
}

/** What is said twice must be the same. */
function differences(value: z.output<typeof slaAgreement>, document: ParsedDocument): Problem[] {
  return (['id', 'name'] as const).flatMap((field) => {
    const inner = value.details[field];
    if (inner === undefined || inner === value[field]) return [];
    const message = `Write ${field} and details.${field} as the same: found '${value[field]}' and '${inner}'`;
    return [{ ...document.place(['details', field]), severity: 'error', code: 'bad-value', message }];
  });
}

type Written = z.output<typeof slaAgreement>['details']['guarantees'][number];
type Variables = z.output<typeof slaAgreement>['details']['variables'];

/** A guarantee whose constraint is one, its variables replaced by what they stand for. */
interface Promised {
  readonly name: string;
  readonly text: string;
  readonly metrics: readonly string[];
  readonly penalties?: GuaranteeDraft['penalties'];
}

function readGuarantee(
  { name, constraint, penalties, ...rest }: Written,
  at: number,
  variables: Variables,
  document: ParsedDocument,
): { promised?: Promised; problems: Problem[] } {
  const path = ['details', 'guarantees', at];
  const ignored = (['schedule', 'warning'] as const)
    .filter((field) => rest[field] !== undefined)
    .map((field) => warning(document, [...path, field], 'ignored-field', `Ignored ${field} of guarantee '${name}', as in the original`));
  try {
    const text = renameMetrics(constraint, (metric) => measureOf(metric, variables));
    const metrics = measuredBy(parseConstraint(text)).map(({ metric }) => metric);
    return { promised: { name, text, metrics, ...(penalties === undefined ? {} : { penalties }) }, problems: ignored };
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    const place = document.placeIn([...path, 'constraint'], error.at);
    return { problems: [...ignored, { ...place, severity: 'error', code: 'bad-value', message: error.message }] };
  }
}

/** What a variable stands for. */
function measureOf(name: string, variables: Variables): string {
  const { metric, aggregation } = variables.find((variable) => variable.name === name) ?? { metric: name };
  if (aggregation === undefined || aggregation.type !== 'average' || aggregation.window === 0) return metric;
  return `avg(${metric}, ${aggregation.window}s)`;
}

function termsOf(promised: readonly Promised[], task: string): Pick<TemplateDraft['spec'], 'type' | 'guarantees'> {
  const suffix = `_${task}`;
  const metrics = promised.flatMap((one) => one.metrics);
  const isOwn = metrics.length > 0 && metrics.every((metric) => metric.endsWith(suffix));
  const guarantees = promised.map(({ name, text, penalties }) => ({
    name,
    constraint: parseConstraint(isOwn ? renameMetrics(text, (metric) => metric.slice(0, -suffix.length)) : text),
    aggregate: 'sum' as const,
    ...(penalties === undefined ? {} : { penalties }),
  }));
  return { type: isOwn ? 'app-compss' : 'infr', guarantees };
}

/** The original wrote the last guarantee of a template twice. */
function once(promised: readonly Promised[]): readonly Promised[] {
  return promised.filter((one, at) => promised.findIndex((other) => isDeepStrictEqual(other, one)) === at);
}
