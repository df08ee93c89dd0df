import { describe, expect, it } from 'vitest';
import { type HealthState, healthOf } from '../../../../controller/sync/health.ts';
import { liveObject, manifest } from './samples.ts';

interface Case {
  readonly reason: string;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
  readonly state: HealthState;
  readonly says?: string | RegExp;
}

function table(apiVersion: string, kind: string, cases: readonly Case[]): void {
  describe(`healthOf ${kind}`, () => {
    it.each(cases)('$state: $reason', ({ spec = {}, status = {}, metadata = {}, state, says }) => {
      const health = healthOf(liveObject(manifest(apiVersion, kind, 'x', 'class'), { spec, status, metadata }));
      expect(health.state).toBe(state);
      if (says !== undefined) expect(health.reason).toMatch(says);
    });
  });
}

const condition = (type: string, status: string, more: object = {}) => ({ conditions: [{ type, status, ...more }] });
const full = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

table('apps/v1', 'Deployment', [
  { reason: 'not looked at by its controller', spec: { replicas: 3 }, state: 'progressing', says: 'not yet observed' },
  { reason: 'all replicas are there', spec: { replicas: 3 }, status: full, state: 'ready' },
  { reason: 'no replicas are wanted', spec: { replicas: 0 }, status: { observedGeneration: 1 }, state: 'ready' },
  { reason: 'one replica when none is named', spec: {}, status: { observedGeneration: 1 }, state: 'progressing', says: '0 of 1' },
  {
    reason: 'a newer generation is not observed',
    metadata: { generation: 2 },
    spec: { replicas: 3 },
    status: full,
    state: 'progressing',
    says: 'the change is not yet observed',
  },
  {
    reason: 'some are of the old revision',
    spec: { replicas: 3 },
    status: { ...full, updatedReplicas: 1 },
    state: 'progressing',
    says: '1 of 3 replicas are of the new revision',
  },
  {
    reason: 'old ones have not left',
    spec: { replicas: 3 },
    status: { ...full, replicas: 4 },
    state: 'progressing',
    says: '1 old replicas',
  },
  {
    reason: 'some are not ready',
    spec: { replicas: 3 },
    status: { ...full, readyReplicas: 2 },
    state: 'progressing',
    says: '2 of 3 replicas are ready',
  },
  { reason: 'some are not available', spec: { replicas: 3 }, status: { ...full, availableReplicas: 2 }, state: 'progressing' },
  {
    reason: 'the deadline passed',
    spec: { replicas: 3 },
    status: {
      observedGeneration: 1,
      ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded', message: 'has timed out' }),
    },
    state: 'failed',
    says: 'has timed out',
  },
  {
    reason: 'a quota forbids its pods',
    spec: { replicas: 3 },
    status: { observedGeneration: 1, ...condition('ReplicaFailure', 'True', { message: 'exceeded quota' }) },
    state: 'failed',
    says: 'exceeded quota',
  },
  {
    reason: 'it is being deleted',
    metadata: { deletionTimestamp: '2026-11-23T00:00:00Z', finalizers: ['foregroundDeletion'] },
    status: full,
    state: 'terminating',
    says: 'waits for foregroundDeletion',
  },
]);

table('apps/v1', 'StatefulSet', [
  {
    reason: 'all replicas are there',
    spec: { replicas: 3 },
    status: { ...full, currentRevision: 'a', updateRevision: 'a' },
    state: 'ready',
  },
  { reason: 'some are not ready', spec: { replicas: 3 }, status: { ...full, readyReplicas: 1 }, state: 'progressing', says: '1 of 3' },
  { reason: 'some have not left', spec: { replicas: 2 }, status: full, state: 'progressing', says: '1 replicas have not left' },
  {
    reason: 'some are of the old revision',
    spec: { replicas: 3 },
    status: { ...full, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
    state: 'progressing',
  },
  {
    reason: 'its partition is updated',
    spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
    status: { ...full, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
    state: 'ready',
  },
  {
    reason: 'updates wait for a deletion by hand',
    spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } },
    status: { ...full, updatedReplicas: 0, currentRevision: 'a', updateRevision: 'b' },
    state: 'ready',
  },
]);

const daemons = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 2 };
table('apps/v1', 'DaemonSet', [
  { reason: 'every node has one', status: daemons, state: 'ready' },
  { reason: 'a node has none yet', status: { ...daemons, numberReady: 1 }, state: 'progressing', says: '1 of 2' },
  { reason: 'not looked at yet', state: 'progressing' },
]);

