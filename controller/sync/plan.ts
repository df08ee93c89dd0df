import { identity, type Manifest, type ObjectRef, printRef } from '../../synth/manifest.ts';
import { Failure } from '../errors.ts';
import type { ResourceType, Revision } from '../ports.ts';
import { inReverse, inTurn, type Turn, unlessWaiting } from './after.ts';
import { type Desired, notServed } from './desired.ts';
import { isReportOnly, printDrift, takerOf } from './drift.ts';
import { holds } from './fields/holding.ts';
import type { EndingObject } from './health/ending.ts';
import { hold, type PruneTarget } from './hold.ts';
import { tenantsOf, withoutTenants } from './homes.ts';
import { isProtectedNamespace } from './inventory/contents.ts';
import type { Entry, Inventory, Kept, KeptField } from './inventory/inventory.ts';
import type { Lineage } from './inventory/lineage.ts';
import { kindOf } from './kinds.ts';
import { stageOf } from './order.ts';
import { type Live, MANAGER } from './watch/live.ts';
import { explain } from './write/refusal.ts';

export interface SyncChange {
  /** `keep`: would be deleted, but must not be. `leave`: others changed it, and it is not put back now. */
  readonly op: 'create' | 'update' | 'delete' | 'keep' | 'leave';
  readonly ref: ObjectRef;
  /** Why, for people. */
  readonly reason: string;
  /** What has to be there first. */
  readonly waitsFor?: string;
}

/** Ordered changes from observed to desired. Data: it prints itself, and an empty one means settled. */
export interface SyncPlan {
  readonly changes: readonly SyncChange[];
  readonly counts: { readonly create: number; readonly update: number; readonly delete: number; readonly unchanged: number };
  /** What is being deleted and still there. */
  readonly ending: readonly EndingObject[];
  /** Why the deletions are not done, and what lets them go. */
  readonly held?: string;
}

/** Everything that was looked at, complete: planning asks nothing. */
export interface Observed {
  readonly setId: string;
  readonly inventory: Inventory;
  readonly lineage: Lineage;
  readonly desired: readonly Desired[];
  live(key: string, ref: ObjectRef): Live | undefined;
  /** Every object with our label, by identity. */
  members(): Iterable<readonly [string, Live]>;
  /** Kinds that the server serves, as far as we have to do with them. */
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Kinds (`apps/Deployment`) that can't be looked at, and why. */
  readonly unseen: ReadonlyMap<string, Failure>;
  /** Identities that another set has, and its id. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Until when drift of an object is left as it is, as others undo every repair. */
  heldUntilMs(key: string): number | undefined;
  /** By identity: what was wanted when drift was last reported instead of put back. */
  readonly reported: ReadonlyMap<string, Manifest>;
  /** Managers whose fields are ours to take. */
  readonly takeOver: readonly string[];
}

export interface ApplyStep {
  readonly change: SyncChange;
  readonly desired: Desired;
  /** What is recorded of our last apply: fields of that very object that moved since then are drift, not somebody's property. */
  readonly entry: Entry | undefined;
  /** Only puts back what was there before. */
  readonly repair: boolean;
  /** The resourceVersion at which all that we want of it had been ours: whoever has it now took it by an update. */
  readonly oursAt?: string | undefined;
  /** What was wanted of it when drift was last reported instead of put back. */
  readonly reported?: Manifest | undefined;
}

/** Drift that is shown instead. */
export interface LeaveStep {
  readonly change: SyncChange;
  readonly untilMs?: number;
  /** Where drift is only reported: what is wanted. */
  readonly reported?: Desired;
}

export interface DeleteStep {
  readonly change: SyncChange;
  readonly key: string;
  readonly uid: string;
  readonly turn: Turn;
}

/** What is to be done. The printable half is `plan`; the steps hold manifests, so they are never shown. */
export interface Steps {
  readonly plan: SyncPlan;
  readonly apply: readonly ApplyStep[];
  readonly remove: readonly DeleteStep[];
  readonly leave: readonly LeaveStep[];
  /** What is not done now, as it waits for tasks; those of it that apply something, as steps. */
  readonly later: readonly SyncChange[];
  readonly applyLater: readonly ApplyStep[];
  /** Identities that a word lets go: it need not be said again should their deletion fail. */
  readonly letGo: ReadonlySet<string>;
  /** What the deletions wait for a word since. */
  readonly divergedFrom: Revision | undefined;
  /** Entries of objects that are gone, or are no longer ours. */
  readonly forget: readonly string[];
  readonly failed: readonly { readonly ref: ObjectRef; readonly error: Failure }[];
}

interface Planned extends PruneTarget {
  readonly held?: ReadonlySet<string> | undefined;
  readonly waits?: ReadonlyMap<string, string>;
}

