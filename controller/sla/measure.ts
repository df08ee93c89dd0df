import { type Leaf, measuredBy } from '../../constructs/spec/constraint.ts';
import { taskIdForms } from '../../constructs/spec/names.ts';
import { escaped, queryOf } from '../../constructs/spec/promql.ts';
import type { Guarantee, QosTemplate, Task } from '../../synth/environment.ts';
import type { Series } from '../ports.ts';
import type { Agreement } from './agreement.ts';
import { groupBy } from './group-by.ts';
import { isAbout, REPORTED } from './reported.ts';
import type { Totals } from './trailer.ts';

/** What samples are read for: a leaf of a guarantee's constraint. */
interface Measured {
  readonly agreement: Agreement;
  readonly guarantee: Guarantee;
  readonly leaf: Leaf;
}

/** The metric names that it may be measured by; empty for a `query`. */
export function namesOf({ agreement: { task, template }, guarantee, leaf }: Measured): readonly string[] {
  if (guarantee.query !== undefined) return [];
  const { metric } = leaf;
  if (metric === REPORTED) return [REPORTED];
  const forms = formsOf(metric, leaf, template);
  return template.type === 'infr' ? forms : [...formsOf(`${metric}_${task.id}`, leaf, template), ...forms];
}

/** All metric names that a guarantee may be measured by. */
export function namesMeasuring(agreement: Agreement, guarantee: Guarantee): readonly string[] {
  return measuredBy(guarantee.constraint).flatMap((leaf) => namesOf({ agreement, guarantee, leaf }));
}

/** Of all names that a source has, those that any of `parts`, all of one metric, may be measured by: few, while they may be many. */
export function namesAmong(all: readonly string[], parts: readonly Measured[]): readonly string[] {
  const metric = parts[0]?.leaf.metric ?? '';
  const there = all.filter((name) => name === metric || name.startsWith(`${metric}_`));
  if (there.every((name) => SHARED.has(name.slice(metric.length)))) return there;
  const names = new Set(parts.flatMap(namesOf));
  return there.filter((name) => names.has(name));
}

/** What may follow a metric in the names that tasks share. */
const SHARED: ReadonlySet<string> = new Set(['', '_total', '_bucket']);

/** A name, and the other one that it may go by. */
function formsOf(name: string, { over }: Leaf, { type }: Pick<QosTemplate, 'type'>): readonly string[] {
  if (over?.how === 'quantile') return [name, `${name}_bucket`];
  return type === 'infr' ? [name] : [name, `${name}_total`];
}

type ByTask = ReadonlyMap<string, readonly Series[]>;

/** Where an answer has the series of a leaf: of tasks under names of their own, of others under the label task. */
interface Places {
  readonly leaf: Leaf;
  readonly type: QosTemplate['type'];
  readonly forms: readonly string[];
  readonly hasOwn: boolean;
  readonly labelled: readonly ByTask[];
}

/** What a source has answered, to be looked at for many tasks. */
export class SeriesIndex {
  readonly #byName: ReadonlyMap<string, readonly Series[]>;
  /** Of the leaf that was looked for last: mostly it is the next one as well. */
  #places: Places | undefined;

  constructor(series: readonly Series[]) {
    this.#byName = groupBy(series, ({ name }) => name);
  }

  /**
   * The series that measure a leaf: those of the first of its names that has any. `g_<task>`, `g_<task>_total`, `g{task="<task>"}`,
   * `g_total{task="<task>"}` for templates of applications, `g` over all of the source for those of infrastructures; of a quantile
   * `_bucket` in place of `_total`.
   */
  of({ agreement, guarantee, leaf }: Measured): readonly Series[] {
    if (leaf.metric !== REPORTED) return placed(agreement, this.#found(agreement, leaf));
    const reported = this.#named([REPORTED]).filter(({ labels }) => isAbout(labels, agreement, guarantee));
    return placed(agreement, reported);
  }

  named(name: string): readonly Series[] {
    return this.#named([name]);
  }

  #found({ task, template }: Agreement, leaf: Leaf): readonly Series[] {
    const places = this.#placesOf(leaf, template.type);
    if (template.type === 'infr') return this.#named(places.forms);
    const own = places.hasOwn ? this.#named(formsOf(`${leaf.metric}_${task.id}`, leaf, template)) : NONE;
    return own.length > 0 ? own : labelledBy(task, places.labelled);
  }

