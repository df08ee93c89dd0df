import { compareText } from '../constructs/spec/issue.ts';
import { emitMapping, emitYaml } from './emit.ts';
import type { Environment } from './environment.ts';
import type { Manifest } from './manifest.ts';
import { rulesOf } from './rules/rules.ts';
import { synthesize } from './synthesize.ts';

/** What every file of manifests ends in. */
const EXTENSION = '.k8s.yaml';
/** Not .yaml: `kubectl apply -f` of the folder takes no rules. */
const RULES = 'promises.rules';

/** Whether a file is one that synth writes; no other file is ever removed. */
export function isOurs(name: string): boolean {
  return name.endsWith(EXTENSION) || name === RULES;
}

/**
 * The files of an environment, by path below the output directory: `<environment>/<infrastructure>/<dock>.k8s.yaml`. A dock's file begins
 * with its Namespace; other objects without a namespace are in `_cluster.k8s.yaml`. What Prometheus is to watch of the
 * promises judged there is `<environment>/<infrastructure>/promises.rules`. No path leads out of that directory: synthesis
 * leaves out what has a name that Kubernetes doesn't take, and reports it.
 */
export function renderFiles(environment: Environment): ReadonlyMap<string, string> {
  const files: [string, string][] = [];
  for (const [infrastructure, manifests] of synthesize(environment)) {
    for (const [file, objects] of byFile(manifests)) {
      files.push([`${environment.name}/${infrastructure}/${file}`, emitYaml(objects)]);
    }
  }
  for (const [infrastructure, groups] of rulesOf(environment)) {
    if (environment.infrastructures.has(infrastructure))
      files.push([`${environment.name}/${infrastructure}/${RULES}`, emitMapping({ groups })]);
  }
  return new Map(files.sort(([a], [b]) => compareText(a, b)));
}

function byFile(manifests: readonly Manifest[]): ReadonlyMap<string, readonly Manifest[]> {
  const files = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const file = `${fileOf(manifest)}${EXTENSION}`;
    const before = files.get(file);
    if (before === undefined) files.set(file, [manifest]);
    else before.push(manifest);
  }
  return files;
}

function fileOf({ kind, metadata }: Manifest): string {
  return (kind === 'Namespace' ? metadata.name : metadata.namespace) ?? '_cluster';
}
