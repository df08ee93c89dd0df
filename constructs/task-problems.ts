import { servicePorts } from './ports.ts';
import { isKubernetesName, MAX_TASK_NAME } from './spec/names.ts';
import { type ContainerSpec, MAX_WORKERS, type TaskSpec } from './spec/task.ts';

/** What an API server would refuse, or lose, although each field by itself is well formed. */
export interface TaskProblem {
  /** Where, below the document's `spec`; empty for the task's name. */
  readonly path: Path;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
}

type Path = readonly (string | number)[];

const HOST = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const SOURCES = ['emptyDir', 'configMap', 'secret', 'persistentVolumeClaim'] as const;

/** All problems that a task has by itself, wherever it is placed. */
export function taskProblems(name: string, spec: TaskSpec): readonly TaskProblem[] {
  return [
    ...badName(name, [], MAX_TASK_NAME),
    ...repeated('duplicate-container', 'container name', containerNames(name, spec), (at) => ['containers', at, 'name']),
    ...spec.containers.flatMap((container, at) => containerProblems(container, ['containers', at])),
    ...sharedVolumeProblems(spec),
    ...portProblems(spec),
    ...hostProblems(spec),
    ...workerProblems(spec),
  ];
}

/** A container without a name is called as its task. */
export function containerNames(name: string, spec: Pick<TaskSpec, 'containers'>): readonly string[] {
  return spec.containers.map((container) => container.name ?? name);
}

function badName(name: string, path: Path, max?: number): readonly TaskProblem[] {
  if (isKubernetesName(name, max)) return [];
  const message = `Cannot use the name '${name}': write at most ${max ?? 63} small letters, digits and dashes, a letter first`;
  return [{ path, code: 'bad-name', message }];
}

/** `values` that come a second time; undefined is none. */
function repeated(code: string, what: string, values: readonly (string | undefined)[], path: (at: number) => Path): readonly TaskProblem[] {
  const again = repetitions(values);
  return values.flatMap((value, at) => (again[at] ? [{ path: path(at), code, message: `Use each ${what} of a task once: ${value}` }] : []));
}

/** In one pass, as a file may hold many. */
function repetitions(values: readonly (string | undefined)[]): readonly boolean[] {
  const seen = new Set<string>();
  return values.map((value) => value !== undefined && seen.size === seen.add(value).size);
}

function containerProblems(container: ContainerSpec, path: Path): readonly TaskProblem[] {
  const { name, env, volumes } = container;
  const variables = env.map((variable) => variable.name);
  const mounts = volumes.map(({ mountPath }) => mountPath);
  return [
    ...(name === undefined ? [] : badName(name, [...path, 'name'])),
    ...repeated('duplicate-env', 'variable', variables, (at) => [...path, 'env', at, 'name']),
    ...repeated('duplicate-volume', 'mountPath', mounts, (at) => [...path, 'volumes', at, 'mountPath']),
    ...volumes.flatMap((volume, at) => badName(volume.name, [...path, 'volumes', at, 'name'])),
    ...volumes.flatMap((volume, at) => sourceProblems(volume, [...path, 'volumes', at])),
    ...PROBES.flatMap((probe) => probeProblems(container, probe, path)),
  ];
}

function sourceProblems(volume: ContainerSpec['volumes'][number], path: Path): readonly TaskProblem[] {
  const found = SOURCES.filter((source) => volume[source] !== undefined);
  if (found.length === 1) return [];
  const message = `Give volume '${volume.name}' exactly one of ${SOURCES.join(', ')}: found ${found.join(' and ') || 'none'}`;
  return [{ path, code: 'volume-source', message }];
}

function probeProblems(container: ContainerSpec, name: (typeof PROBES)[number], path: Path): readonly TaskProblem[] {
  const probe = container[name];
  const found = (['httpGet', 'tcpSocket', 'exec'] as const).filter((handler) => probe?.[handler] !== undefined);
  if (probe === undefined || found.length === 1) return [];
  const message = `Give ${name} exactly one of httpGet, tcpSocket, exec: found ${found.join(' and ') || 'none'}`;
  return [{ path: [...path, name], code: 'probe-handler', message }];
}

