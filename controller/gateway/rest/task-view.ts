import { agreementId, taskId } from '../../../constructs/spec/names.ts';
import type { ContainerSpec } from '../../../constructs/spec/task.ts';
import type { Environment, QosTemplate, Task } from '../../../synth/environment.ts';
import type { TaskStatus, View, WorkerAddress } from '../../status.ts';

/** A task as the original's `task` has it, with what its documents and its code say of the same under other names. */
export interface TaskView {
  readonly dbid: 'Task';
  /** `compss_workflow`: COMPSs makes names of metrics of it. */
  readonly id: string;
  /** As its document spells it. */
  readonly name: string;
  readonly nameSpace: string;
  readonly dock: string;
  readonly type: string;
  readonly description: string;
  readonly url: string;
  /** `Deployed` once its infrastructure has its objects. */
  readonly status: string;
  readonly health: string;
  readonly reason?: string | undefined;
  /** The first of its agreements, or `NO_SLA`. */
  readonly agreementId: string;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly deployment: string;
  readonly clusterid: string;
  readonly clusterId: string;
  readonly containers: readonly ContainerView[];
  readonly taskDefinition: object;
  readonly compssTaskDefinition: object;
  readonly functionDefinition: object;
  /** All of a COMPSs task's workers, ready; none before. */
  readonly pods: readonly WorkerAddress[];
  /** RFC 3339: the commit that declared it. */
  readonly created: string;
  readonly revision: string;
}

const FIELDS: Readonly<Record<keyof TaskView, true>> = {
  dbid: true,
  id: true,
  name: true,
  nameSpace: true,
  dock: true,
  type: true,
  description: true,
  url: true,
  status: true,
  health: true,
  reason: true,
  agreementId: true,
  replicas: true,
  readyReplicas: true,
  deployment: true,
  clusterid: true,
  clusterId: true,
  containers: true,
  taskDefinition: true,
  compssTaskDefinition: true,
  functionDefinition: true,
  pods: true,
  created: true,
  revision: true,
};
/** All that there are. */
export const TASK_FIELDS: readonly string[] = Object.keys(FIELDS);

interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly { readonly containerPort: number; readonly hostPort: number; readonly protocol: string }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly command: readonly string[];
  readonly args: readonly string[];
}

export function taskView(task: Task, view: View): TaskView {
  const status = view.taskStatus(task);
  const { touched, revision } = view;
  const last = touched.get(task.origin.file);
  const begunAtMs = view.begunAtMs(task);
  const { containers, taskDefinition, compssTaskDefinition } = definitionOf(task, view.environment);
  return {
    dbid: 'Task',
    id: task.id,
    name: task.original ?? task.name,
    nameSpace: task.dock,
    dock: task.dock,
    type: typeOf(task),
    description: task.annotations.description ?? '',
    url: status.url ?? '',
    status: statusOf(status),
    health: status.health,
    reason: status.reason,
    agreementId: status.agreements[0]?.id ?? firstAgreement(task) ?? 'NO_SLA',
    replicas: status.replicas.desired,
    readyReplicas: status.replicas.ready,
    deployment: task.name,
    clusterid: taskId(task.infrastructure),
    clusterId: taskId(task.infrastructure),
    containers,
    taskDefinition,
    compssTaskDefinition,
    functionDefinition: {},
    pods: status.workers ?? [],
    created: begunAtMs === undefined ? '' : new Date(begunAtMs).toISOString(),
    revision: last?.revision ?? revision,
  };
}

type Definitions = Pick<TaskView, 'containers' | 'taskDefinition' | 'compssTaskDefinition'>;

const definitions = new WeakMap<Task, Definitions>();

/** What stays as long as its documents do. */
function definitionOf(task: Task, { templates }: Environment): Definitions {
  const known = definitions.get(task);
  if (known !== undefined) return known;
  const { name, original = name, dock, infrastructure, spec } = task;
  const containers = spec.containers.map((container) => containerView(container, name));
  const place = { name: original, dock, cluster: taskId(infrastructure), type: typeOf(task), replicas: spec.replicas };
  const isDeclared = ({ name: template }: QosTemplate) => templates.has(template);
  const taskDefinition = { ...place, containers, ...qosOf(task, isDeclared) };
  const made = { containers, taskDefinition, compssTaskDefinition: simpleOf(task, place, containers, isDeclared) };
  definitions.set(task, made);
  return made;
}

/** Of a task that has not been judged yet. */
function firstAgreement({ id, qos }: Task): string | undefined {
  return qos[0] === undefined ? undefined : agreementId(id, qos[0].name);
}

/** COMPSs reads one object at `qos`, and fails on a list. */
function qosOf({ qos }: Task, isDeclared: (template: QosTemplate) => boolean) {
  const [first, ...others] = qos;
  const named = first === undefined || !isDeclared(first) ? undefined : first;
  return {
    ...(named === undefined ? {} : { qos: { name: named.name, description: '' } }),
    qoscompss: (named === undefined ? qos : others).map((template) => elementOf(template, isDeclared)),
  };
}

/** A template by its name; one that stands in the task's document alone with all that it says, so that the definition can be posted again. */
function elementOf(template: QosTemplate, isDeclared: (template: QosTemplate) => boolean) {
  const { name: qosid, guarantees, action, maxAllowed, scaleFactor, minReplicas, maxReplicas } = template;
  const [guarantee, ...others] = guarantees;
  if (isDeclared(template) || guarantee === undefined || others.length > 0) return { qosid };
  const { metric, comparator, limit: value } = guarantee.constraint;
  const limits = { maxallowed: maxAllowed, scalefactor: scaleFactor, minreplicas: minReplicas, maxreplicas: maxReplicas };
  return { qosid, metric, comparator, value, action, ...limits };
}

/** A COMPSs workflow as the original's simple format has it, where that can say all of it; as in the original, nothing of other tasks. */
function simpleOf(
  { spec, qos }: Task,
  place: object,
  containers: readonly ContainerView[],
  isDeclared: (template: QosTemplate) => boolean,
): object {
  const [container, ...others] = containers;
  if (spec.type !== 'compss' || container === undefined || others.length > 0 || container.environment.length > 0) return {};
  const { image, ports, command, args } = container;
  return {
    ...place,
    image,
    ports: ports.map(({ containerPort }) => containerPort),
    command,
    args,
    qos: qos.map((template) => elementOf(template, isDeclared)),
  };
}

function typeOf({ spec }: Task): string {
  return spec.type;
}

/** The original said `Deployed` of everything; here it must be so. */
function statusOf({ health }: TaskStatus): string {
  return health === 'unknown' || health === 'missing' ? 'Deploying' : 'Deployed';
}

/** What is secret is a reference in the document, and stays one: its name says where it comes from. */
function containerView({ name, image, ports, env, command = [], args = [] }: ContainerSpec, task: string): ContainerView {
  return {
    name: name ?? task,
    image,
    ports: ports.map(({ containerPort, hostPort = containerPort, protocol }) => ({
      containerPort,
      hostPort,
      protocol: protocol.toLowerCase(),
    })),
    environment: env.map((variable) => ({ name: variable.name, value: 'value' in variable ? variable.value : '' })),
    command,
    args,
  };
}
