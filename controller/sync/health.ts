import { groupOf, type ObjectRef, refOf } from '../../synth/manifest.ts';
import type { LiveObject } from '../ports.ts';

export type HealthState = 'ready' | 'progressing' | 'failed' | 'terminating' | 'missing';

export interface ObjectHealth {
  readonly ref: ObjectRef;
  readonly state: HealthState;
  /** For people; empty when there is nothing to say. */
  readonly reason: string;
  /** Workloads only: replicas asked for, and those that are ready. */
  readonly desired?: number;
  readonly ready?: number;
}

type Judged = Omit<ObjectHealth, 'ref'>;
type Fields = Readonly<Record<string, unknown>>;

interface Facts {
  readonly spec: Fields;
  readonly status: Fields;
  /** A number of `status`, 0 when absent. */
  count(field: string): number;
  condition(type: string): { readonly status?: string; readonly reason?: string; readonly message?: string } | undefined;
}

/**
 * What one object says about itself, without asking anything. After kstatus (kubernetes-sigs/cli-utils, pkg/kstatus/status),
 * but a running Job progresses and a failed Pod has failed.
 */
export function healthOf(object: LiveObject): ObjectHealth {
  return { ref: refOf(object), ...judge(object) };
}

function judge(object: LiveObject): Judged {
  const facts = factsOf(object);
  if (object.metadata.deletionTimestamp !== undefined) return terminating(object);
  const rule = RULES[`${groupOf(object.apiVersion)}/${object.kind}`] ?? byConditions;
  const verdict = rule(facts);
  const seen = facts.status.observedGeneration;
  const unseen = typeof seen === 'number' && object.metadata.generation !== undefined && seen < object.metadata.generation;
  return unseen ? { ...verdict, ...progressing('the change is not yet observed') } : verdict;
}

const READY: Judged = { state: 'ready', reason: '' };
const progressing = (reason: string): Judged => ({ state: 'progressing', reason });
const failed = (reason: string): Judged => ({ state: 'failed', reason });

function terminating(object: LiveObject): Judged {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const waits = finalizers.length === 0 ? '' : `, waits for ${finalizers.join(', ')}`;
  return { state: 'terminating', reason: `being deleted since ${deletionTimestamp}${waits}` };
}

const RULES: Readonly<Record<string, (facts: Facts) => Judged>> = {
  'apps/Deployment': (facts) => workload(facts, deployment),
  'apps/StatefulSet': (facts) => workload(facts, statefulSet),
  'apps/ReplicaSet': (facts) => workload(facts, replicaSet),
  'apps/DaemonSet': daemonSet,
  '/Pod': pod,
  'batch/Job': job,
  '/PersistentVolumeClaim': ({ status }) => (status.phase === 'Bound' ? READY : progressing(`is ${status.phase ?? 'Pending'}, not Bound`)),
  '/Service': service,
  '/Namespace': ({ status }) => (status.phase === 'Active' ? READY : progressing(`is ${status.phase ?? 'not yet Active'}`)),
  'apiextensions.k8s.io/CustomResourceDefinition': definition,
};

/** Adds the counts; `judgeIt` gives what holds it up, or undefined when all is there. */
function workload(facts: Facts, judgeIt: (facts: Facts, desired: number) => Judged | undefined): Judged {
  const desired = typeof facts.spec.replicas === 'number' ? facts.spec.replicas : 1;
  return { ...(judgeIt(facts, desired) ?? READY), desired, ready: facts.count('readyReplicas') };
}

function deployment(facts: Facts, desired: number): Judged | undefined {
  const { status, count, condition } = facts;
  if (condition('Progressing')?.reason === 'ProgressDeadlineExceeded') {
    return failed(condition('Progressing')?.message ?? 'the rollout made no progress within its deadline');
  }
  if (condition('ReplicaFailure')?.status === 'True') return failed(condition('ReplicaFailure')?.message ?? 'pods cannot be made');
  if (status.observedGeneration === undefined) return progressing('not yet observed');
  if (count('updatedReplicas') < desired) return progressing(`${count('updatedReplicas')} of ${desired} replicas are of the new revision`);
  if (count('replicas') > count('updatedReplicas')) {
    return progressing(`${count('replicas') - count('updatedReplicas')} old replicas have not left`);
  }
  if (count('readyReplicas') < desired || count('availableReplicas') < desired) return unready(count('readyReplicas'), desired);
  return undefined;
}

