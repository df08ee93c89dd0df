import { servicePorts } from './ports.ts';
import { isKubernetesName, MAX_TASK_NAME } from './spec/names.ts';
import type { ContainerSpec, TaskSpec } from './spec/task.ts';

/** What an API server would refuse, although each field by itself is well formed. */
export interface TaskProblem {
  /** Where, below the document's `spec`; empty for its name. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const HOST = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** All problems that a task has by itself, wherever it is placed. */
export function taskProblems(name: string, spec: TaskSpec): readonly TaskProblem[] {
  return [
    ...nameProblems(name),
    ...repeated(containerNames(name, spec), (_, at) => ['containers', at, 'name'], 'Name a container once'),
    ...spec.containers.flatMap((container, at) => containerProblems(container, ['containers', at])),
    ...volumeProblems(spec),
    ...portProblems(spec),
    ...hostProblems(spec),
  ];
}

/** A container without a name is called as its task. */
export function containerNames(name: string, spec: Pick<TaskSpec, 'containers'>): readonly string[] {
  return spec.containers.map((container) => container.name ?? name);
}

function nameProblems(name: string): readonly TaskProblem[] {
  if (isKubernetesName(name, MAX_TASK_NAME)) return [];
  const rule = `Name a task with small letters, digits and dashes, a letter first, ${MAX_TASK_NAME} characters at most`;
  return [{ path: [], message: `${rule}: '${name}'` }];
}

function containerProblems(container: ContainerSpec, path: TaskProblem['path']): readonly TaskProblem[] {
  const probes = (['livenessProbe', 'readinessProbe', 'startupProbe'] as const).filter((probe) => {
    const { httpGet, tcpSocket, exec } = container[probe] ?? { exec: {} };
    return [httpGet, tcpSocket, exec].filter((handler) => handler !== undefined).length !== 1;
  });
  return [
    ...nameOf(container, path),
    ...repeated(
      container.env.map(({ name }) => name),
      (_, at) => [...path, 'env', at, 'name'],
      'Set a variable once',
    ),
    ...repeated(
      container.volumes.map(({ mountPath }) => mountPath),
      (_, at) => [...path, 'volumes', at, 'mountPath'],
      'Mount one volume at a path',
    ),
    ...probes.map((probe) => ({ path: [...path, probe], message: `Give ${probe} one of httpGet, tcpSocket and exec` })),
  ];
}

function nameOf({ name }: ContainerSpec, path: TaskProblem['path']): readonly TaskProblem[] {
  if (name === undefined || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return [];
  return [{ path: [...path, 'name'], message: `Name a container with small letters, digits and dashes, 63 characters at most: '${name}'` }];
}

/** Containers may share a volume by its name; one of them says what it is. */
function volumeProblems(spec: TaskSpec): readonly TaskProblem[] {
  const sources = new Map<string, string>();
  return spec.containers.flatMap(({ volumes }, container) =>
    volumes.flatMap(({ name, emptyDir, configMap, secret, persistentVolumeClaim }, at) => {
      const said = Object.entries({ emptyDir, configMap, secret, persistentVolumeClaim }).filter(([, source]) => source !== undefined);
      const source = JSON.stringify(said);
      const before = sources.get(name);
      if (said.length === 1) sources.set(name, before ?? source);
      if (said.length === 0 || (said.length === 1 && (before ?? source) === source)) return [];
      return [{ path: ['containers', container, 'volumes', at], message: `Give a volume one source: '${name}'` }];
    }),
  );
}

function portProblems(spec: TaskSpec): readonly TaskProblem[] {
  const path = portPaths(spec);
  const ports = servicePorts(spec);
  const pathOf = (field: string) => (_: string, at: number) => [...(path[at] ?? []), field];
  const taken = repeated(
    ports.map(({ port, protocol }) => `${port}/${protocol}`),
    pathOf('hostPort'),
    'Use a port once',
  );
  const named = repeated(
    ports.map(({ name }) => name),
    pathOf('name'),
    'Name a port once',
  );
  const owner = new Map<string, number>();
  const shared = ports.flatMap(({ targetPort, protocol }, at) => {
    const container = Number(path[at]?.[1]);
    const first = owner.get(`${targetPort}/${protocol}`) ?? container;
    owner.set(`${targetPort}/${protocol}`, first);
    if (first === container) return [];
    return [{ path: [...(path[at] ?? []), 'containerPort'], message: `Use a port in one container of a task: ${targetPort}/${protocol}` }];
  });
  return taken.length > 0 ? taken : [...named, ...shared];
}

function hostProblems(spec: TaskSpec): readonly TaskProblem[] {
  const path = portPaths(spec);
  const asked = servicePorts(spec).map((port, at) => ({ ...port, path: [...(path[at] ?? []), 'host'] }));
  const hosts = asked.filter(({ host }) => host !== undefined);
  const unreachable = hosts.flatMap(({ host, protocol, path }) => {
    if (!HOST.test(host ?? '')) return [{ path, message: `Write a host name of small letters, digits, dashes and dots: '${host}'` }];
    if (protocol === 'TCP' && spec.type === 'default') return [];
    const speaks = spec.type === 'compss' ? 'a COMPSs worker speaks no HTTP' : `it is a port of ${protocol}`;
    return [{ path, message: `Remove the host, as ${speaks}: '${host}'` }];
  });
  return [
    ...unreachable,
    ...repeated(
      hosts.map(({ host }) => host ?? ''),
      (_, at) => hosts[at]?.path ?? [],
      'Lead a host to one port',
    ),
  ];
}

/** Where each of {@link servicePorts} stands. */
function portPaths(spec: TaskSpec): readonly TaskProblem['path'][] {
  return spec.containers.flatMap(({ ports }, container) => ports.map((_, port) => ['containers', container, 'ports', port]));
}

function repeated(
  values: readonly string[],
  path: (value: string, at: number) => TaskProblem['path'],
  rule: string,
): readonly TaskProblem[] {
  return values.flatMap((value, at) => (values.indexOf(value) === at ? [] : [{ path: path(value, at), message: `${rule}: '${value}'` }]));
}
