import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Shown } from '../../../../constructs/spec/constraint/evaluate.ts';
import type { Condition, Expression, Leaf } from '../../../../constructs/spec/constraint/expression.ts';
import { type Comparator, ConstraintError, conditionOf, measuredBy, parseConstraint } from '../../../../constructs/spec/constraint.ts';

describe('parseConstraint: metric comparator number', () => {
  it.each([
    ['deadlines_missed < 1', 'deadlines_missed', '<', 1],
    ['  a>=-2.5e3 ', 'a', '>=', -2500],
    ['a:b != .5', 'a:b', '!=', 0.5],
    ['a < 0x1F', 'a', '<', 31],
    ['a==0', 'a', '==', 0],
    ['1 < a', 'a', '>', 1],
    ['(a) < (2 * 3)', 'a', '<', 6],
    ['not a < 1', 'a', '>=', 1],
    ['!(a == 1)', 'a', '!=', 1],
    ['[deadlines_missed] <= 3', 'deadlines_missed', '<=', 3],
    ['a < 250ms', 'a', '<', 0.25],
    ['a < 1h30m', 'a', '<', 5400],
    ['a < 1.5h', 'a', '<', 5400],
    ['a < 2GiB', 'a', '<', 2147483648],
    ['a < 512Mi', 'a', '<', 536870912],
    ['a < 2GB', 'a', '<', 2e9],
    ['a < 7%', 'a', '<', 0.07],
  ])('reads %j', (text, metric, comparator, limit) => {
    expect(parseConstraint(text)).toEqual({ metric, comparator, limit });
  });
});

const SHOWN: Readonly<Record<string, Shown>> = { a: 1, b: 2, c: 3, z: 0, u: 'u is unknown', n: Number.NaN, i: Number.POSITIVE_INFINITY };

function outcome(text: string, shown: Readonly<Record<string, Shown>> = SHOWN) {
  return evaluate(conditionOf(parseConstraint(text)), (leaf) => shown[leaf.text] ?? `${leaf.text} is absent`);
}

describe('a constraint on several values', () => {
  it.each<[string, boolean, string]>([
    ['a < b', true, 'two metrics'],
    ['a + b * 2 == 5', true, 'products before sums'],
    ['(a + b) * 2 == 6', true, 'parentheses'],
    ['c - b - a == 0', true, 'sums from the left'],
    ['c / b / 3 == 0.5', true, 'products from the left'],
    ['c % b == 1', true, 'a remainder'],
    ['c %2 == 1', true, 'a remainder, not a share'],
    ['-a < 0', true, 'a sign'],
    ['- -a == 1', true, 'two signs'],
    ['a < 0 and b < 0 or c == 3', true, 'and before or'],
    ['a < 0 && (b < 0 || c == 3)', false, 'parentheses around conditions'],
    ['not a < 0 and b == 2', true, 'not before and'],
    ['not (a < 0 or b == 2)', false, 'not of a whole condition'],
    ['not not a == 1', true, 'twice not'],
    ['A < 0 OR a == 1', true, 'words in capitals'],
    ['c > a and c > b and c > 2', true, 'three conditions'],
  ])('%s', (text, holds, reason) => {
    expect(outcome(text, { ...SHOWN, A: 5 }), reason).toMatchObject({ holds });
  });

  it.each<[string, boolean | undefined]>([
    ['a < 2 or u < 1', true],
    ['u < 1 or a < 2', true],
    ['a > 2 or u < 1', undefined],
    ['a > 2 and u < 1', false],
    ['u < 1 and a > 2', false],
    ['a < 2 and u < 1', undefined],
    ['not (u < 1 and a > 2)', true],
    ['n < 1', undefined],
    ['i > 1', undefined],
    ['a / z > 1', undefined],
    ['not n < 1', undefined],
  ])('%s, of which one side is not known', (text, holds) => {
    expect(outcome(text).holds).toBe(holds);
  });

  it.each([
    ['a < 2 and b < 2', { text: 'b', comparator: '<' }, 2, 2],
    ['a > 2 or b > 2', { text: 'a', comparator: '>' }, 1, 2],
    ['a < 2 and b < 3', { text: 'a' }, 1, 2],
    ['not (a + b > 2)', { text: 'a + b', comparator: '<=' }, 3, 2],
    ['5 < c * 2', { text: 'c * 2', comparator: '>' }, 6, 5],
  ])('%s says which comparison decided it', (text, by, value, limit) => {
    expect(outcome(text)).toMatchObject({ by, value, limit });
  });

  it('says why it is unknown', () => {
    expect(outcome('a < 2 and u < 1')).toEqual({ holds: undefined, reason: 'u is unknown' });
    expect(outcome('a / z > 1')).toEqual({ holds: undefined, reason: 'The value of a / z is no number: Infinity' });
  });
});

