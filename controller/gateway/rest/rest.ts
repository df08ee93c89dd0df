import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { Issue } from '../../../constructs/spec/issue.ts';
import { parseDuration } from '../../../constructs/spec/units.ts';
import type { Task } from '../../../synth/environment.ts';
import { parseText } from '../../../synth/parse.ts';
import type { Author, Change, Documents, Made, Written } from '../../changes/change.ts';
import { sentence } from '../../errors.ts';
import type { Clock, Log, SecretStore } from '../../ports.ts';
import type { View } from '../../status.ts';
import type { Chronicle } from '../../story/chronicle.ts';
import { type AllowedHosts, checkHost } from '../access/hosts.ts';
import { hasSecrets, withoutSecrets } from './infrastructure-document.ts';
import { type Kept, KeptSecrets } from './kept-secrets.ts';
import { errorAnswer, formed, HttpError, named, preferences, send } from './reply.ts';

export interface RestOptions {
  /** Undefined before a revision is in force. */
  readonly view: () => (View & Chronicle) | undefined;
  /** Commits. Rejects with a Refusal, or with a Failure when it can't be written. */
  readonly write: (change: Change) => Promise<Written>;
  /** The secrets directory. */
  readonly secrets: Pick<SecretStore, 'keep' | 'forget'>;
  /** Of what is written by REST; beside those that documents name already. */
  readonly allowedHosts?: AllowedHosts;
  /** Where the repository is, as git takes it. */
  readonly repository: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the routes have in common. */
export interface Rest extends Pick<RestOptions, 'version'> {
  readonly secrets: Pick<KeptSecrets, 'keep'>;
  /** Throws HttpError 503 before a revision is in force. */
  view(): View & Chronicle;
  /** Throws a Refusal when the operator didn't allow the host of `url`, that something is to be asked of. */
  mayAsk(url: string): void;
  /** Commits in the name of who asks; once for each `Idempotency-Key`. Documents refer to the secrets in `kept` then, or these are gone. */
  write(
    request: Pick<FastifyRequest, 'headers' | 'method' | 'url' | 'body'>,
    make: (documents: Documents) => Made,
    kept?: Kept,
  ): Promise<Written>;
  /**
   * What waits for a task, as `?wait=ready&timeout=30s` asks for: until it runs as wanted, the time is over, or nobody waits for the answer any more.
   * Throws HttpError 400 for another wish.
   */
  waiter(request: FastifyRequest): (task: Task) => Promise<void>;
  /** Puts the answer of `handler` into the original's envelope, and what it throws into an error's. */
  route<R extends RouteGenericInterface = RouteGenericInterface>(
    method: string,
    handler: (request: FastifyRequest<R>, reply: FastifyReply) => object | Promise<object>,
  ): (request: FastifyRequest<R>, reply: FastifyReply) => Promise<FastifyReply>;
  /** The same without an envelope, as the SLA Manager answers: what `handler` gives, or nothing with 204; errors are `{code, message}`. */
  bare<R extends RouteGenericInterface = RouteGenericInterface>(
    handler: (request: FastifyRequest<R>, reply: FastifyReply) => unknown,
  ): (request: FastifyRequest<R>, reply: FastifyReply) => Promise<FastifyReply>;
}

const MAX_KEY_LENGTH = 255;
const LOOK_EVERY_MS = 50;
const DEFAULT_WAIT = '60s';
const LONGEST_WAIT_MS = 600_000;
const ANONYMOUS: Author = { name: 'anonymous', email: 'anonymous@localhost' };

export function createRest({ view, write, secrets: store, allowedHosts = [], version, clock, log }: RestOptions): Rest {
  const inForce = () => {
    const seen = view();
    if (seen === undefined) throw new HttpError(503, 'No revision is in force yet: try again');
    return seen;
  };
  const secrets = new KeptSecrets(store, log);
  const committed = new WeakMap<object, Written>();
  return {
    secrets,
    version,
    view: inForce,
    mayAsk: (url) => checkHost(url, allowedHosts),
    write: async (request, make, kept = new Map()) => {
      const written = await secrets.commit(kept, async (seen) => {
        checkCondition(request);
        return write({ author: ANONYMOUS, ...requestKey(request), make, seen });
      });
      committed.set(request, written);
      return written;
    },
    waiter: (request) => {
      const waitMs = wantsNoWait(request) ? 0 : waitOf(request);
      if (waitMs > 0) refuseUnseen(inForce());
      return async (task) => {
        const untilMs = clock.now() + waitMs;
        const isOver = () => clock.now() >= untilMs || request.raw.socket.destroyed;
        while (!isOver() && !runsAsWanted(inForce(), task)) await clock.sleep(LOOK_EVERY_MS);
      };
    },
    route: (method, handler) =>
      named(method, async (request, reply) => {
        try {
          const { message, ...content } = (await handler(request, reply)) as { message?: string };
          if (committed.has(request) && wantsNoWait(request)) taken(request, reply);
          const status = reply.statusCode;
          return send(request, reply, status, { resp: 'ok', method, message: message ?? 'ok', caasversion: version, ...content });
        } catch (error) {
          const { status, body } = errorAnswer(afterwards(error, committed.get(request)), method, version);
          if (status >= 500) log.error({ method, request: request.id, reason: sentence(error) }, 'request failed');
          return send(request, reply, status, body);
        }
      }),
    bare: (handler) => async (request, reply) => {
      try {
        const body = await handler(request, reply);
        return body === undefined ? reply.code(204).send() : send(request, reply, reply.statusCode, body as object);
      } catch (error) {
        const { status, body } = errorAnswer(afterwards(error, committed.get(request)), 'sla', version);
        if (status >= 500) log.error({ method: 'sla', request: request.id, reason: sentence(error) }, 'request failed');
        return send(request, reply, status, formed('sla', status, body));
      }
    },
  };
}

/** What a repeated request made may be gone by now: it is not made again, and must not seem never to have been. */
function afterwards(error: unknown, written: Written | undefined): unknown {
  if (!written?.repeated || !(error instanceof HttpError) || error.status !== 404) return error;
  const { name, revision } = written;
  const was = `'${name}' was made by this request in ${revision.slice(0, 10)}, and removed since`;
  return new HttpError(409, `Refused as ${was}: use another Idempotency-Key`);
}

/** What an answer tells of what was left out or is doubtful. What is said of the body is said of the file that is made of it, too: once is enough. */
export function said(warnings: readonly Issue[]): { readonly warnings?: readonly Issue[] } {
  const key = ({ code, message }: Issue) => `${code} ${message}`;
  const ofBody = new Set(warnings.filter(({ file }) => file === 'body').map(key));
  const once = warnings.filter((one) => one.file === 'body' || !ofBody.has(key(one)));
  return once.length === 0 ? {} : { warnings: once };
}

/** Where something new is made, or what is changed is not one document. */
const UNCONDITIONAL = /\/(tasks|tasks-compss|imec|functions|sources\/prometheus)$/;

/** A condition that nobody looks at must not seem to hold. */
function checkCondition({ headers, url }: Pick<FastifyRequest, 'headers' | 'url'>): void {
  const { 'if-match': condition = '*' } = headers;
  if (condition === '*' || !UNCONDITIONAL.test(url.split('?', 1)[0] ?? '')) return;
  throw new HttpError(400, 'Leave out If-Match: there is no document yet, or no single one, whose ETag it could be');
}

/** The commit is made, and the clusters follow: 202 with the place where that is seen, as RFC 7240 has it. */
function taken({ url }: Pick<FastifyRequest, 'url'>, reply: FastifyReply): void {
  if (!reply.hasHeader('location')) reply.header('location', url.split('?', 1)[0]);
  reply.code(202).header('preference-applied', 'respond-async');
}

function wantsNoWait(request: FastifyRequest): boolean {
  return preferences(request).has('respond-async');
}

/** Where no cluster is looked at, none is ever seen to be ready. */
function refuseUnseen({ environment, infrastructureStatus }: View): void {
  for (const name of environment.infrastructures.keys()) {
    const { state, reason } = infrastructureStatus(name) ?? {};
    if (state === 'unknown') throw new HttpError(400, `Cannot wait for what runs: ${reason}, or leave out wait`);
  }
}

/** What was ready before the revision in force was applied is no news of it. */
function runsAsWanted(view: View, task: Task): boolean {
  const isApplied = (name: string) => view.infrastructureStatus(name)?.revision === view.revision;
  return view.taskStatus(task).health === 'ready' && task.infrastructures.every(isApplied);
}

function requestKey({ headers, method, url, body }: Pick<FastifyRequest, 'headers' | 'method' | 'url' | 'body'>): Pick<Change, 'request'> {
  const key = headers['idempotency-key'];
  if (key === undefined) return {};
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
    throw new HttpError(400, `Write the Idempotency-Key as a text of at most ${MAX_KEY_LENGTH} characters`);
  }
  const hash = createHash('sha256')
    // How long it is waited for is no part of it.
    .update(`${method} ${url.split('?', 1)[0]}\n`)
    .update(Buffer.isBuffer(body) ? hashed(body) : '')
    .digest('hex')
    .slice(0, 16);
  return { request: { key, hash } };
}

/** The hash gets into git: what is secret could be guessed by it. A body without secrets as it is, another by what it says beside them. */
function hashed(body: Buffer): Buffer | string {
  const values = parseText(body.toString(), 'json').documents.map(({ value }) => value);
  if (!values.some(hasSecrets)) return body;
  return JSON.stringify(values.map((value) => (hasSecrets(value) ? withoutSecrets(value) : value)));
}

/** Milliseconds; 0 when nothing is waited for. */
function waitOf({ query }: FastifyRequest): number {
  const { wait, timeout = DEFAULT_WAIT } = query as { wait?: string; timeout?: string };
  if (wait === undefined) return 0;
  if (wait !== 'ready') throw new HttpError(400, "Write wait as 'ready': nothing else can be waited for");
  try {
    return Math.min(parseDuration(timeout), LONGEST_WAIT_MS);
  } catch (error) {
    throw new HttpError(400, `Cannot read timeout: ${sentence(error)}`);
  }
}
