import { taskIdForms } from '../../constructs/spec/names.ts';
import { QueryError, sentence } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { namesAmong, namesOf, SeriesIndex, seriesKey } from './measure.ts';
import { keyOf, type Part } from './member.ts';

/** Parts, by key, for which alone a query failed: they are asked for apart from all others until one succeeds. */
export type Suspects = Map<string, { readonly reason: string; readonly names: readonly string[] }>;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Asker {
  readonly suspects: Suspects;
  /** The names that sources have, once they were asked for. */
  readonly names: Map<MetricSource, Promise<readonly string[] | undefined>>;
  readonly signal: AbortSignal | undefined;
}

export interface Asked {
  readonly index: SeriesIndex;
  /** Why some parts couldn't be read. */
  readonly failed: ReadonlyMap<Part, string>;
}

/** Names of more parts than this are asked for only where the source has them. */
const MANY_PARTS = 250;
/** So often a query that failed is cut in halves, for one group and evaluation. */
const MAX_HALVINGS = 32;
/** So many suspects are asked for in one evaluation, in turn. */
const MAX_APART = 16;

/**
 * Raw samples of all names of `parts`, by one query. When it is the query that fails, not the source, each half is asked for on its own,
 * until those that can't be read are found: they alone fail. Rejects when the source can't be asked.
 */
export async function askFor(source: MetricSource, parts: readonly Part[], span: Span, asker: Asker): Promise<Asked> {
  const asking = new Asking(source, span, asker);
  const { suspects } = asker;
  if (!isSuspicious(parts, suspects)) await asking.together(parts);
  else {
    const others = parts.filter((part) => !suspects.has(keyOf(part)));
    const alone = asking.turnOf(parts.filter((part) => suspects.has(keyOf(part))));
    await Promise.all([others, ...alone.map((part) => [part])].map((some) => asking.apart(some)));
  }
  return { index: new SeriesIndex(asking.series()), failed: asking.failed };
}

/** Whether one query for all of them would get what a suspect is measured by. */
function isSuspicious(parts: readonly Part[], suspects: Suspects): boolean {
  if (suspects.size === 0) return false;
  const suspected = new Set([...suspects.values()].flatMap(({ names }) => names));
  return parts.some((part) => namesOf(part).some((name) => suspected.has(name)));
}

class Asking {
  readonly found: (readonly Series[])[] = [];
  readonly failed = new Map<Part, string>();
  readonly #source: MetricSource;
  readonly #span: Span;
  readonly #asker: Asker;
  #halvings = MAX_HALVINGS;

  constructor(source: MetricSource, span: Span, asker: Asker) {
    this.#source = source;
    this.#span = span;
    this.#asker = asker;
  }

  /** Each once: what several agreements of a task are measured by is got by each of the queries that ask for one of them. */
  series(): readonly Series[] {
    const [only = [], ...others] = this.found;
    if (others.length === 0) return only;
    return [...new Map(this.found.flatMap((series) => series.map((one) => [seriesKey(one), one] as const))).values()];
  }

  /** By one query, which gets the series of other tasks as well. */
  async together(parts: readonly Part[]): Promise<void> {
    await this.#tell(parts, async () => [await this.#samples(await this.#namesOf(parts))]);
  }

  /** By queries that touch nothing but what these parts are measured by. */
  async apart(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    const own = distinct(parts.flatMap((part) => namesOf(part).slice(0, 2)));
    const shared = distinct(parts.flatMap((part) => namesOf(part).slice(2)));
    const tasks = distinct(parts.flatMap(({ agreement }) => taskIdForms(agreement.task.id)));
    await this.#tell(parts, () => Promise.all([this.#samples(own), this.#samples(shared, tasks)]));
  }

  /** Those of the suspects that are asked for this time; the others fail for the reason known. */
  turnOf(parts: readonly Part[]): readonly Part[] {
    const { suspects } = this.#asker;
    const order = [...suspects.keys()];
    const sorted = [...parts].sort((a, b) => order.indexOf(keyOf(a)) - order.indexOf(keyOf(b)));
    for (const part of sorted.slice(MAX_APART)) this.failed.set(part, suspects.get(keyOf(part))?.reason ?? '');
    return sorted.slice(0, MAX_APART);
  }

  async #tell(parts: readonly Part[], ask: () => Promise<readonly (readonly Series[])[]>): Promise<void> {
    const { suspects } = this.#asker;
    try {
      this.found.push(...(await ask()));
      if (suspects.size > 0) for (const part of parts) suspects.delete(keyOf(part));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      if (await this.#canHalve(parts)) {
        const middle = Math.ceil(parts.length / 2);
        await Promise.all([parts.slice(0, middle), parts.slice(middle)].map((half) => this.apart(half)));
      } else {
        for (const part of parts) this.#fails(part, sentence(error), parts.length === 1);
      }
    }
  }

  #fails(part: Part, reason: string, alone: boolean): void {
    const { suspects } = this.#asker;
    this.failed.set(part, reason);
    if (!alone) return;
    // The last one asked for is the last one whose turn comes again.
    suspects.delete(keyOf(part));
    suspects.set(keyOf(part), { reason, names: namesOf(part) });
  }

  /** Where all ask for the same, no half is better; a source that answers nothing at all is not asked twice as often. */
  async #canHalve(parts: readonly Part[]): Promise<boolean> {
    const first = parts[0] === undefined ? [] : namesOf(parts[0]);
    const differ = parts.some((part) => namesOf(part).some((name, at) => name !== first[at]));
    if (!differ || this.#halvings === 0) return false;
    this.#halvings -= 1;
    return this.#source.instant('vector(1)', this.#span.toMs, this.#asker.signal).then(
      () => true,
      () => false,
    );
  }

  #samples(names: readonly string[], tasks?: readonly string[]): Promise<readonly Series[]> {
    const { fromMs, toMs } = this.#span;
    return this.#source.samples(names, fromMs, toMs, this.#asker.signal, tasks);
  }

  async #namesOf(parts: readonly Part[]): Promise<readonly string[]> {
    if (parts.length <= MANY_PARTS || this.#source.names === undefined) return distinct(parts.flatMap(namesOf));
    // What stands before a source may let queries through alone.
    const asked = this.#asker.names.get(this.#source) ?? this.#source.names(this.#asker.signal).catch(() => undefined);
    this.#asker.names.set(this.#source, asked);
    const there = await asked;
    return there === undefined ? distinct(parts.flatMap(namesOf)) : namesAmong(there, parts);
  }
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
