import { LABEL } from '../../../constructs/labels.ts';
import { identity, type ObjectRef, refOf } from '../../../synth/manifest.ts';
import { Failure } from '../../errors.ts';
import type { Clock, Cluster, LiveObject, ResourceType } from '../../ports.ts';
import type { Patience } from '../health/patience.ts';
import { isWithoutHealth, kindOf } from '../kinds.ts';
import { stopsAll } from '../write/refusal.ts';
import { isSame, type Live, liveOf } from './live.ts';
import { createReflector, type Reflector } from './reflector.ts';

/** The members of one ApplySet as the cluster has them: one label-selected watch per kind. */
export interface Mirror {
  /** Follows these kinds and no others. Resolves when it does, with the kinds that can't be looked at; rejects when the server can't be. */
  follow(types: readonly ResourceType[], signal?: AbortSignal): Promise<ReadonlyMap<string, Failure>>;
  get(key: string, ref: ObjectRef): Live | undefined;
  /** All that it has, by identity. */
  members(): Iterable<readonly [string, Live]>;
  /** Whether objects of this kind have a namespace; undefined for a kind that isn't followed. */
  namespaced(ref: ObjectRef): boolean | undefined;
  /** Takes an answer for news; what is known of the object by it. */
  put(object: LiveObject): Live;
  /**
   * Before so many writes of ours, by kind: kinds without health of which most will be new are not watched meanwhile, as nothing is put right
   * before the writes are done. What it returns lists what moved, and watches again; so does `follow`.
   */
  pauseFor(writes: ReadonlyMap<string, number>): (signal?: AbortSignal) => Promise<void>;
  close(): void;
}

/** Their events cost more than a list. */
const MANY_WRITES = 500;

interface Followed {
  readonly type: ResourceType;
  readonly reflector: Reflector<Live>;
}

export function createMirror(options: {
  cluster: Cluster;
  clock: Clock;
  setId: string;
  changed: () => void;
  seen: Patience['seen'];
}): Mirror {
  const { cluster, clock, setId, changed, seen } = options;
  const labelSelector = `${LABEL.applySetMember}=${setId}`;
  const followed = new Map<string, Followed>();

  const begin = (type: ResourceType): Followed => ({
    type,
    reflector: createReflector({
      cluster,
      clock,
      type,
      select: { labelSelector, metadataOnly: isWithoutHealth(type) },
      project: liveOf,
      changed: (before, after) => {
        seen(before, after);
        if (before === undefined || after === undefined || !isSame(before, after)) changed();
      },
    }),
  });

  return {
    async follow(types, signal) {
      const wanted = new Map(types.map((type) => [kindOf(type), type]));
      for (const [kind, { type, reflector }] of followed) {
        if (wanted.get(kind)?.apiVersion === type.apiVersion) continue;
        reflector.close();
        for (const live of reflector.items.values()) seen(live, undefined);
        followed.delete(kind);
      }
      for (const [kind, type] of wanted) if (!followed.has(kind)) followed.set(kind, begin(type));
      const unseen = new Map<string, Failure>();
      await Promise.all(
        [...followed].map(async ([kind, { reflector }]) => {
          try {
            await reflector.ready(signal);
          } catch (error) {
            if (stopsAll(error) || !(error instanceof Failure)) throw error;
            unseen.set(kind, error);
          }
        }),
      );
      return unseen;
    },
    get: (key, ref) => followed.get(kindOf(ref))?.reflector.items.get(key),
    *members() {
      for (const { reflector } of followed.values()) yield* reflector.items;
    },
    namespaced: (ref) => followed.get(kindOf(ref))?.type.namespaced,
    put(object) {
      const { reflector } = followed.get(kindOf(object)) ?? {};
      const live = reflector?.put(object) ?? liveOf(object);
      seen(undefined, reflector?.items.get(identity(refOf(object))));
      return live;
    },
    pauseFor(writes) {
      const paused = [...followed].flatMap(([kind, { type, reflector }]) => {
        const most = Math.max(MANY_WRITES, reflector.items.size);
        return isWithoutHealth(type) && (writes.get(kind) ?? 0) > most ? [reflector] : [];
      });
      for (const reflector of paused) reflector.pause();
      return async (signal) => void (await Promise.all(paused.map((reflector) => reflector.ready(signal))));
    },
    close() {
      for (const { reflector } of followed.values()) reflector.close();
      followed.clear();
    },
  };
}
