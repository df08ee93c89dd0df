import type { Cluster } from '../../ports.ts';
import { kindOf } from '../kinds.ts';
import { inParallel } from '../parallel.ts';
import type { ApplyStep, Steps, SyncChange, SyncPlan } from '../plan.ts';
import { createDiffer, type Differences } from './differ.ts';

/** A change as it is shown before it is made; with its fields, where that was asked for. */
export type PlannedChange = SyncChange & Partial<Differences>;

/** A plan for people: nothing of it was done. */
export interface SyncPreview extends SyncPlan {
  readonly changes: readonly PlannedChange[];
  /** Objects that can't be looked at, or not be applied, and why. */
  readonly failed: Steps['failed'];
  /** Why fields were compared here, and not by the server: fields that the server fills in or refuses don't show. */
  readonly comparedHere?: string;
}

const WIDTH = 8;
/** From so many objects on one list costs less than asking for each. */
const LIST_FROM = 4;
const ALREADY_THERE = 'already there, without our label';

/** Reads what planning left open: what is there without our label, and with `fields` what would be different. Writes nothing. */
export async function previewOf(
  cluster: Cluster,
  { plan, apply: now, applyLater, failed }: Steps,
  options: { readonly fields?: boolean; readonly takeOver: readonly string[] },
  signal?: AbortSignal,
): Promise<SyncPreview> {
  const apply = [...now, ...applyLater];
  const there = await alreadyThere(cluster, apply, signal);
  const shown = new Map<SyncChange, PlannedChange>(
    [...there].map((change) => [change, { ...change, op: 'update' as const, reason: ALREADY_THERE }]),
  );
  const differ = createDiffer(cluster, options.takeOver);
  await inParallel(options.fields ? apply : [], WIDTH, async (step) => {
    const change = shown.get(step.change) ?? step.change;
    shown.set(step.change, { ...change, ...(await differ.differences({ ...step, change }, signal)) });
  });
  const { create, update, ...rest } = plan.counts;
  const { comparedHere } = differ;
  return {
    ...plan,
    changes: plan.changes.map((change) => shown.get(change) ?? change),
    counts: { create: create - there.size, update: update + there.size, ...rest },
    failed,
    ...(comparedHere === undefined ? {} : { comparedHere }),
  };
}

/** `sync` finds out by applying what was there before us; a plan for people asks: in places where much is new by one list each. */
async function alreadyThere(cluster: Cluster, apply: readonly ApplyStep[], signal?: AbortSignal): Promise<ReadonlySet<SyncChange>> {
  const creates = apply.filter(({ change, desired }) => change.op === 'create' && desired.type !== undefined);
  const [namespaces, others] = [creates.filter(isNamespace), creates.filter((step) => !isNamespace(step))];
  const there = new Set<SyncChange>();
  const look = async (steps: readonly ApplyStep[]) => {
    await inParallel(inGroups(steps), WIDTH, async (group) => {
      for (const change of await foundOf(cluster, group, signal)) there.add(change);
    });
  };
  await look(namespaces);
  const fresh = new Set(namespaces.filter(({ change }) => !there.has(change)).map(({ change }) => change.ref.name));
  await look(others.filter(({ change: { ref } }) => ref.namespace === undefined || !fresh.has(ref.namespace)));
  return there;
}

/** By kind and namespace. */
function inGroups(steps: readonly ApplyStep[]): ApplyStep[][] {
  const groups = new Map<string, ApplyStep[]>();
  for (const step of steps) {
    const { ref } = step.change;
    const place = `${kindOf(ref)} ${ref.namespace ?? ''}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [step]);
    else group.push(step);
  }
  return [...groups.values()];
}

/** Which objects of one kind in one namespace are there. */
async function foundOf(cluster: Cluster, steps: readonly ApplyStep[], signal?: AbortSignal): Promise<readonly SyncChange[]> {
  const type = steps[0]?.desired.type;
  const changes = steps.map(({ change }) => change);
  if (type === undefined) return [];
  if (steps.length < LIST_FROM) {
    const objects = await Promise.all(changes.map(({ ref }) => cluster.get(ref, signal)));
    return changes.filter((_, index) => objects[index] !== undefined);
  }
  const { items } = await cluster.list(type, { namespace: changes[0]?.ref.namespace }, signal);
  const names = new Set(items.map(({ metadata }) => metadata.name));
  return changes.filter(({ ref }) => names.has(ref.name));
}

function isNamespace({ change: { ref } }: ApplyStep): boolean {
  return kindOf(ref) === '/Namespace';
}