/** Pure: same observation, same steps. Nothing to do means settled. */
export function planSync(target: Planned, all: Observed): Steps {
  const { held: kept = NONE, waits = new Map() } = target;
  const observed = without(kept, all);
  const failed = new Map<string, Steps['failed'][number]>();
  const steps: ApplyStep[] = [];
  for (const desired of observed.desired) {
    const refusal = refusalOf(desired, observed);
    if (refusal !== undefined) failed.set(desired.key, { ref: desired.ref, error: refusal });
    else steps.push(...applyStep(desired, observed));
  }
  const leave = steps.flatMap((step) => leaveStep(step, observed));
  const left = new Set(leave.map(({ change }) => change.ref));
  const wanted = steps.filter(({ change }) => !left.has(change.ref));
  const prune = planPrune(observed, all);
  const { held, letGo, divergedFrom } = hold(prune, observed, all, target);
  wanted.sort((a, b) => stageOf(a.change.ref) - stageOf(b.change.ref));
  prune.remove.sort((a, b) => stageOf(b.change.ref) - stageOf(a.change.ref));
  const changing = unlessWaiting(wanted, ({ desired, repair }) => (repair ? undefined : desired.task), waits);
  const removing = unlessWaiting(prune.remove, ({ turn }) => turn.task, waits);
  const unmade = new Set([...failed.keys(), ...changing.later.map(({ desired }) => desired.key)]);
  const apply = inTurn(changing.now, unmade, all);
  const remove = inReverse(removing.now, observed);
  const free = held === undefined ? remove.now : remove.now.filter(({ key }) => letGo.has(key));
  const later = [...changing.later, ...apply.later, ...removing.later, ...remove.later].map(({ change }) => change);
  const changes = [...[...apply.now, ...remove.now].map(({ change }) => change), ...later];
  return {
    plan: {
      changes: [...changes, ...prune.keep, ...leave.map(({ change }) => change)],
      counts: { ...countsOf(changes), unchanged: all.desired.length - steps.length - failed.size },
      ending: prune.ending,
      ...(held === undefined ? {} : { held }),
    },
    apply: apply.now,
    remove: withoutTenants(free, [...prune.forget, ...prune.ending.map(({ ref }) => identity(ref))], all),
    leave,
    later,
    applyLater: apply.later,
    letGo,
    divergedFrom,
    forget: prune.forget,
    failed: [...failed.values()],
  };
}

const NONE: ReadonlySet<string> = new Set();

/** As if the objects of tasks that are left as they are were neither wanted nor recorded: nothing is done about them. */
function without(held: ReadonlySet<string>, observed: Observed): Observed {
  if (held.size === 0) return observed;
  const isHeld = (task: string | undefined) => task !== undefined && held.has(task);
  const desired = observed.desired.filter(({ task }) => !isHeld(task));
  const wanted = new Set(observed.desired.flatMap(({ key, task }) => (isHeld(task) ? [key] : [])));
  const entries = new Map(
    [...observed.inventory.entries].filter(([key, { ref }]) => !wanted.has(key) && !isHeld(observed.live(key, ref)?.turn.task)),
  );
  return { ...observed, desired, inventory: { ...observed.inventory, entries } };
}

/** The entry, when it speaks of this very object; after a crash our label and our fields on it speak for a pending one. */
export function entryFor(entry: Entry | undefined, live: Live | undefined, setId: string): Entry | undefined {
  if (entry === undefined || live === undefined) return undefined;
  if (entry.uid !== undefined) return entry.uid === live.uid ? entry : undefined;
  return live.setId === setId && live.managers.includes(MANAGER) && live.fields !== undefined ? { ...entry, uid: live.uid } : undefined;
}

function refusalOf(desired: Desired, { unseen, elsewhere }: Observed): Failure | undefined {
  if (desired.type === undefined && desired.bringer === undefined) return new Failure('terminal', notServed(desired));
  const blind = unseen.get(kindOf(desired.ref));
  if (blind !== undefined) return explain('apply', desired.ref, blind);
  const owner = elsewhere.get(desired.key);
  // A namespace may well be shared: whoever made it keeps it.
  if (owner === undefined || desired.ref.kind === 'Namespace') return undefined;
  return new Failure('terminal', `Cannot apply ${printRef(desired.ref)} as it belongs to another set: ${owner}`);
}

function applyStep(desired: Desired, { inventory, live: look, setId, elsewhere, takeOver, reported }: Observed): ApplyStep[] {
  if (elsewhere.has(desired.key)) return [];
  const recorded = inventory.entries.get(desired.key);
  const live = look(desired.key, desired.ref);
  const entry = entryFor(recorded, live, setId);
  const moved = unsettled(desired, recorded, entry, live);
  const reason = moved ?? (live && unkept(entry?.kept ?? {}, live, takeOver));
  if (reason === undefined) return [];
  const repair = moved !== undefined && recorded?.uid !== undefined && recorded.hash === desired.hash;
  const waitsFor = desired.bringer === undefined ? {} : { waitsFor: `CustomResourceDefinition ${desired.bringer}` };
  const change: SyncChange = { op: live === undefined ? 'create' : 'update', ref: desired.ref, reason, ...waitsFor };
  // Out of sight, it may still be the one that we recorded, without its label: the server will tell by its uid.
  const told = { reported: reported.get(desired.key), oursAt: repair ? oursAt(desired, entry, live) : undefined };
  return [{ change, desired, entry: live === undefined ? recorded : entry, repair, ...told }];
}

