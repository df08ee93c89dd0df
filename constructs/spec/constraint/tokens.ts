import { parseDuration } from '../units.ts';

/** What is wrong with a constraint, and where: `at` counts characters from its beginning. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export interface Token {
  /** `bracket` is `[…]`: its text is what stands inside. */
  readonly kind: 'number' | 'name' | 'bracket' | 'symbol' | 'end';
  readonly text: string;
  /** Of a number, its unit counted in. */
  readonly value: number;
  readonly at: number;
  readonly end: number;
}

const MAX_LENGTH = 1_000;
const SPACE = /\s*/y;
const NUMBER = /(0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![a-zA-Z0-9]))?)([a-zA-Z][a-zA-Z0-9]*|%)?/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const BRACKET = /\[([^\]]*)\]/y;
const SYMBOL = /&&|\|\||==|!=|<=|>=|=~|!~|\*\*|<<|>>|\?\?|[-<>!+*/%(),=&|^~?:]/y;

/** Shares are ratios, times are seconds, sizes are bytes: what Prometheus' own conventions have. */
const UNITS: Readonly<Record<string, number>> = {
  '%': 0.01,
  ...{ ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 },
  ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 },
};

/** What SLALite's expressions may hold beyond ours, and what to write instead. */
const REFUSED: Readonly<Record<string, string>> = {
  '=': "'=' compares nothing: write '=='",
  '=~': 'a metric is a number, and matches no pattern',
  '!~': 'a metric is a number, and matches no pattern',
  '**': "write powers out, as 'a * a'",
  '&': "write 'and', or '&&'",
  '|': "write 'or', or '||'",
  '?': "write both cases, as 'a < 1 and b < 2 or c < 3'",
  '??': 'a metric without a value makes the constraint unknown, and has no default',
};

/**
 * The words of a constraint, the last one of kind `end`.
 * @throws ConstraintError at what is none.
 */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) throw new ConstraintError(MAX_LENGTH, `Write a constraint of at most ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  for (let at = skip(text, 0); at < text.length; at = skip(text, tokens.at(-1)?.end ?? at)) tokens.push(tokenAt(text, at));
  return [...tokens, { kind: 'end', text: 'the end', value: Number.NaN, at: text.length, end: text.length }];
}

function skip(text: string, at: number): number {
  return at + (match(SPACE, text, at)?.[0].length ?? 0);
}

function tokenAt(text: string, at: number): Token {
  const number = match(NUMBER, text, at);
  if (number !== undefined) return { ...token('number', number[0], at), value: numberOf(number, at) };
  const name = match(NAME, text, at);
  if (name !== undefined) return token('name', name[0], at);
  const bracket = match(BRACKET, text, at);
  if (bracket !== undefined) return { ...token('bracket', bracket[0], at), text: bracket[1] ?? '' };
  const symbol = match(SYMBOL, text, at)?.[0];
  if (symbol === undefined) throw new ConstraintError(at, strange(text[at] ?? ''));
  const refused = REFUSED[symbol];
  if (refused !== undefined) throw new ConstraintError(at, `Cannot use '${symbol}' in a constraint: ${refused}`);
  return token('symbol', symbol, at);
}

function token(kind: Token['kind'], text: string, at: number): Token {
  return { kind, text, value: Number.NaN, at, end: at + text.length };
}

function numberOf([whole = '', number = '', unit]: RegExpExecArray, at: number): number {
  if (unit === undefined) return finite(Number(number), at);
  const factor = UNITS[unit];
  if (factor !== undefined) return finite(inUnit(number, unit, factor), at);
  try {
    return parseDuration(whole) / 1000;
  } catch {
    throw new ConstraintError(at, `Cannot read the unit '${unit}': units are %, ms to d, B, kB to TB and KiB to TiB`);
  }
}

/** 0.07 for 7%, which 7 × 0.01 isn't quite: a decimal fraction is divided by, not multiplied. */
function inUnit(number: string, unit: string, factor: number): number {
  if (unit === '%') return Number(number) / 100;
  return unit === 'ms' ? Number(number) / 1000 : Number(number) * factor;
}

function finite(value: number, at: number): number {
  if (Number.isFinite(value)) return value;
  throw new ConstraintError(at, 'Write a smaller number');
}

function strange(character: string): string {
  if (character === "'" || character === '"') return 'Compare with a number: a metric has no text';
  if (character === '{') return 'Cannot select series by labels in a constraint: write the selection as a query';
  return `Cannot use '${character}' in a constraint`;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
