import type { ApiObjectProps } from 'cdk8s';
import { type ServicePort, servicePorts } from './ports.ts';
import type { InfrastructureSpec } from './spec/infrastructure.ts';
import type { TaskSpec } from './spec/task.ts';

interface NamedTask {
  readonly name: string;
  readonly spec: Pick<TaskSpec, 'type' | 'containers'>;
}

/** The label of a namespace that says which pods are let in. All levels but `privileged` refuse ports of nodes. */
const ENFORCED_SECURITY = 'pod-security.kubernetes.io/enforce';

/** What of an infrastructure shows in a task's objects. */
export type Exposure = Pick<InfrastructureSpec, 'type' | 'expose' | 'address' | 'domain'>;

/** What only the cluster knows of how a task is reached: a load balancer's address, a node port; a host alone is one that a router chose. */
export interface Reach {
  readonly host?: string;
  readonly port?: number;
}

/**
 * The URL under which `task` is reached from outside its infrastructure, as far as the documents, and the cluster if it was `seen`, tell; else
 * undefined, also when nothing leads to it from outside.
 */
export function taskUrl(task: NamedTask, infrastructure: Exposure, seen: Reach = {}): string | undefined {
  if (task.spec.type === 'compss') return undefined;
  const chosen = seen.port === undefined ? seen.host : undefined;
  const host = webPorts(task, infrastructure).map((port) => port.host ?? chosen)[0];
  if (host !== undefined) return `${infrastructure.type === 'openshift' ? 'https' : 'http'}://${host}`;
  const port = servicePorts(task.spec).find(({ protocol }) => protocol === 'TCP')?.port;
  return port === undefined ? undefined : printUrl(entrance(infrastructure, port, seen));
}

/** Where the first port of a task is found from outside. */
function entrance({ expose, address }: Exposure, port: number, seen: Reach): Reach {
  switch (expose) {
    case 'externalIP':
    case 'hostPort':
      return { ...(address === undefined ? {} : { host: address }), port };
    case 'nodePort':
    case 'gateway':
      return { ...seen, ...(address === undefined ? {} : { host: address }) };
    case 'loadBalancer':
      return seen;
    case 'clusterIP':
    case 'ingress':
      return {};
  }
}

function printUrl({ host, port }: Reach): string | undefined {
  if (host === undefined || port === undefined) return undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}`;
}

/** How a task's Service is typed. */
export function serviceType({ expose, address }: Exposure): { type: string; externalIPs?: readonly string[] } {
  switch (expose) {
    case 'nodePort':
    case 'gateway':
      return { type: 'NodePort' };
    case 'loadBalancer':
      return { type: 'LoadBalancer' };
    case 'externalIP':
      return { type: 'ClusterIP', externalIPs: address === undefined ? [] : [address] };
    case 'clusterIP':
    case 'hostPort':
    case 'ingress':
      return { type: 'ClusterIP' };
  }
}

/** Why `task` cannot be exposed there, or undefined. */
export function exposureProblem(task: NamedTask, infrastructure: Exposure): string | undefined {
  const twice = infrastructure.expose === 'hostPort' ? portOfTwoNames(task) : undefined;
  if (twice !== undefined) return `expose: hostPort gives a port of a container one port of its node: list containerPort ${twice} once`;
  if (infrastructure.type === 'openshift' || webPorts(task, infrastructure).every(({ host }) => host !== undefined)) return undefined;
  return 'expose: ingress needs a host name: set domain in the infrastructure, or host at a port';
}

/** Why no pod with a port of its node is let into a dock with these labels, or undefined. */
export function hostPortProblem(labels: Readonly<Record<string, string>>, { expose }: Exposure): string | undefined {
  const level = labels[ENFORCED_SECURITY] ?? 'privileged';
  if (expose !== 'hostPort' || level === 'privileged') return undefined;
  return `expose: hostPort needs a dock that lets its pods have ports of their nodes: ${ENFORCED_SECURITY} is ${level}, privileged lets them`;
}

function portOfTwoNames({ spec }: NamedTask): number | undefined {
  const keys = servicePorts(spec).map(({ targetPort, protocol }) => `${targetPort}/${protocol}`);
  return servicePorts(spec).find((_, at) => keys.indexOf(keys[at] ?? '') < at)?.targetPort;
}

/** The Route or Routes of a task on OpenShift, its Ingress elsewhere; nothing when no host name leads to it. */
export function webObjects(task: NamedTask, infrastructure: Exposure): Readonly<Record<string, ApiObjectProps>> {
  const ports = webPorts(task, infrastructure);
  if (ports.length === 0) return {};
  if (infrastructure.type !== 'openshift') return { Ingress: ingress(task.name, ports, infrastructure) };
  return Object.fromEntries(ports.map((port, at) => [at === 0 ? 'Route' : `Route-${port.name}`, route(task.name, port, at)]));
}

/** Ports that ask for a host; else, where tasks are reached by host name anyway, the first. A Route and an Ingress carry HTTP over TCP only. */
function webPorts({ name, spec }: NamedTask, { type, expose, domain }: Exposure): readonly ServicePort[] {
  if (spec.type === 'compss') return [];
  const ports = servicePorts(spec).filter(({ protocol }) => protocol === 'TCP');
  const asked = ports.filter(({ host }) => host !== undefined);
  if (asked.length > 0 || (type !== 'openshift' && expose !== 'ingress')) return asked;
  return ports.slice(0, 1).map((port) => ({ ...port, host: domain && `${name}.${domain}` }));
}

/** TLS ends at the router, and plain HTTP is sent to it. Without a host the router chooses one. */
function route(task: string, { name, port, host }: ServicePort, at: number): ApiObjectProps {
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: at === 0 ? task : `${task}-${port}` },
    spec: {
      host,
      to: { kind: 'Service', name: task },
      port: { targetPort: name },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  };
}

function ingress(task: string, ports: readonly ServicePort[], { type }: Exposure): ApiObjectProps {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: task },
    spec: {
      // MicroK8s calls the class of its ingress addon so; elsewhere it's the cluster's default class.
      ingressClassName: type === 'microk8s' ? 'public' : undefined,
      rules: ports.map(({ host, name }) => ({
        host,
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: task, port: { name } } } }] },
      })),
    },
  };
}
