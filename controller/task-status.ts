import { taskUrl } from '../constructs/exposure.ts';
import type { Environment, Task } from '../synth/environment.ts';
import type { AgreementStatus, DecisionStatus, TaskPlaceStatus, TaskStatus, WorkerAddress } from './status.ts';
import type { Rollout } from './worker.ts';

/** What is to be seen of a task, over all of its infrastructures; `rolloutOn` tells of one, undefined when it isn't looked after here. */
export function taskStatus(
  environment: Environment,
  task: Task,
  rolloutOn: (infrastructure: string) => Rollout | undefined,
  promises: { readonly agreements: readonly AgreementStatus[]; readonly decision?: DecisionStatus | undefined },
): TaskStatus {
  const { id, name, dock, infrastructure } = task;
  const rollouts = task.infrastructures.map(rolloutOn);
  const [first] = rollouts;
  const workers = workersOf(rollouts);
  const declared = environment.infrastructures.get(infrastructure);
  const url = declared === undefined ? undefined : taskUrl(task, declared, first?.reach);
  const { scaledBy, desired = 0 } = first?.health ?? {};
  return {
    id,
    name,
    dock,
    infrastructure,
    ...overall(
      task.infrastructures.map((place, at) => placeStatus(place, rollouts[at])),
      scaledBy === undefined ? task.spec.replicas : desired,
    ),
    ...(scaledBy === undefined ? {} : { scaledBy }),
    ...(url === undefined ? {} : { url }),
    ...(workers === undefined ? {} : { workers }),
    agreements: promises.agreements,
    ...(promises.decision === undefined ? {} : { decision: promises.decision }),
  };
}

/**
 * Those of all places, once each has its own. As many of each, so that they change together when the task scales, and by their ordinals, so that those
 * that stay keep their places in the list.
 */
function workersOf(rollouts: readonly (Rollout | undefined)[]): readonly WorkerAddress[] | undefined {
  const sets = rollouts.map((rollout) => rollout?.workers);
  if (sets.length < 2 || !sets.every((set) => set !== undefined)) return sets.length < 2 ? sets[0] : undefined;
  const each = Math.min(...sets.map(({ length }) => length));
  return Array.from({ length: each }, (_, ordinal) => sets.flatMap((set) => set[ordinal] ?? [])).flat();
}

/** As the one that is worst off, by its name when there are several. */
function overall(places: readonly TaskPlaceStatus[], desired: number) {
  const [first] = places;
  const {
    health = 'unknown',
    reason,
    name,
  } = places.find((place) => place.health !== 'ready' || place.reason !== undefined) ?? first ?? {};
  const several = places.length > 1;
  return {
    ...(several ? { infrastructures: places } : {}),
    replicas: { desired, ready: Math.min(...places.map(({ ready }) => ready)) },
    health,
    ...(reason === undefined ? {} : { reason: several ? `${name}: ${reason}` : reason }),
  };
}

function placeStatus(name: string, rollout: Rollout | undefined): TaskPlaceStatus {
  const reason = rollout?.reason ?? (rollout?.unpublished && `its workers are not published: ${rollout.unpublished}`);
  return { name, ready: rollout?.health?.ready ?? 0, health: healthOf(rollout), ...(reason === undefined ? {} : { reason }) };
}

/** A workload may be ready with replicas that are not yet those wanted. */
function healthOf(rollout: Rollout | undefined): string {
  if (rollout?.suspended) return 'suspended';
  const state = rollout?.health?.state ?? 'unknown';
  return state === 'ready' && rollout?.reason !== undefined ? 'progressing' : state;
}
