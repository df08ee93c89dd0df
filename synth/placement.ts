import { compareText } from '../constructs/spec/issue.ts';
import { kubernetesName } from '../constructs/spec/names.ts';
import type { Dock, Environment, Infrastructure, Origin, RawManifest, Task } from './environment.ts';
import { groupBy } from './group-by.ts';
import type { Manifest } from './manifest.ts';
import { type Namespaced, scopes } from './scope.ts';

/** What one infrastructure gets; everything sorted, so that equal documents give equal bytes. */
export interface Placement {
  readonly infrastructure: Infrastructure;
  readonly docks: readonly Dock[];
  readonly tasks: readonly Task[];
  /** From `manifests/`, each in its namespace. */
  readonly manifests: readonly { readonly manifest: Manifest; readonly origin: Origin }[];
}

/** One placement for each infrastructure, in the order of their names. A dock is where it is declared or used. */
export function placements(environment: Environment): readonly Placement[] {
  const { infrastructures, docks, tasks, functions, manifests } = environment;
  const namespaced = scopes(manifests.map(({ manifest }) => manifest));
  const tasksAt = groupBy([...tasks.values()].sort(byName), (task) => task.infrastructures);
  const functionsAt = groupBy([...functions.values()], (each) => [each.infrastructure]);
  const manifestsAt = groupBy(manifests, (each) => each.infrastructures);
  const all = [...infrastructures.keys()];
  const docksAt = groupBy([...docks.values()], (dock) => (dock.declared ? (dock.infrastructures ?? all) : []));
  return [...infrastructures.values()].sort(byName).map((infrastructure) => {
    const { name } = infrastructure;
    const here = tasksAt.get(name) ?? [];
    const raw = (manifestsAt.get(name) ?? []).map((each) => inNamespace(each, namespaced, defaultDock(infrastructure, environment)));
    const used = [...here, ...(functionsAt.get(name) ?? []), ...raw.filter(({ placed }) => placed)];
    return { infrastructure, tasks: here, manifests: raw, docks: docksHere(docksAt.get(name) ?? [], used, environment) };
  });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

function defaultDock(infrastructure: Infrastructure, { defaults }: Environment): string {
  return kubernetesName(infrastructure.defaultDock ?? defaults.dock ?? 'default');
}

/** Namespaced kinds go into `dock` when they say nothing; those of unknown scope stay as they are. */
function inNamespace({ manifest, origin }: RawManifest, namespaced: Namespaced, dock: string) {
  const placed = manifest.metadata.namespace === undefined && namespaced(manifest) === true;
  const metadata = placed ? { ...manifest.metadata, namespace: dock } : manifest.metadata;
  return { placed, dock, origin, manifest: placed ? { ...manifest, metadata } : manifest };
}

function docksHere(
  declared: readonly Dock[],
  used: readonly { readonly dock: string; readonly origin: Origin }[],
  { docks }: Environment,
): readonly Dock[] {
  const here = new Map(declared.map((dock) => [dock.name, dock]));
  for (const { dock: name, origin } of used) {
    if (!here.has(name)) here.set(name, docks.get(name) ?? { name, labels: {}, declared: false, origin });
  }
  return [...here.values()].sort(byName);
}
