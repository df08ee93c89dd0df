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

interface Points {
  readonly samples: readonly Sample[];
  /** Where the text goes on. */
  readonly end: number;
}

/**
 * The samples of `[[1700000000.123,"1"],…` from its second bracket on, which is most of an answer: `JSON.parse` would make an array and a text of each.
 * Undefined where it is written in another way, or ends too early. What is scraped together and shows the same is written the same, and read once.
 */
export function readPoints(bytes: Buffer, from: number): Points | undefined {
  const last = LAST[slotOf(bytes, from)] as Last;
  const knownEnd = from + last.length;
  if (last.length > 0 && knownEnd <= bytes.length && bytes.compare(last.text, 0, last.length, from, knownEnd) === 0)
    return { samples: last.samples, end: knownEnd };
  const points = parsePoints(bytes, from);
  if (points === undefined || points.end - from > MAX_KEPT) return points;
  last.length = bytes.copy(last.text, 0, from, points.end);
  last.samples = points.samples;
  return points;
}

interface Last {
  readonly text: Buffer;
  length: number;
  samples: readonly Sample[];
}

const MAX_KEPT = 1_024;
/** What was read last, by how it begins. */
const LAST = Array.from({ length: 256 }, (): Last => ({ text: Buffer.allocUnsafe(MAX_KEPT), length: 0, samples: [] }));

/** By a time and a value. */
function slotOf(bytes: Buffer, from: number): number {
  let hash = 0;
  for (let at = from; at < from + 24; at += 1) hash = (hash * 31 + (bytes[at] ?? 0)) | 0;
  return hash & 255;
}

function parsePoints(bytes: Buffer, from: number): Points | undefined {
  let count = 0;
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
    SCRATCH[count] = shared(Math.round(atMs), value);
    count += 1;
    at += 2;
    if (bytes[at] === CLOSE) return { samples: SCRATCH.slice(0, count), end: at + 1 };
    if (bytes[at] !== COMMA) return undefined;
    at += 1;
  }
}

/** Grows to the longest series, so that none is copied while it is read. */
const SCRATCH: Sample[] = [];
const SLOTS = 4_096;
const SHARED: (Sample | undefined)[] = new Array<Sample | undefined>(SLOTS).fill(undefined);

/** What is scraped together has one time, and much of it one value: most samples are there already. */
function shared(atMs: number, value: number): Sample {
  const slot = ((atMs / 125) * 31 + value * 7) & (SLOTS - 1);
  const known = SHARED[slot];
  if (known !== undefined && known.atMs === atMs && Object.is(known.value, value)) return known;
  const sample = { atMs, value };
  SHARED[slot] = sample;
  return sample;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
