import { describe, expect, it } from 'vitest';
import { type TreeNode, taskTrees } from '../../../../controller/cli/tree-nodes.ts';
import type { LiveObject } from '../../../../controller/ports.ts';
import type { Manifest } from '../../../../synth/manifest.ts';

function object(kind: string, name: string, owner?: string, more: Readonly<Record<string, unknown>> = {}): LiveObject {
  const apiVersion = ['Deployment', 'ReplicaSet'].includes(kind) ? 'apps/v1' : 'v1';
  const ownerReferences = owner === undefined ? [] : [{ uid: owner, kind: 'any', name: 'any' }];
  const labels = { 'rotterdam.dev/task': 'hello' };
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'dock', uid: `${kind} ${name}`, resourceVersion: '1', labels, ownerReferences },
    ...more,
  };
}

const READY_POD = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
const STUCK_POD = {
  status: {
    phase: 'Pending',
    containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }],
  },
};

const shape = ({ ref, state, children }: TreeNode): unknown => [`${ref.kind} ${ref.name} ${state}`, ...children.map(shape)];
const shapes = (declared: readonly Manifest[], live: readonly LiveObject[]) =>
  taskTrees(declared, live).map(({ task, objects }) => [task, ...objects.map(shape)]);

describe('taskTrees', () => {
  it('hangs pods below their replica set, below its deployment, which comes first', () => {
    const live = [
      object('ServiceAccount', 'hello'),
      object('Pod', 'hello-1-a', 'ReplicaSet hello-1', READY_POD),
      object('Pod', 'hello-1-b', 'ReplicaSet hello-1', STUCK_POD),
      object('ReplicaSet', 'hello-1', 'Deployment hello', { spec: { replicas: 2 }, status: { availableReplicas: 2, replicas: 2 } }),
      object('Deployment', 'hello', undefined, { spec: { replicas: 2 } }),
    ];
    const replicaSet = ['ReplicaSet hello-1 progressing', ['Pod hello-1-a ready'], ['Pod hello-1-b failed']];
    expect(shapes([], live)).toEqual([['hello', ['Deployment hello progressing', replicaSet], ['ServiceAccount hello ready']]]);
  });

  it("names a stuck pod's container", () => {
    const [pod] = taskTrees([], [object('Pod', 'hello-1-b', undefined, STUCK_POD)])[0]?.objects ?? [];
    expect(pod?.reason).toMatch(/web.*ImagePullBackOff/);
  });

  it('leaves out replica sets of the past, but not one that still has a pod', () => {
    const live = [
      object('Deployment', 'hello'),
      object('ReplicaSet', 'hello-1', 'Deployment hello', { spec: { replicas: 0 } }),
      object('ReplicaSet', 'hello-2', 'Deployment hello', { spec: { replicas: 0 } }),
      object('Pod', 'hello-2-a', 'ReplicaSet hello-2', READY_POD),
    ];
    expect(JSON.stringify(shapes([], live))).not.toContain('hello-1');
    expect(JSON.stringify(shapes([], live))).toContain('hello-2-a');
  });

  it('shows what is declared and not there as missing', () => {
    expect(shapes([object('Service', 'hello')], [])).toEqual([['hello', ['Service hello missing']]]);
  });
});
