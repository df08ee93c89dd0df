import { sentence } from '../errors.ts';
import type { Clock, Keep, Log } from '../ports.ts';
import { COMMIT_RESOLUTION_MS } from './baseline.ts';
import { type Concerned, concerns, groupPathOf } from './kept.ts';
import type { Judgement } from './verdict.ts';

/** Of each guarantee that falls back, while nothing is known of it: since when. */
export const UNKNOWN_SINCE = 'rotterdam_unknown_since_seconds';
/** A group is deleted whole, so that nothing else may be in it. */
const JOB = 'rotterdam-unknown';

export interface UnknownSince {
  /** Whether the source need not be asked when a guarantee was known last. */
  isClear(agreement: string, guarantee: string): boolean;
  /** Says of what falls back since when it is unknown; resolves once that is kept. Never rejects. */
  note(judgements: readonly Judgement[]): Promise<readonly Judgement[]>;
  /** Forgets all other guarantees. */
  only(there: () => Iterable<{ readonly agreement: string; readonly guarantee: string }>): Promise<void>;
}

interface Begun {
  readonly of: Concerned;
  readonly sinceMs: number;
  /** Whether its source has told when it was known last. */
  readonly isClear: boolean;
}

/** Read back from `keep` once: a restart changes nothing. Without one, or where it was lost, what the sources tell is all that is known. */
export function createUnknownSince({ keep, clock, log }: { keep?: Keep | undefined; clock: Clock; log: Log }): UnknownSince {
  const begun = new Map<string, Begun>();
  let read: Promise<void> | undefined;

  const readBack = async (): Promise<void> => {
    const nowMs = clock.now();
    for (const { labels, values } of (await keep?.source.samples([UNKNOWN_SINCE], nowMs - 1, nowMs)) ?? []) {
      const of = concerns(labels);
      const sinceMs = (values.at(-1) ?? Number.NaN) * 1000;
      if (sinceMs <= nowMs) begun.set(keyOf(of.agreement, of.guarantee), { of, sinceMs: Math.round(sinceMs), isClear: false });
    }
  };

  const write = async (method: 'POST' | 'DELETE', of: Concerned, text: string): Promise<void> => {
    try {
      await keep?.push(method, groupPathOf(JOB, of), text);
    } catch (error) {
      log.warn({ ...of, reason: sentence(error) }, 'not kept since when it is unknown');
    }
  };

  const begins = async (key: string, one: Begun): Promise<void> => {
    const before = begun.get(key);
    begun.set(key, one);
    if (before?.sinceMs !== one.sinceMs)
      await write('POST', one.of, `# TYPE ${UNKNOWN_SINCE} gauge\n${UNKNOWN_SINCE} ${one.sinceMs / 1000}\n`);
  };

  const ends = async (key: string): Promise<void> => {
    const one = begun.get(key);
    begun.delete(key);
    if (one !== undefined) await write('DELETE', one.of, '');
  };

  const noteOne = async (judgement: Judgement): Promise<Judgement> => {
    const { agreement, guarantee, verdict, knownUntilMs, since } = judgement;
    const key = keyOf(agreement.id, guarantee);
    if (verdict.state !== 'unknown') {
      if (begun.has(key)) await ends(key);
      return judgement;
    }
    const nowMs = clock.now();
    const before = begun.get(key);
    const firstMs = Math.min(before?.sinceMs ?? nowMs, knownUntilMs ?? nowMs);
    const sinceMs = Math.max(firstMs, Math.min(nowMs, (since?.atMs ?? 0) + COMMIT_RESOLUTION_MS));
    const isClear = before?.isClear || knownUntilMs !== undefined;
    await begins(key, { of: { task: agreement.task.id, agreement: agreement.id, guarantee }, sinceMs, isClear });
    return { ...judgement, unknownSinceMs: sinceMs };
  };

  return {
    isClear: (agreement, guarantee) => begun.get(keyOf(agreement, guarantee))?.isClear ?? false,
    note: async (judgements) => {
      read ??= readBack();
      await read;
      const concerned = judgements.filter((one) => (begun.size > 0 || one.verdict.state === 'unknown') && mayFallBack(one));
      if (concerned.length === 0) return judgements;
      const noted = new Map(await Promise.all(concerned.map(async (one) => [one, await noteOne(one)] as const)));
      return judgements.map((one) => noted.get(one) ?? one);
    },
    only: async (there) => {
      if (begun.size === 0) return;
      const kept = new Set([...there()].map(({ agreement, guarantee }) => keyOf(agreement, guarantee)));
      await Promise.all([...begun.keys()].filter((key) => !kept.has(key)).map(ends));
    },
  };
}

function mayFallBack({ agreement, guarantee }: Judgement): boolean {
  return agreement.guarantees.some(({ name, onUnknown }) => name === guarantee && onUnknown === 'fallback');
}

function keyOf(agreement: string, guarantee: string): string {
  return JSON.stringify([agreement, guarantee]);
}
