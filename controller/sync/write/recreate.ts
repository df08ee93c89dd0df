import { ANNOTATION } from '../../../constructs/labels.ts';
import type { ObjectRef } from '../../../synth/manifest.ts';
import { ApiError } from '../../errors.ts';
import type { Clock, Cluster } from '../../ports.ts';
import type { ApplyStep } from '../plan.ts';
import { immutableCauses, isRecreatable } from './immutable.ts';

/** Nothing else is done on the cluster meanwhile. */
const LONGEST_WAIT_MS = 2_000;
const LOOK_MS = 100;

/** Whether `error` is to be answered by making the object anew: it is ours, its annotation allows it, and nothing else is wrong with it. */
export function mayRecreate({ change, desired, entry }: ApplyStep, error: unknown): boolean {
  const isAllowed = desired.manifest.metadata.annotations?.[ANNOTATION.recreate] === 'allowed';
  const isOurs = change.op === 'update' && entry?.uid !== undefined;
  const isImmutable = error instanceof ApiError && error.causes.length > 0 && immutableCauses(error).length === error.causes.length;
  return isAllowed && isOurs && isImmutable && isRecreatable(desired.ref);
}

/** Deletes the object of this uid and waits a little until it is gone. What its deletion waits for, when it still is there. */
export async function deleteAndWait(
  { cluster, clock }: { cluster: Cluster; clock: Clock },
  ref: ObjectRef,
  uid: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  await cluster.remove(ref, { uid }, signal);
  for (const startedMs = clock.now(); ; await clock.sleep(LOOK_MS, signal)) {
    const live = await cluster.get(ref, signal);
    if (live === undefined || live.metadata.uid !== uid) return undefined;
    if (clock.now() - startedMs < LONGEST_WAIT_MS) continue;
    return `the end of the old one${(live.metadata.finalizers ?? []).map((finalizer) => `, held by finalizer ${finalizer}`).join('')}`;
  }
}
