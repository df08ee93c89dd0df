import type { Series } from '../../ports.ts';

const [OPEN, CLOSE, COMMA, DOT, QUOTE, MINUS, ZERO, NINE] = [...'[],."-09'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

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
    at += 1;
    let atMs = 0;
    for (; isDigit(bytes[at]); at += 1) atMs = atMs * 10 + (bytes[at] as number) - ZERO;
    atMs *= 1_000;
    if (bytes[at] === DOT) {
      let unit = 100;
      for (at += 1; isDigit(bytes[at]); at += 1) {
        atMs += ((bytes[at] as number) - ZERO) * unit;
        unit /= 10;
      }
    }
    if (bytes[at] !== COMMA || bytes[at + 1] !== QUOTE) return undefined;
    const first = at + 2;
    at = bytes[first] === MINUS ? first + 1 : first;
    const digitsAt = at;
    let number = 0;
    for (; isDigit(bytes[at]); at += 1) number = number * 10 + (bytes[at] as number) - ZERO;
    const whole = at - digitsAt;
    let decimals = 0;
    if (bytes[at] === DOT) {
      for (at += 1; isDigit(bytes[at]); at += 1) number = number * 10 + (bytes[at] as number) - ZERO;
      decimals = at - digitsAt - whole - 1;
    }
    let value: number;
    if (bytes[at] === QUOTE && whole > 0 && whole + decimals <= MAX_DIGITS) {
      value = decimals === 0 ? number : number / (POWERS[decimals] as number);
      if (digitsAt > first) value = -value;
    } else {
      at = bytes.indexOf(QUOTE, first);
      if (at === -1) return undefined;
      value = readValue(bytes.toString('latin1', first, at));
    }
    if (bytes[at + 1] !== CLOSE) return undefined;
    atMs = Math.round(atMs);
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

/** A whole number of so many digits and a power of ten are exact in a double, so that one division rounds as `Number` does (W. D. Clinger, 1990). */
const MAX_DIGITS = 15;
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

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

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
