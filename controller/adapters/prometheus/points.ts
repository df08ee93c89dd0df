import type { Sample } from '../../ports.ts';

const [OPEN, CLOSE, COMMA, DOT, QUOTE, ZERO, NINE] = [...'[],."09'].map((character) => character.charCodeAt(0)) as [
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

/**
 * The samples of `[[1700000000.123,"1"],…` from its second bracket on, which is most of an answer: `JSON.parse` would make an array and a text of each.
 * Gives where the text goes on; undefined where it is written in another way, or ends too early.
 */
export function readPoints(bytes: Buffer, from: number): { readonly samples: readonly Sample[]; readonly end: number } | undefined {
  const samples: Sample[] = [];
  let at = from;
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
    const start = at + 2;
    let value = 0;
    for (at = start; isDigit(bytes[at]); at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
    if (bytes[at] !== QUOTE || at === start || at - start > 15) {
      const end = bytes.indexOf(QUOTE, start);
      if (end === -1) return undefined;
      value = readValue(bytes.toString('latin1', start, end));
      at = end;
    }
    if (bytes[at + 1] !== CLOSE) return undefined;
    samples.push({ atMs: Math.round(atMs), value });
    at += 2;
    if (bytes[at] === CLOSE) return { samples, end: at + 1 };
    if (bytes[at] !== COMMA) return undefined;
    at += 1;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
