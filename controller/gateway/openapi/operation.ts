import { z } from 'zod';
import type { Form } from '../rest/reply.ts';

/** The original's, and one for what it had none for. */
export const TAGS = {
  task: 'Containers that run, with their replicas, addresses and promises',
  dock: 'Workspaces of tasks, and the old names of what is below /tasks: used by COMPSs masters',
  qos: 'Promises that tasks can be bound to, and violations that others saw',
  imec: 'Infrastructures: clusters, and devices that are to become some',
  function: 'Source code that a serverless engine is to run',
  sla: 'The SLA Manager: agreements, their templates, and what they are judged by',
  status: 'Versions, settings, and what the controller has seen',
} as const;

export type Tag = keyof typeof TAGS;

export interface Body {
  readonly schema: z.ZodType;
  /** By what they show. Each is taken as it stands. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Default: JSON. */
  readonly type?: string;
}

/** Request headers that mean something. */
export const HEADERS = {
  prefer: {
    name: 'Prefer',
    description:
      '`respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all.',
  },
  key: { name: 'Idempotency-Key', description: 'The same request again is answered with what it made the first time.' },
  match: { name: 'If-Match', description: 'The `ETag` of what was read: 412 when that has changed.' },
} as const;

/** What the OpenAPI document says of a route. */
export interface Operation {
  /** `GET /api/v1/tasks/{id}` */
  readonly at: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;
  readonly tag: Tag;
  /** The original's operationId where it had one. */
  readonly id: string;
  readonly summary: string;
  readonly deprecated?: boolean;
  readonly query?: z.ZodObject;
  readonly headers?: readonly (keyof typeof HEADERS)[];
  readonly body?: Body;
  /** Whether what is answered has an `ETag`. */
  readonly etag?: true;
  /** Whether what is made is told where it is. */
  readonly location?: true;
  /** By status: a schema of JSON, the type of another text, or null for nothing. */
  readonly answers: Readonly<Record<number, z.ZodType | string | null>>;
  /** Statuses of errors. */
  readonly errors: readonly number[];
  readonly form: Form;
}

/** What every answer of the original begins with, and then `fields`. */
export function envelope<F extends z.core.$ZodLooseShape>(fields: F) {
  return z.object({
    resp: z.literal('ok'),
    method: z.string().describe("The original's name of what was asked for."),
    message: z.string(),
    caasversion: z.string(),
    ...fields,
  });
}

/** Of what only reads: a revision may not be in force yet. */
export const READ_ERRORS = [503] as const;

/** Of what commits. */
export const WRITE_ERRORS = [400, 403, 409, 412, 413, 415, 503] as const;
