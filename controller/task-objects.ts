import type { Reach } from '../constructs/exposure.ts';
import { taskOfWorkerService } from '../constructs/worker-services.ts';
import type { Task } from '../synth/environment.ts';
import { identity } from '../synth/manifest.ts';
import type { ObjectHealth, SyncReport } from './sync/engine.ts';

/** By `identity`, the object whose pods are the task's. */
export function workloadIdentity({ name, dock, spec }: Task): string {
  return identity({ apiVersion: 'apps/v1', kind: spec.type === 'compss' ? 'StatefulSet' : 'Deployment', namespace: dock, name });
}

/** How a task is reached from outside, when it is the cluster that says so. */
export function reachOf({ name, dock: namespace }: Task, seen: ReadonlyMap<string, ObjectHealth>): Reach | undefined {
  const fronts = [
    { apiVersion: 'route.openshift.io/v1', kind: 'Route', namespace, name },
    { apiVersion: 'v1', kind: 'Service', namespace, name },
  ];
  return fronts.map((ref) => seen.get(identity(ref))?.reach).find((reach) => reach !== undefined);
}

/** Ports of its workers may be others then. */
export function hasNewServices({ name, dock }: Task, { applied }: SyncReport): boolean {
  return applied.some(({ ref }) => ref.kind === 'Service' && ref.namespace === dock && taskOfWorkerService(ref.name) === name);
}
