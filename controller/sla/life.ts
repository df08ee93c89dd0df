import type { AgreementState } from '../../constructs/spec/agreement.ts';
import { agreementKey } from '../../constructs/spec/names.ts';
import type { Environment } from '../../synth/environment.ts';
import { type Agreement, agreementsOf } from './agreement.ts';
import type { Happening } from './happening.ts';
import { type History, NO_TASK_HISTORY } from './history.ts';

/** How an agreement stands. */
export interface Life {
  readonly state: AgreementState;
  /** The commit that bound the task to the template, or that declared the agreement; undefined when the history doesn't know it. */
  readonly created: Happening | undefined;
  /** Its creation, or the commit that started it again: what was before is no evidence. */
  readonly since: Happening | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAtMs?: number;
  /** Why it isn't judged; there unless it is started. */
  readonly reason?: string;
}

/**
 * What documents and their history make of an agreement at a time. Terminated is final: neither a document nor a later expiration starts
 * again what has ended, only making it anew does. Pure.
 */
export function lifeOf(agreement: Agreement, history: History, nowMs: number): Life {
  const { task, template, declared, lifetimeMs } = agreement;
  const document = history.agreements.size === 0 ? undefined : history.agreements.get(agreementKey(agreement.id));
  const bound = (history.tasks.get(task.id) ?? NO_TASK_HISTORY).agreed.get(template.name);
  const created = (declared?.generated ?? true) ? bound : document?.created;
  const since = later(created, document?.started);
  const lastsUntilMs = created === undefined || lifetimeMs === undefined ? undefined : created.atMs + lifetimeMs;
  const expiresAtMs = declared?.expiresAtMs ?? lastsUntilMs;
  const times = { created, since, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
  const ended = document?.ended !== undefined && later(created, document.ended) === document.ended ? document.ended : undefined;
  const terminated = whyTerminated(agreement, expiresAtMs, ended, nowMs);
  if (terminated !== undefined) return { ...times, state: 'terminated', reason: terminated };
  if (declared?.state === 'stopped') return { ...times, state: 'stopped', reason: `Stopped in ${declared.origin.file}` };
  return { ...times, state: 'started' };
}

/** Agreements that are stopped or terminated, and why. */
export function idleAgreements(environment: Environment, history: History, nowMs: number): readonly IdleAgreement[] {
  return agreementsOf(environment).flatMap((agreement) => {
    const { state, reason = '' } = lifeOf(agreement, history, nowMs);
    return state === 'started' ? [] : [{ agreement, state, reason }];
  });
}

export interface IdleAgreement {
  readonly agreement: Agreement;
  readonly state: Exclude<AgreementState, 'started'>;
  readonly reason: string;
}

function whyTerminated(
  { declared }: Agreement,
  expiresAtMs: number | undefined,
  ended: Happening | undefined,
  nowMs: number,
): string | undefined {
  if (declared?.state === 'terminated') return `Terminated in ${declared.origin.file}`;
  if (ended !== undefined) {
    const fix = declared?.generated === false ? 'give the new one another name' : 'bind the task to its template anew';
    return `Terminated at ${new Date(ended.atMs).toISOString()}, and what has ended does not start again: ${fix}`;
  }
  return expiresAtMs !== undefined && expiresAtMs <= nowMs ? `Expired at ${new Date(expiresAtMs).toISOString()}` : undefined;
}

function later(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.order >= a.order ? b : a;
}
