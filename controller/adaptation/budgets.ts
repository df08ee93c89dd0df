import { thousandths } from '../../constructs/quantity.ts';
import { kubernetesName } from '../../constructs/spec/names.ts';
import type { ContainerSpec } from '../../constructs/spec/task.ts';
import type { Dock, Environment, Task } from '../../synth/environment.ts';

/** Something that there is only so much of, and that each replica of some tasks takes a share of. */
export interface Budget {
  /** For people: `quota pods 50 of dock 'class'`. */
  readonly name: string;
  /** Beside what all tasks ask for now. Below 0 when that is too much already. */
  left: number;
  /** What one replica of a task takes; 0 when it takes nothing. */
  costOf(task: Task): number;
}

/** What limits the replicas of an environment's tasks beside their templates: quotas of docks, and `maxReplicasTotal`. */
export function budgetsOf({ docks, tasks, defaults }: Environment): readonly Budget[] {
  const all = [...tasks.values()];
  const { maxReplicasTotal = {} } = defaults.adaptation;
  const totals = Object.entries(maxReplicasTotal).map(([name, total]) => {
    const infrastructure = kubernetesName(name);
    return budget(`maxReplicasTotal ${total} of '${name}'`, total, all, (task) => (task.infrastructures.includes(infrastructure) ? 1 : 0));
  });
  return [...totals, ...[...docks.values()].flatMap((dock) => quotasOf(dock, all))];
}

/** How many replicas more `budgets` have room for, and whose room is the least. */
export function roomFor(task: Task, budgets: readonly Budget[]): { readonly more: number; readonly limitedBy?: string } {
  return budgets.reduce<{ more: number; limitedBy?: string }>(
    (least, { name, left, costOf }) => {
      const cost = costOf(task);
      const more = cost === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(left / cost));
      return more < least.more ? { more, limitedBy: name } : least;
    },
    { more: Number.POSITIVE_INFINITY },
  );
}

/** A dock is a namespace of its own on each infrastructure, and its quota holds in each: what a task asks for, it asks for once in each. */
function quotasOf({ name, quota = {} }: Dock, tasks: readonly Task[]): readonly Budget[] {
  const inside = tasks.filter(({ dock }) => dock === name);
  const infrastructures = [...new Set(inside.flatMap((task) => task.infrastructures))];
  return Object.entries(quota).flatMap(([resource, hard]) => {
    const cost = costOf(resource);
    if (cost === undefined) return [];
    return infrastructures.map((infrastructure) =>
      budget(`quota ${resource} ${hard} of dock '${name}'`, Number(thousandths(hard)), inside, (task) =>
        task.dock === name && task.infrastructures.includes(infrastructure) ? cost(task.spec.containers) : 0,
      ),
    );
  });
}

function budget(name: string, total: number, tasks: readonly Task[], costOf: Budget['costOf']): Budget {
  const used = tasks.reduce((sum, task) => sum + task.spec.replicas * costOf(task), 0);
  return { name, left: total - used, costOf };
}

/** In thousandths, what one replica takes of a resource that a quota counts; undefined of those that no replica takes. */
function costOf(resource: string): ((containers: readonly ContainerSpec[]) => number) | undefined {
  if (resource === 'pods' || resource === 'count/pods') return () => 1_000;
  const [, kind = 'requests', said, bare] = /^(?:(requests|limits)\.(.+)|(cpu|memory|ephemeral-storage))$/.exec(resource) ?? [];
  const name = said ?? bare;
  if (name === undefined) return undefined;
  return (containers) => containers.reduce((sum, { resources = {} }) => sum + Number(thousandths(askedFor(resources, kind, name))), 0);
}

/** Kubernetes takes a limit for the request where none is written. */
function askedFor({ requests, limits }: NonNullable<ContainerSpec['resources']>, kind: string, name: string): string | number {
  return (kind === 'limits' ? undefined : requests?.[name]) ?? limits?.[name] ?? 0;
}
