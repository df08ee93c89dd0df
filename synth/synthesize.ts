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
  const add = (origin: Origin, make: () => readonly Identified[]) => {
    for (const { id, manifest } of attempt(make, origin, report)) addOnce(objects, id, { manifest, origin }, report);
  };
  const { infrastructure, docks, tasks, manifests } = placement;
  const chart = attempt(() => [chartOf(environment, infrastructure)], infrastructure.origin, report)[0];
  if (chart === undefined) return objects;
  const madeOn = circumstances(environment, infrastructure);
  for (const dock of docks) add(dock.origin, () => manifestsOf(dockOf(chart, dock)).map(identified));
  for (const task of tasks) add(task.origin, () => manifestsOfTask(chart, task, madeOn));
  for (const { manifest, origin } of manifests) add(origin, () => [identified(checkedNamespace(manifest))]);
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

interface Identified {
  readonly id: string;
  readonly manifest: Manifest;
}

function identified(manifest: Manifest): Identified {
  return { id: identity(refOf(manifest)), manifest };
}

function addOnce(objects: Map<string, Made>, id: string, made: Made, report: Report): void {
  const before = objects.get(id);
  if (before === undefined) {
    objects.set(id, made);
    return;
  }
  const { file, line, column } = before.origin;
  const twice = `Cannot make ${printRef(refOf(made.manifest))} twice`;
  report('duplicate-object', made.origin, `${twice}: it comes from ${file}:${line}:${column} already`);
}

function chartOf(environment: string, { name, original: _, rotterdam: __, origin: ___, ...spec }: documents.Infrastructure): ClusterChart {
  const app = new App();
  return new ClusterChart(app, 'chart', { environment, infrastructure: new Infrastructure(app, 'infrastructure', { name, ...spec }) });
}

function dockOf(chart: ClusterChart, { name, declared: _, origin: __, infrastructures: ___, ...spec }: documents.Dock): Dock {
  return new Dock(chart, constructId(name), { name, ...spec });
}

/** A construct keeps its children in a plain object, in which `constructor` is taken. */
function constructId(name: string): string {
  return name in {} ? `${name}_` : name;
}

function manifestsOf(scope: Construct): readonly Manifest[] {
  return scope.node.findAll().flatMap((construct) => (ApiObject.isApiObject(construct) ? [construct.toJson() as Manifest] : []));
}

/** What a task's objects are made of beside its spec. */
interface Built extends Pick<documents.Task, 'name' | 'dock' | 'annotations'> {
  readonly qos: readonly string[];
  /** As {@link circumstances} tells them. */
  readonly madeOn: string;
  readonly objects: readonly Identified[];
}

/** On several infrastructures a task may be made in as many ways. */
const builtTasks = new WeakMap<TaskSpec, Built[]>();

function circumstances(environment: string, { type, expose, address, domain }: documents.Infrastructure): string {
  return JSON.stringify([environment, type, expose, address, domain]);
}

/** A spec that is the same object under the same circumstances gives the same manifests. */
function manifestsOfTask(chart: ClusterChart, task: documents.Task, madeOn: string): readonly Identified[] {
  const { name, dock, spec, annotations, qos } = task;
  const built = builtTasks.get(spec) ?? [];
  const known = built.find((one) => one.madeOn === madeOn && isSame(one, task));
  if (known !== undefined) return known.objects;
  const { infrastructure: _, infrastructures: __, rollout: ___, dock: ____, suspend: _____, ...props } = spec;
  const names = qos.map((template) => template.name);
  const parent = chart.node.findChild(constructId(dock)) as Dock;
  const objects = manifestsOf(new Task(parent, constructId(name), { ...props, name, annotations, qos: names })).map(identified);
  builtTasks.set(spec, [...built, { madeOn, name, dock, annotations, qos: names, objects }]);
  return objects;
}

function isSame(built: Built, { name, dock, annotations, qos }: documents.Task): boolean {
  const isSameQos = built.qos.length === qos.length && built.qos.every((template, at) => template === qos[at]?.name);
  return built.name === name && built.dock === dock && built.annotations === annotations && isSameQos;
}

/** A namespace names a file. */
function checkedNamespace(manifest: Manifest): Manifest {
  const { kind, metadata } = manifest;
  const namespace = kind === 'Namespace' ? metadata.name : metadata.namespace;
  if (namespace === undefined || isKubernetesName(namespace.replace(/^\d+/, 'n'))) return manifest;
  throw new Error(`Cannot use the namespace '${namespace}': write at most 63 small letters, digits and dashes`);
}
