import type { DecisionRecord } from '../sla/trailer.ts';
import { printDecision } from '../sla/trailer.ts';

/** A decision with the name that its task has in the documents, and the file that it changes. */
export interface NamedDecision extends DecisionRecord {
  readonly name: string;
  readonly path: string;
}

/** Subject and body for people, then one trailer per decision. */
export function decisionMessage(decisions: readonly NamedDecision[]): string {
  const [only] = decisions;
  const subject = decisions.length === 1 && only !== undefined ? `${change(only)}: ${only.reason}` : `Scale ${decisions.length} tasks`;
  const body = decisions.map(paragraph).join('\n');
  const trailers = decisions.map(({ name: _name, path: _path, ...record }) => printDecision(record)).join('\n');
  return `${subject}\n\n${body}\n\n${trailers}\n`;
}

function change({ name, from, to }: NamedDecision): string {
  return `Scale ${name} ${from} → ${to}`;
}

function paragraph(decision: NamedDecision): string {
  const { agreement, evidence, reason, limitedBy, fallback } = decision;
  const limit = limitedBy === undefined ? '' : `, limited by ${limitedBy}`;
  if (fallback) return `${change(decision)}${limit}, as nothing is known of agreement ${agreement} since ${evidence.at}: ${reason}.`;
  return `${change(decision)}${limit}, for agreement ${agreement}: ${reason}.\nSeen at ${evidence.at} in ${evidence.source}.`;
}
