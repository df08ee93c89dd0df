import type { Cluster, LiveObject } from '../../ports.ts';
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

const WIDTH = 16;
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
  const updated = options.fields ? await foundOf(cluster, apply.filter(isUpdate), signal) : new Map<SyncChange, LiveObject>();
  const shown = new Map<SyncChange, PlannedChange>(
    [...there.keys()].map((change) => [change, { ...change, op: 'update' as const, reason: ALREADY_THERE }]),
  );
  const differ = createDiffer(cluster, options.takeOver);
  await inParallel(options.fields ? apply : [], WIDTH, async (step) => {
    const change = shown.get(step.change) ?? step.change;
    const live = there.get(step.change) ?? updated.get(step.change);
    shown.set(step.change, { ...change, ...(await differ.differences({ ...step, change }, live, signal)) });
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

/** What a change is about, as it is on the cluster. */
type Found = ReadonlyMap<SyncChange, LiveObject>;

/** `sync` finds out by applying what was there before us; a plan for people asks, but not in places that are new themselves. */
async function alreadyThere(cluster: Cluster, apply: readonly ApplyStep[], signal?: AbortSignal): Promise<Found> {
  const creates = apply.filter(({ change, desired }) => change.op === 'create' && desired.type !== undefined);
  const [namespaces, others] = [creates.filter(isNamespace), creates.filter((step) => !isNamespace(step))];
  const spaces = await foundOf(cluster, namespaces, signal);
  const fresh = new Set(namespaces.flatMap(({ change }) => (spaces.has(change) ? [] : [change.ref.name])));
  const old = others.filter(({ change: { ref } }) => ref.namespace === undefined || !fresh.has(ref.namespace));
  return new Map([...spaces, ...(await foundOf(cluster, old, signal))]);
}

async function foundOf(cluster: Cluster, steps: readonly ApplyStep[], signal?: AbortSignal): Promise<Found> {
  const found = new Map<SyncChange, LiveObject>();
  await inParallel(inGroups(steps), WIDTH, async (group) => {
    for (const [change, object] of await foundIn(cluster, group, signal)) found.set(change, object);
  });
  return found;
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

/** Of one kind in one namespace: by one list where many are asked for. */
async function foundIn(cluster: Cluster, steps: readonly ApplyStep[], signal?: AbortSignal): Promise<[SyncChange, LiveObject][]> {
  const changes = new Map(steps.map(({ change }) => [change.ref.name, change]));
  const pair = (object: LiveObject | undefined): [SyncChange, LiveObject][] => {
    const change = changes.get(object?.metadata.name ?? '');
    return change === undefined || object === undefined ? [] : [[change, object]];
  };
  const { type, ref } = steps[0]?.desired ?? {};
  if (type === undefined) return [];
  if (steps.length < LIST_FROM) return (await Promise.all(steps.map(({ change }) => cluster.get(change.ref, signal)))).flatMap(pair);
  return (await cluster.list(type, { namespace: ref?.namespace, project: pair }, signal)).items.flat();
}

function isUpdate({ change }: ApplyStep): boolean {
  return change.op === 'update';
}

function isNamespace({ change: { ref } }: ApplyStep): boolean {
  return kindOf(ref) === '/Namespace';
}
