import type { Series } from '../ports.ts';
import { between } from '../series.ts';
import { aggregated } from './aggregate.ts';
import { newSince } from './counter.ts';
import { current, overdue } from './freshness.ts';
import { namesOf, seriesKey } from './measure.ts';
import type { Part } from './member.ts';
import type { Reading } from './reading.ts';
import type { Terms } from './terms.ts';
import { overWindow } from './window.ts';

/** What a part of a guarantee shows now, or why it is unknown. */
export type Look =
  | {
      readonly value: number;
      /** No sample that it rests on is older, but for those of a window. */
      readonly atMs: number;
      readonly source: string;
    }
  | { readonly unknown: string };

/** A part's newest samples: of a counter what is new, of a gauge its series aggregated, of a window its function. */
export function look(part: Part, reading: Reading | undefined, terms: Terms): Look {
  if (reading === undefined) return { unknown: 'It was not read' };
  if ('failed' in reading) return { unknown: reading.failed };
  const { series, source, counter } = reading;
  const present = current(series, terms.nowMs, terms);
  if (series.length === 0 || (part.isCounter && counter === undefined))
    return { unknown: `${source} has no recent samples of ${askedOf(part)}` };
  if (present.length === 0) return { unknown: `${source} has only samples of ${askedOf(part)} that are too old` };
  const broken = present.find((one) => !Number.isFinite(one.values.at(-1)));
  if (broken !== undefined) return { unknown: `The newest value of ${seriesKey(broken)} is no number: ${broken.values.at(-1)}` };
  if (part.isCounter && counter !== undefined) {
    return { value: newSince(counter), atMs: counter.growths.at(-1)?.atMs ?? timesOf(present, terms).last, source };
  }
  const late = present.find((one) => overdue(one, terms.nowMs));
  if (late !== undefined) return { unknown: `${seriesKey(late)} has missed a scrape: it may have ended` };
  const value = valueAt(part, { all: series, present }, terms.nowMs);
  return typeof value === 'string' ? { unknown: value } : { value, atMs: timesOf(present, terms).first, source };
}

function askedOf(part: Part): string {
  return part.guarantee.query ?? namesOf(part).slice(0, 2).join(' or ');
}

/**
 * What a gauge or a window showed at a time in the past.
 * @param fromMs a gauge's samples before it don't count.
 */
export function lookBack(part: Part, series: readonly Series[], atMs: number, fromMs: number, terms: Terms): number | string {
  const since = part.leaf.over === undefined ? fromMs : Number.NEGATIVE_INFINITY;
  const then = series.map((one) => between(one, since, atMs));
  return valueAt(part, { all: then, present: current(then, atMs, terms) }, atMs);
}

function valueAt(part: Part, series: { all: readonly Series[]; present: readonly Series[] }, atMs: number): number | string {
  const { leaf, guarantee } = part;
  if (leaf.over !== undefined) return overWindow(leaf.over, series, atMs, guarantee.aggregate);
  const values = series.present.map((one) => one.values.at(-1) ?? Number.NaN);
  return values.length === 0 ? 'It had no samples' : aggregated(guarantee.aggregate, values);
}

/** Of their newest samples. */
function timesOf(present: readonly Series[], { nowMs }: Terms): { readonly first: number; readonly last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const one of present) {
    const atMs = one.timesMs.at(-1) ?? nowMs;
    first = Math.min(first, atMs);
    last = Math.max(last, atMs);
  }
  return { first, last };
}
