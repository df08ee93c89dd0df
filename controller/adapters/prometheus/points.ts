import type { Series } from '../../ports.ts';

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const DOT = 0x2e;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Text that `Number` doesn't read as Prometheus writes it: NaN is the same in both. */
export function readValue(text: string): number {
  return text === '+Inf' || text === '-Inf' ? Number(`${text}inity`) : Number(text);
}

interface Points extends Pick<Series, 'timesMs' | 'values'> {
  /** Where the text goes on. */
  readonly end: number;
}

/**
 * The samples after `fromMs` of `[[1700000000.123,"1"],…` from its second bracket on, which is most of an answer: `JSON.parse` would make an array
 * and a text of each. Undefined where it is written in another way, or ends too early.
 */
export function readPoints(bytes: Buffer, start: number, fromMs: number): Points | undefined {
  let count = 0;
  let at = start;
  for (;;) {
    if (bytes[at] !== OPEN) return undefined;
    const atMs = Math.round(readDecimal(bytes, at + 1) * 1_000);
    if (Number.isNaN(atMs) || bytes[decimalEnd] !== COMMA || bytes[decimalEnd + 1] !== QUOTE) return undefined;
    const valueAt = decimalEnd + 2;
    let value = readDecimal(bytes, valueAt);
    at = decimalEnd;
    if (Number.isNaN(value) || bytes[at] !== QUOTE) {
      at = bytes.indexOf(QUOTE, valueAt);
      if (at === -1) return undefined;
      value = readValue(bytes.toString('latin1', valueAt, at));
    }
    if (bytes[at + 1] !== CLOSE) return undefined;
    if (atMs > fromMs) {
      TIMES[count] = atMs;
      VALUES[count] = value;
      count += 1;
    }
    at += 2;
    if (bytes[at] === CLOSE) return { timesMs: timesOf(count), values: VALUES.slice(0, count), end: at + 1 };
    if (bytes[at] !== COMMA) return undefined;
    at += 1;
  }
}

/** Where the last number that was read ends. */
let decimalEnd = 0;

/**
 * A number without an exponent whose digits are few enough: the quotient of two that are exact is rounded as `Number` rounds it (W. D. Clinger,
 * 1990). NaN where it is none.
 */
function readDecimal(bytes: Buffer, start: number): number {
  const isNegative = bytes[start] === MINUS;
  const firstAt = isNegative ? start + 1 : start;
  let at = firstAt;
  let number = 0;
  for (; isDigit(bytes[at]); at += 1) number = number * 10 + ((bytes[at] as number) - ZERO);
  const whole = at - firstAt;
  let decimals = 0;
  if (bytes[at] === DOT) {
    for (at += 1; isDigit(bytes[at]); at += 1) number = number * 10 + ((bytes[at] as number) - ZERO);
    decimals = at - firstAt - whole - 1;
  }
  decimalEnd = at;
  if (whole === 0 || number > Number.MAX_SAFE_INTEGER || decimals >= POWERS.length) return Number.NaN;
  const value = decimals === 0 ? number : number / (POWERS[decimals] as number);
  return isNegative ? -value : value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Up to the last of them a power of ten is exact in a double. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** They grow to the longest series, so that none is copied while it is read. Doubles from the start: a list of those is kept flat. */
const TIMES = [0.5];
const VALUES = [0.5];

let lastTimes: readonly number[] = [];

/** Series that are scraped together have the same times. */
function timesOf(count: number): readonly number[] {
  let isSame = lastTimes.length === count;
  for (let at = 0; isSame && at < count; at += 1) isSame = lastTimes[at] === TIMES[at];
  if (!isSame) lastTimes = TIMES.slice(0, count);
  return lastTimes;
}
