import type { Environment, Origin } from '../../../synth/environment.ts';
import { type Documents, Refusal } from '../../changes/change.ts';
import { type Caller, hasDock, type Need, suffices } from './grant.ts';

/** Something that a file declares, and who may change it: one who has its dock, or all, or an admin. */
interface Item {
  readonly what: string;
  readonly need: Need;
  readonly dock?: string;
  readonly said: string;
}

/** @throws Refusal when a change differs in what the caller may not change, however it came to. Pure. */
export function checkChange(caller: Caller, before: Documents, after: Documents): void {
  const refused = changedItems(before, after).find((item) => !mayChange(caller, item));
  if (refused !== undefined) throw new Refusal('forbidden', `Refused to ${caller.name} as it may not change ${refused.what}`);
}

function mayChange(caller: Caller, { need, dock }: Item): boolean {
  return suffices(caller, need) && (dock === undefined || hasDock(caller, dock));
}

function changedItems(before: Documents, after: Documents): readonly Item[] {
  const files = new Set([...before.files.keys(), ...after.files.keys()]);
  const paths = [...files].filter((path) => before.files.get(path)?.id !== after.files.get(path)?.id);
  return [...paths.flatMap((path) => changedIn(path, before, after)), ...changedWide(before.environment, after.environment)];
}

/** Where nothing else is said than before, all that the file declares; where that is nothing that we know, the file. */
function changedIn(path: string, before: Documents, after: Documents): readonly Item[] {
  const [old, now] = [itemsIn(before.environment, path), itemsIn(after.environment, path)];
  const all = [...old, ...now];
  const differing = all.filter((one) => !(old.some((other) => isSame(one, other)) && now.some((other) => isSame(one, other))));
  if (differing.length > 0) return differing;
  return all.length > 0 ? all : [{ what: path, need: 'admin', said: '' }];
}

function isSame(a: Item, b: Item): boolean {
  return a.what === b.what && a.said === b.said;
}

function itemsIn(environment: Environment, path: string): readonly Item[] {
  const { tasks, functions, agreements, templates, agreementTemplates, docks, infrastructures, manifests } = environment;
  const dockOf = (task: string) => tasks.get(task)?.dock;
  return [
    ...of(tasks.values(), path, (one) => ({ what: `task ${one.name} of dock ${one.dock}`, need: 'write', dock: one.dock })),
    ...of(functions.values(), path, (one) => ({ what: `function ${one.name} of dock ${one.dock}`, need: 'write', dock: one.dock })),
    ...of(agreements.values(), path, (one) => ({ what: `agreement ${one.id}`, ...within(dockOf(one.task)) })),
    ...of(templates.values(), path, (one) => ({ what: `QoS definition ${one.name}`, need: 'write all' })),
    ...of(agreementTemplates.values(), path, (one) => ({ what: `template ${one.name}`, need: 'write all' })),
    ...of(
      [...docks.values()].filter(({ declared }) => declared),
      path,
      (one) => ({ what: `dock ${one.name}`, need: 'admin' }),
    ),
    ...of(infrastructures.values(), path, (one) => ({ what: `infrastructure ${one.name}`, need: 'admin' })),
    ...of(manifests, path, ({ manifest }) => ({ what: `${manifest.kind} ${manifest.metadata.name}`, need: 'admin' })),
  ];
}

function within(dock: string | undefined): Pick<Item, 'need' | 'dock'> {
  return dock === undefined ? { need: 'write all' } : { need: 'write', dock };
}

function of<One extends { readonly origin?: Origin }>(
  all: Iterable<One>,
  path: string,
  item: (one: One) => Omit<Item, 'said'>,
): readonly Item[] {
  return [...all]
    .filter(({ origin }) => origin?.file === path)
    .map((one) => ({ ...item(one), said: JSON.stringify({ ...one, origin: undefined }) }));
}

/** What is no single file's. */
function changedWide(before: Environment, after: Environment): readonly Item[] {
  const wide = ({ defaults, sources }: Environment) => ({ defaults, sources: [...sources] });
  const [old, now] = [wide(before), wide(after)];
  return (['defaults', 'sources'] as const).flatMap((what) =>
    JSON.stringify(old[what]) === JSON.stringify(now[what]) ? [] : [{ what, need: 'admin' as const, said: '' }],
  );
}
