import { numberAt, recordAt } from '../json.ts';
import { controllerOf, type KubeObject, ownedBy } from '../object.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, type Controller, PODS, REPLICA_SETS } from './controller.ts';
import { isReady } from './pods.ts';

/** ReplicaSet → Pods. */
export class ReplicaSets implements Controller {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ storage, object }: StoreEvent): readonly string[] {
    if (storage === REPLICA_SETS) return [object.metadata.uid];
    const owner = storage === PODS ? controllerOf(object) : undefined;
    return owner?.kind === 'ReplicaSet' ? [owner.uid] : [];
  }

  reconcile(uid: string): void {
    const set = this.bench.live(uid, REPLICA_SETS);
    if (set === undefined) return;
    const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
    const pods = this.bench.owned(uid, PODS);
    for (let missing = wanted - pods.length; missing > 0; missing -= 1) this.bench.create(PODS, podOf(set));
    for (const pod of leaving(pods, pods.length - wanted)) this.bench.delete(PODS, pod);
    this.bench.writeStatus(REPLICA_SETS, set, statusOf(set, this.bench.owned(uid, PODS)));
  }
}

/** The pods that go first: those that are not ready, then the newest. */
function leaving(pods: readonly KubeObject[], count: number): readonly KubeObject[] {
  if (count <= 0) return [];
  const age = (pod: KubeObject) => Number(pod.metadata.resourceVersion);
  return [...pods].sort((a, b) => Number(isReady(a)) - Number(isReady(b)) || age(b) - age(a)).slice(0, count);
}

function podOf(set: KubeObject) {
  const template = recordAt(set, 'spec', 'template');
  const { labels, annotations } = recordAt(template, 'metadata');
  const { name, namespace } = set.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
      ...(annotations === undefined ? {} : { annotations: annotations as Record<string, string> }),
      ownerReferences: [ownedBy(set)],
    },
    spec: recordAt(template, 'spec'),
  };
}

function statusOf(set: KubeObject, pods: readonly KubeObject[]) {
  const ready = pods.filter(isReady).length;
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
    observedGeneration: set.metadata.generation,
  };
}
