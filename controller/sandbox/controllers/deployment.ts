import { createHash } from 'node:crypto';
import { type Json, listAt, numberAt, recordAt, textAt } from '../json.ts';
import { controllerOf, type KubeObject, ownedBy, timestamp } from '../object.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, type Controller, DEPLOYMENTS, REPLICA_SETS } from './controller.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

/** Deployment → ReplicaSets: one for each template, of which the newest takes over as its strategy allows. */
export class Deployments implements Controller {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ storage, object }: StoreEvent): readonly string[] {
    if (storage === DEPLOYMENTS) return [object.metadata.uid];
    const owner = storage === REPLICA_SETS ? controllerOf(object) : undefined;
    return owner?.kind === 'Deployment' ? [owner.uid] : [];
  }

  reconcile(uid: string): void {
    const found = this.bench.live(uid, DEPLOYMENTS);
    if (found === undefined) return;
    const hash = templateHash(recordAt(found, 'spec', 'template'));
    const known = this.bench.owned(uid, REPLICA_SETS);
    const existing = known.find((set) => set.metadata.labels?.[HASH] === hash);
    const newest = this.revise(existing ?? this.bench.create(REPLICA_SETS, replicaSetOf(found, hash)), known);
    const deployment = this.bench.annotate(DEPLOYMENTS, found, { [REVISION]: revisionOf(newest).toString() });
    const old = known.filter((set) => set.metadata.uid !== newest.metadata.uid);
    if (recordAt(deployment, 'spec').paused !== true) this.scale(deployment, newest, old);
    const sets = this.bench.owned(uid, REPLICA_SETS);
    const current = sets.find((set) => set.metadata.uid === newest.metadata.uid) ?? newest;
    this.bench.writeStatus(DEPLOYMENTS, deployment, statusOf(deployment, current, sets, timestamp(this.bench.timers.now())));
    this.forget(deployment, sets, current);
  }

  /** The newest template has the highest revision, also when it is an older one come back. */
  private revise(newest: KubeObject, known: readonly KubeObject[]): KubeObject {
    const others = known.filter((set) => set.metadata.uid !== newest.metadata.uid).map(revisionOf);
    const highest = Math.max(0, ...others);
    return revisionOf(newest) > highest ? newest : this.bench.annotate(REPLICA_SETS, newest, { [REVISION]: String(highest + 1) });
  }

  private scale(deployment: KubeObject, newest: KubeObject, old: readonly KubeObject[]): void {
    const targets = rollout(deployment, newest, old);
    this.bench.scale(REPLICA_SETS, newest, targets.newest);
    old.forEach((set, index) => {
      this.bench.scale(REPLICA_SETS, set, targets.old[index] ?? 0);
    });
  }

  private forget(deployment: KubeObject, sets: readonly KubeObject[], newest: KubeObject): void {
    const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
    const idle = sets.filter((set) => set !== newest && replicasOf(set) === 0 && !recordAt(set, 'status').replicas);
    const surplus = idle.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, idle.length - limit));
    for (const set of surplus) this.bench.delete(REPLICA_SETS, set);
  }
}

/** How many replicas each set is to have next: never more than the surge allows, never fewer available than promised. */
function rollout(deployment: KubeObject, newest: KubeObject, old: readonly KubeObject[]): { newest: number; old: readonly number[] } {
  const desired = replicasOf(deployment);
  const running = old.filter((set) => replicasOf(set) > 0 || (numberAt(set, 'status', 'replicas') ?? 0) > 0);
  if (running.length === 0) return { newest: desired, old: old.map(() => 0) };
  if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') return { newest: replicasOf(newest), old: old.map(() => 0) };
  const { surge, unavailable } = limits(deployment, desired);
  const total = [newest, ...old].reduce((sum, set) => sum + replicasOf(set), 0);
  const next = Math.min(desired, replicasOf(newest) + Math.max(0, desired + surge - total));
  const waiting = replicasOf(newest) - (numberAt(newest, 'status', 'availableReplicas') ?? 0);
  let removable = Math.max(0, total - (desired - unavailable) - waiting);
  const left = old.map((set) => {
    const fewer = Math.min(removable, replicasOf(set));
    removable -= fewer;
    return replicasOf(set) - fewer;
  });
  return { newest: next, old: left };
}

function limits(deployment: KubeObject, desired: number): { surge: number; unavailable: number } {
  const rolling = recordAt(deployment, 'spec', 'strategy', 'rollingUpdate');
  const share = (value: unknown, round: (x: number) => number): number =>
    typeof value === 'number' ? value : round((Number.parseFloat(String(value ?? '25%')) / 100) * desired);
  const surge = share(rolling.maxSurge, Math.ceil);
  const unavailable = share(rolling.maxUnavailable, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function replicaSetOf(deployment: KubeObject, hash: string) {
  const { name, namespace } = deployment.metadata;
  const template = recordAt(deployment, 'spec', 'template');
  const labels = { ...(recordAt(template, 'metadata', 'labels') as Record<string, string>), [HASH]: hash };
  const selector = recordAt(deployment, 'spec', 'selector');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...recordAt(selector, 'matchLabels'), [HASH]: hash } },
      template: { ...template, metadata: { ...recordAt(template, 'metadata'), labels } },
    },
  };
}

function statusOf(deployment: KubeObject, newest: KubeObject, sets: readonly KubeObject[], now: string): Json {
  const desired = replicasOf(deployment);
  const sum = (field: string): number => sets.reduce((total, set) => total + (numberAt(set, 'status', field) ?? 0), 0);
  const counts = {
    replicas: sum('replicas'),
    updatedReplicas: numberAt(newest, 'status', 'replicas') ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, desired - sum('availableReplicas')),
  };
  const enough = counts.availableReplicas >= desired - limits(deployment, desired).unavailable;
  const available = enough
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
  const settled = counts.replicas === desired && counts.updatedReplicas === desired && counts.availableReplicas === desired;
  const before = condition(deployment, 'Progressing');
  // Scaling a template that is rolled out is no progress to be waited for.
  const done = settled || (before?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas);
  const set = `ReplicaSet "${newest.metadata.name}"`;
  const progressing = done
    ? { status: 'True', reason: 'NewReplicaSetAvailable', message: `${set} has successfully progressed.` }
    : { status: 'True', reason: 'ReplicaSetUpdated', message: `${set} is progressing.` };
  return {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    conditions: [
      { type: 'Available', ...available, ...times(condition(deployment, 'Available'), available, now) },
      { type: 'Progressing', ...progressing, ...times(before, progressing, now) },
    ],
  };
}

function times(before: Json | undefined, now: { status: string; reason: string; message: string }, time: string): Json {
  const same = before?.status === now.status && before.reason === now.reason && before.message === now.message;
  return {
    lastUpdateTime: same ? before.lastUpdateTime : time,
    lastTransitionTime: before?.status === now.status ? before.lastTransitionTime : time,
  };
}

function condition(object: KubeObject, type: string): Json | undefined {
  return listAt(object, 'status', 'conditions').find((item): item is Json => textAt(item, 'type') === type);
}

function replicasOf(object: KubeObject): number {
  return numberAt(object, 'spec', 'replicas') ?? 1;
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** Ten letters and digits that make no words, as the real one's. */
export function templateHash(template: Json): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
