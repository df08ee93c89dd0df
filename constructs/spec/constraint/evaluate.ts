import { type Comparison, type Condition, calculate, compare, type Expression, type Leaf } from './expression.ts';

/** What a leaf shows: its value, or in words why it is unknown. */
export type Shown = number | string;

/** Whether a condition holds, with the comparison that decided it (the first of them), and all that had a part in that. */
export type Outcome =
  | {
      readonly holds: boolean;
      readonly by: Comparison;
      readonly value: number;
      readonly limit: number;
      readonly restsOn: readonly Comparison[];
    }
  | { readonly holds: undefined; readonly reason: string };

/**
 * In three values: `a and b` is false when one is, whatever of the other is unknown; `a or b` holds when one does. What isn't finite
 * is unknown.
 */
export function evaluate(condition: Condition, show: (leaf: Leaf) => Shown): Outcome {
  if (condition.kind === 'comparison') return outcomeOf(condition, show);
  const decisive = condition.kind === 'any';
  let undecided: Outcome | undefined;
  for (const one of condition.of) {
    const outcome = evaluate(one, show);
    if (outcome.holds === decisive) return outcome;
    undecided = undecided === undefined ? outcome : both(undecided, outcome);
  }
  return undecided ?? { holds: undefined, reason: 'It compares nothing' };
}

function both(first: Outcome, second: Outcome): Outcome {
  if (first.holds === undefined || second.holds === undefined) return first.holds === undefined ? first : second;
  return { ...first, restsOn: [...first.restsOn, ...second.restsOn] };
}

function outcomeOf(by: Comparison, show: (leaf: Leaf) => Shown): Outcome {
  const value = worth(by.left, show);
  if (typeof value === 'string') return { holds: undefined, reason: value };
  const limit = worth(by.right, show);
  if (typeof limit === 'string') return { holds: undefined, reason: limit };
  const wrong = [value, limit].find((one) => !Number.isFinite(one));
  if (wrong !== undefined) return { holds: undefined, reason: `The value of ${by.text} is no number: ${wrong}` };
  return { holds: compare(by.comparator, value, limit), by, value, limit, restsOn: [by] };
}

function worth(expression: Expression, show: (leaf: Leaf) => Shown): Shown {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'leaf') return show(expression);
  const left = worth(expression.left, show);
  if (typeof left === 'string') return left;
  const right = worth(expression.right, show);
  return typeof right === 'string' ? right : calculate(expression.operator, left, right);
}
