/** The comparisons of the original's constraints. */
export const COMPARATORS = ['<', '<=', '>', '>=', '==', '!='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** Functions over the samples of the last so many milliseconds. */
export const WINDOW_FUNCTIONS = ['avg', 'max', 'min', 'sum', 'count', 'last', 'rate', 'increase', 'quantile'] as const;
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number];

/** A metric, or a function over a window of one: what samples are read for. */
export interface Leaf {
  readonly kind: 'leaf';
  /** In one spelling, `quantile(0.95, response_time_seconds, 5m)`: tells the leaves of a constraint apart. */
  readonly text: string;
  readonly metric: string;
  readonly over?: Over;
}

export interface Over {
  readonly how: WindowFunction;
  readonly windowMs: number;
  /** Of `quantile`, between 0 and 1. */
  readonly quantile?: number;
}

export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: Expression;
  readonly right: Expression;
}

export type Expression = Leaf | Arithmetic | { readonly kind: 'number'; readonly value: number };

export interface Comparison {
  readonly kind: 'comparison';
  readonly comparator: Comparator;
  /** Holds a leaf. */
  readonly left: Expression;
  readonly right: Expression;
  /** The left side as written. */
  readonly text: string;
}

/** There is no `not`: it is carried down to the comparisons when a constraint is read. */
export type Condition = Comparison | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

const OPPOSITE = { '<': '>=', '>=': '<', '>': '<=', '<=': '>', '==': '!=', '!=': '==' } as const;
const MIRRORED = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==', '!=': '!=' } as const;

export function opposite(condition: Condition): Condition {
  if (condition.kind === 'comparison') return { ...condition, comparator: OPPOSITE[condition.comparator] };
  return { kind: condition.kind === 'all' ? 'any' : 'all', of: condition.of.map(opposite) };
}

/** `1 < a` says `a > 1`. */
export function mirrored(comparator: Comparator): Comparator {
  return MIRRORED[comparator];
}

/** Each once, in the order written. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  const leaves = new Map<string, Leaf>();
  const collect = (part: Condition | Expression): void => {
    if (part.kind === 'leaf') leaves.set(part.text, leaves.get(part.text) ?? part);
    else if (part.kind === 'comparison' || part.kind === 'arithmetic') [part.left, part.right].forEach(collect);
    else if (part.kind !== 'number') part.of.forEach(collect);
  };
  collect(condition);
  return [...leaves.values()];
}

export function compare(comparator: Comparator, value: number, limit: number): boolean {
  switch (comparator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

export function calculate(operator: Arithmetic['operator'], left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}
