import type { DefaultsSpec } from '../constructs/spec/defaults.ts';
import { isKubernetesName, kubernetesName } from '../constructs/spec/names.ts';
import type { DefaultsDraft, DockDraft, FunctionDraft, TaskDraft } from './draft.ts';
import type { Dock, Infrastructure } from './environment.ts';
import type { Place } from './parse.ts';
import { byName, type Located, originOf, type Report } from './report.ts';
import { suggestion } from './suggest.ts';

/** The original's name for the infrastructure that tasks go to when they name none. */
const MAIN_CLUSTER = 'maincluster';

export interface World {
  readonly infrastructures: ReadonlyMap<string, Infrastructure>;
  readonly defaults: DefaultsSpec;
  /** Where tasks go that name no infrastructure; undefined when nothing says. */
  readonly main: string | undefined;
  /** Grows with the docks that tasks name and nobody declares. */
  readonly docks: Map<string, Dock>;
}

/** Reads Defaults and docks, and says what is wrong with them. */
export function worldOf(
  infrastructures: ReadonlyMap<string, Infrastructure>,
  defaults: { readonly spec: DefaultsSpec; readonly from: Located<DefaultsDraft> | undefined },
  docks: readonly Located<DockDraft>[],
  report: Report,
): World {
  const world = {
    infrastructures,
    defaults: defaults.spec,
    main: mainOf(infrastructures, defaults, report),
    docks: new Map<string, Dock>(),
  };
  const { from } = defaults;
  if (from !== undefined && from.draft.spec.dock !== undefined && !isKubernetesName(kubernetesName(from.draft.spec.dock))) {
    badDock(from.draft.spec.dock, from.file, from.draft.places.dock, report);
  }
  if (from !== undefined) checkTotals(from, infrastructures, report);
  for (const [name, located] of byName(docks, 'dock', kubernetesName, report))
    world.docks.set(name, dockOf(name, located, infrastructures, report));
  return world;
}

function checkTotals({ file, draft }: Located<DefaultsDraft>, infrastructures: World['infrastructures'], report: Report): void {
  for (const written of Object.keys(draft.spec.adaptation.maxReplicasTotal ?? {})) {
    const name = kubernetesName(written);
    if (infrastructures.has(name) || report.isBroken('infrastructures', name)) continue;
    const message = `Cannot limit the replicas of infrastructure '${written}', as it is not declared${declared(name, infrastructures)}`;
    report.error(file, draft.places.adaptation, 'unknown-infrastructure', message);
  }
}

function mainOf(
  infrastructures: ReadonlyMap<string, Infrastructure>,
  { spec, from }: { readonly spec: DefaultsSpec; readonly from: Located<DefaultsDraft> | undefined },
  report: Report,
): string | undefined {
  const marked = [...infrastructures.values()].find((infrastructure) => infrastructure.default)?.name;
  if (report.isBroken('defaults.yaml')) return undefined;
  const only = infrastructures.size === 1 && !report.isBroken('infrastructures') ? [...infrastructures.keys()][0] : undefined;
  if (spec.infrastructure === undefined) return marked ?? only;
  const named = kubernetesName(spec.infrastructure);
  if (infrastructures.has(named)) return named;
  if (from !== undefined && !report.isBroken('infrastructures', named)) {
    const message = `Cannot use '${spec.infrastructure}' as the default infrastructure, as it is not declared${declared(named, infrastructures)}`;
    report.error(from.file, from.draft.places.infrastructure, 'unknown-infrastructure', message);
  }
  return undefined;
}

function dockOf(name: string, located: Located<DockDraft>, known: ReadonlyMap<string, Infrastructure>, report: Report): Dock {
  const { file, draft } = located;
  const infrastructures = draft.spec.infrastructures?.map((infrastructure, at) => {
    const mapped = kubernetesName(infrastructure);
    if (!known.has(mapped) && !report.isBroken('infrastructures', mapped)) {
      const message = `Cannot place dock '${name}' as infrastructure '${infrastructure}' is not declared${declared(mapped, known)}`;
      report.error(file, draft.places.infrastructures[at] ?? draft.spot, 'unknown-infrastructure', message);
    }
    return mapped;
  });
  return { ...draft.spec, ...(infrastructures === undefined ? {} : { infrastructures }), name, declared: true, origin: originOf(located) };
}

/**
 * Where a task or function goes. Infrastructures: its own, else the Defaults', else the one marked default, else the only one. Dock: its own,
 * else the first infrastructure's, else the Defaults', else `default`. Undefined when that leads nowhere, which is reported.
 */
