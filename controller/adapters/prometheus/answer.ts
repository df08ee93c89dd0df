import { Failure } from '../../errors.ts';
import type { Series } from '../../ports.ts';
import { between } from '../../series.ts';
import { readPoints, readValue } from './points.ts';

/** An answer of Prometheus' HTTP API without its series, which were given away as they came. */
export interface Answer {
  readonly status?: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data?: unknown;
}

type Point = readonly [number, string];

interface Result {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

type Named = Pick<Series, 'name' | 'labels'>;

/** Names and labels that were read before, by their text: the same series comes again and again. */
export type KnownSeries = Map<string, Named>;

/** Beyond it all are forgotten. */
const MAX_KNOWN = 200_000;

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [...'"\\{}[]'].map((character) =>
  character.charCodeAt(0),
) as [number, number, number, number, number, number];
/** `data.result`'s elements: in the answer, in `data`, in `result`. */
const DEPTH_OF_SERIES = 3;
const METRIC = '{"metric":{';
const VALUES = Buffer.from(',"values":[');
/** Longer ones are read in the general way. */
const MAX_LABELS = 2_048;

export interface Reading {
  readonly found: (series: Series) => void;
  readonly known: KnownSeries;
  /** Samples up to here are passed over. */
  readonly fromMs: number;
}

/**
 * Reads an answer while it comes: no more of its text is held than one series. Each series goes to `found`; in what is returned, a 0 stands in
 * its place. Undefined when it is no JSON.
 */
export async function readAnswer(chunks: AsyncIterable<Buffer>, reading: Reading): Promise<Answer | undefined> {
  const reader = new AnswerReader(reading);
  try {
    for await (const chunk of chunks) reader.read(chunk);
    const answer: unknown = JSON.parse(reader.rest());
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Follows strings and brackets only: what stands between them is read when a series is whole. */
class AnswerReader {
  readonly #reading: Reading;
  /** A byte is a character: text in UTF-8 may be cut anywhere. Holds no part of a chunk. */
  #rest = '';
  #series: Buffer[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(chunk: Buffer): void {
    let from = 0;
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let valuesAt = chunk.indexOf(VALUES);
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === DEPTH_OF_SERIES && byte === OPEN_BRACE) {
          this.#rest += `${chunk.toString('latin1', from, at)}0`;
          from = at;
          if (valuesAt !== -1 && valuesAt < at) valuesAt = chunk.indexOf(VALUES, at);
          const end = rangeIn(chunk, at, valuesAt, this.#reading);
          if (end !== undefined) {
            from = end;
            at = end - 1;
            continue;
          }
        }
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === DEPTH_OF_SERIES && byte === CLOSE_BRACE) {
          this.#seriesEnds(chunk.subarray(from, at + 1));
          from = at + 1;
        }
      }
    }
    if (depth > DEPTH_OF_SERIES) this.#series.push(chunk.subarray(from));
    else this.#rest += chunk.toString('latin1', from);
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
  }

  rest(): string {
    return Buffer.from(this.#rest, 'latin1').toString('utf8');
  }

  #seriesEnds(last: Buffer): void {
    const bytes = this.#series.length === 0 ? last : Buffer.concat([...this.#series, last]);
    this.#series = [];
    if (rangeIn(bytes, 0, bytes.indexOf(VALUES), this.#reading) !== undefined) return;
    const { found, fromMs } = this.#reading;
    found(between(readSeries(JSON.parse(bytes.toString('utf8'))), fromMs, Number.POSITIVE_INFINITY));
  }
}

/**
 * Reads a series that begins at `from`, when all of it is there and it is written as Prometheus writes a range: most of an answer, at once.
 * Gives where it ends; undefined when it is anything else.
 * @param end where its labels end, as {@link VALUES} stand there: no quote stands unescaped in a label, so that they can't be part of one.
 */
function rangeIn(bytes: Buffer, from: number, end: number, { found, known, fromMs }: Reading): number | undefined {
  if (end === -1 || end > from + MAX_LABELS) return undefined;
  const text = bytes.toString('latin1', from, end);
  // Where it has no values, they are those of another one.
  if (!text.startsWith(METRIC) || text.includes('"metric":', 2)) return undefined;
  const points = readPoints(bytes, end + VALUES.length, fromMs);
  if (points === undefined || bytes[points.end] !== CLOSE_BRACE) return undefined;
  const { name, labels } = known.get(text) ?? named(text, bytes.toString('utf8', from, end), known);
  found({ name, labels, timesMs: points.timesMs, values: points.values });
  return points.end + 1;
}

function named(key: string, text: string, known: KnownSeries): Named {
  const { name, labels } = readSeries(JSON.parse(`${text}}`));
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, { name, labels });
  return { name, labels };
}

/** What a query answered that was not read as it came. @throws terminal Failure for what is none. */
export function readResult(answered: unknown, source: string): readonly Series[] {
  const data = answered as { readonly resultType?: string; readonly result?: unknown } | undefined;
  if (data?.resultType === 'scalar') return [readSeries({ value: data.result as Point })];
  if ((data?.resultType !== 'vector' && data?.resultType !== 'matrix') || !Array.isArray(data.result)) {
    throw new Failure('terminal', `Cannot read the answer of ${source}: its result is of type ${String(data?.resultType)}`);
  }
  return (data.result as readonly (Result | 0)[]).flatMap((result) => (result === 0 ? [] : [readSeries(result)]));
}

/** Native histograms have no values: a series without samples. */
function readSeries({ metric = {}, value, values }: Result): Series {
  const { __name__: name = '', ...labels } = metric;
  const points = values ?? (value === undefined ? [] : [value]);
  const timesMs = points.map(([seconds]) => Math.round(seconds * 1000));
  return { name, labels, timesMs, values: points.map(([, text]) => readValue(text)) };
}
