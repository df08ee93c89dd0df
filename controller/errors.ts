/**
 * Three ways not to succeed. transient: back off and try again. waiting: look again after `afterMs`, nothing is wrong.
 * terminal: only a new revision, or a person, can help.
 */
export type Outcome = 'transient' | 'waiting' | 'terminal';

/** An expected failure, told as an action that could not be done, with the value and the fix. */
export class Failure extends Error {
  readonly outcome: Outcome;
  readonly afterMs: number | undefined;

  constructor(outcome: Outcome, message: string, options: { cause?: unknown; afterMs?: number } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Failure';
    this.outcome = outcome;
    this.afterMs = options.afterMs;
  }
}

/**
 * The branch moved since it was read: fetch, recompute, decide again, after `afterMs` where there is one. It grows from one lost race to the
 * next, and differs from writer to writer.
 */
export class ConflictError extends Failure {
  constructor(message: string, options: { cause?: unknown; afterMs?: number } = {}) {
    super('transient', message, options);
    this.name = 'ConflictError';
  }
}

/** The remote takes no commit to this branch from us, by a hook or as it is protected. Another branch may do. */
export class RefusedBranch extends Failure {
  constructor(message: string) {
    super('terminal', message);
    this.name = 'RefusedBranch';
  }
}

/** Files of a work tree have uncommitted changes that a commit would lose. `paths` are those of the repository. */
export class RefusedFiles extends Failure {
  readonly paths: readonly string[];

  constructor(message: string, options: { readonly paths: readonly string[]; readonly afterMs: number }) {
    super('waiting', message, { afterMs: options.afterMs });
    this.name = 'RefusedFiles';
    this.paths = options.paths;
  }
}

/** A source of metrics that refused a query, or gave it up as too much: a smaller one, or another one, may succeed. */
export class QueryError extends Failure {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('terminal', message, options);
    this.name = 'QueryError';
  }
}

/** Exit code 2: the command was used wrongly, or the documents are not valid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An API server's answer other than success. `status` is HTTP's; `reason` and `causes` are those of its `Status` object. */
export class ApiError extends Failure {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];

  constructor(
    message: string,
    answer: { status: number; reason: string; causes?: ApiError['causes']; afterMs?: number | undefined; cause?: unknown },
  ) {
    const { status, afterMs, cause } = answer;
    const outcome = [408, 410, 429].includes(status) || status >= 500 ? 'transient' : 'terminal';
    super(outcome, message, { ...(cause === undefined ? {} : { cause }), ...(afterMs === undefined ? {} : { afterMs }) });
    this.name = 'ApiError';
    this.status = status;
    this.reason = answer.reason;
    this.causes = answer.causes ?? [];
  }
}

export function outcomeOf(error: unknown): Outcome {
  return error instanceof Failure ? error.outcome : 'transient';
}

/** What the system says of a file or a call, without its code and without naming them again: `no such file or directory`. */
export function systemWords(error: unknown): string {
  return bare(sentence(error));
}

function bare(text: string): string {
  return text.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*)?$/, '');
}

/** The sentence of an error and of what caused it, once each. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? sentence(error.cause) : undefined;
  return cause === undefined || error.message.includes(bare(cause)) ? error.message : `${error.message}: ${cause}`;
}
