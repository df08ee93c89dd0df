import picocolors from 'picocolors';
import type { Owner } from '../sync/fields/owners.ts';
import { MANAGER } from '../sync/watch/live.ts';
import { printable } from './table.ts';

export interface ChangedBy {
  readonly commit: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
  readonly subject: string;
}

/** All that is known of one object on one infrastructure. */
export interface Explanation {
  readonly infrastructure: string;
  /** `Deployment dock/hello` */
  readonly object: string;
  /** `file:line:column` of its document, or of that of what made it; absent when none declares it. */
  readonly declaredAt?: string;
  /** In force: the one that declares it. */
  readonly revision?: string;
  /** The last commit that changed the document. */
  readonly changedBy?: ChangedBy;
  /** Set its replicas last. */
  readonly decision?: { readonly from: number; readonly to: number; readonly agreement: string; readonly reason: string };
  /** What made it, the nearest first. */
  readonly madeBy?: readonly string[];
  /** Of the infrastructure, as its inventory says. */
  readonly appliedRevision?: string;
  readonly uid?: string;
  /** Whether it carries the label of our set. */
  readonly ours?: boolean;
  readonly health?: string;
  readonly owners: readonly Owner[];
  /** Fields that we want and another manager keeps. */
  readonly leftToOthers: readonly { readonly field: string; readonly managers: readonly string[] }[];
  /** Why it could not be looked at. */
  readonly failed?: string;
}

/** For people. Pure. */
export function printExplanation(told: Explanation): string {
  const facts = [
    ['failed', told.failed],
    ['declared', whereDeclared(told)],
    [
      'changed',
      told.changedBy && `${short(told.changedBy.commit)} at ${told.changedBy.at} by ${told.changedBy.author}: ${told.changedBy.subject}`,
    ],
    [
      'decided',
      told.decision &&
        `replicas ${told.decision.from} → ${told.decision.to} as ${told.decision.agreement} was violated: ${told.decision.reason}`,
    ],
    ['made by', told.madeBy?.join(', of ')],
    ['applied', told.appliedRevision && `revision ${short(told.appliedRevision)}${lastApply(told.owners)}`],
    ['health', told.health ?? (told.failed === undefined ? 'not there' : undefined)],
  ].flatMap(([name = '', text]) => (text === undefined ? [] : [`  ${name.padEnd(9)} ${printable(text)}`]));
  return `${[picocolors.bold(`${told.object} on ${told.infrastructure}`), ...facts, ...fieldLines(told)].join('\n')}\n`;
}

function whereDeclared({ declaredAt, revision, ours, failed, madeBy }: Explanation): string | undefined {
  if (declaredAt !== undefined)
    return `${declaredAt} in revision ${short(revision)}${ours === false && madeBy === undefined ? ', but not ours yet: it lacks our label' : ''}`;
  if (failed !== undefined) return undefined;
  return ours ? 'in no document: it is ours, and no longer wanted' : 'in no document, and it carries no label of ours: it is not ours';
}

function lastApply(owners: readonly Owner[]): string {
  const time = owners.find(({ manager, operation }) => manager === MANAGER && operation === 'Apply')?.time;
  return time === undefined ? '' : `; this object was last changed by us at ${time}`;
}

function fieldLines({ owners, leftToOthers }: Explanation): string[] {
  const kept = new Map(leftToOthers.map(({ field, managers }) => [field, managers]));
  const groups = owners.flatMap(({ manager, operation, subresource, time, fields }) => {
    const about = [operation, subresource, time].filter((part) => part !== undefined).join(', ');
    const marked = fields.map((field) => (kept.get(field)?.includes(manager) ? `${field}  wanted by us, left to it` : field));
    return [`    ${manager} (${about})`, ...withoutStatus(marked).map((field) => `      ${printable(field)}`)];
  });
  const left = leftToOthers.map(({ field, managers }) => `    ${field} to ${managers.join(', ')}`);
  return [...(groups.length === 0 ? [] : ['  fields', ...groups]), ...(left.length === 0 ? [] : ['  left to others', ...left])];
}

/** Nobody asks who owns which line of a status. */
function withoutStatus(fields: readonly string[]): readonly string[] {
  const rest = fields.filter((field) => !field.startsWith('.status'));
  const status = fields.length - rest.length;
  return status === 0 ? rest : [...rest, `.status (${status} of its fields)`];
}

function short(revision: string | undefined): string {
  return revision?.slice(0, 10) ?? 'none';
}
