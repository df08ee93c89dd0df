import { createHash } from 'node:crypto';
import type { Notice } from '../ports.ts';
import { baselineOf } from './baseline.ts';
import type { Happening } from './history.ts';
import type { DecisionRecord } from './trailer.ts';
import type { Judgement } from './verdict.ts';

/**
 * What is told of a violation; undefined when the guarantee isn't violated. A counter's is one until its watermark moves, a gauge's
 * until it was met: the id is that of its beginning.
 */
export function violationNotice({ agreement, guarantee, kind, verdict, violations, history }: Judgement): Notice | undefined {
  if (verdict.state !== 'violated') return undefined;
  const { environment, task, template, id, client } = agreement;
  const began = kind === 'counter' ? baselineOf(history, template.name)?.revision : verdict.evidenceAtMs;
  const { value, limit, evidenceAtMs, source } = verdict;
  const constraint = agreement.guarantees.find(({ name }) => name === guarantee)?.constraint;
  return {
    id: hash([environment, id, guarantee, began]),
    kind: 'violation',
    atMs: evidenceAtMs,
    environment,
    task: task.id,
    agreement: id,
    guarantee,
    client: client.name,
    data: { value, promised: `${constraint?.comparator ?? ''} ${limit}`.trim(), source, violations, maxAllowed: template.maxAllowed },
  };
}

/** What is told of a decision that git has: its trailer, and the commit. */
export function decisionNotice(decision: Happening & DecisionRecord): Notice {
  const { id, environment, task, agreement, guarantee, atMs, order: _order, ...data } = decision;
  return { id, kind: 'decision', atMs, environment, task, agreement, guarantee, data };
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
