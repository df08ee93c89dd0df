import { Failure } from '../../errors.ts';
import type { Sample, Series } from '../../ports.ts';
import { seriesOf } from '../../series.ts';
import type { ExposedSample } from './exposition.ts';
import type { Group } from './group-path.ts';

export type PushMethod = 'PUT' | 'POST' | 'DELETE';

/** One series got another value, or went away (null). */
export interface Change {
  readonly name: string;
  readonly family: string;
  /** The group's among them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

/** All that one push changed; nothing where it said the same again. A push of what isn't there needs no record. */
export interface PushRecord {
  readonly atMs: number;
  readonly group: Group;
  readonly changes: readonly Change[];
}

const PUSH_TIME = 'push_time_seconds';
const MAX_SERIES = 100_000;
/** What happened to a series is kept so long, and no more than so many changes of it. */
const KEPT_MS = 24 * 3_600_000;
const KEPT_CHANGES = 1_000;
/** As if a Prometheus scraped every 15 s what stands here. */
const SCRAPE_MS = 15_000;

interface Kept {
  readonly name: string;
  readonly family: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly group: Group;
  readonly groupKey: string;
  /** Oldest first; the first one may be older than {@link PushStore.sinceMs}. */
  changes: { readonly atMs: number; readonly value: number | null }[];
}

/**
 * What a Pushgateway keeps, with its past: by PUT a group's metrics are replaced, by POST those of the same names, by DELETE all
 * are gone. Holds no file and knows no time of its own.
 */
export class PushStore {
  readonly #series = new Map<string, Kept>();
  readonly #byName = new Map<string, Set<Kept>>();
  readonly #byGroup = new Map<string, Set<Kept>>();
  /** By group, when it was pushed last, also when nothing had changed. */
  readonly #pushed = new Map<string, { readonly atMs: number; readonly group: Group }>();
  #sinceMs: number;
  #newestMs = 0;

  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  /** From here on the past is complete. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Time in the store never goes back, whatever the clock does: a change before the newest one is taken for a repetition. */
  stamp(nowMs: number): number {
    return Math.max(nowMs, this.#newestMs);
  }

  /** What a push would change. @throws terminal Failure when there is no room, or when another group has one of its series. */
  plan(method: PushMethod, group: Group, samples: readonly ExposedSample[], atMs: number): PushRecord {
    const groupKey = keyOf(group);
    const families = new Set(samples.map(({ family }) => family));
    const pushed = new Map(samples.map((sample) => [keyOf({ ...sample.labels, ...group }, sample.name), sample] as const));
    const changes: Change[] = [];
    let created = 0;
    for (const [key, { name, family, labels, value }] of pushed) {
      const kept = this.#series.get(key);
      const present = kept === undefined ? null : presentValue(kept);
      if (kept !== undefined && present !== null && kept.groupKey !== groupKey) {
        throw new Failure('terminal', `Cannot take ${name} as another group has the same series: ${JSON.stringify(kept.group)}`);
      }
      if (kept === undefined) created += 1;
      if (!Object.is(present, value)) changes.push({ name, family, labels: { ...labels, ...group }, value });
    }
    for (const { name, family, labels, ...kept } of this.#byGroup.get(groupKey) ?? []) {
      const replaced = method !== 'POST' || families.has(family);
      if (replaced && presentValue(kept) !== null && !pushed.has(keyOf(labels, name))) changes.push({ name, family, labels, value: null });
    }
    if (this.#series.size + created > MAX_SERIES) this.forget(atMs);
    if (this.#series.size + created > MAX_SERIES) {
      throw new Failure('terminal', `Cannot take more than ${MAX_SERIES} pushed series: delete groups that are no longer pushed`);
    }
    return { atMs, group, changes };
  }

  /** Takes a record in; one that was taken before changes nothing. */
  apply({ atMs, group, changes }: PushRecord): void {
    const groupKey = keyOf(group);
    this.#newestMs = Math.max(this.#newestMs, atMs);
    for (const { name, family, labels, value } of changes) {
      const key = keyOf(labels, name);
      const before = this.#series.get(key);
      const last = before?.changes.at(-1);
      if (last !== undefined && (atMs < last.atMs || Object.is(last.value, value))) continue;
      const past = before?.changes ?? [];
      if (before !== undefined) this.#remove(key, before);
      this.#add(key, { name, family, labels, group, groupKey, changes: this.#bounded([...past, { atMs, value }], atMs) });
    }
    if (this.#byGroup.has(groupKey)) this.#pushed.set(groupKey, { atMs: this.#newestMs, group });
  }

  /** Drops series that went away long ago. */
  forget(nowMs: number): void {
    for (const [key, kept] of this.#series) {
      const last = kept.changes.at(-1);
      if (last?.value !== null || last.atMs > nowMs - KEPT_MS) continue;
      this.#remove(key, kept);
      this.#sinceMs = Math.max(this.#sinceMs, last.atMs);
    }
  }

  /** Everything, as records that make the same store. */
  records(): readonly PushRecord[] {
    const records = new Map<string, { atMs: number; group: Group; changes: Change[] }>();
    for (const { name, family, labels, group, groupKey, changes } of this.#series.values()) {
      for (const { atMs, value } of changes) {
        const key = `${atMs} ${groupKey}`;
        const record = records.get(key) ?? { atMs, group, changes: [] };
        record.changes.push({ name, family, labels, value });
        records.set(key, record);
      }
    }
    for (const [groupKey, { atMs, group }] of this.#pushed) {
      const key = `${atMs} ${groupKey}`;
      if (!records.has(key)) records.set(key, { atMs, group, changes: [] });
    }
    return [...records.values()].sort((a, b) => a.atMs - b.atMs);
  }

  /** Whether anything is known of a group. */
  has(group: Group): boolean {
    return this.#byGroup.has(keyOf(group));
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** As {@link MetricSource.samples}: every change, and what stands is seen every 15 s and at `toMs`. What went away ends in NaN. */
  samples(names: readonly string[], fromMs: number, toMs: number): readonly Series[] {
    const found = names.flatMap((name) => [...(this.#byName.get(name) ?? [])]);
    const series = found.map((kept) => seriesOf(kept, samplesIn(kept.changes, fromMs, toMs)));
    if (names.includes('up') && toMs > this.#sinceMs) series.push(this.#up(fromMs, toMs));
    if (names.includes(PUSH_TIME)) series.push(...this.#pushTimes(toMs));
    return series.filter(({ timesMs }) => timesMs.length > 0);
  }

  /** Says, as a Prometheus does, since when it was looking. */
  #up(fromMs: number, toMs: number): Series {
    return seriesOf({ name: 'up', labels: { job: 'push' } }, samplesIn([{ atMs: this.#sinceMs, value: 1 }], fromMs, toMs));
  }

  /** As a Pushgateway, when each group was pushed last. */
  #pushTimes(toMs: number): readonly Series[] {
    return [...this.#byGroup].flatMap(([key, [kept]]) => {
      const { atMs } = this.#pushed.get(key) ?? {};
      return kept === undefined || atMs === undefined
        ? []
        : [{ name: PUSH_TIME, labels: kept.group, timesMs: [toMs], values: [atMs / 1000] }];
    });
  }

  #bounded(changes: Kept['changes'], nowMs: number): Kept['changes'] {
    const old = changes.findLastIndex(({ atMs }) => atMs <= nowMs - KEPT_MS);
    const first = Math.max(old, changes.length - KEPT_CHANGES, 0);
    if (first > 0) this.#sinceMs = Math.max(this.#sinceMs, changes[first]?.atMs ?? 0);
    return changes.slice(first);
  }

  #add(key: string, kept: Kept): void {
    this.#series.set(key, kept);
    for (const [index, at] of [
      [this.#byName, kept.name],
      [this.#byGroup, kept.groupKey],
    ] as const) {
      const set = index.get(at) ?? new Set();
      set.add(kept);
      index.set(at, set);
    }
  }

  #remove(key: string, kept: Kept): void {
    this.#series.delete(key);
    for (const [index, at] of [
      [this.#byName, kept.name],
      [this.#byGroup, kept.groupKey],
    ] as const) {
      index.get(at)?.delete(kept);
      if (index.get(at)?.size === 0) index.delete(at);
    }
    if (!this.#byGroup.has(kept.groupKey)) this.#pushed.delete(kept.groupKey);
  }
}

function presentValue({ changes }: Pick<Kept, 'changes'>): number | null {
  return changes.at(-1)?.value ?? null;
}

function samplesIn(changes: Kept['changes'], fromMs: number, toMs: number): readonly Sample[] {
  const samples: Sample[] = [];
  for (const [index, { atMs, value }] of changes.entries()) {
    if (atMs > toMs) break;
    if (atMs > fromMs) samples.push({ atMs, value: value ?? Number.NaN });
    if (value === null) continue;
    const next = changes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    for (let at = Math.max(atMs, fromMs) + SCRAPE_MS; at < Math.min(next, toMs); at += SCRAPE_MS) samples.push({ atMs: at, value });
    if (next > toMs && atMs < toMs) samples.push({ atMs: toMs, value });
  }
  return samples;
}

function keyOf(labels: Readonly<Record<string, string>>, name = ''): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
