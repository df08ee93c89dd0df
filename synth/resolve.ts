import { isKubernetesName, kubernetesName, taskId } from '../constructs/spec/names.ts';
import { checkAfter, manifestWaiters, taskWaiters } from './after.ts';
import type {
  AgreementTemplateDraft,
  ClusterRequestDraft,
  Draft,
  FunctionDraft,
  InfrastructureDraft,
  ManifestDraft,
  TaskDraft,
} from './draft.ts';
import type { AgreementTemplate, Environment, Infrastructure, RawManifest, ServerlessFunction, Task } from './environment.ts';
import { identity, printRef, refOf } from './manifest.ts';
import { declared, placeOf, type World, worldOf } from './place.ts';
import { byName, type Located, originOf, printOrigin, type Report } from './report.ts';
import { resolveAgreements } from './resolve-agreements.ts';
import { BUILTIN_DEFAULTS, boundTemplates, declaredTemplates, resolveTemplates, type Templates } from './resolve-qos.ts';
import { checkSource, resolveMeasures } from './resolve-sources.ts';

/** Looks up every name in the drafts. What can't be resolved is reported and left out. */
export function resolve(name: string, drafts: readonly Located<Draft>[], report: Report): Omit<Environment, 'issues'> {
  const of = <K extends Draft['kind']>(kind: K) =>
    drafts.filter(({ draft }) => draft.kind === kind) as Located<Extract<Draft, { kind: K }>>[];
  const infrastructures = resolveInfrastructures(of('Infrastructure'), of('ClusterRequest'), report);
  const [from, ...more] = of('Defaults');
  for (const { file, draft } of more) {
    if (from !== undefined)
      report.error(file, draft.spot, 'duplicate-name', `Cannot declare Defaults again: the first are at ${printOrigin(from)}`);
  }
  const spec = from?.draft.spec ?? BUILTIN_DEFAULTS;
  if (from !== undefined && spec.minReplicas > spec.maxReplicas) {
    report.error(
      from.file,
      from.draft.spot,
      'bad-limits',
      `Cannot keep minReplicas ${spec.minReplicas} above maxReplicas ${spec.maxReplicas} in Defaults`,
    );
  }
  const world = worldOf(infrastructures, { spec, from }, of('Dock'), report);
  const measures = resolveMeasures(of('Source'), of('Metric'), report);
  for (const { file, draft } of of('Infrastructure')) {
    for (const [at, source] of (draft.spec.sources ?? []).entries())
      checkSource(
        source,
        `infrastructure '${draft.name}'`,
        { file, place: draft.places.sources?.[at] ?? draft.spot },
        measures.sources,
        report,
      );
  }
  const templates = resolveTemplates(of('QosTemplate'), spec, measures, report);
  const tasks = resolveTasks(of('Task'), world, templates, report);
  const agreements = resolveAgreements(of('Agreement'), tasks, templates, report);
  const agreementTemplates = resolveAgreementTemplates(of('AgreementTemplate'), report);
  const functions = resolveFunctions(of('Function'), world, report);
  const manifests = resolveManifests(of('Manifest'), infrastructures, report);
  checkAfter([...taskWaiters(of('Task'), tasks), ...manifestWaiters(of('Manifest'), manifests)], report);
  return {
    name,
    defaults: spec,
    infrastructures,
    docks: world.docks,
    templates: declaredTemplates(templates),
    tasks,
    agreements,
    agreementTemplates,
    functions,
    manifests,
    sources: measures.sources,
  };
}

function resolveInfrastructures(
  drafts: readonly Located<InfrastructureDraft>[],
  requests: readonly Located<ClusterRequestDraft>[],
  report: Report,
): ReadonlyMap<string, Infrastructure> {
  const known = new Map<string, Infrastructure>();
  let first: Located<InfrastructureDraft> | undefined;
  for (const [name, located] of byName(drafts, 'infrastructure', kubernetesName, report)) {
    const { file, draft } = located;
    const { rotterdam } = draft;
    known.set(name, { ...draft.spec, name, original: draft.name, ...(rotterdam && { rotterdam }), origin: originOf(located) });
    if (draft.spec.defaultDock !== undefined && !isKubernetesName(kubernetesName(draft.spec.defaultDock))) {
      report.error(file, draft.places.defaultDock, 'bad-name', `Cannot use the name '${draft.spec.defaultDock}' for a dock`);
    }
    if (draft.spec.default && first !== undefined) {
      report.error(
        file,
        draft.places.default,
        'two-defaults',
        `Mark one infrastructure as default: '${first.draft.name}' is, at ${printOrigin(first)}`,
      );
    } else if (draft.spec.default) first = located;
  }
  for (const request of requests) applyClusterRequest(request, known, report);
  return known;
}

