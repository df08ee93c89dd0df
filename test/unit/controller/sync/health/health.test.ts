import { describe, expect, it } from 'vitest';
import { type HealthState, healthOf } from '../../../../../controller/sync/health/health.ts';
import { liveObject, manifest } from '../samples.ts';

interface Case {
  readonly reason: string;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
  readonly state: HealthState;
  readonly says?: string | RegExp;
  readonly reach?: object;
}

function table(apiVersion: string, kind: string, cases: readonly Case[]): void {
  describe(`healthOf ${kind}`, () => {
    it.each(cases)('$state: $reason', ({ spec = {}, status = {}, metadata = {}, state, says, reach }) => {
      const health = healthOf(liveObject(manifest(apiVersion, kind, 'x', 'class'), { spec, status, metadata }));
      expect(health.state).toBe(state);
      if (says !== undefined) expect(health.reason).toMatch(says);
      expect(health.reach).toEqual(reach);
    });
  });
}

const condition = (type: string, status: string, more: object = {}) => ({ conditions: [{ type, status, ...more }] });
const full = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, fullyLabeledReplicas: 3 };
const done = [
  { type: 'Available', status: 'True' },
  { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
];

table('g/v1', 'Odd', [
  { reason: 'what is no condition says nothing', status: { conditions: [null, 'x', { type: 'Ready', status: 'True' }] }, state: 'ready' },
]);

table('apps/v1', 'Deployment', [
  { reason: 'not looked at by its controller', spec: { replicas: 3 }, state: 'progressing', says: 'not yet observed' },
  { reason: 'all replicas are there', spec: { replicas: 3 }, status: { ...full, conditions: done }, state: 'ready' },
  {
    reason: 'all replicas are there, without a deadline',
    spec: { replicas: 3 },
    status: { ...full, conditions: done.slice(0, 1) },
    state: 'ready',
  },
  { reason: 'no replicas are wanted', spec: { replicas: 0 }, status: { observedGeneration: 1, conditions: done }, state: 'ready' },
  { reason: 'one replica when none is named', spec: {}, status: { observedGeneration: 1 }, state: 'progressing', says: '0 of 1' },
  {
    reason: 'it is not available',
    spec: { replicas: 3 },
    status: { ...full, ...condition('Available', 'False', { message: 'no minimum availability' }) },
    state: 'progressing',
    says: 'no minimum availability',
  },
  {
    reason: 'its rollout is not complete',
    spec: { replicas: 3 },
    status: {
      ...full,
      conditions: [done[0], { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: 'is progressing' }],
    },
    state: 'progressing',
    says: 'is progressing',
  },
  {
    reason: 'somebody paused it',
    spec: { replicas: 3, paused: true },
    status: { ...full, updatedReplicas: 1 },
    state: 'progressing',
    says: '1 of 3 replicas are of the new revision, and the rollout is paused',
  },
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

const daemons = {
  observedGeneration: 1,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};
table('apps/v1', 'DaemonSet', [
  { reason: 'every node has one', status: daemons, state: 'ready' },
  { reason: 'a node has none yet', status: { ...daemons, numberReady: 1 }, state: 'progressing', says: '1 of 2' },
  { reason: 'not looked at yet', state: 'progressing' },
  {
    reason: 'some are of the old revision',
    status: { ...daemons, updatedNumberScheduled: 1 },
    state: 'progressing',
    says: '1 of 2 replicas are of the new revision',
  },
  {
    reason: 'updates wait for a deletion by hand',
    spec: { updateStrategy: { type: 'OnDelete' } },
    status: { ...daemons, updatedNumberScheduled: 0 },
    state: 'ready',
  },
]);

table('apps.openshift.io/v1', 'DeploymentConfig', [
  {
    reason: 'all replicas are there',
    spec: { replicas: 3 },
    status: {
      ...full,
      conditions: [done[0], { type: 'Progressing', status: 'True', reason: 'NewReplicationControllerAvailable' }],
    },
    state: 'ready',
  },
  {
    reason: 'its rollout was given up',
    spec: { replicas: 3 },
    status: { ...full, ...condition('Progressing', 'False', { message: 'replication controller "x-2" has failed progressing' }) },
    state: 'failed',
    says: 'x-2',
  },
]);

table('v1', 'ReplicationController', [
  { reason: 'all replicas are there', spec: { replicas: 3 }, status: full, state: 'ready' },
  { reason: 'some are not ready', spec: { replicas: 4 }, status: full, state: 'progressing', says: '3 of 4' },
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

const waiting = (reason: string, more: object = {}, lastState: object = {}) => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'app', state: { waiting: { reason, ...more } }, lastState }],
});
table('v1', 'Pod', [
  { reason: 'ready', status: { phase: 'Running', ...condition('Ready', 'True') }, state: 'ready' },
  { reason: 'done', status: { phase: 'Succeeded' }, state: 'ready' },
  { reason: 'failed', status: { phase: 'Failed', message: 'evicted' }, state: 'failed', says: 'evicted' },
  {
    reason: 'a container of it failed',
    status: { phase: 'Failed', containerStatuses: [{ name: 'app', state: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }] },
    state: 'failed',
    says: 'container app: OOMKilled (exit code 137)',
  },
  {
    reason: 'crashing',
    status: waiting('CrashLoopBackOff', { message: 'back-off 10s' }, { terminated: { exitCode: 3, message: 'no DATABASE_URL\n' } }),
    state: 'failed',
    says: /^container app: CrashLoopBackOff: back-off 10s \(exit code 3: no DATABASE_URL\)$/,
  },
  {
    reason: 'no image',
    status: waiting('ImagePullBackOff', { message: 'Back-off pulling image "x"' }),
    state: 'failed',
    says: /^container app: ImagePullBackOff: Back-off pulling image "x"$/,
  },
  { reason: 'the image refused', status: waiting('ErrImagePull'), state: 'failed', says: /^container app: ErrImagePull$/ },
  {
    reason: 'its first container crashes',
    status: { phase: 'Pending', initContainerStatuses: [{ name: 'init', state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
    state: 'failed',
    says: 'container init: CrashLoopBackOff',
  },
  { reason: 'no config', status: waiting('CreateContainerConfigError'), state: 'failed' },
  { reason: 'starting', status: waiting('ContainerCreating'), state: 'progressing' },
  {
    reason: 'no node',
    status: { phase: 'Pending', ...condition('PodScheduled', 'False', { reason: 'Unschedulable', message: '0/3 nodes' }) },
    state: 'progressing',
    says: 'Unschedulable: 0/3 nodes',
  },
]);

table('batch/v1', 'Job', [
  { reason: 'complete', status: condition('Complete', 'True'), state: 'ready' },
  { reason: 'failed', status: condition('Failed', 'True', { message: 'backoff limit' }), state: 'failed', says: 'backoff limit' },
  { reason: 'running', status: { active: 1 }, state: 'progressing', says: '0 succeeded, 1 active' },
  { reason: 'suspended', spec: { suspend: true }, state: 'progressing', says: 'is suspended' },
]);

const [earlier, later] = ['2026-11-23T00:00:00Z', '2026-11-23T00:01:00Z'];
table('batch/v1', 'CronJob', [
  { reason: 'never run', state: 'ready' },
  { reason: 'its last run succeeded', status: { lastScheduleTime: earlier, lastSuccessfulTime: later }, state: 'ready' },
  { reason: 'it runs', status: { lastScheduleTime: later, lastSuccessfulTime: earlier, active: [{}] }, state: 'ready' },
  { reason: 'its last run failed', status: { lastScheduleTime: later, lastSuccessfulTime: earlier }, state: 'failed', says: later },
  {
    reason: 'suspended',
    spec: { suspend: true },
    status: { lastScheduleTime: later, lastSuccessfulTime: earlier },
    state: 'ready',
    says: 'is suspended',
  },
]);

table('v1', 'PersistentVolumeClaim', [
  { reason: 'bound', status: { phase: 'Bound' }, state: 'ready' },
  { reason: 'pending', status: { phase: 'Pending' }, state: 'progressing', says: 'is Pending' },
  { reason: 'lost', status: { phase: 'Lost' }, state: 'failed', says: 'is Lost' },
]);

const ports = [
  { port: 53, protocol: 'UDP', nodePort: 30_053 },
  { port: 80, protocol: 'TCP', nodePort: 30_080 },
];
table('v1', 'Service', [
  { reason: 'inside the cluster', spec: { type: 'ClusterIP' }, state: 'ready' },
  { reason: 'at a port of each node', spec: { type: 'NodePort', ports }, state: 'ready', reach: { port: 30_080 } },
  {
    reason: 'a load balancer with a name',
    spec: { type: 'LoadBalancer', ports },
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4', hostname: 'lb.example' }] } },
    state: 'ready',
    reach: { host: 'lb.example', port: 80 },
  },
  { reason: 'a load balancer without address', spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} }, state: 'progressing' },
  { reason: 'a load balancer', spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } }, state: 'ready' },
]);