function statefulSet(facts: Facts, desired: number): Judged | undefined {
  const { spec, status, count } = facts;
  if (status.observedGeneration === undefined) return progressing('not yet observed');
  if (count('replicas') > desired) return progressing(`${count('replicas') - desired} replicas have not left`);
  if (count('readyReplicas') < desired) return unready(count('readyReplicas'), desired);
  const strategy = spec.updateStrategy as { type?: string; rollingUpdate?: { partition?: number } } | undefined;
  if (strategy?.type === 'OnDelete') return undefined;
  const updated = desired - (strategy?.rollingUpdate?.partition ?? 0);
  if (status.currentRevision === status.updateRevision || count('updatedReplicas') >= updated) return undefined;
  return progressing(`${count('updatedReplicas')} of ${updated} replicas are of the new revision`);
}

function replicaSet({ count, condition }: Facts, desired: number): Judged | undefined {
  const failure = condition('ReplicaFailure');
  if (failure?.status === 'True') return failed(failure.message ?? 'pods cannot be made');
  if (count('replicas') > desired) return progressing(`${count('replicas') - desired} replicas have not left`);
  return count('availableReplicas') < desired ? unready(count('availableReplicas'), desired) : undefined;
}

function daemonSet({ status, count }: Facts): Judged {
  const desired = count('desiredNumberScheduled');
  const ready = count('numberReady');
  const done = status.observedGeneration !== undefined && count('updatedNumberScheduled') >= desired && count('numberAvailable') >= desired;
  return { ...(done && ready >= desired ? READY : unready(ready, desired)), desired, ready };
}

function pod({ status, condition }: Facts): Judged {
  if (status.phase === 'Succeeded' || condition('Ready')?.status === 'True') return READY;
  if (status.phase === 'Failed') return failed(String(status.message ?? status.reason ?? 'its containers failed'));
  const stuck = waitingContainer(status);
  if (stuck !== undefined) return stuck;
  const scheduled = condition('PodScheduled');
  return progressing(scheduled?.status === 'False' ? (scheduled.message ?? 'not scheduled') : `is ${status.phase ?? 'Pending'}`);
}

function waitingContainer(status: Fields): Judged | undefined {
  type Container = { readonly name: string; readonly state?: { readonly waiting?: { readonly reason?: string } } };
  const containers = [...((status.initContainerStatuses ?? []) as Container[]), ...((status.containerStatuses ?? []) as Container[])];
  const broken = containers.find(({ state }) => /BackOff|^Err|Invalid|Error$/.test(state?.waiting?.reason ?? ''));
  return broken && failed(`container ${broken.name}: ${broken.state?.waiting?.reason}`);
}

function job({ condition, count }: Facts): Judged {
  const failure = condition('Failed');
  if (failure?.status === 'True') return failed(failure.message ?? 'the job failed');
  return condition('Complete')?.status === 'True' ? READY : progressing(`${count('succeeded')} succeeded, ${count('active')} active`);
}

function service({ spec, status }: Facts): Judged {
  if (spec.type !== 'LoadBalancer') return READY;
  const ingress = (status.loadBalancer as { ingress?: unknown[] } | undefined)?.ingress ?? [];
  return ingress.length > 0 ? READY : progressing('the load balancer has no address yet');
}

function definition({ condition }: Facts): Judged {
  const names = condition('NamesAccepted');
  if (names?.status === 'False') return failed(names.message ?? 'its names are taken');
  return condition('Established')?.status === 'True' ? READY : progressing('not yet established');
}

/** Kinds without a rule: the conditions that custom resources share, else there is nothing to wait for. */
function byConditions({ condition }: Facts): Judged {
  const stalled = condition('Stalled');
  if (stalled?.status === 'True') return failed(stalled.message ?? 'stalled');
  const busy = condition('Reconciling');
  if (busy?.status === 'True') return progressing(busy.message ?? 'reconciling');
  const ready = condition('Ready');
  return ready === undefined || ready.status === 'True' ? READY : progressing(ready.message ?? 'not ready');
}

function unready(ready: number, desired: number): Judged {
  return progressing(`${ready} of ${desired} replicas are ready`);
}

function factsOf(object: LiveObject): Facts {
  const spec = (object.spec ?? {}) as Fields;
  const status = (object.status ?? {}) as Fields;
  const conditions = Array.isArray(status.conditions) ? (status.conditions as { type: string; status?: string }[]) : [];
  return {
    spec,
    status,
    count: (field) => (typeof status[field] === 'number' ? status[field] : 0),
    condition: (type) => conditions.find((condition) => condition.type === type),
  };
}
