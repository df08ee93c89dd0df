import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '../errors.ts';
import { type Fields, readPlain } from './rest/body.ts';

const MAX_BODY_BYTES = 64 * 1024;

export interface ViolationReport {
  readonly task: string;
  readonly agreement: string | undefined;
  readonly guarantee: string;
}

/** Resolves once it is on disk. Rejects with a Failure: terminal when nobody promised that. */
export type TakeReport = (report: ViolationReport, id: string | undefined) => Promise<void>;

/** The keys of the original's body in any case, as it read them. */
const body = z.preprocess(
  (fields) => Object.fromEntries(Object.entries(fields as Fields).map(([key, one]) => [key.toLowerCase(), one])),
  z.object({
    agreement_id: z.string().optional(),
    status: z.string().optional(),
    client_id: z.string().optional(),
    guarantee: z.string().optional(),
  }),
);

/** `POST /sla/tasks/{id}/guarantee/{guarantee}`, as the original's SLA Manager tells of a violation: 200 and nothing more, as there. */
export function addViolationRoute(server: FastifyInstance, report: TakeReport): void {
  server.route<{ Params: { id: string; guarantee: string } }>({
    method: 'POST',
    url: '/sla/tasks/:id/guarantee/:guarantee',
    bodyLimit: MAX_BODY_BYTES,
    handler: async (request, reply) => {
      const {
        agreement_id: agreement,
        status = 'violation',
        client_id: task = request.params.id,
        guarantee = request.params.guarantee,
      } = read(readPlain(request));
      if (status !== 'violation') throw new Failure('terminal', `Cannot take what is no violation: ${status}`);
      const id = request.headers['webhook-id'];
      await report({ task, agreement, guarantee }, typeof id === 'string' ? id : undefined);
      return reply.code(200).send();
    },
  });
}

function read(fields: Fields): z.output<typeof body> {
  const { data, error } = body.safeParse(fields);
  if (data !== undefined) return data;
  const what = error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Failure('terminal', `Cannot read the violation: write ${what} as text, of Agreement_id, Status, Client_id and Guarantee`);
}