function applyClusterRequest({ file, draft }: Located<ClusterRequestDraft>, known: Map<string, Infrastructure>, report: Report): void {
  const name = kubernetesName((file.split('/').at(-1) ?? '').replace(/\.cluster\.\w+$/, ''));
  const infrastructure = known.get(name);
  if (infrastructure === undefined) {
    if (report.isBroken('infrastructures', name)) return;
    const message = `Cannot install a cluster on '${name}' as no infrastructure has this name${declared(name, known)}`;
    report.error(file, draft.spot, 'unknown-infrastructure', message);
  } else if (infrastructure.type !== 'microk8s') {
    report.error(file, draft.spot, 'wrong-type', `Cannot install MicroK8s on '${name}': its type is ${infrastructure.type}`);
  } else known.set(name, { ...infrastructure, device: { port: 22, ...infrastructure.device, install: 'microk8s' } });
}

function resolveTasks(
  drafts: readonly Located<TaskDraft>[],
  world: World,
  templates: Templates,
  report: Report,
): ReadonlyMap<string, Task> {
  const tasks = new Map<string, Task>();
  for (const [name, located] of byName(drafts, 'task', kubernetesName, report)) {
    const place = placeOf(located, world, report);
    const qos = boundTemplates(located, templates, report);
    const { spec, annotations } = located.draft;
    if (place === undefined) {
      report.broken('tasks', [name]);
      continue;
    }
    const { infrastructure, infrastructures, dock } = place;
    const task = { id: taskId(name), name, infrastructure, infrastructures, dock, spec, annotations, qos, origin: originOf(located) };
    tasks.set(name, withOriginal(task, located));
  }
  return tasks;
}

function withOriginal<Named extends { readonly name: string }>(one: Named, { draft }: Located<TaskDraft | FunctionDraft>) {
  return draft.name === one.name ? one : { ...one, original: draft.name };
}

function resolveAgreementTemplates(
  drafts: readonly Located<AgreementTemplateDraft>[],
  report: Report,
): ReadonlyMap<string, AgreementTemplate> {
  const declared = byName(drafts, 'agreement template', (name) => name, report);
  return new Map(
    [...declared].map(([name, located]) => {
      const { title, document } = located.draft;
      return [name, { name, title, document, origin: originOf(located) }];
    }),
  );
}

function resolveFunctions(
  drafts: readonly Located<FunctionDraft>[],
  world: World,
  report: Report,
): ReadonlyMap<string, ServerlessFunction> {
  const functions = new Map<string, ServerlessFunction>();
  for (const [name, located] of byName(drafts, 'function', kubernetesName, report)) {
    const place = placeOf(located, world, report);
    if (place === undefined) continue;
    const { infrastructure, dock } = place;
    const one = { id: taskId(name), name, infrastructure, dock, spec: located.draft.spec, origin: originOf(located) };
    functions.set(name, withOriginal(one, located));
  }
  return functions;
}

function resolveManifests(
  drafts: readonly Located<ManifestDraft>[],
  infrastructures: ReadonlyMap<string, Infrastructure>,
  report: Report,
): readonly RawManifest[] {
  const seen = new Map<string, Located<ManifestDraft>>();
  return drafts.map((located) => {
    const { file, draft } = located;
    const selected = draft.infrastructures?.map(kubernetesName) ?? [...infrastructures.keys()];
    const ref = refOf(draft.manifest);
    for (const [at, name] of selected.entries()) {
      if (!infrastructures.has(name) && !report.isBroken('infrastructures', name)) {
        const message = `Cannot place ${printRef(ref)} as infrastructure '${draft.infrastructures?.[at] ?? name}' is not declared${declared(name, infrastructures)}`;
        report.error(file, draft.places.infrastructures, 'unknown-infrastructure', message);
      }
      const first = seen.get(`${name} ${identity(ref)}`);
      if (first === undefined) seen.set(`${name} ${identity(ref)}`, located);
      else
        report.error(
          file,
          draft.spot,
          'duplicate-object',
          `Cannot declare ${printRef(ref)} again for '${name}': the first is at ${printOrigin(first)}`,
        );
    }
    return { manifest: draft.manifest, infrastructures: selected, origin: originOf(located) };
  });
}
