import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '../errors.ts';
import type { Status } from '../status.ts';

const asked = z.strictObject({ infrastructures: z.array(z.string()).max(10_000).optional() });

/** `POST /api/v1/reconcile` looks now and answers, when that is done, with the status. JSON only: no page in a browser may send that here unasked. */
export function addReconcileRoute(
  server: FastifyInstance,
  {
    lookNow,
    status,
  }: { readonly lookNow: (infrastructures: readonly string[] | undefined) => Promise<void>; readonly status: () => Status },
): void {
  server.post('/api/v1/reconcile', async (request, reply) => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return reply.code(415).send({ message: 'Send application/json: {} asks for all' });
    }
    await lookNow(read(request.body));
    return status();
  });
}

function read(body: unknown): readonly string[] | undefined {
  try {
    return asked.parse(JSON.parse(String(body))).infrastructures;
  } catch (cause) {
    throw new Failure('terminal', 'Cannot read what to look at: send {"infrastructures": ["name"]}', { cause });
  }
}