table('networking.k8s.io/v1', 'Ingress', [
  { reason: 'with an address', status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } }, state: 'ready' },
  { reason: 'without one', status: { loadBalancer: {} }, state: 'progressing', says: 'no ingress controller has given it an address yet' },
]);

const routed = (...routers: object[]) => ({ ingress: routers.map((router) => ({ routerName: 'default', conditions: [router] })) });
table('route.openshift.io/v1', 'Route', [
  { reason: 'admitted', status: routed({ type: 'Admitted', status: 'True' }), state: 'ready' },
  {
    reason: 'admitted at a host that the router chose',
    status: { ingress: [{ host: 'web.example', conditions: [{ type: 'Admitted', status: 'True' }] }] },
    state: 'ready',
    reach: { host: 'web.example' },
  },
  { reason: 'seen by no router', state: 'progressing', says: 'no router' },
  {
    reason: 'its host is taken',
    status: routed({ type: 'Admitted', status: 'False', reason: 'HostAlreadyClaimed', message: 'route x has host y' }),
    state: 'failed',
    says: /^router default refuses it: route x has host y$/,
  },
]);

table('serving.knative.dev/v1', 'Service', [
  { reason: 'ready', status: condition('Ready', 'True'), state: 'ready' },
  { reason: 'not looked at', state: 'progressing', says: 'not yet observed' },
  { reason: 'under way', status: condition('Ready', 'Unknown', { message: 'deploying' }), state: 'progressing', says: 'deploying' },
  {
    reason: 'refused',
    status: condition('Ready', 'False', { message: 'unable to fetch image' }),
    state: 'failed',
    says: 'unable to fetch',
  },
]);

