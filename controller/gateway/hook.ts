import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sentence } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';

const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Deliveries that are remembered, to know one that comes again. */
const MAX_REMEMBERED = 1_000;
const MAX_PER_MINUTE = 120;

export interface HookOptions {
  readonly hook: { readonly secret: (() => Promise<string>) | undefined; readonly look: () => void };
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * `POST /api/v1/hooks/git`, as GitHub, Gitea, Forgejo and GitLab call it on a push: makes the controller look at its branch. What is sent is
 * proved to come from who knows the secret, and then dropped: git itself is asked what there is.
 */
export function addHookRoute(server: FastifyInstance, { hook, clock, log }: HookOptions): void {
  const isReplay = createReplayGuard();
  const isTooMany = createLimit(clock);
  server.route({
    method: 'POST',
    url: '/api/v1/hooks/git',
    bodyLimit: MAX_BODY_BYTES,
    onRequest: async (request, reply) => {
      if (hook.secret === undefined) {
        return reply.code(404).send({ message: 'Nobody may call here yet: start the watch with --hook-secret NAME' });
      }
      if (isTooMany())
        return reply
          .code(429)
          .header('retry-after', '60')
          .send({ message: `Refused more than ${MAX_PER_MINUTE} calls a minute` });
      if (!/^application\/(json|x-www-form-urlencoded)\b/.test(request.headers['content-type'] ?? '')) {
        return reply.code(415).send({ message: 'Send application/json' });
      }
    },
    handler: async (request, reply) => {
      const secret = await readSecret(hook, log);
      if (secret === undefined) return reply.code(503).send({ message: 'Cannot read the secret that calls are signed with: see the log' });
      const digest = createHmac('sha256', secret).update(bodyOf(request)).digest('hex');
      if (!isSigned(request, digest, secret)) {
        return reply.code(403).send({ message: 'Refused a call whose signature is missing or wrong: set the same secret on both sides' });
      }
      // The id alone is not signed, so that whoever repeats a call may give it another.
      if (isReplay([digest, header(request, DELIVERY)])) return reply.code(409).send({ message: 'Refused a call that came before' });
      log.info({ event: header(request, EVENT) ?? '' }, 'hook');
      hook.look();
      return reply.code(202).send();
    },
  });
}

async function readSecret({ secret }: HookOptions['hook'], log: Log): Promise<string | undefined> {
  try {
    return (await secret?.()) || undefined;
  } catch (error) {
    log.error({ reason: sentence(error) }, 'hook');
    return undefined;
  }
}

const DELIVERY = ['x-github-delivery', 'x-gitea-delivery', 'x-forgejo-delivery', 'x-gitlab-event-uuid'];
const EVENT = ['x-github-event', 'x-gitea-event', 'x-forgejo-event', 'x-gitlab-event'];

/** GitLab signs nothing: it sends the secret itself. */
function isSigned(request: FastifyRequest, digest: string, secret: string): boolean {
  const signature = header(request, ['x-hub-signature-256']);
  if (signature !== undefined) return isEqual(signature, `sha256=${digest}`);
  const token = header(request, ['x-gitlab-token']);
  return token !== undefined && isEqual(token, secret);
}

/** In a time that tells nothing of where two texts differ, nor of their length. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string) => createHmac('sha256', 'equal').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function header({ headers }: FastifyRequest, names: readonly string[]): string | undefined {
  const value = names.map((name) => headers[name]).find((one) => one !== undefined);
  return typeof value === 'string' ? value : undefined;
}

/** True when one of the marks was seen before. */
function createReplayGuard(): (marks: readonly (string | undefined)[]) => boolean {
  const seen = new Set<string>();
  return (marks) => {
    const given = marks.filter((mark) => mark !== undefined);
    const isSeen = given.some((mark) => seen.has(mark));
    for (const mark of given) seen.add(mark);
    for (const oldest of seen) {
      if (seen.size <= 2 * MAX_REMEMBERED) break;
      seen.delete(oldest);
    }
    return isSeen;
  };
}

function createLimit(clock: Clock): () => boolean {
  let [sinceMs, calls] = [clock.now(), 0];
  return () => {
    if (clock.now() - sinceMs >= 60_000) [sinceMs, calls] = [clock.now(), 0];
    calls += 1;
    return calls > MAX_PER_MINUTE;
  };
}
