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

/** How many are asked together, by their words: fewer where so many were too much at once, though none of them alone. */
export type Together = Map<string, number>;

interface Waiting {
  readonly query: Query;
  readonly settle: (answer: Promise<readonly Series[]>) => void;
}

/**
 * Asks a source in one query for what is asked of it at once in the same words, each expression joined by `or`. Where that fails while the
 * source answers, or it answers without looking at the words, each is asked for alone: those that can't be answered fail alone.
 */
export function createBatch(source: MetricSource, together: Together, signal: AbortSignal | undefined): AskQuery {
  let waiting: Waiting[] = [];
  const ask = ({ expression, range = '', atMs, maxAgeMs }: Query) =>
    source.instant(range === '' ? expression : `(${expression}\n)${range}`, atMs, signal, maxAgeMs);

  const askAlone = async (all: readonly Waiting[]): Promise<void> => {
    const answers = all.map(({ query, settle }) => {
      const answer = ask(query);
      settle(answer);
      return answer;
    });
    const failed = (await Promise.allSettled(answers)).some(({ status }) => status === 'rejected');
    if (!failed && all[0] !== undefined) together.set(all[0].query.words, Math.ceil(all.length / 2));
  };

  const askTogether = async (all: readonly Waiting[]): Promise<void> => {
    const [first, second] = all;
    if (first === undefined) return;
    if (second === undefined) return first.settle(ask(first.query));
    try {
      const found = groupBy(await ask(joined(all, first.query)), ({ labels }) => labels[MARK]);
      if (found.has(undefined)) return askAlone(all);
      for (const [at, { settle }] of all.entries()) settle(Promise.resolve((found.get(`${at}`) ?? []).map(unmarked)));
    } catch (error) {
      const answers = await source.instant('vector(1)', first.query.atMs, signal).then(
        () => true,
        () => false,
      );
      if (answers) return askAlone(all);
      for (const { settle } of all) settle(Promise.reject(error));
    }
  };

  const flush = (): void => {
    const asked = waiting;
    waiting = [];
    const alike = groupBy(asked, ({ query: { words, range, atMs, maxAgeMs } }) => JSON.stringify([words, range, atMs, maxAgeMs]));
    for (const all of alike.values()) {
      const size = together.get(all[0]?.query.words ?? '') ?? MAX_TOGETHER;
      for (let at = 0; at < all.length; at += size) askTogether(all.slice(at, at + size));
    }
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
