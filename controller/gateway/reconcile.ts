import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '../errors.ts';
import type { Status } from '../status.ts';
import { HttpError } from './rest/reply.ts';

const asked = z.strictObject({ infrastructures: z.array(z.string()).max(10_000).optional() });

/** Looks at the branch, then at the infrastructures named (all when undefined); rejects with a Failure when the branch can't be read, or one isn't there. */
export type LookNow = (infrastructures: readonly string[] | undefined) => Promise<void>;

/** `POST /reconcile` looks now and answers, when that is done, with the status. JSON only: no page in a browser may send that here unasked. */
export function addReconcileRoute(
  server: FastifyInstance,
  { lookNow, status }: { readonly lookNow: LookNow; readonly status: () => Status },
): void {
  server.post('/reconcile', async (request) => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      throw new HttpError(415, 'Send application/json: {} asks for all');
    }
    await lookNow(read(request.body));
    return status();
  });
}

function read(body: unknown): readonly string[] | undefined {
  const { data, error } = asked.safeParse(json(String(body)));
  if (data !== undefined) return data.infrastructures;
  const [issue] = error.issues;
  throw new Failure(
    'terminal',
    `Cannot read what to look at: ${issue?.path.join('.')} ${issue?.message}: send {"infrastructures": ["name"]}`,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('terminal', 'Cannot read what to look at: send {"infrastructures": ["name"]}', { cause });
  }
}
