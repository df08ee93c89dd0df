import { ANNOTATION } from '../../../constructs/labels.ts';
import { groupOf, type ObjectRef, printRef } from '../../../synth/manifest.ts';
import { ApiError, Failure, type Outcome } from '../../errors.ts';
import { immutableCauses, isRecreatable } from './immutable.ts';

/** Whether nothing else can succeed after this error either: no answer, refused credentials, a server that asks for less. */
export function stopsAll(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 401 || error.status === 429;
  return !(error instanceof Failure) || error.outcome === 'transient';
}

/** What an API server's refusal means for one object, as a sentence with the fix where one is known. */
export function explain(action: string, ref: ObjectRef, error: unknown): Failure {
  const about = `Cannot ${action} ${printRef(ref)}`;
  if (error instanceof Failure && (stopsAll(error) || !(error instanceof ApiError))) return error;
  if (!(error instanceof ApiError)) return new Failure('transient', about, { cause: error });
  const told = tell(ref, error);
  const { afterMs = told.afterMs } = error;
  return new Failure(told.outcome ?? error.outcome, `${about}${told.why}`, afterMs === undefined ? {} : { afterMs });
}

interface Told {
  readonly why: string;
  readonly outcome?: Outcome;
  readonly afterMs?: number;
}

/** One of ours that is gone is seen at once. */
const ENDING_LOOK_MS = 10_000;

function tell(ref: ObjectRef, error: ApiError): Told {
  for (const rule of [missingRight, endingNamespace, missingNamespace, immutableField, admission]) {
    const told = rule(ref, error);
    if (told !== undefined) return told;
  }
  if (error.status === 409) return { why: `: ${textOf(ref, error)}`, outcome: 'transient' };
  return { why: `: ${textOf(ref, error)}` };
}

function isSecret({ apiVersion, kind }: ObjectRef): boolean {
  return kind === 'Secret' && groupOf(apiVersion) === '';
}

/** A server's message about a Secret may quote its values. */
function textOf(ref: ObjectRef, error: ApiError): string {
  if (!isSecret(ref)) return error.message;
  const fields = error.causes.map(({ field, reason }) => `${field ?? 'a field'} (${reason ?? 'refused'})`);
  return `${error.reason || error.status} ${fields.join(', ')}`.trim();
}

function missingRight(_: ObjectRef, { status, message }: ApiError): Told | undefined {
  const right = /cannot (\S+) resource "([^"]*)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)")?/.exec(message);
  if (status !== 403 || right === null) return undefined;
  const [, verb, resource, group, namespace] = right;
  const what = `${resource}${group ? `.${group}` : ''}`;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace '${namespace}'`;
  return { why: ` as the credentials lack the right to ${verb} ${what} ${where}: grant it to their user` };
}

function endingNamespace({ namespace }: ObjectRef, { status, message, causes }: ApiError): Told | undefined {
  const ending = causes.some(({ reason }) => reason === 'NamespaceTerminating') || message.includes('because it is being terminated');
  if (status !== 403 || !ending) return undefined;
  return {
    why: ` as namespace '${namespace}' is being deleted: it is tried again when that is done`,
    outcome: 'waiting',
    afterMs: ENDING_LOOK_MS,
  };
}

function missingNamespace({ namespace }: ObjectRef, { status, message }: ApiError): Told | undefined {
  if (status !== 404 || namespace === undefined || !message.includes(`namespaces "${namespace}" not found`)) return undefined;
  return { why: ` as namespace '${namespace}' does not exist: declare a dock '${namespace}'` };
}

function immutableField(ref: ObjectRef, error: ApiError): Told | undefined {
  const causes = immutableCauses(error);
  if (causes.length === 0) return undefined;
  const fields = [...new Set(causes.map(({ field }) => field ?? 'a field'))].join(', ');
  const detail = isSecret(ref) ? '' : ` (${causes[0]?.message?.split(': ').at(-1)})`;
  const fix = isRecreatable(ref) ? `, or annotate it with ${ANNOTATION.recreate}: allowed to have it deleted and made anew` : '';
  return { why: ` as ${fields} cannot be changed once it is set${detail}: give the object another name, delete it first${fix}` };
}

function admission(ref: ObjectRef, error: ApiError): Told | undefined {
  const webhook = /admission webhook "([^"]+)" denied the request:? ?(.*)/s.exec(error.message);
  const policy = /ValidatingAdmissionPolicy '([^']+)'.* denied request: (.*)/s.exec(error.message);
  const refusal = webhook ?? policy;
  if (refusal !== null) {
    const words = isSecret(ref) ? 'its words are not shown, as they may quote the Secret' : refusal[2];
    return { why: ` as admission by '${refusal[1]}' refuses it: ${words}` };
  }
  return error.status === 403 ? { why: ` as the server forbids it: ${textOf(ref, error)}` } : undefined;
}
