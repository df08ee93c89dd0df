import { ApiObject, App } from 'cdk8s';
import type { Construct } from 'constructs';
import { ClusterChart, Dock, Infrastructure, Task } from '../constructs/index.ts';
import { compareIssues, type Issue } from '../constructs/spec/issue.ts';
import { isKubernetesName } from '../constructs/spec/names.ts';
import type { TaskSpec } from '../constructs/spec/task.ts';
import type * as documents from './environment.ts';
import { identity, type Manifest, type ObjectRef, printRef, refOf } from './manifest.ts';
import { type Placement, placements } from './placement.ts';

type Environment = documents.Environment;
type Origin = documents.Origin;

/**
 * The manifests of each infrastructure, by its name: docks, tasks, then what is in `manifests/`, each in the order of names.
 * Pure; the same Environment is synthesized once, and a task whose document, place and infrastructure are as before isn't built again.
 */
export function synthesize(environment: Environment): ReadonlyMap<string, readonly Manifest[]> {
  return synthesisOf(environment).manifests;
}

/** What only shows in the objects: two with one identity, and what a construct refuses. Sorted. */
export function synthesisIssues(environment: Environment): readonly Issue[] {
  return synthesisOf(environment).issues;
}

/** All issues of an environment, sorted. Objects are looked at only when the documents are valid: they would name the same mistake again. */
export function issuesOf(environment: Environment): readonly Issue[] {
  const invalid = environment.issues.some(({ severity }) => severity === 'error');
  return invalid ? environment.issues : [...environment.issues, ...synthesisIssues(environment)].sort(compareIssues);
}

/** The document that an object of an infrastructure comes from, for messages about it. */
export function originOf(environment: Environment, infrastructure: string, ref: ObjectRef): Origin | undefined {
  return synthesisOf(environment).made.get(infrastructure)?.get(identity(ref))?.origin;
}

interface Made {
  readonly manifest: Manifest;
  readonly origin: Origin;
}

/** Objects of one infrastructure by identity. */
type Objects = ReadonlyMap<string, Made>;

type Report = (code: string, origin: Origin, message: string) => void;

interface Synthesis {
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  readonly made: ReadonlyMap<string, Objects>;
  readonly issues: readonly Issue[];
}

const syntheses = new WeakMap<Environment, Synthesis>();

function synthesisOf(environment: Environment): Synthesis {
  const known = syntheses.get(environment);
  if (known !== undefined) return known;
  const issues = new Map<string, Issue>();
  const report: Report = (code, { file, line, column }, message) => {
    // What holds on every infrastructure is said once.
    const key = `${code} ${file} ${line} ${column} ${message}`;
    issues.set(key, { file, line, column, severity: 'error', code, message });
  };
  const made = new Map(placements(environment).map((placed) => [placed.infrastructure.name, objectsOf(environment.name, placed, report)]));
  const manifests = new Map([...made].map(([name, objects]) => [name, [...objects.values()].map(({ manifest }) => manifest)]));
  const synthesis = { made, manifests, issues: [...issues.values()].sort(compareIssues) };
  syntheses.set(environment, synthesis);
  return synthesis;
}

function objectsOf(environment: string, placement: Placement, report: Report): Objects {
  const objects = new Map<string, Made>();
  const add = (origin: Origin, make: () => readonly Manifest[]) => {
    for (const manifest of attempt(make, origin, report)) addOnce(objects, { manifest, origin }, report);
  };
  const { infrastructure, docks, tasks, manifests } = placement;
  const chart = attempt(() => [chartOf(environment, infrastructure)], infrastructure.origin, report)[0];
  if (chart === undefined) return objects;
  for (const dock of docks) add(dock.origin, () => manifestsOf(dockOf(chart, dock)));
  for (const task of tasks) add(task.origin, () => manifestsOfTask(chart, task, infrastructure));
  for (const { manifest, origin } of manifests) add(origin, () => [checkedNamespace(manifest)]);
  return objects;
}

function attempt<Result>(make: () => readonly Result[], origin: Origin, report: Report): readonly Result[] {
  try {
    return make();
  } catch (error) {
    report('invalid-object', origin, (error as Error).message);
    return [];
  }
}

function addOnce(objects: Map<string, Made>, made: Made, report: Report): void {
  const ref = refOf(made.manifest);
  const before = objects.get(identity(ref));
  if (before === undefined) {
    objects.set(identity(ref), made);
    return;
  }
  const { file, line, column } = before.origin;
  report('duplicate-object', made.origin, `Cannot make ${printRef(ref)} twice: it comes from ${file}:${line}:${column} already`);
}

function chartOf(environment: string, { name, original: _, origin: __, ...spec }: documents.Infrastructure): ClusterChart {
  const app = new App();
  return new ClusterChart(app, 'chart', { environment, infrastructure: new Infrastructure(app, 'infrastructure', { name, ...spec }) });
}

function dockOf(chart: ClusterChart, { name, declared: _, origin: __, infrastructures: ___, ...spec }: documents.Dock): Dock {
  return new Dock(chart, name, spec);
}

function manifestsOf(scope: Construct): readonly Manifest[] {
  return scope.node.findAll().flatMap((construct) => (ApiObject.isApiObject(construct) ? [construct.toJson() as Manifest] : []));
}

/** By what else they are made from: on several infrastructures a task may be made in as many ways. */
const builtTasks = new WeakMap<TaskSpec, Map<string, readonly Manifest[]>>();

/** A spec that is the same object under the same circumstances gives the same manifests. */
function manifestsOfTask(chart: ClusterChart, task: documents.Task, infrastructure: documents.Infrastructure): readonly Manifest[] {
  const { name, dock, spec, annotations } = task;
  const qos = task.qos.map((template) => template.name);
  const { type, expose, address, domain } = infrastructure;
  const key = JSON.stringify([chart.environment, name, dock, annotations, qos, type, expose, address, domain]);
  const built = builtTasks.get(spec) ?? new Map<string, readonly Manifest[]>();
  const known = built.get(key);
  if (known !== undefined) return known;
  const { infrastructure: _, infrastructures: __, rollout: ___, dock: ____, suspend: _____, ...props } = spec;
  const manifests = manifestsOf(new Task(chart.node.findChild(dock) as Dock, name, { ...props, annotations, qos }));
  builtTasks.set(spec, built.set(key, manifests));
  return manifests;
}

/** A namespace names a file. */
function checkedNamespace(manifest: Manifest): Manifest {
  const { kind, metadata } = manifest;
  const namespace = kind === 'Namespace' ? metadata.name : metadata.namespace;
  if (namespace === undefined || isKubernetesName(namespace.replace(/^\d+/, 'n'))) return manifest;
  throw new Error(`Cannot use the namespace '${namespace}': write at most 63 small letters, digits and dashes`);
}
