import { listAt, recordAt, textAt } from '../json.ts';
import { type KubeObject, timestamp } from '../object.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, type Controller, PODS } from './controller.ts';

export const NODE = 'node-0';

/** Stands in for scheduler and kubelet: a pod is bound at once, runs and is ready after a delay, and goes at once. */
export class PodRunner implements Controller {
  private readonly bench: Bench;
  private readonly readyDelayMs: number;
  private addresses = 0;

  constructor(bench: Bench, readyDelayMs: number) {
    this.bench = bench;
    this.readyDelayMs = readyDelayMs;
  }

  keys({ type, storage, object }: StoreEvent): readonly string[] {
    return storage === PODS && type === 'ADDED' ? [object.metadata.uid] : [];
  }

  reconcile(uid: string): void {
    const pod = this.bench.live(uid, PODS);
    if (pod === undefined) return;
    const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp(this.bench.timers.now()) };
    const bound = this.bench.update(PODS, pod, { spec: { ...pod.spec, nodeName: textAt(pod, 'spec', 'nodeName') ?? NODE } });
    this.bench.writeStatus(PODS, bound, { phase: 'Pending', conditions: [scheduled], qosClass: 'BestEffort' });
    this.bench.timers.after(this.readyDelayMs, () => this.start(uid));
  }

  private start(uid: string): void {
    const pod = this.bench.live(uid, PODS);
    if (pod === undefined) return;
    const now = timestamp(this.bench.timers.now());
    this.addresses += 1;
    const podIP = `10.244.${Math.floor(this.addresses / 254) % 256}.${(this.addresses % 254) + 1}`;
    const conditions = ['Initialized', 'Ready', 'ContainersReady'].map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: now,
    }));
    const containerStatuses = listAt(pod, 'spec', 'containers').map((container) => ({
      name: textAt(container, 'name'),
      image: textAt(container, 'image'),
      imageID: '',
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
      lastState: {},
    }));
    this.bench.writeStatus(PODS, pod, {
      phase: 'Running',
      conditions: [...conditions, ...listAt(pod, 'status', 'conditions')],
      hostIP: '10.0.0.1',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      containerStatuses,
      qosClass: 'BestEffort',
    });
  }
}

export function isReady(pod: KubeObject): boolean {
  return listAt(recordAt(pod, 'status'), 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}