/** Containers may share a volume: it has one name and one source. */
function sharedVolumeProblems(spec: TaskSpec): readonly TaskProblem[] {
  const sources = new Map<string, string>();
  return spec.containers.flatMap(({ volumes }, container) =>
    volumes.flatMap(({ name, mountPath: _, subPath: __, readOnly: ___, ...source }, at) => {
      const first = sources.get(name) ?? JSON.stringify(source);
      sources.set(name, first);
      if (JSON.stringify(source) === first) return [];
      const message = `Give volume '${name}' the same source in every container, or another name`;
      return [{ path: ['containers', container, 'volumes', at, 'name'], code: 'volume-source', message }];
    }),
  );
}

function portProblems(spec: TaskSpec): readonly TaskProblem[] {
  const ports = listedPorts(spec);
  const pathOf = (field: string) => (at: number) => [...(ports[at]?.path ?? []), field];
  const numbers = ports.map(({ port, protocol }) => `${port}/${protocol}`);
  // A port that is there twice has a name twice as well: once said is enough.
  const again = repetitions(numbers);
  const names = ports.map(({ name }, at) => (again[at] ? undefined : name));
  const owners = new Map([...ports].reverse().map(({ container, targetPort, protocol }) => [`${targetPort}/${protocol}`, container]));
  const shared = ports.filter(({ container, targetPort, protocol }) => owners.get(`${targetPort}/${protocol}`) !== container);
  return [
    ...repeated('duplicate-port', 'port', numbers, (at) => pathOf(ports[at]?.field ?? 'containerPort')(at)),
    ...repeated('duplicate-port', 'port name', names, pathOf('name')),
    ...shared.map(({ path, targetPort, protocol }) => ({
      path: [...path, 'containerPort'],
      code: 'duplicate-port',
      message: `Listen to a port in one container of a task, as they share an address: ${targetPort}/${protocol}`,
    })),
  ];
}

function hostProblems(spec: TaskSpec): readonly TaskProblem[] {
  const asked = listedPorts(spec).filter(({ host }) => host !== undefined);
  const wrong = asked.flatMap(({ host = '', protocol, path }) => {
    const reason = HOST.test(host) ? unreachable(spec, protocol) : 'write small letters, digits, dashes and dots';
    return reason === undefined ? [] : [{ path: [...path, 'host'], code: 'bad-host', message: `Cannot use the host '${host}': ${reason}` }];
  });
  const hosts = asked.map(({ host }) => host);
  return [...wrong, ...repeated('duplicate-host', 'host', hosts, (at) => [...(asked[at]?.path ?? []), 'host'])];
}

function workerProblems({ type, replicas }: TaskSpec): readonly TaskProblem[] {
  if (type !== 'compss' || replicas <= MAX_WORKERS) return [];
  return [{ path: ['replicas'], code: 'too-many-workers', message: `Give a COMPSs task at most ${MAX_WORKERS} workers: ${replicas}` }];
}

function unreachable({ type }: TaskSpec, protocol: string): string | undefined {
  if (type === 'compss') return 'a COMPSs worker speaks no HTTP, so remove it';
  return protocol === 'TCP' ? undefined : `a port of ${protocol} is not reached by a host name, so remove it`;
}

/** The ports of the Service, each with its place in the document. */
function listedPorts(spec: TaskSpec) {
  const places = spec.containers.flatMap(({ ports }, container) =>
    ports.map(({ hostPort }, at) => {
      const field = hostPort === undefined ? 'containerPort' : 'hostPort';
      return { container, field, path: ['containers', container, 'ports', at] as Path };
    }),
  );
  return servicePorts(spec).flatMap((port, at) => {
    const place = places[at];
    return place === undefined ? [] : [{ ...port, ...place }];
  });
}
