import { groupOf, type ObjectRef, refOf } from '../../../synth/manifest.ts';
import type { LiveObject } from '../../ports.ts';
import { type Facts, factsOf, type Rule } from './facts.ts';
import { JOBS } from './jobs.ts';
import { NETWORK } from './network.ts';
import { byReadyCondition, OTHERS } from './others.ts';
import { PODS } from './pods.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';
import { WORKLOADS } from './workloads.ts';

export type { HealthState } from './verdict.ts';

export interface ObjectHealth extends Verdict {
  readonly ref: ObjectRef;
  /** The autoscaler that says how many: `HorizontalPodAutoscaler web`. */
  readonly scaledBy?: string;
  /** Workloads only: when the status was last another one, as the server says it. Whole seconds of its clock. */
  readonly statusAtMs?: number;
}

/** By group and kind, in every version. */
const RULES: Readonly<Record<string, Rule>> = { ...WORKLOADS, ...PODS, ...JOBS, ...NETWORK, ...OTHERS };

/**
 * What one object says about itself, without asking anything. After kstatus (kubernetes-sigs/cli-utils, pkg/kstatus/status),
 * and stricter: a running Job progresses, a failed Pod has failed, a load balancer waits for its address.
 */
export function healthOf(object: LiveObject): ObjectHealth {
  const verdict = judge(object);
  const statusAtMs = verdict.desired === undefined ? undefined : statusTime(object);
  return { ref: refOf(object), ...verdict, ...(statusAtMs === undefined ? {} : { statusAtMs }) };
}

function statusTime({ metadata }: LiveObject): number | undefined {
  const times = (metadata.managedFields ?? []).flatMap(({ subresource, time }) =>
    subresource === 'status' && time !== undefined ? [Date.parse(time)] : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function judge(object: LiveObject): Verdict {
  const facts = factsOf(object);
  if (object.metadata.deletionTimestamp !== undefined) return terminating(object);
  const rule = RULES[`${groupOf(object.apiVersion)}/${object.kind}`] ?? byReadyCondition;
  const verdict = rule(facts) ?? READY;
  const seen = facts.status.observedGeneration;
  const unseen = typeof seen === 'number' && object.metadata.generation !== undefined && seen < object.metadata.generation;
  const held = unseen ? progressing('the change is not yet observed') : standing(facts);
  return held === undefined ? verdict : { ...verdict, ...held };
}

function terminating(object: LiveObject): Verdict {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const waits = finalizers.length === 0 ? '' : `, waits for ${finalizers.join(', ')}`;
  return { state: 'terminating', reason: `being deleted since ${deletionTimestamp}${waits}` };
}

/** Conditions that say the same of every kind that has them. */
function standing({ condition }: Facts): Verdict | undefined {
  const stalled = condition('Stalled');
  if (stalled?.status === 'True') return failed(stalled.message ?? 'stalled');
  const busy = condition('Reconciling');
  return busy?.status === 'True' ? progressing(busy.message ?? 'reconciling') : undefined;
}
