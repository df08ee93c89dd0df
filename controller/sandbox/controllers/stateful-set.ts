import { listAt, numberAt, recordAt, textAt } from '../json.ts';
import { controllerOf, type KubeObject, ownedBy } from '../object.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, CLAIMS, type Controller, PODS, STATEFUL_SETS } from './controller.ts';
import { templateHash } from './deployment.ts';
import { isReady } from './pods.ts';

const REVISION = 'controller-revision-hash';

/** StatefulSet → Pods with ordinals: in order, or all at once; the highest leaves first, and is replaced first. */
export class StatefulSets implements Controller {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ storage, object }: StoreEvent): readonly string[] {
    if (storage === STATEFUL_SETS) return [object.metadata.uid];
    const owner = storage === PODS ? controllerOf(object) : undefined;
    return owner?.kind === 'StatefulSet' ? [owner.uid] : [];
  }

  reconcile(uid: string): void {
    const set = this.bench.live(uid, STATEFUL_SETS);
    if (set === undefined) return;
    const revision = `${set.metadata.name}-${templateHash(recordAt(set, 'spec', 'template'))}`;
    this.step(set, revision);
    this.bench.writeStatus(STATEFUL_SETS, set, statusOf(set, revision, this.bench.owned(uid, PODS)));
  }

  /** All that may be done now; what has to wait is done when a pod becomes ready or is gone. */
  private step(set: KubeObject, revision: string): void {
    const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
    const pods = [...this.bench.owned(set.metadata.uid, PODS)].sort((a, b) => ordinal(a) - ordinal(b));
    const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
    const missing = Array.from({ length: wanted }, (_, index) => index).filter((index) => !pods.some((pod) => ordinal(pod) === index));
    const [first] = missing;
    const held = first !== undefined && pods.some((pod) => ordinal(pod) < first && !isReady(pod));
    for (const index of parallel ? missing : held ? [] : missing.slice(0, 1)) this.start(set, index, revision);
    if (missing.length > 0 && !parallel) return;
    const surplus = pods.filter((pod) => ordinal(pod) >= wanted).reverse();
    for (const pod of parallel ? surplus : surplus.slice(0, 1)) this.bench.delete(PODS, pod);
    if (surplus.length === 0 && missing.length === 0) this.replaceOne(set, pods, revision);
  }

  private replaceOne(set: KubeObject, pods: readonly KubeObject[], revision: string): void {
    if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete' || !pods.every(isReady)) return;
    const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
    const old = pods.filter((pod) => ordinal(pod) >= partition && pod.metadata.labels?.[REVISION] !== revision).at(-1);
    if (old !== undefined) this.bench.delete(PODS, old);
  }

  private start(set: KubeObject, index: number, revision: string): void {
    const { name, namespace } = set.metadata;
    const podName = `${name}-${index}`;
    const template = recordAt(set, 'spec', 'template');
    const scope = namespace === undefined ? {} : { namespace };
    const volumes = listAt(set, 'spec', 'volumeClaimTemplates').map((claim) => {
      const volume = textAt(claim, 'metadata', 'name') ?? '';
      const claimName = `${volume}-${podName}`;
      const kind = this.bench.kind(CLAIMS);
      if (this.bench.store.get(kind, namespace, claimName) === undefined) {
        const metadata = { name: claimName, ...scope };
        this.bench.create(CLAIMS, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: recordAt(claim, 'spec') });
      }
      return { name: volume, persistentVolumeClaim: { claimName } };
    });
    const labels = {
      ...(recordAt(template, 'metadata', 'labels') as Record<string, string>),
      'statefulset.kubernetes.io/pod-name': podName,
      'apps.kubernetes.io/pod-index': String(index),
      [REVISION]: revision,
    };
    const spec = recordAt(template, 'spec');
    this.bench.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: podName, generateName: `${name}-`, ...scope, labels, ownerReferences: [ownedBy(set)] },
      spec: {
        ...spec,
        hostname: podName,
        ...(textAt(set, 'spec', 'serviceName') === undefined ? {} : { subdomain: textAt(set, 'spec', 'serviceName') }),
        ...(volumes.length === 0 ? {} : { volumes: [...listAt(spec, 'volumes'), ...volumes] }),
      },
    });
  }
}

function ordinal(pod: KubeObject): number {
  return Number(pod.metadata.labels?.['apps.kubernetes.io/pod-index'] ?? -1);
}

function statusOf(set: KubeObject, revision: string, pods: readonly KubeObject[]) {
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length;
  const complete = updated === pods.length && ready === pods.length;
  const before = textAt(set, 'status', 'currentRevision') ?? revision;
  const currentRevision = complete ? revision : before;
  const current = pods.filter((pod) => pod.metadata.labels?.[REVISION] === currentRevision).length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    availableReplicas: ready,
    ...(current === 0 ? {} : { currentReplicas: current }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision,
    updateRevision: revision,
    collisionCount: 0,
  };
}