describe('a function over a window', () => {
  it.each([
    ['avg(x, 5m) < 1', 'avg(x, 5m)', { how: 'avg', windowMs: 300_000 }],
    ['avg_over_time(x[5m]) < 1', 'avg(x, 5m)', { how: 'avg', windowMs: 300_000 }],
    ['rate( x [90s] ) < 1', 'rate(x, 1m30s)', { how: 'rate', windowMs: 90_000 }],
    ['quantile(0.95, [x], 1h) < 1', 'quantile(0.95, x, 1h)', { how: 'quantile', windowMs: 3_600_000, quantile: 0.95 }],
    ['quantile_over_time(95%, x[1m]) < 1', 'quantile(0.95, x, 1m)', { how: 'quantile', windowMs: 60_000, quantile: 0.95 }],
  ])('%s', (constraint, text, over) => {
    expect(measuredBy(parseConstraint(constraint))).toEqual([{ kind: 'leaf', text, metric: 'x', over }]);
  });

  it('is a measure of its own, each once', () => {
    const leaves = measuredBy(parseConstraint('rate(e, 5m) / rate(r, 5m) < 1% or rate( r,5m ) < 1 and r > 0'));
    expect(leaves.map(({ text }) => text)).toEqual(['rate(e, 5m)', 'rate(r, 5m)', 'r']);
  });
});

describe('parseConstraint refuses', () => {
  it.each([
    ['', 0, "Write a metric, a number or '(' here: found the end"],
    ['a', 0, 'a constraint is a condition that must hold'],
    ['a + 1', 0, 'a constraint is a condition that must hold'],
    ['a < ', 4, 'found the end'],
    ['a < 1 2', 6, "Write 'and', 'or', a comparison or an operator here: found '2'"],
    ['1 < a < 5', 6, "Join comparisons by 'and' or 'or'"],
    ['1 < 2', 0, "'1 < 2' names none"],
    ['a < 1 and 1 < 2', 10, "'1 < 2' names none"],
    ['(a < 1) + 2 < 3', 0, 'a condition has no value'],
    ['a < 1 or b', 9, 'a constraint is a condition'],
    ['!a < 1', 1, 'a constraint is a condition'],
    ['a = 1', 2, "write '=='"],
    ["a < 'str'", 4, 'a metric has no text'],
    ['a =~ "x"', 2, 'matches no pattern'],
    ['a{x="1"} < 1', 1, 'write the selection as a query'],
    ['a < 0xg', 4, "Cannot read the unit 'xg'"],
    ['a < 5 parsecs', 6, "found 'parsecs'"],
    ['a < 5parsecs', 4, "Cannot read the unit 'parsecs'"],
    ['a < 1e999', 4, 'Write a smaller number'],
    ['a ** 2 < 1', 2, "as 'a * a'"],
    ['a < 1 & b < 2', 6, "'&&'"],
    ['a < 1 ? b < 1 : c < 1', 6, 'write both cases'],
    ['true', 0, "found 'true'"],
    ['[a b] < 1', 0, "Write the name of a metric here: found '[a b]'"],
    ['a.b < 1', 1, "Cannot use '.'"],
    ['a[5m] < 1', 1, "as 'avg(a, 5m)'"],
    ['avg(a) < 1', 5, "Write ',' here: found ')'"],
    ['avg(a + b, 5m) < 1', 6, "Write ',' here: found '+'"],
    ['avg(a, 5) < 1', 7, 'Write a window like 5m here'],
    ['avg(a, 0s) < 1', 7, 'Write a window of up to 1h'],
    ['avg(a, 2h) < 1', 7, 'Write a window of up to 1h'],
    ['quantile(a, 5m) < 1', 9, 'a number between 0 and 1'],
    ['quantile(95, a, 5m) < 1', 9, 'a number between 0 and 1'],
    ['median(a, 5m) < 1', 0, 'functions are avg, max, min'],
    ['a < 1 / 0', 8, 'Divide by another number'],
    ['(a < 1', 6, "Write ')' here: found the end"],
    [`${'('.repeat(60)}a < 1`, 51, 'at most 50 levels'],
    [`a < ${'1 + '.repeat(300)}1`, 1000, 'at most 1000 characters'],
  ])('%j', (text, at, message) => {
    const error = (() => {
      try {
        return parseConstraint(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(ConstraintError);
    expect(error).toMatchObject({ at, message: expect.stringContaining(message) });
  });
});

const NAMES = ['a', 'b', 'c', 'u'] as const;
const COMPARING = ['<', '<=', '>', '>=', '==', '!='] as const;

type Values = Readonly<Record<string, number | undefined>>;

interface Sentence {
  readonly text: string;
  readonly value: (shown: Values) => number | undefined;
}

const leaf = fc.constantFrom(...NAMES).map((name): Sentence => ({ text: name, value: (shown) => shown[name] }));
const number = fc.integer({ min: 0, max: 5 }).map((one): Sentence => ({ text: `${one}`, value: () => one }));

/** Every part in parentheses: what is meant doesn't hang on precedence. */
const expression = fc.letrec<{ expression: Sentence }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    number,
    fc.tuple(tie('expression'), fc.constantFrom('+', '-', '*'), tie('expression')).map(([left, operator, right]) => ({
      text: `(${left.text} ${operator} ${right.text})`,
      value: (shown: Values) => {
        const [x, y] = [left.value(shown), right.value(shown)];
        if (x === undefined || y === undefined) return undefined;
        return operator === '+' ? x + y : operator === '-' ? x - y : x * y;
      },
    })),
  ),
})).expression;

