import { type Leaf, measuredBy } from '../../constructs/spec/constraint.ts';
import { taskIdForms } from '../../constructs/spec/names.ts';
import { escaped, queryOf } from '../../constructs/spec/promql.ts';
import type { Guarantee } from '../../synth/environment.ts';
import type { Series } from '../ports.ts';
import type { Agreement } from './agreement.ts';
import { groupBy } from './group-by.ts';
import { isAbout, REPORTED } from './reported.ts';
import type { Totals } from './trailer.ts';

/** The metric names that a leaf of a guarantee's constraint may be measured by; empty for a `query`. */
export function namesOf({ task, template }: Agreement, guarantee: Guarantee, { metric, over }: Leaf): readonly string[] {
  if (guarantee.query !== undefined) return [];
  if (metric === REPORTED) return [REPORTED];
  const isQuantile = over?.how === 'quantile';
  const forms = (name: string) => [name, ...(isQuantile ? [`${name}_bucket`] : template.type === 'infr' ? [] : [`${name}_total`])];
  if (template.type === 'infr') return forms(metric);
  return [...forms(`${metric}_${task.id}`), ...forms(metric)];
}

/** Series by metric name, and those of a name by their label task. */
export type SeriesIndex = ReadonlyMap<string, { readonly all: readonly Series[]; readonly byTask: ReadonlyMap<string, readonly Series[]> }>;

export function indexSeries(series: readonly Series[]): SeriesIndex {
  const byName = groupBy(series, ({ name }) => name);
  return new Map([...byName].map(([name, all]) => [name, { all, byTask: groupBy(all, ({ labels }) => labels.task ?? '') }]));
}

interface Measurable {
  readonly agreement: Agreement;
  readonly guarantee: Guarantee;
  readonly names: readonly string[];
}

/**
 * The series that measure a leaf: those of the first of its `names` that has any. `g_<task>`, `g_<task>_total`, `g{task="<task>"}`,
 * `g_total{task="<task>"}` for templates of applications, `g` over all of the source for those of infrastructures; of a quantile
 * `_bucket` in place of `_total`.
 */
export function seriesOf(measured: Measurable, index: SeriesIndex): readonly Series[] {
  return placed(measured.agreement, foundIn(measured, index));
}

/** Of a task on several infrastructures: sources of two of them may show series of one name and the same labels. */
export function placed({ task }: Agreement, series: readonly Series[]): readonly Series[] {
  if (task.infrastructures.length === 1) return series;
  return series.map((one) => ({ ...one, labels: { ...one.labels, [PLACE]: task.infrastructure } }));
}

/** Of what an action on the task consumed, what this is measured by: that of another metric or infrastructure is another counter's. */
export function ownTotals(totals: Totals, { agreement, guarantee, names }: Measurable): Totals {
  const { infrastructure, infrastructures } = agreement.task;
  const place = infrastructures.length === 1 ? '' : `${PLACE}="${escaped(infrastructure)}"`;
  const known = guarantee.query === undefined ? names : [queriedName(agreement, guarantee)];
  return Object.fromEntries(Object.entries(totals).filter(([key]) => known.includes(key.split('{', 1)[0] ?? '') && key.includes(place)));
}

/** What the series of a guarantee's own query is called. */
export function queriedName({ id }: Agreement, { name }: Guarantee): string {
  return `${id}:${name}`;
}

/** Prometheus keeps names like this for itself: no series has such a label. */
const PLACE = '__infrastructure__';

function foundIn({ agreement, guarantee, names }: Measurable, index: SeriesIndex): readonly Series[] {
  const [own, ownTotal, shared, sharedTotal] = names;
  const named = (name: string) => index.get(name)?.all ?? NONE;
  if (own === REPORTED) return named(REPORTED).filter(({ labels }) => isAbout(labels, agreement, guarantee));
  const labelled = (name: string) => {
    const byTask = index.get(name)?.byTask;
    return byTask === undefined ? NONE : labelledBy(formsOf(agreement), byTask);
  };
  return firstFound([own, ownTotal], named) ?? firstFound([shared, sharedTotal], labelled) ?? NONE;
}

const NONE: readonly Series[] = [];

function labelledBy(forms: readonly string[], byTask: ReadonlyMap<string, readonly Series[]>): readonly Series[] {
  let found = NONE;
  for (const form of forms) {
    const some = byTask.get(form) ?? NONE;
    if (some.length > 0) found = found.length === 0 ? some : [...found, ...some];
  }
  return found;
}

const FORMS = new WeakMap<Agreement, readonly string[]>();

function formsOf(agreement: Agreement): readonly string[] {
  const forms = FORMS.get(agreement) ?? taskIdForms(agreement.task.id);
  FORMS.set(agreement, forms);
  return forms;
}

function firstFound(names: readonly (string | undefined)[], find: (name: string) => readonly Series[]): readonly Series[] | undefined {
  for (const name of names) {
    const found = name === undefined ? NONE : find(name);
    if (found.length > 0) return found;
  }
  return undefined;
}

/** PromQL that shows what each metric of a guarantee is measured by, for people who want to see for themselves. */
export function askedOf(agreement: Agreement, guarantee: Guarantee): readonly string[] {
  if (guarantee.query !== undefined) return [queryOf(agreement.task, guarantee.query)];
  const asked = measuredBy(guarantee.constraint).map((leaf) => selectorOf(agreement, namesOf(agreement, guarantee, leaf)));
  return [...new Set(asked)];
}

function selectorOf({ task }: Agreement, [own = '', ownOther, shared, sharedOther]: readonly string[]): string {
  if (ownOther === undefined) return own;
  const first = `{__name__=~"${own}|${ownOther}"}`;
  if (shared === undefined) return first;
  return `${first} or {__name__=~"${shared}|${sharedOther}",task=~"${taskIdForms(task.id).join('|')}"}`;
}

/** `deadlines_missed_a{instance="1",job="compss"}`, labels sorted: one series, one text. */
export function seriesKey({ name, labels }: Pick<Series, 'name' | 'labels'>): string {
  const known = KEYS.get(labels);
  if (known?.name === name) return known.key;
  const key = keyOf(name, labels);
  KEYS.set(labels, { name, key });
  return key;
}

/** Sources give the same labels again as the same object, where they can. */
const KEYS = new WeakMap<Series['labels'], { readonly name: string; readonly key: string }>();

function keyOf(name: string, labels: Series['labels']): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}="${escaped(labels[label] ?? '')}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
