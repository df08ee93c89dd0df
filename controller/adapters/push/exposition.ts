import { Failure } from '../../errors.ts';

export interface ExposedSample {
  /** With the suffix of its part: `latency_bucket`. */
  readonly name: string;
  /** What `# TYPE` names: `latency`. A push replaces whole families. */
  readonly family: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const COMMENT = new RegExp(`^#[ \\t]+(?:HELP[ \\t]+${NAME}(?:[ \\t].*)?|TYPE[ \\t]+(${NAME})[ \\t]+([a-z]+)[ \\t]*)$`);
const SAMPLE = new RegExp(`^[ \\t]*(${NAME})[ \\t]*(\\{.*\\})?[ \\t]*([^ \\t{}]+)(?:[ \\t]+(-?\\d+))?[ \\t]*$`);
const SELECTOR = new RegExp(`^[ \\t]*(${NAME})[ \\t]*(\\{.*\\})?[ \\t]*$`);
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|$)/y;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['counter', []],
  ['gauge', []],
  ['untyped', []],
  ['unknown', []],
  ['summary', ['_sum', '_count']],
  ['histogram', ['_bucket', '_sum', '_count']],
]);

/**
 * Reads the text exposition format 0.0.4 as a Pushgateway takes it: without timestamps, no series twice.
 * @throws terminal Failure that names the line.
 */
export function parseExposition(text: string): readonly ExposedSample[] {
  const types = new Map<string, readonly string[]>();
  const samples: ExposedSample[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    try {
      if (line.trim() === '') continue;
      if (line.trimStart().startsWith('#')) {
        readComment(line, types, samples);
        continue;
      }
      const sample = readSample(line, types);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error('this series stands here twice');
      seen.add(key);
      samples.push(sample);
    } catch (error) {
      throw new Failure('terminal', `Cannot read the pushed metrics, line ${index + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  return samples;
}

/** Other comments than TYPE say nothing to us. */
function readComment(line: string, types: Map<string, readonly string[]>, samples: readonly ExposedSample[]): void {
  const [, family, type] = COMMENT.exec(line) ?? [];
  if (family === undefined || type === undefined) {
    if (/^\s*#\s+TYPE\b/.test(line)) throw new Error('write # TYPE <metric> <type>');
    return;
  }
  const suffixes = TYPES.get(type);
  if (suffixes === undefined) throw new Error(`there is no type ${type}: types are ${[...TYPES.keys()].join(', ')}`);
  if (types.has(family)) throw new Error(`the type of ${family} is said twice`);
  if (samples.some((sample) => sample.family === family)) throw new Error(`the type of ${family} is said after its samples`);
  types.set(family, suffixes);
}

function readSample(line: string, types: ReadonlyMap<string, readonly string[]>): ExposedSample {
  const match = SAMPLE.exec(line);
  if (match === null) throw new Error(`write <metric>{<label>="<value>"} <number>: ${JSON.stringify(line.slice(0, 200))}`);
  const [, name = '', labels, value = '', timestamp] = match;
  if (timestamp !== undefined) throw new Error('pushed metrics have no timestamps');
  return { name, family: familyOf(name, types), labels: readLabels(labels), value: readNumber(value) };
}

function familyOf(name: string, types: ReadonlyMap<string, readonly string[]>): string {
  if (types.has(name)) return name;
  const suffix = ['_bucket', '_sum', '_count'].find((one) => name.endsWith(one) && types.get(name.slice(0, -one.length))?.includes(one));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}

/** `metric{label="value"}` @throws Error for what is none. */
export function readSelector(text: string): { readonly name: string; readonly labels: Readonly<Record<string, string>> } {
  const [, name, labels] = SELECTOR.exec(text) ?? [];
  if (name === undefined) throw new Error(`this names no metric: ${JSON.stringify(text.slice(0, 200))}`);
  return { name, labels: readLabels(labels) };
}

function readLabels(text: string | undefined): Readonly<Record<string, string>> {
  const inside = text?.slice(1, -1) ?? '';
  const labels: Record<string, string> = {};
  if (inside.trim() === '') return labels;
  const label = new RegExp(LABEL);
  while (label.lastIndex < inside.length && inside.slice(label.lastIndex).trim() !== '') {
    const match = label.exec(inside);
    if (match === null) throw new Error(`these are no labels: ${JSON.stringify(text)}`);
    const [, name = '', value = ''] = match;
    if (name.startsWith('__')) throw new Error(`no label may be called ${JSON.stringify(name)}`);
    if (Object.hasOwn(labels, name)) throw new Error(`label ${name} stands here twice`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

export function readNumber(text: string): number {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  throw new Error(`this is no number: ${JSON.stringify(text)}`);
}
