import type { Manifest } from '../../../synth/manifest.ts';
import { Failure, sentence } from '../../errors.ts';
import type { Cluster, LiveObject } from '../../ports.ts';
import { namedFields } from '../fields/named-fields.ts';
import { kindOf } from '../kinds.ts';
import type { ApplyStep } from '../plan.ts';
import { isOurApply } from '../watch/live.ts';
import { applyObject } from '../write/apply.ts';
import { takenFromKubectl } from '../write/kubectl.ts';
import { mayRecreate } from '../write/recreate.ts';
import { explain, stopsAll } from '../write/refusal.ts';
import { diffFields, type FieldChange } from './field-diff.ts';
import { hide } from './hidden.ts';

/** Values that are secret are hidden. */
export interface Differences {
  readonly fields: readonly FieldChange[];
  /** What the server says against the change, or who keeps which field. */
  readonly remarks?: readonly string[];
}

/** Tells what is different about objects that are about to be applied. Writes nothing. */
export interface Differ {
  /** `live`: as it is now, if it is there. By a dry run on the server, where its credentials may; else compared here. */
  differences(step: ApplyStep, live: LiveObject | undefined, signal?: AbortSignal): Promise<Differences>;
  /** Why something was compared here: what the server fills in, or would refuse, isn't shown then. */
  readonly comparedHere: string | undefined;
}

export function createDiffer(cluster: Cluster, takeOver: readonly string[]): Differ {
  const dry = dryRun(cluster);
  /** Kind and namespace → why its server-side dry run is refused. */
  const barred = new Map<string, string>();

  const byServer = async (step: ApplyStep, live: LiveObject, signal?: AbortSignal): Promise<Differences> => {
    const { object, kept = {}, warnings } = await applyObject(dry, step, takeOver, signal);
    const left = Object.entries(kept).map(([field, { managers }]) => `leaves ${field} to ${managers.join(', ')}`);
    // What somebody else wrote in between is none of our changes.
    const isMoved = object.metadata.resourceVersion !== live.metadata.resourceVersion;
    const before = isMoved ? ((await cluster.get(step.change.ref, signal)) ?? live) : live;
    return differing(diffFields(shownOf(before), shownOf(object)), [...left, ...warnings.map((text) => `the server warns: ${text}`)]);
  };
  const compared = async (step: ApplyStep, live: LiveObject, signal?: AbortSignal): Promise<Differences> => {
    const { ref } = step.change;
    const place = `${kindOf(ref)} ${ref.namespace ?? ''}`;
    const taken = step.entry?.hash === undefined ? takenFromKubectl(live) : undefined;
    if (taken !== undefined)
      return compareHere(step, { ...live, metadata: { ...taken.metadata, annotations: live.metadata.annotations ?? {} } }, [
        'what kubectl apply kept becomes ours',
      ]);
    if (barred.has(place)) return compareHere(step, live);
    try {
      return await byServer(step, live, signal);
    } catch (error) {
      if (stopsAll(error)) throw error;
      if (mayRecreate(step, error)) return compareHere(step, live, ['is deleted and made anew, as its annotation allows']);
      const refusal = sentence(explain('apply', ref, error));
      const right = /the credentials lack the right to .* in .*?(?=:)/.exec(refusal)?.[0];
      if (right === undefined) return compareHere(step, live, [refusal]);
      barred.set(place, right);
      return compareHere(step, live);
    }
  };

  return {
    async differences(step, live, signal) {
      return live === undefined ? differing(fieldsOfNew(step.desired.manifest)) : await compared(step, live, signal);
    },
    get comparedHere(): string | undefined {
      const [right] = barred.values();
      return right === undefined ? undefined : `compared here, as ${right}`;
    },
  };
}

function compareHere({ desired }: ApplyStep, live: LiveObject, remarks: readonly string[] = []): Differences {
  const owned = live.metadata.managedFields?.find(isOurApply)?.fieldsV1;
  const wanted = hide(desired.manifest);
  return differing(diffFields(namedFields(shownOf(live), wanted, owned), wanted), remarks);
}

function differing(fields: Differences['fields'], remarks: readonly string[] = []): Differences {
  return { fields, ...(remarks.length === 0 ? {} : { remarks }) };
}

/** All that a new object holds beside its identity. */
export function fieldsOfNew(manifest: Manifest): Differences['fields'] {
  const { apiVersion, kind } = manifest;
  const { name, namespace } = manifest.metadata;
  return diffFields({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } }, hide(manifest));
}

/** What a server keeps for itself. */
const SERVERS_OWN = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'deletionTimestamp', 'selfLink'];

function shownOf({ status: _, metadata, ...object }: LiveObject): unknown {
  const shown = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVERS_OWN.includes(key)));
  return hide({ ...object, metadata: shown });
}

/** The cluster, of which nothing is written: what would is refused, but for dry runs. */
function dryRun(cluster: Cluster): Cluster {
  const refuse = async (): Promise<never> => {
    throw new Failure('terminal', 'Cannot write in a dry run');
  };
  return {
    ...cluster,
    apply: (manifest, options, signal) => cluster.apply(manifest, { ...options, dryRun: true }, signal),
    create: refuse,
    replace: refuse,
    remove: refuse,
  };
}
