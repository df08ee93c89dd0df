import type { ApiObjectProps } from 'cdk8s';
import type { Exposure } from './exposure.ts';
import { servicePorts } from './ports.ts';
import type { TaskSpec } from './spec/task.ts';

/** The pod of one worker of a COMPSs task, as its StatefulSet names it. */
export function workerPod(task: string, ordinal: number): string {
  return `${task}-${ordinal}`;
}

/** Its Service. Not named as the pod: `web-2` is what a second task `web` is called. */
export function workerService(task: string, ordinal: number): string {
  return `${task}-w${ordinal}`;
}

/** `compss-app-w3` → `compss-app`; undefined of what is no worker's Service. */
export function taskOfWorkerService(name: string): string | undefined {
  return /^(.+)-w\d+$/.exec(name)?.[1];
}

/** The type of the Service of each worker of a COMPSs task; undefined where workers have none, as they are reached by their pod or its node. */
export function workerExposure({ expose }: Pick<Exposure, 'expose'>): 'NodePort' | 'LoadBalancer' | undefined {
  if (expose === 'clusterIP' || expose === 'hostPort') return undefined;
  return expose === 'loadBalancer' ? 'LoadBalancer' : 'NodePort';
}

/** One Service per worker: a master speaks to each of them. They come and go with the replicas, and those that stay keep their ports. */
export function workerServices(task: string, spec: TaskSpec, infrastructure: Exposure): Readonly<Record<string, ApiObjectProps>> {
  const type = spec.type === 'compss' ? workerExposure(infrastructure) : undefined;
  const ports = servicePorts(spec).map(({ host: _, ...port }) => port);
  if (type === undefined || ports.length === 0) return {};
  const services = Array.from({ length: spec.replicas }, (_, ordinal): [string, ApiObjectProps] => {
    const selector = { 'statefulset.kubernetes.io/pod-name': workerPod(task, ordinal) };
    return [
      `Worker-${ordinal}`,
      { apiVersion: 'v1', kind: 'Service', metadata: { name: workerService(task, ordinal) }, spec: { type, selector, ports } },
    ];
  });
  return Object.fromEntries(services);
}
