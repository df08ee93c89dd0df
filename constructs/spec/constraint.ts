import { type Comparator, type Condition, type Expression, type Leaf, leavesOf } from './constraint/expression.ts';
import { parseCondition } from './constraint/parse.ts';
import { ConstraintError } from './constraint/tokens.ts';

export { COMPARATORS, type Comparator, type Condition, type Leaf } from './constraint/expression.ts';
export { ConstraintError } from './constraint/tokens.ts';

/** A condition that must *hold*, `deadlines_missed < 1`: values for which it is false are a violation. */
export interface Constraint {
  /** The first that it names. */
  readonly metric: string;
  /** Of its first comparison; `limit` is NaN where that is with another metric. They say all when there is no `expression`. */
  readonly comparator: Comparator;
  readonly limit: number;
  /** Of a constraint that is more than `metric comparator number`. */
  readonly expression?: {
    /** As written. */
    readonly text: string;
    readonly condition: Condition;
  };
}

/**
 * Reads a constraint: `deadlines_missed < 1`, `quantile(0.95, response_time_seconds, 5m) < 250ms and errors / requests < 1%`.
 * @throws ConstraintError that says what is wrong and where, when `text` is none.
 */
export function parseConstraint(text: string): Constraint {
  const condition = parsed(text);
  const first = firstComparison(condition);
  const limit = first.right.kind === 'number' ? first.right.value : Number.NaN;
  const said = { metric: leavesOf(condition)[0]?.metric ?? '', comparator: first.comparator, limit };
  if (first === condition && isBare(first.left) && first.right.kind === 'number') return said;
  return { ...said, expression: { text: text.trim().replaceAll(/\s+/g, ' '), condition } };
}

export function conditionOf(constraint: Constraint): Condition {
  const condition = CONDITIONS.get(constraint) ?? made(constraint);
  CONDITIONS.set(constraint, condition);
  return condition;
}

const CONDITIONS = new WeakMap<Constraint, Condition>();

function made({ metric, comparator, limit, expression }: Constraint): Condition {
  if (expression !== undefined) return expression.condition;
  const left = { kind: 'leaf', text: metric, metric } as const;
  return { kind: 'comparison', comparator, left, right: { kind: 'number', value: limit }, text: metric };
}

/** What it measures, each once. */
export function measuredBy(constraint: Constraint): readonly Leaf[] {
  return leavesOf(conditionOf(constraint));
}

/** `deadlines_missed < 1` */
export function printConstraint({ metric, comparator, limit, expression }: Constraint): string {
  return expression?.text ?? `${metric} ${comparator} ${limit}`;
}

function parsed(text: string): Condition {
  try {
    return parseCondition(text);
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    throw new ConstraintError(error.at, `${error.message}, in ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)}`);
  }
}

function firstComparison(condition: Condition): Extract<Condition, { kind: 'comparison' }> {
  if (condition.kind === 'comparison') return condition;
  return firstComparison(condition.of[0] as Condition);
}

function isBare(expression: Expression): boolean {
  return expression.kind === 'leaf' && expression.over === undefined;
}
