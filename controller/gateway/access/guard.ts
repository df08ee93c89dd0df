import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Log } from '../../ports.ts';
import { isLoopback } from '../address.ts';
import { HttpError } from '../rest/reply.ts';
import { type BucketOptions, createBuckets } from './buckets.ts';
import { type Caller, type Grant, LOCAL, type Need, NOBODY, suffices } from './grant.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { identify } from './identify.ts';
import { needOf } from './needs.ts';
import { isWithin } from './networks.ts';
import { checkIds, checkOrigin } from './origin.ts';

export interface GuardOptions {
  /** Those in force; undefined where nobody needs a token, as only this machine can ask. */
  readonly grants: (() => readonly Grant[]) | undefined;
  /** Whose word on where a request is from counts. */
  readonly proxies: readonly string[];
  /** Nobody else may ask: what comes here is not encrypted. */
  readonly onlyProxies: boolean;
  /** Routes of the server are those below it. */
  readonly prefix?: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** For each token, and for each address of those who have none. */
const REQUESTS: BucketOptions = { perSecond: 100, atOnce: 500 };
/** Lines of the log about what is refused to one address. */
const REFUSALS: BucketOptions = { perSecond: 0.1, atOnce: 5 };

export interface Guard {
  /** Looks at every request before anything else does. */
  watch(server: FastifyInstance): void;
  /** Whose request is being answered. Throws outside of one. */
  caller(): Caller;
}

export function createGuard({ grants, proxies, onlyProxies, prefix = '', clock, log }: GuardOptions): Guard {
  const callers = new WeakMap<FastifyRequest, Caller>();
  const now = new AsyncLocalStorage<Caller>();
  const waitOf = createBuckets(REQUESTS, clock);
  const quietFor = createBuckets(REFUSALS, clock);
  const look = (request: FastifyRequest, reply: FastifyReply) => {
    for (const [name, value] of SECURITY_HEADERS) reply.raw.setHeader(name, value);
    reply.raw.setHeader('x-request-id', request.id);
    checkIds(request.params);
    checkOrigin(request.method, request.headers, request.host);
    if (grants === undefined) return checkLocal(request);
    callers.set(request, admitted(request, reply, { grants: grants(), proxies, onlyProxies, prefix, waitOf, nowMs: clock.now() }));
  };
  return {
    caller: () => {
      const caller = grants === undefined ? LOCAL : now.getStore();
      if (caller === undefined) throw new Error('Nobody asks for this');
      return caller;
    },
    watch: (server) => {
      server.addHook('onRequest', async (request, reply) => {
        try {
          look(request, reply);
        } catch (error) {
          const { ip: address, method, url } = request;
          const reason = (error as Error).message;
          if (quietFor(address) === 0) log.warn({ request: request.id, address, method, path: url.split('?', 1)[0], reason }, 'refused');
          throw error;
        }
      });
      // From here on, as the body was read in a context of its own.
      if (grants !== undefined) server.addHook('preHandler', (request, _, done) => now.run(callers.get(request) as Caller, done));
    },
  };
}

/** A page in a browser may reach loopback under a name of its own. */
function checkLocal({ hostname }: FastifyRequest): void {
  if (!isLoopback(hostname)) throw new HttpError(403, `Refused as Host is not a loopback name: ${hostname.slice(0, 80)}`);
}

/** 0 or the seconds to wait. */
type Limit = (key: string) => number;

interface Admission {
  readonly grants: readonly Grant[];
  readonly proxies: readonly string[];
  readonly onlyProxies: boolean;
  readonly prefix: string;
  readonly waitOf: Limit;
  readonly nowMs: number;
}

function admitted(request: FastifyRequest, reply: FastifyReply, admission: Admission): Caller {
  const { url } = request.routeOptions;
  const need = url === undefined ? 'read' : needOf(request.method, `${admission.prefix}${url}`);
  if (need === undefined) throw new HttpError(403, 'Refused to everybody as nobody said who may ask for it');
  const isFree = need === 'open' || need === 'signed';
  const caller = isFree ? NOBODY : whoAsks(request, need, admission);
  const waitS = admission.waitOf('sha256' in caller ? `token ${caller.name}` : request.ip);
  if (waitS > 0) {
    reply.header('retry-after', String(waitS));
    throw new HttpError(429, `Refused more than ${REQUESTS.perSecond} requests a second: try again`);
  }
  if (caller instanceof HttpError) {
    if (caller.status === 401) reply.header('www-authenticate', 'Bearer realm="rotterdam-sync"');
    throw caller;
  }
  if (!suffices(caller, need)) throw new HttpError(403, `Refused to ${caller.name}: it takes ${sayNeed(need)}`);
  return caller;
}

function whoAsks(request: FastifyRequest, need: Need, { grants, proxies, onlyProxies, nowMs }: Admission): Caller | HttpError {
  const { socket, headers, ip: address, hostname: host } = request;
  if (onlyProxies && !isWithin(socket.remoteAddress ?? '', proxies))
    return new HttpError(403, 'Refused as it came past the proxy: ask that');
  const apiKey = headers.api_key;
  const asking = { authorization: headers.authorization, apiKey: typeof apiKey === 'string' ? apiKey : undefined, address, host };
  try {
    const grant = identify(asking, grants, need, nowMs);
    const isBare = grant.sha256 !== undefined && proxies.length > 0 && /(^|,)\s*http\s*$/.test(String(headers['x-forwarded-proto'] ?? ''));
    return isBare ? new HttpError(403, 'Refused as the token came in the clear: revoke it, and send the next one by https') : grant;
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

function sayNeed(need: Need): string {
  const [scope, all] = need.split(' ');
  return `the scope ${scope}${all === undefined ? '' : ', for all docks'}`;
}