table('autoscaling/v2', 'HorizontalPodAutoscaler', [
  {
    reason: 'scaling',
    status: {
      conditions: [
        { type: 'AbleToScale', status: 'True' },
        { type: 'ScalingActive', status: 'True' },
      ],
    },
    state: 'ready',
  },
  { reason: 'not looked at', state: 'progressing' },
  { reason: 'of the first version, which has no conditions', status: { desiredReplicas: 1 }, state: 'ready' },
  {
    reason: 'its target is not there',
    status: condition('AbleToScale', 'False', { message: 'not found' }),
    state: 'failed',
    says: 'not found',
  },
  { reason: 'it has just scaled', status: condition('AbleToScale', 'False', { reason: 'BackoffBoth' }), state: 'ready' },
  { reason: 'its target has no replicas', status: condition('ScalingActive', 'False', { reason: 'ScalingDisabled' }), state: 'ready' },
  {
    reason: 'a metric is not there yet',
    status: condition('ScalingActive', 'False', { reason: 'FailedGetResourceMetric', message: 'no metrics' }),
    state: 'progressing',
    says: 'no metrics',
  },
  { reason: 'a metric cannot be', status: condition('ScalingActive', 'False', { reason: 'InvalidMetricSourceType' }), state: 'failed' },
]);

table('policy/v1', 'PodDisruptionBudget', [
  { reason: 'observed', status: { observedGeneration: 1 }, state: 'ready' },
  { reason: 'new', state: 'progressing' },
  {
    reason: 'its pods have no scale',
    status: condition('DisruptionAllowed', 'False', { reason: 'SyncFailed', message: 'no scale' }),
    state: 'failed',
    says: 'no scale',
  },
]);

table('apiregistration.k8s.io/v1', 'APIService', [
  { reason: 'available', status: condition('Available', 'True'), state: 'ready' },
  {
    reason: 'nothing answers',
    status: condition('Available', 'False', { message: 'no response' }),
    state: 'progressing',
    says: 'no response',
  },
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
  it.each(['Deployment', 'Thing'])('takes the word of a %s that is stalled or reconciling', (kind) => {
    const said = (conditions: object) =>
      healthOf(
        liveObject(manifest(kind === 'Thing' ? 'example.com/v1' : 'apps/v1', kind, 'x', 'class'), { status: { ...full, ...conditions } }),
      );
    expect(said(condition('Stalled', 'True', { message: 'stuck' }))).toMatchObject({ state: 'failed', reason: 'stuck' });
    expect(said(condition('Reconciling', 'True'))).toMatchObject({ state: 'progressing', reason: 'reconciling' });
  });

  it('tells desired and ready replicas of a workload, and of nothing else', () => {
    const deployment = liveObject(manifest('apps/v1', 'Deployment', 'x', 'class'), {
      spec: { replicas: 3 },
      status: { ...full, readyReplicas: 2 },
    });
    expect(healthOf(deployment)).toMatchObject({ desired: 3, ready: 2 });
    expect(healthOf(liveObject(manifest('v1', 'ConfigMap', 'x', 'class')))).not.toHaveProperty('desired');
  });
});
