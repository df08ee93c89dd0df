import { measuredBy } from '../../constructs/spec/constraint.ts';
import type { Issue } from '../../constructs/spec/issue.ts';
import { kubernetesName, taskId } from '../../constructs/spec/names.ts';
import type { Environment, QosTemplate, Task } from '../../synth/environment.ts';
import { loadEnvironment } from '../../synth/load.ts';
import type { SourceFile } from '../../synth/source.ts';
import { UsageError } from '../errors.ts';
import type { Series } from '../ports.ts';

const NAME = 'simulated-subject';
/** What the recorded series of a metric may be called beside its name. */
const ENDINGS = ['', '_total', '_bucket'];

/** What is simulated: a template as an environment's documents have it, bound to a task. */
export interface Subject {
  readonly environment: Environment;
  readonly task: Task;
  readonly template: QosTemplate;
}

/**
 * Reads the documents of an environment, and binds the template to a task of which nothing else is known. A guarantee's query is dropped where
 * `recorded`: a recording holds its answer, under the name that the constraint compares.
 * @throws UsageError when there is no such template.
 */
export function subjectOf(qos: string, environment: string, files: readonly SourceFile[], recorded: boolean): Subject {
  const loaded = loadEnvironment(environment, [...files, ...documentsOf(qos, environment)]);
  const task = loaded.tasks.get(NAME);
  const [bound] = task?.qos ?? [];
  if (task === undefined || bound === undefined) {
    const own = loaded.issues.filter(({ file, severity }) => severity === 'error' && file.includes(NAME)).map(saidOf);
    throw new UsageError(
      own.length === 0 ? `Cannot read QoS '${qos}' of '${environment}': rotterdam-sync validate tells why` : own.join('\n'),
    );
  }
  const template = recorded ? { ...bound, guarantees: bound.guarantees.map(({ query: _query, ...rest }) => rest) } : bound;
  return { environment: loaded, task, template };
}

function saidOf({ message }: Issue): string {
  return message.replace(`Cannot bind task '${NAME}' to`, 'Cannot simulate');
}

/** The environment with one task alone: the one named where it is declared, with the template in place of its own. */
export function environmentFor({ environment, task, template }: Subject, name: string, replicas: number | undefined): Environment {
  const declared = [...environment.tasks.values()].find((one) => one.id === taskId(name));
  const { spec, ...rest } = declared ?? task;
  const count = replicas ?? (declared === undefined ? 1 : spec.replicas);
  const subject: Task = { ...rest, id: taskId(name), name: kubernetesName(name), spec: { ...spec, replicas: count }, qos: [template] };
  return { ...environment, tasks: new Map([[subject.name, subject]]), agreements: new Map() };
}

export function metricsOf({ guarantees }: QosTemplate): readonly string[] {
  return [...new Set(guarantees.flatMap(({ constraint }) => measuredBy(constraint).map(({ metric }) => metric)))];
}

/** The task that series are of, by their names and labels. @throws UsageError when there are several. */
export function taskIn(series: readonly Series[], metrics: readonly string[]): string | undefined {
  const tasks = tasksIn(series, metrics);
  if (tasks.length > 1) throw new UsageError(`Say which task is meant: --task ${tasks.join(', or --task ')}`);
  return tasks[0];
}

/** The ids of all of them, sorted. */
export function tasksIn(series: readonly Series[], metrics: readonly string[]): readonly string[] {
  return [...new Set(series.flatMap((one) => metrics.flatMap((metric) => ownerOf(one, metric) ?? [])))].sort();
}

function ownerOf({ name, labels }: Series, metric: string): string | undefined {
  if (ENDINGS.some((ending) => name === `${metric}${ending}`)) return labels.task === undefined ? undefined : taskId(labels.task);
  return name.startsWith(`${metric}_`) ? name.slice(metric.length + 1).replace(/_(total|bucket)$/, '') : undefined;
}

/** Series that say nothing of a task are taken for those of the one that is simulated. */
export function labelled(series: readonly Series[], metrics: readonly string[], task: string): readonly Series[] {
  const names = new Set(metrics.flatMap((metric) => ENDINGS.map((ending) => `${metric}${ending}`)));
  return series.map((one) =>
    names.has(one.name) && one.labels.task === undefined ? { ...one, labels: { ...one.labels, task: taskId(task) } } : one,
  );
}

/** A task that binds the template, on an infrastructure of its own. */
function documentsOf(qos: string, environment: string): readonly SourceFile[] {
  const document = (folder: string, kind: string, spec: object): SourceFile => {
    const content = new TextEncoder().encode(
      JSON.stringify({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name: NAME }, spec }),
    );
    const path = `environments/${environment}/${folder}/${NAME}.json`;
    return { path, id: `${kind} ${qos}`, kind: 'file', size: content.length, content };
  };
  return [
    document('infrastructures', 'Infrastructure', { type: 'kubernetes' }),
    document('tasks', 'Task', { infrastructure: NAME, dock: NAME, qos: [qos], containers: [{ image: NAME }] }),
  ];
}
