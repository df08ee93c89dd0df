import type { Kind } from './kinds.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** An answer other than success, in the words of the real API server. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  body(): Readonly<Record<string, unknown>> {
    const { code, reason, message, details } = this;
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message };
    return { ...status, ...(reason === '' ? {} : { reason }), ...(details === undefined ? {} : { details }), code };
  }
}

/** `deployments.apps` */
export function resourceName(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

export function notFound(kind: Kind, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${resourceName(kind)} "${name}" not found`, about(kind, name));
}

export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(kind: Kind, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`, about(kind, name));
}

export function conflict(kind: Kind, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, about(kind, name));
}

export function modified(kind: Kind, name: string): StatusError {
  return conflict(kind, name, 'the object has been modified; please apply your changes to the latest version and try again');
}

/** A precondition of a deletion that doesn't hold. The real server names the kind here, not the resource. */
export function preconditionFailed(kind: Kind, name: string, why: string): StatusError {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const message = `Operation cannot be fulfilled on ${qualified} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, { ...about(kind, name), kind: kind.kind });
}

export function invalid(kind: Pick<Kind, 'group' | 'kind'>, name: string, causes: readonly Cause[]): StatusError {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const message = `${qualified} "${name}" is invalid: ${lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`}`;
  const details = {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes,
  };
  return new StatusError(422, 'Invalid', message, details);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function forbidden(kind: Kind, name: string, why: string, causes?: readonly Cause[]): StatusError {
  const message = `${resourceName(kind)} "${name}" is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { ...about(kind, name), ...(causes === undefined ? {} : { causes }) });
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, {});
}

export function about(kind: Kind, name: string): Readonly<Record<string, unknown>> {
  return { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural };
}
