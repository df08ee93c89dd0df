import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Issue } from '../../../constructs/spec/issue.ts';
import { Refusal, type RefusalKind } from '../../changes/change.ts';
import { Failure, sentence } from '../../errors.ts';

/** What every answer of the original begins with. */
export interface Envelope {
  readonly resp: 'ok' | 'error';
  /** The original's name of what was asked for: `GetTask`. */
  readonly method: string;
  readonly message: string;
  readonly caasversion: string;
}

export interface ErrorEnvelope extends Envelope {
  readonly issues?: readonly Issue[];
}

/** How an error is told: in the original's envelope, as its SLA Manager did, or by a message alone. */
export type Form = 'envelope' | 'sla' | 'plain';

export function formed(form: Form, status: number, body: ErrorEnvelope): object {
  const { message, issues } = body;
  if (form === 'envelope') return body;
  return form === 'plain' ? { message } : { code: String(status), message, ...(issues === undefined ? {} : { issues }) };
}

/** An error of who asks, as an answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.issues = issues;
  }
}

const STATUS: Readonly<Record<RefusalKind, number>> = { missing: 404, conflict: 409, stale: 412, invalid: 400, forbidden: 403 };

/** Seconds after which what can't be reached may be asked again. */
const RETRY_AFTER_S = 5;

const names = new WeakMap<object, string>();

/** A handler that answers under the original's name for it. */
export function named<Handler extends object>(method: string, handler: Handler): Handler {
  names.set(handler, method);
  return handler;
}

/** That name, of the routes added to `scope` from now on, also while a handler isn't reached; of one that the original had no name for, the route. */
export function namesIn(scope: FastifyInstance): (request: FastifyRequest) => string {
  const known = new Map<string, string>();
  scope.addHook('onRoute', ({ method, url, handler }) => {
    for (const one of [method].flat()) known.set(`${one} ${url}`, names.get(handler) ?? `${one} ${url}`);
  });
  return ({ method, routeOptions: { url } }) => known.get(`${method} ${url}`) ?? 'unknown';
}

/** The status and the body of an error; `method` as in the original. */
export function errorAnswer(error: unknown, method: string, version: string): { readonly status: number; readonly body: ErrorEnvelope } {
  const issues = error instanceof HttpError || error instanceof Refusal ? error.issues : [];
  const envelope = { resp: 'error', method, message: sentence(error), caasversion: version } as const;
  return { status: statusOf(error), body: issues.length === 0 ? envelope : { ...envelope, issues } };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof Refusal) return STATUS[error.kind];
  if (error instanceof Failure) return error.outcome === 'terminal' ? 400 : 503;
  return (error as { statusCode?: number }).statusCode ?? 500;
}

/**
 * Answers. Clients of the original that know no other status than 200 ask for it by `Prefer: rotterdam-status=200`: what went wrong is in
 * the body then, as `resp`.
 */
export function send(request: FastifyRequest, reply: FastifyReply, status: number, body: object): FastifyReply {
  if (status === 503) reply.header('retry-after', String(RETRY_AFTER_S));
  return reply
    .code(wantsOk(request) ? 200 : status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function wantsOk(request: FastifyRequest): boolean {
  const words = preferences(request);
  return words.has('rotterdam-status=200') && !words.has('rotterdam-status=true');
}

/** As if who asks had preferred it, unless the true status is: `Prefer: rotterdam-status=true`. */
export function preferOk(headers: FastifyRequest['headers']): void {
  headers.prefer = [headers.prefer ?? [], 'rotterdam-status=200'].flat().join(', ');
}

/** The words of `Prefer`, as RFC 7240 has them. */
export function preferences({ headers }: FastifyRequest): ReadonlySet<string> {
  const words = [headers.prefer ?? []].flat().join(',').split(',');
  return new Set(words.map((word) => word.trim().toLowerCase()));
}
