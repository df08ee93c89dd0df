import { type Facts, fieldsOf, type Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

/** Each gives what holds it up, or undefined when all is there. */
type Judge = (facts: Facts, desired: number) => Verdict | undefined;

export const WORKLOADS: Readonly<Record<string, Rule>> = {
  'apps/Deployment': counted(deployment),
  'apps/StatefulSet': counted(statefulSet),
  'apps/ReplicaSet': counted(replicaSet),
  'apps/DaemonSet': daemonSet,
  '/ReplicationController': counted(replicaSet),
  'apps.openshift.io/DeploymentConfig': counted(deployment),
};

/** Adds the counts. */
function counted(judge: Judge): Rule {
  return (facts) => {
    const desired = typeof facts.spec.replicas === 'number' ? facts.spec.replicas : 1;
    return { ...(judge(facts, desired) ?? READY), desired, ready: facts.count('readyReplicas') };
  };
}

function deployment(facts: Facts, desired: number): Verdict | undefined {
  const { status, spec, count, condition } = facts;
  const rollout = condition('Progressing');
  if (rollout?.status === 'False') {
    return failed(rollout.message ?? 'the rollout made no progress within its deadline');
  }
  const refused = condition('ReplicaFailure');
  if (refused?.status === 'True') return failed(refused.message ?? 'pods cannot be made');
  if (status.observedGeneration === undefined) return progressing('not yet observed');
  const [all, updated] = [count('replicas'), count('updatedReplicas')];
  const paused = spec.paused === true ? ', and the rollout is paused' : '';
  if (updated < desired) return progressing(`${updated} of ${desired} replicas are of the new revision${paused}`);
  if (all > updated) return progressing(`${all - updated} old replicas have not left${paused}`);
  if (all > desired) return progressing(`${all - desired} replicas have not left`);
  if (count('readyReplicas') < desired || count('availableReplicas') < desired) return unready(count('readyReplicas'), desired);
  const available = condition('Available');
  if (available?.status !== 'True') return progressing(available?.message ?? 'it is not available');
  if (rollout === undefined || ROLLED_OUT.includes(rollout.reason)) return undefined;
  return progressing(rollout.message ?? 'the rollout is not complete');
}

const ROLLED_OUT: readonly unknown[] = ['NewReplicaSetAvailable', 'NewReplicationControllerAvailable', 'DeploymentPaused'];

function statefulSet({ spec, status, count }: Facts, desired: number): Verdict | undefined {
  if (status.observedGeneration === undefined) return progressing('not yet observed');
  if (count('replicas') > desired) return progressing(`${count('replicas') - desired} replicas have not left`);
  if (count('replicas') < desired || count('readyReplicas') < desired) return unready(count('readyReplicas'), desired);
  const strategy = fieldsOf(spec.updateStrategy);
  if (strategy.type === 'OnDelete') return undefined;
  const { partition } = fieldsOf(strategy.rollingUpdate);
  const updated = desired - (typeof partition === 'number' ? partition : 0);
  if (status.currentRevision === status.updateRevision || (partition !== undefined && count('updatedReplicas') >= updated))
    return undefined;
  return progressing(`${count('updatedReplicas')} of ${updated} replicas are of the new revision`);
}

function replicaSet({ status, count, condition }: Facts, desired: number): Verdict | undefined {
  const failure = condition('ReplicaFailure');
  if (failure?.status === 'True') return failed(failure.message ?? 'pods cannot be made');
  if (status.observedGeneration === undefined) return progressing('not yet observed');
  if (count('replicas') > desired) return progressing(`${count('replicas') - desired} replicas have not left`);
  const ready = Math.min(count('fullyLabeledReplicas'), count('availableReplicas'), count('readyReplicas'));
  return ready < desired ? unready(ready, desired) : undefined;
}

function daemonSet({ spec, status, count }: Facts): Verdict {
  const desired = count('desiredNumberScheduled');
  const ready = count('numberReady');
  const counts = { desired, ready };
  if (status.observedGeneration === undefined) return { ...progressing('not yet observed'), ...counts };
  const updated = fieldsOf(spec.updateStrategy).type === 'OnDelete' ? desired : count('updatedNumberScheduled');
  if (updated < desired) return { ...progressing(`${updated} of ${desired} replicas are of the new revision`), ...counts };
  const there = Math.min(count('currentNumberScheduled'), count('numberAvailable'), ready);
  return { ...(there < desired ? unready(there, desired) : READY), ...counts };
}

function unready(ready: number, desired: number): Verdict {
  return progressing(`${ready} of ${desired} replicas are ready`);
}