/** 1 holds, 0 doesn't, undefined is unknown; a comparison always names a metric. */
const comparison = fc.tuple(leaf, expression, fc.constantFrom(...COMPARING), expression).map(
  ([metric, more, comparator, right]): Sentence => ({
    text: `${metric.text} + ${more.text} ${comparator} ${right.text}`,
    value: (shown) => {
      const [x, more_, y] = [metric.value(shown), more.value(shown), right.value(shown)];
      if (x === undefined || more_ === undefined || y === undefined) return undefined;
      return {
        '<': x + more_ < y,
        '<=': x + more_ <= y,
        '>': x + more_ > y,
        '>=': x + more_ >= y,
        '==': x + more_ === y,
        '!=': x + more_ !== y,
      }[comparator]
        ? 1
        : 0;
    },
  }),
);

/** Kleene's tables, with 0.5 for unknown: `and` is the least, `or` the greatest, `not` the rest to 1. */
const sentence = fc.letrec<{ sentence: Sentence }>((tie) => ({
  sentence: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    tie('sentence').map(({ text, value }) => ({
      text: `not (${text})`,
      value: (shown: Values) => {
        const held = value(shown);
        return held === undefined ? undefined : 1 - held;
      },
    })),
    fc.tuple(fc.constantFrom('and', 'or'), tie('sentence'), tie('sentence')).map(([word, left, right]) => ({
      text: `(${left.text}) ${word} (${right.text})`,
      value: (shown: Values) => {
        const sides = [left.value(shown) ?? 0.5, right.value(shown) ?? 0.5];
        const held = word === 'and' ? Math.min(...sides) : Math.max(...sides);
        return held === 0.5 ? undefined : held;
      },
    })),
  ),
})).sentence;

describe('laws', () => {
  it('a constraint holds as the tables of three values say', () => {
    const values = fc.record({
      a: fc.integer({ min: -3, max: 6 }),
      b: fc.integer({ min: -3, max: 6 }),
      c: fc.integer({ min: -3, max: 6 }),
    });
    fc.assert(
      fc.property(sentence, values, ({ text, value }, shown) => {
        fc.pre(text.length <= 1_000);
        const expected = value(shown);
        const { holds } = outcome(text, { ...shown, u: 'unknown' });
        expect(holds).toBe(expected === undefined ? undefined : expected === 1);
      }),
      { numRuns: 300 },
    );
  });

  it('a constraint printed from its tree is read as the same tree', () => {
    fc.assert(
      fc.property(sentence, ({ text }) => {
        fc.pre(text.length <= 1_000);
        const condition = conditionOf(parseConstraint(text));
        const again = print(condition);
        if (again.length <= 1_000) expect(withoutText(conditionOf(parseConstraint(again)))).toEqual(withoutText(condition));
      }),
      { numRuns: 200 },
    );
  });

  it('no text is read for ever or fails but as a ConstraintError', () => {
    const words = fc.array(fc.constantFrom('a', '1', '(', ')', '<', 'and', 'not', '!', '-', 'avg(', ',', '5m', '[', ']', '%', 'x', ' '), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          words.map((list) => list.join('')),
        ),
        (text) => {
          try {
            parseConstraint(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ConstraintError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

function print(part: Condition | Expression): string {
  switch (part.kind) {
    case 'number':
      return part.value < 0 ? `(-${-part.value})` : `${part.value}`;
    case 'leaf':
      return (part as Leaf).text;
    case 'arithmetic':
      return `(${print(part.left)} ${part.operator} ${print(part.right)})`;
    case 'comparison':
      return `${print(part.left)} ${part.comparator as Comparator} ${print(part.right)}`;
    default:
      return `(${part.of.map(print).join(part.kind === 'all' ? ' and ' : ' or ')})`;
  }
}

function withoutText(condition: Condition): unknown {
  return JSON.parse(JSON.stringify(condition, (key, value) => (key === 'text' ? undefined : value)));
}