function oursAt({ scaledBy }: Desired, entry: Entry | undefined, live: Live | undefined): string | undefined {
  const isOurs = entry !== undefined && entry.kept === undefined && scaledBy === undefined && live?.shared === false;
  return isOurs ? live.resourceVersion : undefined;
}

/** Instead of a repair that the document doesn't want, or that others undo each time. */
function leaveStep({ change, desired, repair }: ApplyStep, { heldUntilMs, live }: Observed): LeaveStep[] {
  if (!repair) return [];
  const { ref, reason } = change;
  if (isReportOnly(desired.manifest.metadata)) {
    return [{ change: { op: 'leave', ref, reason: `${reason} (annotation rotterdam.dev/drift: report)` }, reported: desired }];
  }
  const untilMs = heldUntilMs(desired.key);
  if (untilMs === undefined) return [];
  const there = live(desired.key, ref);
  const opponent = there === undefined ? 'whoever deletes it' : takerOf(desired.manifest, there.takers).manager;
  return [{ change: { op: 'leave', ref, reason: `fighting with ${opponent}, put back once a minute: ${reason}` }, untilMs }];
}

/** Why an object must be sent; undefined when the cluster has what we want, as far as it is ours. */
function unsettled(desired: Desired, recorded: Entry | undefined, entry: Entry | undefined, live: Live | undefined): string | undefined {
  if (live === undefined) return recorded?.uid === undefined ? 'new' : 'somebody deleted it, or took our label off';
  if (entry === undefined) return recorded?.uid === undefined ? 'already there' : 'somebody deleted it and made it again';
  if (entry.hash === undefined) return 'applied, but not recorded';
  if (entry.hash !== desired.hash) return 'its document changed';
  return entry.fields === live.fields ? otherReplicas(desired, live) : `drift: ${printDrift(desired.manifest, live.takers)}`;
}

/** Who applies as we do within the same second leaves no trace but the value: another controller, which was behind. */
function otherReplicas({ manifest }: Desired, { health, othersReplicas }: Live): string | undefined {
  const { replicas } = (manifest.spec ?? {}) as { readonly replicas?: unknown };
  if (typeof replicas !== 'number' || othersReplicas || health.desired === undefined || health.desired === replicas) return undefined;
  return `drift: it has ${health.desired} replicas`;
}

/** Why a field that was left to others is left no longer. */
function unkept(kept: Kept, live: Live, takeOver: readonly string[]): string | undefined {
  const isHeld = (field: string, { managers, loose }: KeptField) =>
    managers.every((manager) => (loose ? live.managers.includes(manager) : holds(live.holding, manager, field)));
  if (!Object.entries(kept).every(([field, one]) => isHeld(field, one))) return 'a field that was left to another manager is free';
  const holders = Object.values(kept).map(({ managers }) => managers);
  const taken = holders.find((managers) => managers.every((manager) => takeOver.includes(manager)));
  return taken && `fields of ${taken.join(', ')} are taken over`;
}

function planPrune({ inventory, desired, live: look, setId, unseen }: Observed, all: Observed) {
  const wanted = new Set(desired.map(({ key }) => key));
  const [remove, keep, forget, ending]: [DeleteStep[], SyncChange[], string[], EndingObject[]] = [[], [], [], []];
  for (const [key, recorded] of inventory.entries) {
    if (wanted.has(key) || unseen.has(kindOf(recorded.ref))) continue;
    const { ref } = recorded;
    const live = look(key, ref);
    const entry = entryFor(recorded, live, setId);
    // Gone, or without our label, or another object of that name: nothing of ours is left there.
    if (live === undefined || live.setId !== setId || entry?.uid === undefined) forget.push(key);
    else if (live.ending !== undefined) ending.push({ ref, ...live.ending });
    else if (isProtectedNamespace(ref)) keep.push({ op: 'keep', ref, reason: 'namespaces of the system are never deleted' });
    else if (live.pruneNever) keep.push({ op: 'keep', ref, reason: 'annotation rotterdam.dev/prune: never' });
    else remove.push({ change: { op: 'delete', ref, reason: 'no longer declared' }, key, uid: entry.uid, turn: live.turn });
  }
  const going = new Set([...remove.map(({ key }) => key), ...forget, ...ending.map(({ ref }) => identity(ref))]);
  const homes = tenantsOf(remove, going, all);
  const kept = remove.flatMap(({ key, change }): SyncChange[] => {
    const tenant = homes.get(key);
    return tenant === undefined ? [] : [{ ...change, op: 'keep', reason: `${tenant} stays, and would go with it` }];
  });
  return { remove: remove.filter(({ key }) => !homes.has(key)), keep: [...keep, ...kept], forget, ending };
}

/** How many changes of each kind. */
export function countsOf(changes: readonly SyncChange[]) {
  const count = (op: SyncChange['op']) => changes.filter((change) => change.op === op).length;
  return { create: count('create'), update: count('update'), delete: count('delete') };
}
