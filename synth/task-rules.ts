import { isKubernetesName } from '../constructs/spec/names.ts';
import type { ContainerSpec, TaskSpec } from '../constructs/spec/task.ts';
import type { Locate } from './draft.ts';
import { MAX_PROBLEMS, type Path, type Problem } from './parse.ts';

const SOURCES = ['emptyDir', 'configMap', 'secret', 'persistentVolumeClaim'] as const;
const SECRET_VARIABLE = /(^|[_-])(PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$/i;

/** What a schema can't say of a task: names and ports that Kubernetes takes once only, volumes with one source. Paths are those of the spec. */
export function taskProblems(name: string, spec: TaskSpec, locate: Locate): Problem[] {
  const problems: Problem[] = [];
  const report = (severity: Problem['severity'], code: string, path: Path, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ ...locate(path), severity, code, message });
  };
  const error: Report = (code, path, message) => report('error', code, path, message);
  const names = spec.containers.map((container) => container.name ?? name);
  unique(names, (at) => ['containers', at, 'name'], 'duplicate-container', 'container name', error);
  portRules(spec.containers, error);
  spec.containers.forEach((container, at) => {
    if (container.name !== undefined && !isKubernetesName(container.name)) badName(['containers', at, 'name'], container.name, error);
    volumeRules(container, ['containers', at, 'volumes'], error);
    unique(
      container.env.map((variable) => variable.name),
      (index) => ['containers', at, 'env', index, 'name'],
      'duplicate-env',
      'variable',
      error,
    );
    container.env.forEach((variable, index) => {
      if ('value' in variable && variable.value !== '' && SECRET_VARIABLE.test(variable.name)) {
        const message = `Move the value of ${variable.name} out of git: name a key of a Secret instead`;
        report('warning', 'secret-in-git', ['containers', at, 'env', index, 'value'], message);
      }
    });
  });
  return problems;
}

type Report = (code: string, path: Path, message: string) => void;

function portRules(containers: readonly ContainerSpec[], error: Report): void {
  const ports = containers.flatMap((container, at) =>
    container.ports.map((port, index) => ({ port, path: ['containers', at, 'ports', index] })),
  );
  const path = (at: number) => ports[at]?.path ?? [];
  const services = ports.map(({ port }) => `${port.hostPort ?? port.containerPort}/${port.protocol}`);
  unique(
    services,
    (at) => [...path(at), ports[at]?.port.hostPort === undefined ? 'containerPort' : 'hostPort'],
    'duplicate-port',
    'port',
    error,
  );
  const named = ports.map(({ port }) => port.name);
  unique(named, (at) => [...path(at), 'name'], 'duplicate-port', 'port name', error);
}

function volumeRules({ volumes }: ContainerSpec, path: Path, error: Report): void {
  unique(
    volumes.map((volume) => volume.mountPath),
    (at) => [...path, at, 'mountPath'],
    'duplicate-volume',
    'mountPath',
    error,
  );
  volumes.forEach((volume, at) => {
    if (!isKubernetesName(volume.name)) badName([...path, at, 'name'], volume.name, error);
    const sources = SOURCES.filter((source) => volume[source] !== undefined);
    if (sources.length !== 1) {
      const found = sources.length === 0 ? 'none' : sources.join(' and ');
      error('volume-source', [...path, at], `Give volume '${volume.name}' exactly one of ${SOURCES.join(', ')}: found ${found}`);
    }
  });
}

function unique(values: readonly (string | undefined)[], path: (at: number) => Path, code: string, what: string, error: Report): void {
  const seen = new Set<string>();
  values.forEach((value, at) => {
    if (value !== undefined && seen.has(value)) error(code, path(at), `Use each ${what} of a task once: ${value}`);
    if (value !== undefined) seen.add(value);
  });
}

function badName(path: Path, name: string, error: Report): void {
  error('bad-name', path, `Cannot use the name '${name}': write at most 63 small letters, digits and dashes, a letter first`);
}
