import { METRIC_NAME } from '../metric.ts';
import { formatDuration, parseDuration } from '../units.ts';
import {
  type Arithmetic,
  COMPARATORS,
  type Comparator,
  type Comparison,
  type Condition,
  calculate,
  type Expression,
  type Leaf,
  mirrored,
  opposite,
  WINDOW_FUNCTIONS,
  type WindowFunction,
} from './expression.ts';
import { ConstraintError, type Token, tokensOf } from './tokens.ts';

const MAX_DEPTH = 50;
const MAX_WINDOW_MS = 3_600_000;

type Part = Condition | Expression;

interface Parsed {
  readonly part: Part;
  readonly at: number;
  readonly end: number;
}

/**
 * Reads a constraint. From the weakest to the strongest: `or`, `and`, `not`, one comparison, `+ -`, `* / %`, a sign.
 * @throws ConstraintError at what is wrong, when `text` is none: a constraint compares, and names a metric in each comparison.
 */
export function parseCondition(text: string): Condition {
  const parser = new Parser(text);
  return parser.whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): Condition {
    const parsed = this.#either();
    const { kind, text, at } = this.#peek();
    if (kind === 'end') return condition(parsed);
    if (isComparator(text)) throw new ConstraintError(at, `Join comparisons by 'and' or 'or': found a second '${text}'`);
    throw new ConstraintError(at, `Write 'and', 'or', a comparison or an operator here: found ${shown(this.#peek())}`);
  }

  #either(): Parsed {
    return this.#joined('any', ['or', '||'], () => this.#joined('all', ['and', '&&'], () => this.#negated()));
  }

  #joined(kind: 'all' | 'any', words: readonly string[], parse: () => Parsed): Parsed {
    const first = parse();
    const of = [first];
    while (this.#takes(words)) of.push(parse());
    if (of.length === 1) return first;
    const conditions = of.map(condition).flatMap((one) => (one.kind === kind ? one.of : [one]));
    return { part: { kind, of: conditions }, at: first.at, end: of.at(-1)?.end ?? first.end };
  }

  #negated(): Parsed {
    const { at } = this.#peek();
    if (!this.#takes(['not'])) return this.#comparison();
    const parsed = this.#deeper(() => this.#negated());
    return { ...parsed, part: opposite(condition(parsed)), at };
  }

  #comparison(): Parsed {
    const left = this.#chain(['+', '-'], () => this.#chain(['*', '/', '%'], () => this.#signed()));
    const comparator = COMPARATORS.find((one) => this.#takes([one]));
    if (comparator === undefined) return left;
    const right = this.#chain(['+', '-'], () => this.#chain(['*', '/', '%'], () => this.#signed()));
    return { part: this.#compared(left, comparator, right), at: left.at, end: right.end };
  }

  #compared(left: Parsed, comparator: Comparator, right: Parsed): Comparison {
    const [a, b] = [expression(left), expression(right)];
    if (a.kind === 'number' && b.kind === 'number') {
      throw new ConstraintError(left.at, `Compare a metric: '${this.#text.slice(left.at, right.end)}' names none`);
    }
    const text = ({ at, end }: Parsed) => this.#text.slice(at, end).replaceAll(/\s+/g, ' ');
    if (a.kind === 'number') return { kind: 'comparison', comparator: mirrored(comparator), left: b, right: a, text: text(right) };
    return { kind: 'comparison', comparator, left: a, right: b, text: text(left) };
  }

  #chain(operators: readonly Arithmetic['operator'][], parse: () => Parsed): Parsed {
    let left = parse();
    for (;;) {
      const operator = operators.find((one) => this.#takes([one]));
      if (operator === undefined) return left;
      const right = parse();
      const part = calculated(operator, expression(left), expression(right));
      if (part.kind === 'number' && !Number.isFinite(part.value)) throw new ConstraintError(right.at, 'Divide by another number than 0');
      left = { part, at: left.at, end: right.end };
    }
  }

  #signed(): Parsed {
    const { at, text } = this.#peek();
    if (this.#takes(['-', '+'])) {
      const parsed = this.#deeper(() => this.#signed());
      const value = expression(parsed);
      return { part: text === '-' ? calculated('*', { kind: 'number', value: -1 }, value) : value, at, end: parsed.end };
    }
    if (!this.#takes(['!'])) return this.#primary();
    const parsed = this.#deeper(() => this.#signed());
    return { ...parsed, part: opposite(condition(parsed)), at };
  }

  #primary(): Parsed {
    const token = this.#take();
    const { kind, text, at, end, value } = token;
    if (kind === 'number') return { part: { kind: 'number', value }, at, end };
    if (kind === 'bracket') return { part: { kind: 'leaf', text: metricName(token), metric: text.trim() }, at, end };
    if (kind === 'name' && !isWord(text)) {
      if (this.#peek().text === '(') return this.#call(token);
      if (this.#peek().kind === 'bracket')
        throw new ConstraintError(this.#peek().at, `Write a window in a function, as 'avg(${text}, 5m)'`);
      return { part: { kind: 'leaf', text, metric: text }, at, end };
    }
    if (text !== '(' || kind !== 'symbol') throw new ConstraintError(at, `Write a metric, a number or '(' here: found ${shown(token)}`);
    const inner = this.#deeper(() => this.#either());
    return { part: inner.part, at, end: this.#expect(')').end };
  }

  /** `avg(metric, 5m)`, `quantile(0.95, metric, 5m)`; `avg_over_time(metric[5m])` says the same. */
  #call(name: Token): Parsed {
    const how = WINDOW_FUNCTIONS.find((one) => one === name.text || `${one}_over_time` === name.text);
    if (how === undefined) throw new ConstraintError(name.at, `Cannot call '${name.text}': functions are ${WINDOW_FUNCTIONS.join(', ')}`);
    this.#expect('(');
    const quantile = how === 'quantile' ? this.#quantile() : undefined;
    const metric = metricName(this.#take());
    const window = this.#peek().kind === 'bracket' ? this.#take() : this.#afterComma();
    const windowMs = windowOf(window, this.#text);
    const { end } = this.#expect(')');
    const text = `${how}(${quantile === undefined ? '' : `${quantile}, `}${metric}, ${formatDuration(windowMs)})`;
    return { part: leaf(text, metric, how, windowMs, quantile), at: name.at, end };
  }

  #quantile(): number {
    const { value, at } = this.#take();
    if (!(value >= 0 && value <= 1)) throw new ConstraintError(at, 'Write which quantile first, a number between 0 and 1');
    this.#expect(',');
    return value;
  }

  #afterComma(): Token {
    this.#expect(',');
    return this.#take();
  }

  #deeper<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new ConstraintError(this.#peek().at, `Write a constraint of at most ${MAX_DEPTH} levels`);
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #takes(words: readonly string[]): boolean {
    const { kind, text } = this.#peek();
    const found = kind === 'name' ? words.includes(text.toLowerCase()) : kind === 'symbol' && words.includes(text);
    if (found) this.#next += 1;
    return found;
  }

  #expect(symbol: string): Token {
    const token = this.#peek();
    if (!this.#takes([symbol])) throw new ConstraintError(token.at, `Write '${symbol}' here: found ${shown(token)}`);
    return token;
  }
}

