import { taskIdForms } from '../../constructs/spec/names.ts';
import { QueryError, sentence } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { indexSeries, type SeriesIndex } from './measure.ts';
import type { Part } from './member.ts';
import { once } from './once.ts';

/** Parts, by key, for which alone a query failed: they are asked for apart from all others until one succeeds. */
export type Suspects = Map<string, { readonly reason: string; readonly names: readonly string[] }>;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Asker {
  readonly suspects: Suspects;
  /** The names that sources have, once they were asked for. */
  readonly names: Map<MetricSource, Promise<ReadonlySet<string>>>;
  readonly signal: AbortSignal | undefined;
}

export interface Asked {
  readonly index: SeriesIndex;
  /** Why some parts couldn't be read. */
  readonly failed: ReadonlyMap<Part, string>;
}

/** More names than this are asked for only where the source has them. */
const MANY_NAMES = 1_000;
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
    const others = parts.filter(({ key }) => !suspects.has(key));
    const alone = asking.turnOf(parts.filter(({ key }) => suspects.has(key)));
    await Promise.all([others, ...alone.map((part) => [part])].map((some) => asking.apart(some)));
  }
  return { index: indexSeries(asking.found.flat()), failed: asking.failed };
}

/** Whether one query for all of them would get what a suspect is measured by. */
function isSuspicious(parts: readonly Part[], suspects: Suspects): boolean {
  if (suspects.size === 0) return false;
  const suspected = new Set([...suspects.values()].flatMap(({ names }) => names));
  return parts.some(({ names }) => names.some((name) => suspected.has(name)));
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

  /** By one query, which gets the series of other tasks as well. */
  async together(parts: readonly Part[]): Promise<void> {
    await this.#tell(parts, async () => [await this.#samples(await this.#present(namesOf(parts)))]);
  }

  /** By queries that touch nothing but what these parts are measured by. */
  async apart(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    const own = distinct(parts.flatMap(({ names }) => names.slice(0, 2)));
    const shared = distinct(parts.flatMap(({ names }) => names.slice(2)));
    const tasks = distinct(parts.flatMap(({ agreement }) => taskIdForms(agreement.task.id)));
    await this.#tell(parts, () => Promise.all([this.#samples(own), this.#samples(shared, tasks)]));
  }

  /** Those of the suspects that are asked for this time; the others fail for the reason known. */
  turnOf(parts: readonly Part[]): readonly Part[] {
    const { suspects } = this.#asker;
    const order = [...suspects.keys()];
    const sorted = [...parts].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
    for (const part of sorted.slice(MAX_APART)) this.failed.set(part, suspects.get(part.key)?.reason ?? '');
    return sorted.slice(0, MAX_APART);
  }

  async #tell(parts: readonly Part[], ask: () => Promise<readonly (readonly Series[])[]>): Promise<void> {
    const { suspects } = this.#asker;
    try {
      this.found.push(...(await ask()));
      if (suspects.size > 0) for (const { key } of parts) suspects.delete(key);
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
    suspects.delete(part.key);
    suspects.set(part.key, { reason, names: part.names });
  }

  /** Where all ask for the same, no half is better; a source that answers nothing at all is not asked twice as often. */
  async #canHalve(parts: readonly Part[]): Promise<boolean> {
    const [first] = parts;
    const differ = parts.some(({ names }) => names.some((name, at) => name !== first?.names[at]));
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

  async #present(names: readonly string[]): Promise<readonly string[]> {
    if (names.length <= MANY_NAMES || this.#source.names === undefined) return names;
    const asked = this.#asker.names.get(this.#source) ?? this.#source.names(this.#asker.signal).then((all) => new Set(all));
    this.#asker.names.set(this.#source, asked);
    const known = await asked;
    return names.filter((name) => known.has(name));
  }
}

const namesOf = once((parts: readonly Part[]) => distinct(parts.flatMap(({ names }) => names)));

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