  #placesOf(leaf: Leaf, type: QosTemplate['type']): Places {
    if (this.#places?.leaf === leaf && this.#places.type === type) return this.#places;
    const forms = formsOf(leaf.metric, leaf, { type });
    const hasOwn = [...this.#byName.keys()].some((name) => name.startsWith(`${leaf.metric}_`));
    const labelled = forms.flatMap((name) => {
      const series = this.#byName.get(name);
      return series === undefined ? [] : [groupBy(series, ({ labels }) => labels.task ?? '')];
    });
    this.#places = { leaf, type, forms, hasOwn, labelled };
    return this.#places;
  }

  /** Of the first of the names that has any. */
  #named(names: readonly string[]): readonly Series[] {
    for (const name of names) {
      const found = this.#byName.get(name);
      if (found !== undefined) return found;
    }
    return NONE;
  }
}

const NONE: readonly Series[] = [];

/** The label may be the task's id, or its name. */
function labelledBy({ id, name }: Task, labelled: readonly ByTask[]): readonly Series[] {
  for (const byTask of labelled) {
    const byId = byTask.get(id) ?? NONE;
    const byName = id === name ? NONE : (byTask.get(name) ?? NONE);
    const found = byId.length === 0 ? byName : byName.length === 0 ? byId : [...byId, ...byName];
    if (found.length > 0) return found;
  }
  return NONE;
}

/** Of a task on several infrastructures: sources of two of them may show series of one name and the same labels. */
export function placed({ task }: Agreement, series: readonly Series[]): readonly Series[] {
  if (task.infrastructures.length === 1) return series;
  return series.map((one) => ({ ...one, labels: { ...one.labels, [PLACE]: task.infrastructure } }));
}

/** Of what an action on the task consumed, what this is measured by: that of another metric or infrastructure is another counter's. */
export function ownTotals(totals: Totals, measured: Measured): Totals {
  const consumed = Object.entries(totals);
  if (consumed.length === 0) return totals;
  const { agreement, guarantee } = measured;
  const { infrastructure, infrastructures } = agreement.task;
  const place = infrastructures.length === 1 ? '' : `${PLACE}="${escaped(infrastructure)}"`;
  const known = guarantee.query === undefined ? namesOf(measured) : [queriedName(agreement, guarantee)];
  return Object.fromEntries(consumed.filter(([key]) => known.includes(key.split('{', 1)[0] ?? '') && key.includes(place)));
}

/** What the series of a guarantee's own query is called. */
export function queriedName({ id }: Agreement, { name }: Guarantee): string {
  return `${id}:${name}`;
}

/** Prometheus keeps names like this for itself: no series has such a label. */
const PLACE = '__infrastructure__';

/** PromQL that shows what each metric of a guarantee is measured by, for people who want to see for themselves. */
export function askedOf(agreement: Agreement, guarantee: Guarantee): readonly string[] {
  const { query } = guarantee;
  const { task } = agreement;
  // In the words of each infrastructure, where it names them.
  if (query !== undefined) return [...new Set(task.infrastructures.map((infrastructure) => queryOf({ ...task, infrastructure }, query)))];
  const asked = measuredBy(guarantee.constraint).map((leaf) => selectorOf(agreement, namesOf({ agreement, guarantee, leaf })));
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
  // Joined, it doesn't keep its parts beside it.
  return pairs.length === 0 ? name : [name, '{', pairs.join(','), '}'].join('');
}
