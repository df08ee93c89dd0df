import { LABEL } from '../../constructs/labels.ts';
import { identity, type Manifest, type ObjectRef, refOf } from '../../synth/manifest.ts';
import type { LiveObject } from '../ports.ts';
import { type HealthState, healthOf } from '../sync/health/health.ts';

/** An object with what it made: a Deployment with its ReplicaSets, these with their Pods. */
export interface TreeNode {
  readonly ref: ObjectRef;
  readonly state: HealthState;
  /** For people; empty when there is nothing to say. */
  readonly reason: string;
  readonly children: readonly TreeNode[];
}

export interface TaskTree {
  readonly task: string;
  readonly objects: readonly TreeNode[];
}

/** What runs comes first, then what leads to it. */
const FIRST = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/**
 * The objects of each task, by the task's name: those declared, whether they are there or not, with what they own, then what only carries the
 * task's label. Pure.
 */
export function taskTrees(declared: readonly Manifest[], live: readonly LiveObject[]): readonly TaskTree[] {
  const names = new Set([...declared, ...live].flatMap(({ metadata }) => metadata.labels?.[LABEL.task] ?? []));
  return [...names].sort().map((task) => {
    const isOf = ({ metadata }: Manifest) => metadata.labels?.[LABEL.task] === task;
    return { task, objects: treeOf(declared.filter(isOf).map(refOf), live.filter(isOf)) };
  });
}

function treeOf(declared: readonly ObjectRef[], live: readonly LiveObject[]): readonly TreeNode[] {
  const owners = new Set(live.map(({ metadata }) => metadata.uid));
  const roots = live.filter(({ metadata }) => !(metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid)));
  const there = new Set(roots.map((root) => identity(refOf(root))));
  const missing = declared.filter((ref) => !there.has(identity(ref)));
  return [
    ...roots.map((root) => nodeOf(root, live)),
    ...missing.map((ref) => ({ ref, state: 'missing' as const, reason: 'not there', children: [] })),
  ].sort(byKind);
}

function nodeOf(object: LiveObject, all: readonly LiveObject[]): TreeNode {
  const { ref, state, reason } = healthOf(object);
  const owned = all.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid));
  const children = owned.map((one) => nodeOf(one, all)).filter((child) => !isPast(child, all));
  return { ref, state, reason, children: children.sort(byKind) };
}

/** Revisions of a Deployment that are kept to go back to run nothing. */
function isPast({ ref, children }: TreeNode, all: readonly LiveObject[]): boolean {
  if (ref.kind !== 'ReplicaSet' || children.length > 0) return false;
  const replicaSet = all.find((object) => identity(refOf(object)) === identity(ref));
  return (replicaSet?.spec as { readonly replicas?: number } | undefined)?.replicas === 0;
}

function byKind(a: TreeNode, b: TreeNode): number {
  const rank = ({ ref }: TreeNode) => (FIRST.includes(ref.kind) ? 0 : 1);
  return rank(a) - rank(b) || (textOf(a) < textOf(b) ? -1 : 1);
}

function textOf({ ref }: TreeNode): string {
  return `${ref.kind} ${ref.namespace} ${ref.name}`;
}
