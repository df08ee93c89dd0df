import { conditionOf } from '../constructs/spec/constraint.ts';
import { type DefaultsSpec, defaultsSpec } from '../constructs/spec/defaults.ts';
import { inertFactor } from '../constructs/spec/qos-template.ts';
import { BUILTIN_QOS } from './builtin-qos.ts';
import type { GuaranteeDraft, QosReference, TaskDraft, TemplateDraft } from './draft.ts';
import type { DeclaredTemplate, Guarantee, Origin, QosTemplate } from './environment.ts';
import { byName, type Located, originOf, type Report } from './report.ts';
import { checkMeasures, type Measures } from './resolve-sources.ts';
import { suggestion } from './suggest.ts';

const GAUGE_COOLDOWN_MS = 60_000;

export interface Templates {
  readonly filled: ReadonlyMap<string, QosTemplate>;
  /** Of those that documents declare. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly drafts: ReadonlyMap<string, TemplateDraft>;
  readonly defaults: DefaultsSpec;
  readonly measures: Measures;
}

/** The declared templates, each reported on once, over the built-in ones. */
export function resolveTemplates(
  drafts: readonly Located<TemplateDraft>[],
  defaults: DefaultsSpec,
  measures: Measures,
  report: Report,
): Templates {
  const declared = byName(drafts, 'QoS template', (name) => name, report);
  const known = new Map(BUILTIN_QOS);
  const filled = new Map<string, QosTemplate>();
  const origins = new Map<string, Origin>();
  for (const [name, draft] of BUILTIN_QOS) filled.set(name, fill(draft, { defaults, measures }));
  for (const [name, { file, draft }] of declared) {
    const template = fill(draft, { defaults, measures });
    known.set(name, draft);
    filled.set(name, template);
    origins.set(name, originOf({ file, draft }));
    templateIssues(draft, template, file, report);
    checkMeasures({ file, draft }, measures, report);
  }
  return { filled, origins, drafts: known, defaults, measures };
}

export function declaredTemplates({ filled, origins }: Templates): ReadonlyMap<string, DeclaredTemplate> {
  return new Map(
    [...filled].map(([name, template]) => {
      const origin = origins.get(name);
      return [name, origin === undefined ? template : { ...template, origin }];
    }),
  );
}

/** The templates that a task is bound to, in the order it names them. */
export function boundTemplates({ file, draft }: Located<TaskDraft>, templates: Templates, report: Report): readonly QosTemplate[] {
  const bound = new Map<string, QosTemplate>();
  for (const reference of draft.qos) {
    const { name, place } = reference;
    if (bound.has(name)) {
      report.error(file, place, 'duplicate-qos', `Cannot bind task '${draft.name}' to QoS '${name}' twice`);
      continue;
    }
    const template = boundTemplate(reference, { file, what: `task '${draft.name}'` }, templates, report);
    if (template !== undefined) bound.set(name, template);
  }
  return [...bound.values()];
}

/** The template that `what` refers to, or brings along; undefined when there is none, which is reported. */
export function boundTemplate(
  reference: QosReference,
  { file, what }: { readonly file: string; readonly what: string },
  templates: Templates,
  report: Report,
): QosTemplate | undefined {
  const { name, own, changes } = reference;
  const known = templates.drafts.get(name);
  const draft = own ?? (known && changes ? { ...known, spec: { ...known.spec, ...changes }, places: placesOf(reference) } : undefined);
  if (draft === undefined) {
    const filled = templates.filled.get(name);
    if (filled === undefined && !report.isBroken('qos', name)) {
      const message = `Cannot bind ${what} to QoS '${name}'${suggestion(name, [...templates.drafts.keys()], 'known are')}`;
      report.error(file, reference.place, 'unknown-qos', message);
    }
    return filled;
  }
  if (own !== undefined && known !== undefined) {
    report.warning(
      file,
      reference.place,
      'qos-shadowed',
      `QoS '${name}' is described here: the template of this name is not used for ${what}`,
    );
  }
  if (own !== undefined) checkMeasures({ file, draft: own }, templates.measures, report);
  const template = fill(draft, templates);
  templateIssues({ ...draft, native: own?.native ?? false }, template, file, report);
  return template;
}

function placesOf({ place }: QosReference): TemplateDraft['places'] {
  return { scaleFactor: place, maxReplicas: place };
}

/** Fills in what a template leaves to the environment's Defaults. */
function fill({ name, spec, inert }: TemplateDraft, { defaults, measures }: Pick<Templates, 'defaults' | 'measures'>): QosTemplate {
  const guarantees = spec.guarantees.map((guarantee) => fillGuarantee(guarantee, spec.type, defaults, measures.metrics));
  const isCounted = guarantees.every(({ kind }) => kind === 'counter');
  const action = spec.action ?? defaults.action;
  const scaleFactor = spec.scaleFactor ?? defaults.scaleFactor;
  const reason = inert ?? inertFactor(action, scaleFactor);
  return {
    ...spec,
    name,
    action,
    scaleFactor,
    maxAllowed: spec.maxAllowed ?? defaults.maxAllowed,
    minReplicas: spec.minReplicas ?? defaults.minReplicas,
    maxReplicas: spec.maxReplicas ?? defaults.maxReplicas,
    cooldown: spec.cooldown ?? (isCounted ? 0 : GAUGE_COOLDOWN_MS),
    guarantees,
    ...(reason === undefined ? {} : { inert: reason }),
  };
}

function fillGuarantee(
  guarantee: GuaranteeDraft,
  type: QosTemplate['type'],
  defaults: DefaultsSpec,
  metrics: Measures['metrics'],
): Guarantee {
  const { comparator = defaults.comparator, limit = defaults.value, metric } = guarantee.constraint;
  const named = guarantee.query === undefined ? metrics.get(metric) : undefined;
  const measured = named === undefined ? guarantee : { ...guarantee, query: named.query, by: named.by };
  return {
    ...measured,
    kind: guarantee.kind ?? (type === 'app-compss' ? 'counter' : 'gauge'),
    constraint: { ...guarantee.constraint, metric, comparator, limit },
  };
}

/** In a native document a factor that can't act is an error; Rotterdam's JSON has such, so there it's a warning. */
function templateIssues(draft: TemplateDraft, template: QosTemplate, file: string, report: Report): void {
  const { name, places } = draft;
  const isUnsure = report.isBroken('defaults.yaml');
  if (template.minReplicas > template.maxReplicas && !isUnsure) {
    const message = `Cannot keep minReplicas ${template.minReplicas} above maxReplicas ${template.maxReplicas} in QoS '${name}'`;
    report.error(file, places.maxReplicas, 'bad-limits', message);
  }
  actionIssues(draft, template, file, report);
  const names = template.guarantees.map((guarantee) => guarantee.name);
  const twice = names.find((guarantee, at) => names.indexOf(guarantee) < at);
  if (twice !== undefined)
    report.error(file, draft.namePlace, 'duplicate-guarantee', `Give each guarantee of QoS '${name}' a name of its own: ${twice}`);
  const reason = inertFactor(template.action, template.scaleFactor);
  if (reason === undefined || isUnsure) return;
  if (draft.native) report.error(file, places.scaleFactor, 'inert-template', `Cannot act on QoS '${name}': ${reason}`);
  else report.warning(file, places.scaleFactor, 'inert-template', `QoS '${name}' is judged and never acted on: ${reason}`);
}

/** What an action asks of the rest of its template, Defaults filled in. */
function actionIssues({ name, namePlace, places }: TemplateDraft, template: QosTemplate, file: string, report: Report): void {
  const { action, setTo, minReplicas, maxReplicas } = template;
  const counted = template.guarantees.find(({ kind }) => kind === 'counter');
  if (action === 'target' && counted !== undefined) {
    const message = `Cannot scale to a target by a count in QoS '${name}': write kind: gauge for guarantee '${counted.name}', or another action`;
    report.error(file, namePlace, 'counted-target', message);
  }
  const several = template.guarantees.find(({ constraint }) => conditionOf(constraint).kind !== 'comparison');
  if (action === 'target' && several !== undefined) {
    const message = `Cannot scale to a target by several comparisons in QoS '${name}': write a guarantee for each, in place of '${several.name}'`;
    report.error(file, namePlace, 'several-targets', message);
  }
  if (action === 'set' && setTo !== undefined && (setTo > maxReplicas || setTo < minReplicas) && !report.isBroken('defaults.yaml')) {
    const message = `Cannot set ${setTo} replicas in QoS '${name}': minReplicas is ${minReplicas}, maxReplicas ${maxReplicas}`;
    report.error(file, places.maxReplicas, 'bad-limits', message);
  }
}

/** Defaults of an environment that has no such document. */
export const BUILTIN_DEFAULTS: DefaultsSpec = defaultsSpec.parse({});
