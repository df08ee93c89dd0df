import type { MetricSource, Series } from '../ports.ts';
import { groupBy } from './group-by.ts';

/** A PromQL expression to be evaluated. */
export interface Query {
  /** As its document has it, for all tasks: what is alike is asked together. */
  readonly words: string;
  /** For one task. */
  readonly expression: string;
  /** `[300000ms:15000ms]`: what it gave at each step of a range. */
  readonly range?: string;
  readonly atMs: number;
  readonly maxAgeMs?: number | undefined;
}

export type AskQuery = (query: Query) => Promise<readonly Series[]>;

/** Joining more takes Prometheus longer than they do: it compares each with all before it. */
const MAX_TOGETHER = 50;
/** Says which of the joined expressions a series is of. */
const MARK = 'rotterdam_query';

interface Waiting {
  readonly query: Query;
  readonly settle: (answer: Promise<readonly Series[]>) => void;
}

/**
 * Asks a source in one query for what is asked of it at once in the same words, each expression joined by `or`. Where that fails while the
 * source answers, or it answers without looking at the words, each is asked for alone: those that can't be answered fail alone.
 */
export function createBatch(source: MetricSource, signal: AbortSignal | undefined): AskQuery {
  let waiting: Waiting[] = [];
  const ask = ({ expression, range = '', atMs, maxAgeMs }: Query) =>
    source.instant(range === '' ? expression : `(${expression}\n)${range}`, atMs, signal, maxAgeMs);

  const alone = (all: readonly Waiting[]) => {
    for (const { query, settle } of all) settle(ask(query));
  };

  const together = async (all: readonly Waiting[]): Promise<void> => {
    const [first, second] = all;
    if (first === undefined) return;
    if (second === undefined) return first.settle(ask(first.query));
    try {
      const found = groupBy(await ask(joined(all, first.query)), ({ labels }) => labels[MARK]);
      if (found.has(undefined)) return alone(all);
      for (const [at, { settle }] of all.entries()) settle(Promise.resolve((found.get(`${at}`) ?? []).map(unmarked)));
    } catch (error) {
      const answers = await source.instant('vector(1)', first.query.atMs, signal).then(
        () => true,
        () => false,
      );
      if (answers) return alone(all);
      for (const { settle } of all) settle(Promise.reject(error));
    }
  };

  const flush = (): void => {
    const asked = waiting;
    waiting = [];
    const alike = groupBy(asked, ({ query: { words, range, atMs, maxAgeMs } }) => JSON.stringify([words, range, atMs, maxAgeMs]));
    for (const all of alike.values()) for (let at = 0; at < all.length; at += MAX_TOGETHER) together(all.slice(at, at + MAX_TOGETHER));
  };

  return (query) =>
    new Promise((settle) => {
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ query, settle });
    });
}

function joined(all: readonly Waiting[], like: Query): Query {
  const marked = all.map(({ query }, at) => `label_replace((${query.expression}\n), "${MARK}", "${at}", "", "")`);
  return { ...like, expression: marked.join(' or ') };
}

function unmarked({ labels: { [MARK]: _, ...labels }, ...series }: Series): Series {
  return { ...series, labels };
}
