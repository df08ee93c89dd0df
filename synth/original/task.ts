import type { z } from 'zod';
import { kubernetesName, MAX_LABEL, MAX_TASK_NAME, nearestName } from '../../constructs/spec/names.ts';
import { type TaskInput, taskSpec } from '../../constructs/spec/task.ts';
import { check } from '../check.ts';
import type { Locate } from '../draft.ts';
import type { ReadDraft } from '../native.ts';
import type { ParsedDocument, Path, Problem } from '../parse.ts';
import { problemsOfTask } from '../task-rules.ts';
import { base, converted, given, nearest, present, warning } from './base.ts';
import { readTaskQos } from './qos.ts';
import { longTask, simpleTask } from './schemas.ts';

type Long = z.output<typeof longTask>;
type Simple = z.output<typeof simpleTask>;

/** The long format has `containers`, the simple one an `image`. */
export function readTask(document: ParsedDocument): ReadDraft {
  const fields = document.value as Record<string, unknown>;
  if (fields.type === 'function') {
    const message = 'Cannot read a function in tasks: it goes into functions';
    return { problems: [{ ...document.place(['type']), severity: 'error', code: 'wrong-folder', message }] };
  }
  return 'containers' in fields ? readLong(document) : readSimple(document);
}

function readLong(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(longTask, document, true);
  if (value === undefined) return { problems };
  const type = value.type === 'compss' ? 'compss' : 'default';
  const containers = value.containers.map(containerOf);
  const said = value.containers.flatMap((container, at) => [
    ...nameProblems(container, at, document),
    ...unmountedWarnings(container, at, document),
  ]);
  const read = draftOf(value, type, containers, document, longPath);
  return { ...read, problems: [...problems, ...said, ...read.problems] };
}

function containerOf({
  name,
  image,
  ports,
  volumes,
  environment,
  command,
  args,
}: Long['containers'][number]): TaskInput['containers'][number] {
  return {
    ...(given(name) ? { name: labelOf(name) } : {}),
    image,
    ports: ports.map(({ containerPort, hostPort, protocol }) => ({
      containerPort,
      ...present({ hostPort, protocol: protocol?.toUpperCase() as 'TCP' | undefined }),
    })),
    env: environment.map((variable) => ({ name: variable.name, value: variable.value ?? '' })),
    volumes: volumes.flatMap(({ name: volume, mountPath, mounthPath }) => {
      const path = mountPath ?? mounthPath;
      return given(path) ? [{ name: labelOf(volume), mountPath: path, emptyDir: {} }] : [];
    }),
    ...commandOf(command, args),
  };
}

/** Of a container or volume. A name without a letter or digit is refused where it stands. */
function labelOf(name: string): string {
  return nearestName(name) || kubernetesName(name);
}

function nameProblems({ name, volumes }: Long['containers'][number], at: number, document: ParsedDocument): Problem[] {
  const place = ['containers', at];
  return [
    ...(given(name) ? nearest(document, name, [...place, 'name'], MAX_LABEL).problems : []),
    ...volumes.flatMap((volume, index) => nearest(document, volume.name, [...place, 'volumes', index, 'name'], MAX_LABEL).problems),
  ].filter(({ severity }) => severity === 'warning');
}

function commandOf(command: string[] | undefined, args: string[] | undefined) {
  return { ...(command?.length ? { command } : {}), ...(args?.length ? { args } : {}) };
}

function unmountedWarnings(container: Long['containers'][number], at: number, document: ParsedDocument): Problem[] {
  return container.volumes.flatMap(({ name, mountPath, mounthPath }, index) =>
    given(mountPath ?? mounthPath)
      ? []
      : [warning(document, ['containers', at, 'volumes', index], 'ignored-field', `Ignored volume '${name}': it has no mountPath`)],
  );
}

function readSimple(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(simpleTask, document, true);
  if (value === undefined) return { problems };
  const type = value.type === 'default' ? 'default' : 'compss';
  const container = {
    image: value.image,
    ports: value.ports.map((containerPort) => ({ containerPort })),
    ...commandOf(value.command, value.args),
  };
  const read = draftOf(value, type, [container], document, simplePath);
  return { ...read, problems: [...problems, ...read.problems] };
}

/** Replicas: absent is 1, and 0 is 0, as the controller must be able to write it. */
function draftOf(
  value: Long | Simple,
  type: 'default' | 'compss',
  containers: TaskInput['containers'],
  document: ParsedDocument,
  path: (spec: Path) => Path,
): ReadDraft {
  const { named, problems: badName } = base(document, value.name, ['name'], MAX_TASK_NAME);
  const locate: Locate = (specPath) => document.place(path(specPath));
  const input: TaskInput = {
    type,
    security: 'baseline',
    containers,
    ...present({ dock: value.dock, infrastructure: value.cluster }),
    ...(value.replicas === undefined ? {} : { replicas: value.replicas }),
  };
  const { spec, problems: refused } = converted(taskSpec, input, locate);
  if (spec === undefined) return { problems: [...badName, ...refused] };
  const { references, problems } = readTaskQos({ ...value, compss: type === 'compss' }, document);
  const places = {
    infrastructure: document.place(['cluster']),
    dock: document.place(['dock']),
    infrastructures: [],
    after: document.place([]),
  };
  const security = warning(
    document,
    [],
    'baseline-security',
    `Task '${named.name}' runs at the pod security level baseline: a native document runs at restricted`,
  );
  return {
    draft: { kind: 'Task', ...named, spec, qos: references, annotations: {}, replicasAt: document.span(['replicas']), places },
    problems: [...badName, security, ...problems, ...problemsOfTask(kubernetesName(named.name), spec, locate)],
  };
}

/** Where a field of the spec stands in the long format. */
function longPath(path: Path): Path {
  return path.map((segment) => (segment === 'env' ? 'environment' : segment));
}

/** The simple format has one container, whose ports are numbers. */
function simplePath(path: Path): Path {
  return path[2] === 'ports' ? path.slice(2, 4) : path.slice(2);
}
