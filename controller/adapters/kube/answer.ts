import { ApiError } from '../../errors.ts';

/** What an API server answered to one request. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What it sent in `Warning` headers, for people. */
  readonly warnings: readonly string[];
  readonly body: unknown;
}

const MAX_AFTER_MS = 10 * 60_000;
const MAX_MESSAGE = 2000;

/** The Failure that an answer other than success stands for, told with the server's own `Status` where there is one. */
export function refused(answer: Omit<Answer, 'warnings'>, peer: { readonly name: string; readonly secret: string }): ApiError {
  const status = statusOf(answer.body);
  const options = {
    status: answer.status,
    reason: typeof status.reason === 'string' ? status.reason : '',
    causes: status.causes,
    afterMs: afterMs(answer.retryAfter, status.retryAfterSeconds),
  };
  if (answer.status !== 401) return new ApiError(status.message ?? `${peer.name} answered ${answer.status}`, options);
  return new ApiError(`Cannot authenticate to ${peer.name} as it refuses the credentials: renew secret '${peer.secret}'`, options);
}

/** The texts of `Warning` headers (RFC 7234 §5.5), joined by commas: `299 - "v1beta1 is deprecated"`. */
export function warningsIn(header: string | undefined): string[] {
  if (header === undefined) return [];
  const texts = header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...texts].map(([, text = '']) => printable(text.replace(/\\(.)/g, '$1')));
}

/** From `Retry-After` in seconds; at most ten minutes, whatever the server says. */
export function afterMs(retryAfter: string | undefined, seconds?: number): number | undefined {
  const asked = retryAfter !== undefined && /^\d{1,10}$/.test(retryAfter) ? Number(retryAfter) : seconds;
  return asked === undefined || asked <= 0 ? undefined : Math.min(asked * 1000, MAX_AFTER_MS);
}

interface StatusFields {
  readonly message?: string;
  readonly reason?: string;
  readonly causes: ApiError['causes'];
  readonly retryAfterSeconds?: number;
}

function statusOf(body: unknown): StatusFields {
  const fields = record(body);
  const details = record(fields.details);
  const causes = Array.isArray(details.causes) ? details.causes.map(record) : [];
  return {
    ...(typeof fields.message === 'string' ? { message: printable(fields.message) } : {}),
    ...(typeof fields.reason === 'string' ? { reason: fields.reason } : {}),
    ...(typeof details.retryAfterSeconds === 'number' ? { retryAfterSeconds: details.retryAfterSeconds } : {}),
    causes: causes.map(({ reason, message, field }) => ({
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof message === 'string' ? { message: printable(message) } : {}),
      ...(typeof field === 'string' ? { field } : {}),
    })),
  };
}

/** A hostile server's text must not move a terminal's cursor. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, MAX_MESSAGE);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
