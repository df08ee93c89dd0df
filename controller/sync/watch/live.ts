import { ANNOTATION, LABEL } from '../../../constructs/labels.ts';
import type { LiveObject, ManagedFields } from '../../ports.ts';
import { type Turn, turnOf } from '../after.ts';
import { type Taker, takersIn } from '../drift.ts';
import { type Holding, holdingOf } from '../fields/holding.ts';
import { hashOf } from '../hash.ts';
import { type Ending, endingOf } from '../health/ending.ts';
import { healthOf, type ObjectHealth } from '../health/health.ts';
import { type Rollout, rolloutOf } from '../health/rollout.ts';

export const MANAGER = 'rotterdam-sync';

/** All that is kept in memory of an object on the cluster. */
export interface Live {
  readonly uid: string;
  readonly resourceVersion: string;
  /** The set that its label says it belongs to. */
  readonly setId: string | undefined;
  /** Hash of the fields that we own by apply, and of when we last changed one; undefined when we own none. */
  readonly fields: string | undefined;
  /** Everybody who owns a field, us too. */
  readonly managers: readonly string[];
  readonly holding: Holding;
  readonly takers: readonly Taker[];
  /** Whether somebody else applies fields of it: those are theirs. */
  readonly shared: boolean;
  /** Whether somebody else owns `spec.replicas`, alone or with us. */
  readonly othersReplicas: boolean;
  readonly pruneNever: boolean;
  /** Undefined of an object that nobody deleted. */
  readonly ending: Ending | undefined;
  readonly turn: Turn;
  readonly rollout: Rollout;
  readonly health: ObjectHealth;
}

export function liveOf(object: LiveObject): Live {
  const { metadata } = object;
  const managed = metadata.managedFields ?? [];
  const ours = managed.filter(isOurApply).map(({ apiVersion, time, fieldsV1 }) => [apiVersion, time, fieldsV1]);
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    setId: metadata.labels?.[LABEL.applySetMember],
    fields: ours.length === 0 ? undefined : hashOf(ours),
    managers: [...new Set(managed.map(({ manager }) => manager))],
    holding: holdingOf(managed, MANAGER),
    takers: takersIn(managed, MANAGER),
    shared: managed.some(({ manager, operation }) => operation === 'Apply' && manager !== MANAGER),
    othersReplicas: managed.some(({ manager, fieldsV1 }) => manager !== MANAGER && ownsReplicas(fieldsV1)),
    pruneNever: metadata.annotations?.[ANNOTATION.prune] === 'never',
    ending: endingOf(object),
    turn: turnOf(metadata),
    rollout: rolloutOf(object),
    health: healthOf(object),
  };
}

/** Whether something that we act on, or show, is different: a heartbeat in the status is not. */
export function isSame(a: Live, b: Live): boolean {
  return shown(a) === shown(b);
}

function shown({ health, ...live }: Live): string {
  return JSON.stringify({ ...live, resourceVersion: '', health: { ...health, statusAtMs: 0 } });
}

export function isOurApply({ manager, operation, subresource }: ManagedFields): boolean {
  return manager === MANAGER && operation === 'Apply' && (subresource ?? '') === '';
}

function ownsReplicas(fields: ManagedFields['fieldsV1']): boolean {
  const spec = fields?.['f:spec'];
  return typeof spec === 'object' && spec !== null && 'f:replicas' in spec;
}
