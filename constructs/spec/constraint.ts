/** The comparisons of the original's constraints. */
export const COMPARATORS = ['<', '<=', '>', '>=', '==', '!='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** A condition that must *hold*, `deadlines_missed < 1`: a value for which it is false is a violation. */
export interface Constraint {
  readonly metric: string;
  readonly comparator: Comparator;
  readonly limit: number;
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;
const CONSTRAINT = new RegExp(String.raw`^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(<=|>=|==|!=|<|>)\s*(${NUMBER})\s*$`);

/**
 * Reads `metric comparator number`.
 * @throws Error that says what is wrong, when `text` is anything else.
 */
export function parseConstraint(text: string): Constraint {
  const match = CONSTRAINT.exec(text);
  if (!match) {
    const single = /[^<>=!]=[^=]/.test(text) ? " ('=' compares nothing: write '==')" : '';
    throw new Error(
      `Write a constraint as 'metric comparator number', with one of ${COMPARATORS.join(' ')}${single}: ${JSON.stringify(text)}`,
    );
  }
  const [, metric = '', comparator, limit] = match;
  return { metric, comparator: comparator as Comparator, limit: Number(limit) };
}

/** Whether `value` keeps the promise. NaN keeps none, but no caller may get here with it: it is `unknown`. */
export function holds(constraint: Constraint, value: number): boolean {
  switch (constraint.comparator) {
    case '<':
      return value < constraint.limit;
    case '<=':
      return value <= constraint.limit;
    case '>':
      return value > constraint.limit;
    case '>=':
      return value >= constraint.limit;
    case '==':
      return value === constraint.limit;
    case '!=':
      return value !== constraint.limit;
  }
}
