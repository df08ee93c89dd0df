import { type ObjectRef, printRef } from '../../../synth/manifest.ts';
import type { LiveObject } from '../../ports.ts';
import { kindOf } from '../kinds.ts';

/** Why an object that is being deleted is still there. */
export interface Ending {
  /** RFC 3339: when it was to go. */
  readonly since: string;
  /** Finalizers that somebody has yet to take off. */
  readonly finalizers: readonly string[];
  /** What the server says of what is left in a namespace. */
  readonly says: readonly string[];
}

/** One of ours. */
export interface EndingObject extends Ending {
  readonly ref: ObjectRef;
}

/** The garbage collector takes these off by itself once what the object owns is gone. */
const COLLECTORS = ['foregroundDeletion', 'orphan'];

/** Undefined of an object that nobody deleted. */
export function endingOf(object: LiveObject): Ending | undefined {
  const { deletionTimestamp: since, finalizers = [] } = object.metadata;
  if (since === undefined) return undefined;
  const says = kindOf(object) === '/Namespace' ? troublesOf(object) : [];
  return { since, finalizers: finalizers.filter((name) => !COLLECTORS.includes(name)), says };
}

/** `ConfigMap class/x is being deleted for 34 s: waits for finalizer example.com/hold`; with the time when it began in place of the age. */
export function printEnding({ ref, since, finalizers, says }: EndingObject, nowMs?: number): string {
  const age = nowMs === undefined ? `since ${since}` : `for ${printAge(nowMs - Date.parse(since))}`;
  const held = finalizers.length === 0 ? [] : [`waits for finalizer ${finalizers.join(', ')}`];
  const why = [...held, ...says].join('; ');
  return `${printRef(ref)} is being deleted ${age}${why === '' ? '' : `: ${why}`}`;
}

function troublesOf({ status }: LiveObject): string[] {
  const conditions: readonly { readonly status?: string; readonly message?: string }[] = Object(status).conditions ?? [];
  return conditions.flatMap((one) => (one.status === 'True' && one.message ? [one.message] : []));
}

/** Coarse, as people read it: `34 s`, `12 min`, `3 h`, `2 d`. A server's clock may be ahead of ours. */
function printAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