table('apps/v1', 'ReplicaSet', [
  { reason: 'all replicas are there', spec: { replicas: 3 }, status: full, state: 'ready' },
  {
    reason: 'pods cannot be made',
    spec: { replicas: 3 },
    status: condition('ReplicaFailure', 'True', { message: 'quota' }),
    state: 'failed',
    says: 'quota',
  },
  { reason: 'some have not left', spec: { replicas: 1 }, status: full, state: 'progressing' },
]);

const waiting = (reason: string) => ({ phase: 'Pending', containerStatuses: [{ name: 'app', state: { waiting: { reason } } }] });
table('v1', 'Pod', [
  { reason: 'ready', status: { phase: 'Running', ...condition('Ready', 'True') }, state: 'ready' },
  { reason: 'done', status: { phase: 'Succeeded' }, state: 'ready' },
  { reason: 'failed', status: { phase: 'Failed', message: 'evicted' }, state: 'failed', says: 'evicted' },
  { reason: 'crashing', status: waiting('CrashLoopBackOff'), state: 'failed', says: 'container app: CrashLoopBackOff' },
  { reason: 'no image', status: waiting('ErrImagePull'), state: 'failed' },
  { reason: 'no config', status: waiting('CreateContainerConfigError'), state: 'failed' },
  { reason: 'starting', status: waiting('ContainerCreating'), state: 'progressing' },
  {
    reason: 'no node',
    status: { phase: 'Pending', ...condition('PodScheduled', 'False', { message: '0/3 nodes' }) },
    state: 'progressing',
    says: '0/3 nodes',
  },
]);

table('batch/v1', 'Job', [
  { reason: 'complete', status: condition('Complete', 'True'), state: 'ready' },
  { reason: 'failed', status: condition('Failed', 'True', { message: 'backoff limit' }), state: 'failed', says: 'backoff limit' },
  { reason: 'running', status: { active: 1 }, state: 'progressing', says: '0 succeeded, 1 active' },
]);

table('v1', 'PersistentVolumeClaim', [
  { reason: 'bound', status: { phase: 'Bound' }, state: 'ready' },
  { reason: 'pending', status: { phase: 'Pending' }, state: 'progressing', says: 'is Pending' },
  { reason: 'lost', status: { phase: 'Lost' }, state: 'progressing', says: 'is Lost' },
]);

table('v1', 'Service', [
  { reason: 'inside the cluster', spec: { type: 'ClusterIP' }, state: 'ready' },
  { reason: 'a load balancer without address', spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} }, state: 'progressing' },
  { reason: 'a load balancer', spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } }, state: 'ready' },
]);

table('v1', 'Namespace', [
  { reason: 'active', status: { phase: 'Active' }, state: 'ready' },
  { reason: 'new', state: 'progressing' },
]);

table('apiextensions.k8s.io/v1', 'CustomResourceDefinition', [
  { reason: 'established', status: condition('Established', 'True'), state: 'ready' },
  { reason: 'new', state: 'progressing' },
  { reason: 'its names are taken', status: condition('NamesAccepted', 'False', { message: 'taken' }), state: 'failed', says: 'taken' },
]);

table('example.com/v1', 'Thing', [
  { reason: 'says nothing', state: 'ready' },
  { reason: 'ready', status: condition('Ready', 'True'), state: 'ready' },
  { reason: 'not ready', status: condition('Ready', 'False', { message: 'soon' }), state: 'progressing', says: 'soon' },
  { reason: 'reconciling', status: condition('Reconciling', 'True'), state: 'progressing' },
  { reason: 'stalled', status: condition('Stalled', 'True', { message: 'stuck' }), state: 'failed', says: 'stuck' },
  { reason: 'an odd status', status: { conditions: 'none' }, state: 'ready' },
]);

describe('healthOf', () => {
  it('tells desired and ready replicas of a workload, and of nothing else', () => {
    const deployment = liveObject(manifest('apps/v1', 'Deployment', 'x', 'class'), {
      spec: { replicas: 3 },
      status: { ...full, readyReplicas: 2 },
    });
    expect(healthOf(deployment)).toMatchObject({ desired: 3, ready: 2 });
    expect(healthOf(liveObject(manifest('v1', 'ConfigMap', 'x', 'class')))).not.toHaveProperty('desired');
  });

  it('a Service of another group is not a Service', () => {
    const knative = liveObject(manifest('serving.knative.dev/v1', 'Service', 'x', 'class'), { status: condition('Ready', 'False') });
    expect(healthOf(knative).state).toBe('progressing');
  });
});
