import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions, request } from 'node:https';
import { Failure } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { type Answer, afterMs } from './answer.ts';
import type { Access } from './kubeconfig.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, with its query: `/api/v1/namespaces?limit=500`. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** HTTP to one API server. Rejects with a Failure when there is no answer, with the signal's reason when aborted. */
export interface Transport {
  /** One request on a kept connection; a 429 is tried again for some seconds when the server says when. */
  send(call: Call, signal?: AbortSignal): Promise<Answer>;
  /** A GET on a connection of its own, resolved when the headers are here; `idleMs` without a byte ends it. */
  open(path: string, idleMs: number, signal?: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

const SOCKETS = 16;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_PATIENCE_MS = 4000;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

export function createTransport(options: {
  readonly name: string;
  readonly access: Access;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
}): Transport {
  const { access, clock, requestTimeoutMs } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, scheduling: 'lifo', ...tlsOf(access) });
  const streams = new Agent({ keepAlive: false, ...tlsOf(access) });
  const failed = (error: unknown) => unreachable(options.name, access.server, error);

  const start = (call: Call, over: Agent, signal: AbortSignal | undefined) => {
    // One signal ends as many requests as run at once.
    if (signal !== undefined) setMaxListeners(0, signal);
    const payload = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const sent = request(requestOptions(access, call, payload, over, signal));
    sent.end(payload);
    return sent;
  };

  const once = (call: Call, signal: AbortSignal | undefined): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = start(call, agent, signal);
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${requestTimeoutMs} ms`)), requestTimeoutMs);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        act();
      };
      const fail = (error: unknown) => settle(() => reject(signal?.aborted ? signal.reason : new Lost(error, sent.reusedSocket)));
      sent.on('error', fail);
      sent.on('response', (response) => {
        collect(response).then((answer) => settle(() => resolve(answer)), fail);
      });
    });

  const persistent = async (call: Call, signal: AbortSignal | undefined): Promise<Answer> => {
    try {
      return await once(call, signal);
    } catch (error) {
      // A kept connection that the server closed while it was idle says nothing about the server; a POST might have arrived.
      if (!(error instanceof Lost) || !error.stale || call.method === 'POST') throw error;
      return await once(call, signal);
    }
  };

  return {
    async send(call, signal) {
      signal?.throwIfAborted();
      try {
        for (let waited = 0; ; ) {
          const answer = await persistent(call, signal);
          const pause = answer.status === 429 ? afterMs(answer.retryAfter) : undefined;
          if (pause === undefined || waited + pause > MAX_PATIENCE_MS) return answer;
          waited += pause;
          await clock.sleep(pause, signal);
        }
      } catch (error) {
        throw error instanceof Lost ? failed(error.cause) : error;
      }
    },
    open(path, idleMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sent = start({ method: 'GET', path }, streams, signal);
        sent.setTimeout(idleMs, () => sent.destroy(new Error(`not a byte within ${idleMs} ms`)));
        sent.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
        sent.on('error', (error) => reject(signal?.aborted ? signal.reason : failed(error)));
        sent.on('response', resolve);
      });
    },
    close() {
      agent.destroy();
      streams.destroy();
    },
  };
}

/** The whole answer, capped, as JSON. Used for answers on streams as well, when they turn out to be refusals. */
export async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) throw new Error(`the answer is a redirect (${status}), which is not followed`);
  return { status, retryAfter: response.headers['retry-after'], body: json(Buffer.concat(chunks), response, status) };
}

function json(bytes: Buffer, response: IncomingMessage, status: number): unknown {
  const type = response.headers['content-type'] ?? '';
  const isJson = type.startsWith('application/json');
  if (!isJson && status < 300) throw new Error(`the answer is '${type}', not JSON: this is no Kubernetes API server`);
  return isJson ? JSON.parse(bytes.toString('utf8')) : undefined;
}

/** A request without an answer. */
class Lost extends Error {
  readonly stale: boolean;
  constructor(cause: unknown, reused: boolean) {
    super('lost', { cause });
    const code = (cause as NodeJS.ErrnoException).code;
    this.stale = reused && (code === 'ECONNRESET' || code === 'EPIPE');
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

function tlsOf({ ca, cert, key, serverName }: Access): AgentOptions {
  return {
    rejectUnauthorized: true,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(serverName ? { servername: serverName } : {}),
  };
}

function requestOptions(
  { server, token }: Access,
  call: Call,
  payload: Buffer | undefined,
  agent: Agent,
  signal: AbortSignal | undefined,
): RequestOptions {
  return {
    agent,
    method: call.method,
    hostname: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port || 443,
    path: `${server.pathname.replace(/\/$/, '')}${call.path}`,
    headers: {
      Accept: 'application/json',
      'User-Agent': 'rotterdam-sync',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(payload === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json', 'Content-Length': payload.length }),
    },
    ...(signal ? { signal } : {}),
  };
}
