import type { Condition, Expression, Leaf } from '../../constructs/spec/constraint/expression.ts';
import { conditionOf } from '../../constructs/spec/constraint.ts';
import { taskIdForms } from '../../constructs/spec/names.ts';
import { anyOf, queryOf } from '../../constructs/spec/promql.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { Guarantee, QosTemplate, Task } from '../environment.ts';

/**
 * PromQL that is 1 where a guarantee holds, 0 where it doesn't, and nothing where that is unknown; without labels. What is new of a
 * counter is what it grew by in the template's window: Prometheus knows no watermarks.
 */
export function holdsPromql(guarantee: Guarantee, template: QosTemplate, task: Task): string {
  const { query, by } = guarantee;
  const queried =
    query === undefined ? undefined : `sum((${queryOf(task, query)}\n)${by === undefined ? '' : ` and on (${by}) ${ownOnly(task, by)}`})`;
  return conditionPromql(conditionOf(guarantee.constraint), (leaf) => queried ?? leafPromql(leaf, guarantee, template, task));
}

type Compile = (leaf: Leaf) => string;

/** A comparison of what isn't finite would be false: it is left out instead. */
function conditionPromql(condition: Condition, leafOf: Compile): string {
  if (condition.kind === 'comparison') {
    const [left, right] = [expressionPromql(condition.left, leafOf), expressionPromql(condition.right, leafOf)];
    const [value, limit] = condition.right.kind === 'number' ? [left, right] : [`${left} - ${right}`, '0'];
    return `((${value} > -Inf < Inf) ${condition.comparator} bool ${limit})`;
  }
  const parts = condition.of.map((one) => conditionPromql(one, leafOf));
  return condition.kind === 'all' ? `(${parts.join(' * ')})` : `clamp_max(${parts.join(' + ')}, 1)`;
}

function expressionPromql(expression: Expression, leafOf: Compile): string {
  if (expression.kind === 'number') return expression.value < 0 ? `(${expression.value})` : String(expression.value);
  if (expression.kind === 'leaf') return `(${leafOf(expression)})`;
  return `(${expressionPromql(expression.left, leafOf)} ${expression.operator} ${expressionPromql(expression.right, leafOf)})`;
}

/** Of the first of its names that has series, as they are judged. */
function leafPromql(leaf: Leaf, guarantee: Guarantee, template: QosTemplate, task: Task): string {
  const { metric, over } = leaf;
  const matcher = `task=~${anyOf(taskIdForms(task.id))}`;
  const isApplication = template.type !== 'infr';
  const named = (suffix: string) =>
    isApplication ? [`${metric}_${task.id}${suffix}`, `${metric}${suffix}{${matcher}}`] : [`${metric}${suffix}`];
  const plain = [...named(''), ...(isApplication && over?.how !== 'quantile' ? named('_total') : [])];
  const counted = over === undefined && guarantee.kind === 'counter';
  const window = formatDuration(over?.windowMs ?? template.window);
  const choices = plain.map((selector) => {
    if (over === undefined) return `${guarantee.aggregate}(${counted ? `increase(${selector}[${window}])` : selector})`;
    if (over.how === 'quantile') return `max(quantile_over_time(${over.quantile}, ${selector}[${window}]))`;
    return `${guarantee.aggregate}(${over.how === 'rate' || over.how === 'increase' ? over.how : `${over.how}_over_time`}(${selector}[${window}]))`;
  });
  const buckets = over?.how === 'quantile' ? named('_bucket') : [];
  const histograms = buckets.map((selector) => `histogram_quantile(${over?.quantile}, sum by (le) (rate(${selector}[${window}])))`);
  // Growth is estimated: one miss is 1.06 of them.
  const first = [...choices, ...histograms].join(' or ');
  return counted ? `round(${first})` : first;
}

/** A vector that has the task's id, in both its forms, as its only label. */
function ownOnly(task: Task, by: string): string {
  const vectors = taskIdForms(task.id).map((form) => `label_replace(vector(1), "${by}", "${form}", "", "")`);
  return `(${vectors.join(' or ')})`;
}
