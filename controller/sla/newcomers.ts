import type { MetricSource } from '../ports.ts';
import { COMMIT_RESOLUTION_MS } from './baseline.ts';
import { type Freshness, gaplessSinceMs } from './freshness.ts';
import { groupBy } from './group-by.ts';
import { namesOf, SeriesIndex } from './measure.ts';
import type { Member, Part } from './member.ts';
import type { Reading, Readings } from './reading.ts';

/** How far back it is looked whether a series was there before. */
const BEFORE_MS = 3_600_000;

interface Question extends Freshness {
  readonly sources: readonly MetricSource[];
  readonly nowMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Newcomer {
  readonly part: Part;
  readonly source: string;
  /** From here on it would have to be known. */
  readonly startMs: number;
  readonly firstMs: number;
}

/**
 * Parts whose samples begin inside their horizon because nothing was there before, while their source was looking (`up` has samples):
 * what is new, not what comes back after it was gone. Asks only of series that begin so. Never rejects.
 */
export async function newcomersIn(
  read: readonly { readonly member: Member; readonly readings: Readings }[],
  question: Question,
): Promise<ReadonlySet<Part>> {
  const beginning = read.flatMap(({ member, readings }) =>
    member.horizonMs === 0 ? [] : member.parts.flatMap((part, at) => beginningOf(member, part, readings[at], question)),
  );
  const asked = [...groupBy(beginning, ({ source }) => source)].map(async ([name, group]) => {
    const source = question.sources.find((one) => one.name === name);
    return source === undefined ? [] : newIn(source, group, question).catch(() => []);
  });
  return new Set((await Promise.all(asked)).flat());
}

/** When its samples must be known from: the beginning of the horizon, or the agreement's. */
export function knownFromMs({ horizonMs, since }: Pick<Member, 'horizonMs' | 'since'>, nowMs: number): number {
  return Math.min(nowMs, Math.max(nowMs - horizonMs, (since?.atMs ?? 0) + COMMIT_RESOLUTION_MS));
}

function beginningOf(member: Member, part: Part, reading: Reading | undefined, question: Question): readonly Newcomer[] {
  if (part.guarantee.query !== undefined || reading === undefined || 'failed' in reading) return [];
  const startMs = knownFromMs(member, question.nowMs);
  const firstMs = Math.min(...reading.series.flatMap(({ timesMs }) => timesMs[0] ?? []));
  const isBeginning = firstMs > startMs && gaplessSinceMs(reading.series, startMs, question) === firstMs;
  return isBeginning ? [{ part, source: reading.source, startMs, firstMs }] : [];
}

async function newIn(source: MetricSource, beginning: readonly Newcomer[], question: Question): Promise<readonly Part[]> {
  const { nowMs, signal } = question;
  const names = [...new Set(beginning.flatMap(({ part }) => namesOf(part)))];
  const earliestMs = beginning.reduce((first, { startMs }) => Math.min(first, startMs), nowMs);
  const [up, before] = await Promise.all([
    source.samples(['up'], earliestMs, nowMs, signal),
    source.samples(names, nowMs - BEFORE_MS, nowMs, signal),
  ]);
  const index = new SeriesIndex(before);
  const wasThere = ({ part, firstMs }: Newcomer) => index.of(part).some(({ timesMs }) => (timesMs[0] ?? firstMs) < firstMs);
  const wasLooking = ({ startMs }: Newcomer) => gaplessSinceMs(up, startMs, question) === startMs;
  return beginning.filter((one) => wasLooking(one) && !wasThere(one)).map(({ part }) => part);
}
