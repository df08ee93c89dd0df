import { setMaxListeners } from 'node:events';
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { Failure } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { type Answer, afterMs, warningsIn } from './answer.ts';
import type { Access } from './kubeconfig.ts';
import { afterReading, openSession, type Session, type Use } from './session.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, with its query: `/api/v1/namespaces?limit=500`. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** `application/json` when absent. */
  readonly accept?: string;
}

/** An answer that has begun. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly stream: ClientHttp2Stream;
}

/**
 * HTTP/2 to one API server, over one connection as long as it lives and the server takes more streams.
 * Rejects with a Failure when there is no answer, with the signal's reason when aborted.
 */
export interface Transport {
  /** One request; a 429 is tried again for some seconds when the server says when, and all others wait as well. */
  send(call: Call, signal?: AbortSignal): Promise<Answer>;
  /** A GET resolved when its headers are here; `idleMs` without a byte ends it. */
  open(call: Call, idleMs: number, signal?: AbortSignal): Promise<Incoming>;
  close(): void;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_PATIENCE_MS = 4000;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

export function createTransport(options: {
  readonly name: string;
  readonly access: Access;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
}): Transport {
  const { name, access, clock, requestTimeoutMs } = options;
  const root = access.server.pathname.replace(/\/$/, '');
  const sessions = new Set<Session>();
  let isClosed = false;
  let pausedUntilMs = 0;

  /** A server that asks one request to wait is asked nothing else meanwhile. */
  const pauseOver = async (signal: AbortSignal | undefined): Promise<void> => {
    while (pausedUntilMs > clock.now()) await clock.sleep(pausedUntilMs - clock.now(), signal);
  };

  const fitSession = (): Session => {
    if (isClosed) throw new Failure('transient', `Cannot reach ${name} as its connection was closed`);
    for (const session of sessions) if (session.isFit) return session;
    const opened = openSession(access, () => sessions.delete(opened));
    sessions.add(opened);
    return opened;
  };

  /** `read` makes of the answer what is wanted; the time for one answer ends when it has. */
  const exchange = async <T>(call: Call, use: Use, signal: AbortSignal | undefined, read: (incoming: Incoming) => T | Promise<T>) => {
    signal?.throwIfAborted();
    // One signal ends as many requests as run at once.
    if (signal !== undefined) setMaxListeners(0, signal);
    const session = fitSession();
    const isReused = session.isProven;
    const payload = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const stream = session.begin(headersOf(access.token, root, call, payload), payload, use, signal);
    const timer = setTimeout(() => stream.destroy(new Error(`no answer within ${requestTimeoutMs} ms`)), requestTimeoutMs);
    try {
      return await read(await headOf(stream));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      // A kept connection that the server closed while it was idle says nothing about the server; a POST might have arrived.
      const isStale = isReused && session.isBroken && call.method !== 'POST';
      throw new Lost(error, isStale || stream.rstCode === constants.NGHTTP2_REFUSED_STREAM);
    } finally {
      clearTimeout(timer);
    }
  };

  /** Once more what the server surely did not do. */
  const persistent: typeof exchange = async (call, use, signal, read) => {
    try {
      return await exchange(call, use, signal, read);
    } catch (error) {
      if (!(error instanceof Lost) || !error.isUndone) throw error;
      return await exchange(call, use, signal, read);
    }
  };

  const told = (error: unknown) => (error instanceof Lost ? unreachable(name, access.server, error.cause) : error);

  return {
    async send(call, signal) {
      try {
        for (let waited = 0; ; ) {
          await pauseOver(signal);
          const answer = await persistent(call, 'request', signal, collect);
          const pause = answer.status === 429 ? afterMs(answer.retryAfter) : undefined;
          if (pause === undefined || waited + pause > MAX_PATIENCE_MS) return answer;
          waited += pause;
          pausedUntilMs = Math.max(pausedUntilMs, clock.now() + pause);
        }
      } catch (error) {
        throw told(error);
      }
    },
    async open(call, idleMs, signal) {
      try {
        await pauseOver(signal);
        const incoming = await persistent(call, 'watch', signal, (begun) => begun);
        const { stream } = incoming;
        stream.setTimeout(idleMs, () => stream.destroy(new Error(`not a byte within ${idleMs} ms`)));
        return incoming;
      } catch (error) {
        throw told(error);
      }
    },
    close() {
      isClosed = true;
      for (const session of sessions) session.close();
    },
  };
}

function headOf(stream: ClientHttp2Stream): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(broken());
    stream.on('error', reject);
    stream.on('close', closed);
    stream.on('response', (headers) => {
      stream.off('close', closed);
      resolve({ status: headers[':status'] ?? 0, headers, stream });
    });
  });
}

/** The whole answer, capped, as JSON. Used for answers on streams as well, when they turn out to be refusals. */
export async function collect(incoming: Incoming): Promise<Answer> {
  const { status, headers } = incoming;
  const bytes = await bytesOf(incoming);
  if (status >= 300 && status < 400) throw new Error(`the answer is a redirect (${status}), which is not followed`);
  const body = json(bytes, headers['content-type'] ?? '', status);
  return { status, retryAfter: headers['retry-after'], warnings: warningsIn(headers.warning), body };
}

function bytesOf({ stream }: Incoming): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) return void chunks.push(chunk);
      const error = new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
      reject(error);
      afterReading(() => stream.destroy(error));
    });
    const closed = () => reject(broken());
    // What was over before anybody listened says nothing more.
    if (stream.destroyed) return closed();
    stream.on('end', () => {
      stream.off('close', closed);
      if (isWhole(stream)) resolve(Buffer.concat(chunks));
      else closed();
    });
    stream.on('error', reject);
    stream.on('close', closed);
  });
}

/** Whether the server ended it: it also ends when the connection does. */
export function isWhole(stream: ClientHttp2Stream): boolean {
  return stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted;
}

function broken(): Error {
  return new Error('the connection was closed before the end of the answer');
}

function json(bytes: Buffer, type: string, status: number): unknown {
  const isJson = type.startsWith('application/json');
  if (!isJson && status < 300) throw new Error(`the answer is '${type}', not JSON: this is no Kubernetes API server`);
  return isJson ? JSON.parse(bytes.toString('utf8')) : undefined;
}

/** A request without an answer. `isUndone`: it did not reach the server, or does no harm twice. */
class Lost extends Error {
  readonly isUndone: boolean;
  constructor(error: unknown, isUndone: boolean) {
    // What waited for the connection is told that it was given up, because of what is of interest.
    const { code, cause } = error as NodeJS.ErrnoException;
    super('lost', { cause: code === 'ERR_HTTP2_STREAM_CANCEL' && cause !== undefined ? cause : error });
    this.isUndone = isUndone;
  }
}

function unreachable(name: string, server: URL, cause: unknown): Failure {
  const code = String((cause as NodeJS.ErrnoException).code ?? '');
  if (UNTRUSTED.test(code)) {
    const fix = 'put its authority in certificate-authority-data';
    return new Failure('terminal', `Cannot trust the certificate of ${name} at ${server.origin}: ${fix}`, { cause });
  }
  return new Failure('transient', `Cannot reach ${name} at ${server.origin}`, { cause });
}

function headersOf(token: string | undefined, root: string, call: Call, payload: Buffer | undefined): OutgoingHttpHeaders {
  return {
    ':method': call.method,
    ':path': `${root}${call.path}`,
    accept: call.accept ?? 'application/json',
    'user-agent': 'rotterdam-sync',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(payload === undefined ? {} : { 'content-type': call.contentType ?? 'application/json', 'content-length': payload.length }),
  };
}