function condition({ part, at }: Parsed): Condition {
  if (part.kind === 'comparison' || part.kind === 'all' || part.kind === 'any') return part;
  throw new ConstraintError(at, 'Compare with something: a constraint is a condition that must hold, as in `deadlines_missed < 1`');
}

function expression({ part, at }: Parsed): Expression {
  if (part.kind === 'number' || part.kind === 'leaf' || part.kind === 'arithmetic') return part;
  throw new ConstraintError(at, 'Write a number here: a condition has no value to compare or to calculate with');
}

function calculated(operator: Arithmetic['operator'], left: Expression, right: Expression): Expression {
  if (left.kind !== 'number' || right.kind !== 'number') return { kind: 'arithmetic', operator, left, right };
  return { kind: 'number', value: calculate(operator, left.value, right.value) };
}

function leaf(text: string, metric: string, how: WindowFunction, windowMs: number, quantile: number | undefined): Leaf {
  return { kind: 'leaf', text, metric, over: { how, windowMs, ...(quantile === undefined ? {} : { quantile }) } };
}

function metricName(token: Token): string {
  const name = token.text.trim();
  if ((token.kind === 'name' || token.kind === 'bracket') && METRIC_NAME.test(name) && !isWord(name)) return name;
  throw new ConstraintError(token.at, `Write the name of a metric here: found ${shown(token)}`);
}

function windowOf({ kind, text, at }: Token, source: string): number {
  const windowMs = kind === 'number' || kind === 'bracket' ? durationOf(text) : undefined;
  if (windowMs === undefined) throw new ConstraintError(at, `Write a window like 5m here: found '${source.slice(at, at + 10)}'`);
  if (windowMs > 0 && windowMs <= MAX_WINDOW_MS) return windowMs;
  throw new ConstraintError(at, `Write a window of up to ${formatDuration(MAX_WINDOW_MS)}, or a query for a longer one`);
}

function durationOf(text: string): number | undefined {
  try {
    return parseDuration(text.trim());
  } catch {
    return undefined;
  }
}

function isWord(text: string): boolean {
  return ['and', 'or', 'not', 'true', 'false'].includes(text.toLowerCase());
}

function isComparator(text: string): boolean {
  return COMPARATORS.some((one) => one === text);
}

function shown({ kind, text }: Token): string {
  if (kind === 'end') return text;
  return kind === 'bracket' ? `'[${text}]'` : `'${text}'`;
}
