import type { z } from 'zod';
import type { QosAction } from '../../constructs/spec/action.ts';
import { COMPARATORS, ConstraintError, parseConstraint } from '../../constructs/spec/constraint.ts';
import type { QosTemplateSpec } from '../../constructs/spec/qos-template.ts';
import { check } from '../check.ts';
import type { GuaranteeDraft, QosReference, TemplateDraft } from '../draft.ts';
import type { ReadDraft } from '../native.ts';
import type { ParsedDocument, Path, Problem } from '../parse.ts';
import { base, given, present, warning } from './base.ts';
import { qosDefinition, type taskQos } from './schemas.ts';

const WINDOW_MS = 5 * 60_000;
const ALIASES: Readonly<Record<string, QosAction>> = { scale_up: 'scale_out', scale_down: 'scale_in' };
/** The original never evaluated `=`; as a promise, equality would be broken by nearly every value. */
const EQUALITY = "'=' is not a comparator, so the original never evaluated it; read as '==', judged and never acted on";

type SimpleQos = Extract<NonNullable<z.output<typeof taskQos>>, readonly unknown[]>[number];
type LongQos = Exclude<NonNullable<z.output<typeof taskQos>>, readonly unknown[]>;

/** One element of what was posted to `/qos/definitions`. */
export function readQosDefinition(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(qosDefinition, document, true);
  if (value === undefined) return { problems };
  const read = value.guarantees.map((guarantee, at) => readGuarantee(guarantee, document, ['guarantees', at, 'constraint']));
  const guarantees = read.flatMap(({ guarantee }) => (guarantee === undefined ? [] : [guarantee]));
  const found = [...problems, ...read.flatMap((one) => one.problems)];
  if (guarantees.length < read.length) return { problems: found };
  const draft: TemplateDraft = {
    kind: 'QosTemplate',
    ...base(document, value.guaranteeName, ['guaranteeName']).named,
    spec: { ...specOf(value.type, value), ...(value.maxAllowed === undefined ? {} : { maxAllowed: value.maxAllowed }), guarantees },
    inert: read.find(({ inert }) => inert !== undefined)?.inert,
    places: { scaleFactor: document.place(['scaleFactor']), maxReplicas: document.place(['maxReplicas']) },
  };
  return { draft, problems: found };
}

interface Limits {
  readonly action?: string | undefined;
  readonly scaleFactor?: number | undefined;
  readonly minReplicas?: number | undefined;
  readonly maxReplicas?: number | undefined;
}

function specOf(type: QosTemplateSpec['type'], limits: Limits): Omit<QosTemplateSpec, 'guarantees'> {
  return { type, window: WINDOW_MS, ...limitsOf(limits) };
}

/** A zero is what the original wrote for "not given". */
function limitsOf({ action, scaleFactor, minReplicas, maxReplicas }: Limits) {
  const known = given(action) ? (ALIASES[action] ?? (action as QosAction)) : undefined;
  return present({ action: known, scaleFactor, minReplicas, maxReplicas });
}

function readGuarantee(
  { name, constraint: text }: { name: string; constraint: string },
  document: ParsedDocument,
  path: Path,
): { guarantee?: GuaranteeDraft; inert?: string; problems: Problem[] } {
  const equality = /^([^<>=!]+)=([^=]+)$/.exec(text);
  try {
    const constraint = parseConstraint(equality ? `${equality[1]} == ${equality[2]}` : text);
    const guarantee: GuaranteeDraft = { name, constraint, aggregate: 'sum' };
    if (!equality) return { guarantee, problems: [] };
    return { guarantee, inert: EQUALITY, problems: [warning(document, path, 'inert-template', `Never acted on: ${EQUALITY}`)] };
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    return { problems: [{ ...document.placeIn(path, error.at), severity: 'error', code: 'bad-value', message: error.message }] };
  }
}

export interface ReadReferences {
  readonly references: readonly QosReference[];
  readonly problems: readonly Problem[];
}

/** A task's `qos` (a list in the simple format, an object in the long one) and its `qoscompss`. All elements count, not only the first. */
export function readTaskQos(
  task: { qos?: z.output<typeof taskQos> | undefined; qoscompss?: readonly SimpleQos[] | undefined; compss: boolean },
  document: ParsedDocument,
): ReadReferences {
  const { qos, qoscompss = [], compss } = task;
  const reads: ReadReferences[] = [];
  const type = compss ? 'app-compss' : 'app';
  if (Array.isArray(qos)) reads.push(...qos.map((element, at) => readElement(element, ['qos', at], type, document)));
  else if (qos !== undefined) reads.push(readLong(qos as LongQos, type, document));
  reads.push(...qoscompss.map((element, at) => readElement(element, ['qoscompss', at], type, document)));
  return { references: reads.flatMap((read) => read.references), problems: reads.flatMap((read) => read.problems) };
}

