import type { PortSpec } from '../constructs/spec/task.ts';
import { workerExposure, workerPod, workerService } from '../constructs/worker-services.ts';
import type { Infrastructure, Task } from '../synth/environment.ts';
import type { Manifest } from '../synth/manifest.ts';
import type { WorkerAddress } from './status.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where each worker of a COMPSs task is reached, in the order of their ordinals: by its own Service, at a port of its node, or, from inside the
 * cluster, at its pod. A text that says what is missing, when it is not the whole set, ready, with addresses: masters read it once.
 */
export function workerAddresses(
  task: Task,
  infrastructure: Infrastructure,
  pods: readonly Manifest[],
  services: readonly Manifest[],
): readonly WorkerAddress[] | string {
  const addresses: WorkerAddress[] = [];
  for (let ordinal = 0; ordinal < task.spec.replicas; ordinal += 1) {
    const name = workerPod(task.name, ordinal);
    const pod = pods.find(({ metadata }) => metadata.name === name);
    const service = services.find(({ metadata }) => metadata.name === workerService(task.name, ordinal));
    const address = pod === undefined || !isReady(pod) ? 'is not ready' : addressOf(task, infrastructure, pod, service);
    if (typeof address === 'string') return `worker ${name} ${address}`;
    addresses.push(address);
  }
  return addresses;
}

function addressOf(task: Task, infrastructure: Infrastructure, pod: Manifest, service: Manifest | undefined): WorkerAddress | string {
  const port = task.spec.containers.flatMap(({ ports }) => ports)[0];
  if (port === undefined) return 'has no port: name one in its document';
  const { podIP, hostIP, phase } = fieldsOf(pod.status);
  const { ip, number } = reachedBy(infrastructure, { podIP, hostIP }, port, service);
  if (typeof ip !== 'string' || ip === '') return 'has no address yet';
  if (typeof number !== 'number') return 'has no port yet';
  return {
    name: pod.metadata.name,
    ip,
    hostIp: String(hostIP ?? ''),
    podIp: String(podIP ?? ''),
    status: String(phase ?? ''),
    protocol: port.protocol,
    port: number,
    targetPort: port.containerPort,
  };
}

function reachedBy(
  infrastructure: Infrastructure,
  { podIP, hostIP }: Fields,
  { containerPort, hostPort = containerPort }: PortSpec,
  service: Manifest | undefined,
) {
  const type = workerExposure(infrastructure);
  // Each worker is on another node: no address of the infrastructure leads to all of them.
  if (type === undefined)
    return infrastructure.expose === 'hostPort' ? { ip: hostIP, number: hostPort } : { ip: podIP, number: containerPort };
  const port = fieldsOf(itemsOf(fieldsOf(service?.spec).ports)[0]);
  if (type === 'NodePort') return { ip: infrastructure.address ?? hostIP, number: port.nodePort };
  const { ip, hostname } = fieldsOf(itemsOf(fieldsOf(fieldsOf(service?.status).loadBalancer).ingress)[0]);
  return { ip: ip ?? hostname, number: port.port };
}

function isReady({ metadata, status }: Manifest): boolean {
  const isGoing = (metadata as { deletionTimestamp?: string }).deletionTimestamp !== undefined;
  return !isGoing && itemsOf(fieldsOf(status).conditions).some((one) => fieldsOf(one).type === 'Ready' && fieldsOf(one).status === 'True');
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
