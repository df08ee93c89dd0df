import { createHash } from 'node:crypto';
import type { Constraint } from '../../constructs/spec/constraint.ts';
import type { Notice } from '../ports.ts';
import { baselineOf } from './baseline.ts';
import type { Happening } from './happening.ts';
import { REPORTED } from './reported.ts';
import type { DecisionRecord } from './trailer.ts';
import type { Judgement } from './verdict.ts';

/**
 * What is told of a violation; undefined when the guarantee isn't violated. A counter's is one until its watermark moves, a gauge's
 * until it was met: the id is that of its beginning.
 */
export function violationNotice({
  agreement,
  guarantee,
  kind,
  verdict,
  violations,
  violatedSinceMs,
  since,
  history,
}: Judgement): Notice | undefined {
  const { environment, task, template, id, client, importance, guarantees } = agreement;
  const { constraint, penalties = [] } = guarantees.find(({ name }) => name === guarantee) ?? {};
  // What others told us isn't told on: two controllers would tell each other for ever.
  if (verdict.state !== 'violated' || constraint?.metric === REPORTED) return undefined;
  const began = kind === 'counter' ? since && baselineOf(history, since).revision : (violatedSinceMs ?? verdict.evidenceAtMs);
  const { value, limit, evidenceAtMs, source } = verdict;
  return {
    id: hash([environment, id, guarantee, began]),
    kind: 'violation',
    atMs: evidenceAtMs,
    environment,
    task: task.id,
    agreement: id,
    guarantee,
    client: client.name,
    data: {
      value,
      limit,
      promised: promised(constraint),
      source,
      violations,
      maxAllowed: template.maxAllowed,
      importance,
      penalties,
    },
  };
}

/** What is told of a decision that git has: its trailer, and the commit. */
export function decisionNotice(decision: Happening & DecisionRecord): Notice {
  const { id, environment, task, agreement, guarantee, atMs, order: _order, ...data } = decision;
  return { id, kind: 'decision', atMs, environment, task, agreement, guarantee, data };
}

function promised(constraint: Constraint | undefined): string {
  if (constraint === undefined) return '';
  const { metric, comparator, limit, expression } = constraint;
  return expression?.text ?? `${metric} ${comparator} ${limit}`;
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
