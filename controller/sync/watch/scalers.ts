import { identity, type ObjectRef, refOf } from '../../../synth/manifest.ts';
import { ApiError } from '../../errors.ts';
import type { Clock, Cluster, LiveObject, Revision } from '../../ports.ts';
import { kindOf } from '../kinds.ts';
import { stopsAll } from '../write/refusal.ts';
import { createReflector, type Reflector } from './reflector.ts';

/** Who else sets `spec.replicas`: autoscalers, ours and everybody's, as one watch per kind of them tells. */
export interface Scalers {
  /** Follows them; kinds that the server doesn't serve are looked for once a revision. Rejects when they can't be seen. */
  follow(revision: Revision, signal?: AbortSignal): Promise<void>;
  /** `HorizontalPodAutoscaler web`: the one that targets this object; undefined when none does. */
  of(workload: ObjectRef): string | undefined;
  close(): void;
}

/** HorizontalPodAutoscaler in the one version that every server with server-side apply has. */
export const SCALER_KINDS = [
  { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
] as const;

const SCALED = ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet'];

/** Whether objects of this kind are what autoscalers scale. */
export function isScalable(ref: Pick<ObjectRef, 'apiVersion' | 'kind'>): boolean {
  return SCALED.includes(kindOf(ref));
}

interface Scaler {
  readonly resourceVersion: string;
  readonly name: string;
  /** Identity of what it scales. */
  readonly target: string;
}

export function createScalers(options: { cluster: Cluster; clock: Clock; changed: () => void }): Scalers {
  const { cluster, clock, changed } = options;
  const followed = new Map<string, Reflector<Scaler>>();
  let lookedFor: Revision | undefined;
  let byTarget: ReadonlyMap<string, string> | undefined;

  const begin = async ({ apiVersion, kind }: (typeof SCALER_KINDS)[number], signal: AbortSignal | undefined) => {
    const type = await cluster.resource(apiVersion, kind, signal);
    if (type === undefined || followed.has(kind)) return;
    const moved = (before: Scaler | undefined, after: Scaler | undefined) => {
      byTarget = undefined;
      if (before === undefined || before.target !== after?.target) changed();
    };
    followed.set(kind, createReflector({ cluster, clock, type, select: {}, project: scalerOf, changed: moved }));
  };

  /** A ScaledObject that can't be seen makes an autoscaler that can. One that the server serves no more is looked for with the next revision. */
  const giveUp = (kind: string, error: unknown): void => {
    if (kind !== 'ScaledObject' || stopsAll(error)) throw error;
    if (!(error instanceof ApiError) || error.status !== 404) return;
    followed.get(kind)?.close();
    followed.delete(kind);
  };

  return {
    async follow(revision, signal) {
      if (lookedFor !== revision)
        await Promise.all(SCALER_KINDS.filter(({ kind }) => !followed.has(kind)).map((kind) => begin(kind, signal)));
      lookedFor = revision;
      await Promise.all([...followed].map(([kind, reflector]) => reflector.ready(signal).catch((error) => giveUp(kind, error))));
      // A first list is told to nobody.
      byTarget = undefined;
    },
    of(workload) {
      byTarget ??= new Map(
        [...followed.values()].reverse().flatMap(({ items }) => [...items.values()].map(({ target, name }) => [target, name])),
      );
      return byTarget.get(identity(workload));
    },
    close() {
      for (const reflector of followed.values()) reflector.close();
    },
  };
}

/** KEDA fills in a Deployment where no kind is said. */
function scalerOf(object: LiveObject): Scaler {
  const { kind, name, namespace } = refOf(object);
  const spec = object.spec as { readonly scaleTargetRef?: Partial<ObjectRef> } | undefined;
  const { apiVersion = 'apps/v1', kind: targetKind = 'Deployment', name: targetName = '' } = spec?.scaleTargetRef ?? {};
  const target = identity({ apiVersion, kind: targetKind, namespace, name: targetName });
  return { resourceVersion: object.metadata.resourceVersion, name: `${kind} ${name}`, target };
}
