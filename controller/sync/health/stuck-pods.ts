import { LABEL } from '../../../constructs/labels.ts';
import type { Clock, Cluster, LiveObject, ResourceType } from '../../ports.ts';
import { createReflector, type Reflector } from '../watch/reflector.ts';
import { factsOf } from './facts.ts';
import { type Trouble, troubleOf } from './pods.ts';

/** A workload whose pods are wanted. */
export interface Stuck {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of workloads that are stuck, watched as long as one is: tasks of a namespace by one watch. */
export interface StuckPods {
  /** These and no others. */
  follow(stuck: readonly Stuck[]): void;
  /** What keeps the newest of its pods from getting ready, with the pod's name. */
  troubleOf(stuck: Stuck): (Trouble & { readonly pod: string }) | undefined;
  close(): void;
}

interface Pod {
  readonly resourceVersion: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly trouble: Trouble | undefined;
}

/** More are not watched at a time: each is a connection's stream, and one of many tells as much. */
const MOST_WATCHES = 16;
const PODS: ResourceType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: ['list', 'watch'] };
/** Labels that tell pods of one template from those of others. */
const REVISION_LABELS = ['pod-template-hash', 'controller-revision-hash', 'deployment'];

export function createStuckPods(options: { cluster: Cluster; clock: Clock; changed: () => void }): StuckPods {
  const { cluster, clock, changed } = options;
  const watched = new Map<string, Reflector<Pod>>();
  /** Of each watch, as long as nothing moves: pods by the task that they are of. */
  const byTask = new Map<string, ReadonlyMap<string | undefined, readonly Pod[]>>();

  const begin = (namespace: string, labelSelector: string) => {
    const reflector = createReflector({
      cluster,
      clock,
      type: PODS,
      select: { namespace, labelSelector },
      project: podOf,
      changed: (before, after) => {
        byTask.clear();
        if (before?.trouble?.reason !== after?.trouble?.reason) changed();
      },
    });
    // Without the right to see pods, the workload's own words have to do.
    const ready = () => {
      byTask.clear();
      changed();
    };
    reflector.ready().then(ready, () => undefined);
    return reflector;
  };

  return {
    follow(stuck) {
      const wanted = new Map(stuck.map(({ namespace, labels }) => [`${namespace} ${selectorOf(labels)}`, { namespace, labels }]));
      for (const [place, reflector] of watched) {
        if (wanted.has(place)) continue;
        byTask.delete(place);
        reflector.close();
        watched.delete(place);
      }
      for (const [place, { namespace, labels }] of wanted) {
        if (!watched.has(place) && watched.size < MOST_WATCHES) watched.set(place, begin(namespace, selectorOf(labels)));
      }
    },
    troubleOf({ namespace, labels }) {
      const place = `${namespace} ${selectorOf(labels)}`;
      const index = byTask.get(place) ?? groupedByTask(watched.get(place)?.items.values() ?? []);
      byTask.set(place, index);
      const all = LABEL.task in labels ? (index.get(labels[LABEL.task]) ?? []) : [...index.values()].flat();
      const own = all.filter((pod) => Object.entries(labels).every(([name, value]) => pod.labels[name] === value));
      const newest = own.reduce<Pod | undefined>(
        (best, pod) => (best === undefined || pod.createdAt > best.createdAt ? pod : best),
        undefined,
      );
      const broken = own.filter((pod) => pod.trouble !== undefined && isSameRevision(pod, newest));
      const worst = broken.find(({ trouble }) => trouble?.unschedulable === false) ?? broken[0];
      return worst?.trouble && { ...worst.trouble, pod: worst.name };
    },
    close() {
      for (const reflector of watched.values()) reflector.close();
      watched.clear();
      byTask.clear();
    },
  };
}

function groupedByTask(pods: Iterable<Pod>): ReadonlyMap<string | undefined, readonly Pod[]> {
  const groups = new Map<string | undefined, Pod[]>();
  for (const pod of pods) {
    const task = pod.labels[LABEL.task];
    const group = groups.get(task);
    if (group === undefined) groups.set(task, [pod]);
    else group.push(pod);
  }
  return groups;
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  if (LABEL.task in labels) return LABEL.task;
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function isSameRevision(pod: Pod, newest: Pod | undefined): boolean {
  return REVISION_LABELS.every((label) => pod.labels[label] === newest?.labels[label]);
}

function podOf(object: LiveObject): Pod {
  const { resourceVersion, name, labels = {}, creationTimestamp, deletionTimestamp } = object.metadata;
  const trouble = deletionTimestamp === undefined ? troubleOf(factsOf(object)) : undefined;
  return { resourceVersion, name, labels, createdAt: String(creationTimestamp ?? ''), trouble };
}