export function placeOf(
  located: Located<TaskDraft | FunctionDraft>,
  world: World,
  report: Report,
): { infrastructure: string; infrastructures: readonly string[]; dock: string } | undefined {
  const infrastructures = infrastructuresOf(located, world, report);
  const [first] = infrastructures;
  if (first === undefined) return undefined;
  const { file, draft } = located;
  const written = draft.spec.dock ?? first.defaultDock ?? world.defaults.dock ?? 'default';
  const dock = kubernetesName(written);
  if (!isKubernetesName(dock)) {
    if (draft.spec.dock !== undefined) badDock(written, file, draft.places.dock, report);
    return undefined;
  }
  const names = infrastructures.map(({ name }) => name);
  for (const name of names) useDock(dock, name, located, world, report);
  return { infrastructure: first.name, infrastructures: names, dock };
}

/** None when one of them can't be told. */
function infrastructuresOf(located: Located<TaskDraft | FunctionDraft>, world: World, report: Report): readonly Infrastructure[] {
  const { draft } = located;
  const several = draft.kind === 'Task' ? draft.spec.infrastructures : undefined;
  const named = several?.map((written, at) => ({ written, place: draft.kind === 'Task' ? draft.places.infrastructures[at] : undefined }));
  const asked = named ?? [{ written: draft.spec.infrastructure, place: draft.places.infrastructure }];
  const found = asked.map(({ written, place }) => infrastructureOf(written, place ?? draft.spot, located, world, report));
  return found.every((each) => each !== undefined) ? found : [];
}

function infrastructureOf(
  written: string | undefined,
  writtenAt: Place,
  { file, draft }: Located<TaskDraft | FunctionDraft>,
  world: World,
  report: Report,
): Infrastructure | undefined {
  const what = `${draft.kind.toLowerCase()} '${draft.name}'`;
  const mapped = written === undefined ? world.main : kubernetesName(written);
  const named = mapped === MAIN_CLUSTER && !world.infrastructures.has(MAIN_CLUSTER) ? world.main : mapped;
  const known = named === undefined ? undefined : world.infrastructures.get(named);
  if (known !== undefined) return known;
  const place: Place = written === undefined ? draft.spot : writtenAt;
  if (written === undefined || mapped === MAIN_CLUSTER) {
    if (report.isBroken('infrastructures') || report.isBroken('defaults.yaml')) return undefined;
    const none =
      world.infrastructures.size === 0
        ? 'no infrastructure is declared'
        : 'no infrastructure is the default one: name one, or mark one with default: true';
    report.error(file, place, 'no-infrastructure', `Cannot place ${what} as ${none}`);
  } else if (!report.isBroken('infrastructures', written)) {
    const message = `Cannot place ${what} as infrastructure '${written}' is not declared${declared(mapped ?? written, world.infrastructures)}`;
    report.error(file, place, 'unknown-infrastructure', message);
  }
  return undefined;
}

/** A dock that nobody declares exists where tasks need it. */
function useDock(
  name: string,
  infrastructure: string,
  located: Located<TaskDraft | FunctionDraft>,
  { docks }: World,
  report: Report,
): void {
  const dock = docks.get(name);
  if (dock === undefined)
    docks.set(name, { name, labels: {}, declared: false, infrastructures: [infrastructure], origin: originOf(located) });
  else if (dock.infrastructures !== undefined && !dock.infrastructures.includes(infrastructure)) {
    if (!dock.declared) docks.set(name, { ...dock, infrastructures: [...dock.infrastructures, infrastructure].sort() });
    else {
      const { file, draft } = located;
      const message = `Cannot place ${draft.kind.toLowerCase()} '${draft.name}' in dock '${name}', as the dock is not on infrastructure '${infrastructure}': it is on ${dock.infrastructures.join(', ') || 'none'}`;
      report.error(file, draft.places.dock, 'dock-elsewhere', message);
    }
  }
}

function badDock(name: string, file: string, place: Place, report: Report): void {
  report.error(
    file,
    place,
    'bad-name',
    `Cannot use the name '${name}' for a dock: write at most 63 small letters, digits and dashes, a letter first`,
  );
}

export function declared(name: string, infrastructures: ReadonlyMap<string, Infrastructure>): string {
  return suggestion(name, [...infrastructures.keys()], infrastructures.size === 0 ? 'infrastructure is' : 'declared are');
}