/** With a metric it is a template of the task's own; without, it names one and may set limits for this task. */
function readElement(element: SimpleQos, path: Path, type: 'app-compss' | 'app', document: ParsedDocument): ReadReferences {
  const { qosid = '', metric = '', maxallowed, minreplicas, maxreplicas, scalefactor, action } = element;
  const place = document.place([...path, 'qosid']);
  const limits = {
    ...limitsOf({ action, scaleFactor: scalefactor, minReplicas: minreplicas, maxReplicas: maxreplicas }),
    ...present({ maxAllowed: maxallowed }),
  };
  if (metric === '') {
    if (qosid === '' || qosid === 'None') return { references: [], problems: [] };
    return { references: [{ name: qosid, place, ...(Object.keys(limits).length > 0 ? { changes: limits } : {}) }], problems: [] };
  }
  const limit = given(element.value) ? element.value : undefined;
  const { guarantee, inert, problems } = inlineGuarantee(metric, element.comparator ?? '', limit, [...path, 'comparator'], document);
  const name = qosid === '' ? metric : qosid;
  const spec = { type, window: WINDOW_MS, ...limits, guarantees: [guarantee] };
  return { references: [{ name, place, own: own(name, spec, inert, path, document) }], problems };
}

function inlineGuarantee(metric: string, comparator: string, limit: number | undefined, path: Path, document: ParsedDocument) {
  const known = COMPARATORS.find((one) => one === (comparator === '=' ? '==' : comparator));
  const constraint = { metric, ...(known === undefined ? {} : { comparator: known }), ...(limit === undefined ? {} : { limit }) };
  const guarantee: GuaranteeDraft = { name: metric, constraint, aggregate: 'sum' };
  if (comparator !== '=') return { guarantee, inert: undefined, problems: [] };
  return { guarantee, inert: EQUALITY, problems: [warning(document, path, 'inert-template', `Never acted on: ${EQUALITY}`)] };
}

function own(name: string, spec: TemplateDraft['spec'], inert: string | undefined, path: Path, document: ParsedDocument): TemplateDraft {
  const place = document.place(path);
  const spot = { ...document.place([]), index: document.index };
  return {
    kind: 'QosTemplate',
    name,
    namePlace: place,
    native: false,
    spot,
    spec,
    inert,
    places: { scaleFactor: place, maxReplicas: place },
  };
}

/** `{name, description, custom}`: no name, or None, means no QoS, as in the original; custom ones are templates of the task's own. */
function readLong({ name = '', custom = [] }: LongQos, type: 'app-compss' | 'app', document: ParsedDocument): ReadReferences {
  if (name === '' || name === 'None') {
    const problems =
      custom.length > 0
        ? [warning(document, ['qos', 'custom'], 'ignored-field', 'Ignored qos.custom, as in the original: qos has no name')]
        : [];
    return { references: [], problems };
  }
  if (custom.length === 0) return { references: [{ name, place: document.place(['qos', 'name']) }], problems: [] };
  const reads = custom.map((element, at) => {
    const path = ['qos', 'custom', at];
    const inline = element.guarantees.map(({ metric, condition, value }, index) =>
      inlineGuarantee(metric, condition ?? '', Number(value), [...path, 'guarantees', index, 'condition'], document),
    );
    const { scalefactor, action, min, max } = element;
    const limits = limitsOf({ action, scaleFactor: scalefactor, minReplicas: min, maxReplicas: max });
    const spec = {
      type: element.type === 'infr' ? ('infr' as const) : type,
      window: WINDOW_MS,
      ...limits,
      guarantees: inline.map((one) => one.guarantee),
    };
    const title = given(element.name) ? element.name : custom.length === 1 ? name : `${name}-${at + 1}`;
    const inert = inline.find((one) => one.inert !== undefined)?.inert;
    const reference = { name: title, place: document.place(path), own: own(title, spec, inert, path, document) };
    return { references: element.guarantees.length > 0 ? [reference] : [], problems: inline.flatMap((one) => one.problems) };
  });
  return { references: reads.flatMap((read) => read.references), problems: reads.flatMap((read) => read.problems) };
}
