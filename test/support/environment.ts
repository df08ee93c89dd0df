import { defaultsSpec } from '../../constructs/spec/defaults.ts';
import { type DockInput, dockSpec } from '../../constructs/spec/dock.ts';
import { type FunctionInput, functionSpec } from '../../constructs/spec/function.ts';
import { type InfrastructureInput, infrastructureSpec } from '../../constructs/spec/infrastructure.ts';
import { taskId } from '../../constructs/spec/names.ts';
import { type TaskInput, taskSpec } from '../../constructs/spec/task.ts';
import type { Environment, Origin, QosTemplate } from '../../synth/environment.ts';
import type { Manifest } from '../../synth/manifest.ts';

/** What an environment holds, by name; places default to the first infrastructure and to dock `default`. */
export interface Holding {
  readonly infrastructures?: Readonly<Record<string, InfrastructureInput>>;
  readonly docks?: Readonly<Record<string, DockInput>>;
  readonly tasks?: Readonly<Record<string, TaskInput>>;
  readonly functions?: Readonly<Record<string, FunctionInput>>;
  readonly manifests?: readonly { readonly manifest: Manifest; readonly infrastructures?: readonly string[] }[];
}

/** An Environment as the loader would give it, without documents. */
export function environmentOf(holding: Holding, name = 'city'): Environment {
  const { infrastructures = { modena: { type: 'kubernetes' } }, docks = {}, tasks = {}, functions = {}, manifests = [] } = holding;
  const all = Object.keys(infrastructures);
  const named = Object.values(tasks).map(({ dock = 'default' }) => dock);
  const origin = originIn(name);
  const declared = Object.entries(docks).map(([dock, spec]) => ({
    name: dock,
    declared: true,
    origin: origin('docks', dock),
    ...dockSpec.parse(spec),
  }));
  const undeclared = named.map((dock) => ({ name: dock, declared: false, origin: origin('tasks', dock), labels: {} }));
  return {
    name,
    defaults: defaultsSpec.parse({}),
    infrastructures: byName(
      Object.entries(infrastructures).map(([each, spec]) => {
        return { name: each, original: each, origin: origin('infrastructures', each), ...infrastructureSpec.parse(spec) };
      }),
    ),
    templates: new Map(),
    docks: byName([...undeclared, ...declared]),
    tasks: byName(
      Object.entries(tasks).map(([each, spec]) => ({
        ...placed(each, spec, all),
        spec: taskSpec.parse(spec),
        annotations: {},
        qos: (spec.qos ?? []).map(qosTemplate),
        origin: origin('tasks', each),
      })),
    ),
    agreements: new Map(),
    agreementTemplates: new Map(),
    functions: byName(
      Object.entries(functions).map(([each, spec]) => ({
        ...placed(each, spec, all),
        spec: functionSpec.parse(spec),
        origin: origin('functions', each),
      })),
    ),
    manifests: manifests.map(({ manifest, infrastructures: where = all }, index) => ({
      manifest,
      infrastructures: where,
      origin: { ...origin('manifests', manifest.kind), index },
    })),
    sources: new Map(),
    issues: [],
  };
}

function originIn(environment: string) {
  return (folder: string, name: string): Origin => ({
    file: `environments/${environment}/${folder}/${name}.yaml`,
    line: 1,
    column: 1,
    index: 0,
  });
}

function byName<Item extends { readonly name: string }>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}

function placed(
  name: string,
  spec: { infrastructure?: string | undefined; infrastructures?: readonly string[] | undefined; dock?: string | undefined },
  all: readonly string[],
) {
  const { infrastructures = [spec.infrastructure ?? all[0] ?? ''], dock = 'default' } = spec;
  return { id: taskId(name), name, infrastructure: infrastructures[0] ?? '', infrastructures, dock };
}

function qosTemplate(name: string): QosTemplate {
  return {
    name,
    type: 'app-compss',
    window: 300_000,
    maxAllowed: 0,
    cooldown: 0,
    action: 'scale_out',
    scaleFactor: 1.5,
    minReplicas: 1,
    maxReplicas: 30,
    guarantees: [
      {
        name: 'deadlines_missed',
        constraint: { metric: 'deadlines_missed', comparator: '<', limit: 1 },
        kind: 'counter',
        aggregate: 'sum',
      },
    ],
  };
}
