import { Failure } from '../../errors.ts';
import type { Sample, Series } from '../../ports.ts';
import { seriesOf } from '../../series.ts';
import { readNumber, readSelector } from '../push/exposition.ts';
import { timeOf } from './time.ts';

const SAMPLE = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*(?:\s*\{.*\}|(?=\s)))\s*(\S+)\s+(\S+)\s*$/;
const EXEMPLAR = / # \{.*$/;

/**
 * Reads samples with timestamps, as OpenMetrics (seconds) and Prometheus' text format (milliseconds) write them. Comments and exemplars are passed over.
 * @throws terminal Failure that names the line.
 */
export function readOpenMetrics(text: string): readonly Series[] {
  const samplesBy = new Map<string, Sample[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    try {
      const { selector, sample } = readSample(line.replace(EXEMPLAR, ''));
      const known = samplesBy.get(selector) ?? [];
      known.push(sample);
      samplesBy.set(selector, known);
    } catch (error) {
      throw new Failure('terminal', `Cannot read line ${index + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  return [...samplesBy].map(([selector, samples]) => seriesOf(readSelector(selector), samples));
}

function readSample(line: string): { readonly selector: string; readonly sample: Sample } {
  const [, selector = '', value = '', time = ''] = SAMPLE.exec(line) ?? [];
  if (selector === '') throw new Error(`write <metric>{<label>="<value>"} <number> <timestamp>: ${JSON.stringify(line.slice(0, 60))}`);
  const atMs = timeOf(time);
  if (atMs === undefined) throw new Error(`this is no timestamp: ${JSON.stringify(time)}`);
  return { selector, sample: { atMs, value: readNumber(value) } };
}
