import type { ApiObjectProps } from 'cdk8s';
import { type Exposure, serviceType, webObjects } from './exposure.ts';
import { ANNOTATION, LABEL, MANAGED_BY } from './labels.ts';
import { podTemplate } from './pod.ts';
import { servicePorts } from './ports.ts';
import type { TaskSpec } from './spec/task.ts';
import { parseDuration } from './spec/units.ts';
import { workerServices } from './worker-services.ts';

/** Where a task is placed, and what its objects carry there. */
export interface Place {
  readonly annotations: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly infrastructure: Exposure;
  readonly dock: string;
}

/** The objects of a task by construct id, in an order to read them in. `Resource` is the workload. */
export function taskObjects(name: string, spec: TaskSpec, place: Place): Readonly<Record<string, ApiObjectProps>> {
  const labels = taskLabels(name, place.environment);
  const objects: Record<string, ApiObjectProps> = {
    ServiceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, automountServiceAccountToken: false },
    ...(servicePorts(spec).length > 0 ? { Service: service(name, spec, place.infrastructure) } : {}),
    ...(spec.type === 'compss' ? { Workers: governingService(name), Resource: statefulSet(name, spec, labels, place.infrastructure) } : {}),
    ...(spec.type === 'default' ? { Resource: deployment(name, spec, labels, place.infrastructure) } : {}),
    ...workerServices(name, spec, place.infrastructure),
    ...webObjects({ name, spec }, place.infrastructure),
  };
  return Object.fromEntries(
    Object.entries(objects).map(([id, object]) => [
      id,
      {
        ...object,
        metadata: { ...object.metadata, namespace: place.dock, labels, annotations: { ...place.annotations, ...bound(id, spec) } },
      },
    ]),
  );
}

/** Labels of all objects of an environment. */
export function environmentLabels(environment: string): Readonly<Record<string, string>> {
  return { [LABEL.partOf]: environment, [LABEL.managedBy]: MANAGED_BY, [LABEL.environment]: environment };
}

function taskLabels(name: string, environment: string): Readonly<Record<string, string>> {
  return { [LABEL.name]: name, [LABEL.instance]: name, ...environmentLabels(environment), [LABEL.task]: name };
}

/** What never changes of a task while it exists: a workload's selector cannot be changed. */
function selector(name: string): Readonly<Record<string, string>> {
  return { [LABEL.task]: name };
}

function bound(id: string, { qos, healthTimeout }: TaskSpec): Readonly<Record<string, string>> {
  if (id !== 'Resource') return {};
  return {
    ...(qos.length > 0 ? { [ANNOTATION.qos]: qos.join(',') } : {}),
    ...(healthTimeout === undefined ? {} : { [ANNOTATION.healthTimeout]: healthTimeout }),
  };
}

function deployment(name: string, spec: TaskSpec, labels: Readonly<Record<string, string>>, infrastructure: Exposure): ApiObjectProps {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { ...workloadSpec(name, spec, labels, infrastructure), ...rolling(infrastructure), ...deadline(spec) },
  };
}

function workloadSpec(name: string, spec: TaskSpec, labels: Readonly<Record<string, string>>, infrastructure: Exposure) {
  return { replicas: spec.replicas, selector: { matchLabels: selector(name) }, template: podTemplate(name, spec, labels, infrastructure) };
}

/** While the old pods hold the ports of all nodes, no new one would ever be placed. */
function rolling({ expose }: Exposure) {
  if (expose !== 'hostPort') return {};
  return { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } };
}

/** Kubernetes' own is 10 minutes, too: it must not give up before. */
function deadline({ healthTimeout }: TaskSpec) {
  if (healthTimeout === undefined) return {};
  return { progressDeadlineSeconds: Math.max(1, Math.ceil(parseDuration(healthTimeout) / 1000)) };
}

/** Workers keep their names, start all at once, and the newest leave first. */
function statefulSet(name: string, spec: TaskSpec, labels: Readonly<Record<string, string>>, infrastructure: Exposure): ApiObjectProps {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: { ...workloadSpec(name, spec, labels, infrastructure), serviceName: governingName(name), podManagementPolicy: 'Parallel' },
  };
}

/** A headless Service beside the task's own: it names each worker, `<task>-0.<task>-workers`, also before it is ready. */
function governingService(name: string): ApiObjectProps {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: governingName(name) },
    spec: { type: 'ClusterIP', clusterIP: 'None', publishNotReadyAddresses: true, selector: selector(name) },
  };
}

function governingName(name: string): string {
  return `${name}-workers`;
}

function service(name: string, spec: TaskSpec, infrastructure: Exposure): ApiObjectProps {
  const ports = servicePorts(spec).map(({ host: _, ...port }) => port);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ...serviceType(infrastructure), selector: selector(name), ports },
  };
}
