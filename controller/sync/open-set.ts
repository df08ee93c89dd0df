import { identity, type Manifest, type ObjectRef } from '../../synth/manifest.ts';
import type { Clock, Cluster } from '../ports.ts';
import { createRepairs, type Repairs } from './drift.ts';
import type { ObjectWarnings } from './execute.ts';
import type { EndingObject } from './health/ending.ts';
import type { ObjectHealth } from './health/health.ts';
import { createPatience, type Patience } from './health/patience.ts';
import { setIdOf } from './inventory/applyset.ts';
import { type ContentsGuard, createContentsGuard } from './inventory/contents.ts';
import type { Entry } from './inventory/inventory.ts';
import { createLedger, type Ledger } from './inventory/ledger.ts';
import { createMirror, type Mirror } from './watch/mirror.ts';
import { createScalers, isScalable, type Scalers } from './watch/scalers.ts';

/** What is followed of one ApplySet on one cluster. */
export interface OpenSet {
  readonly setId: string;
  readonly patience: Patience;
  readonly mirror: Mirror;
  readonly ledger: Ledger;
  readonly contents: ContentsGuard;
  readonly scalers: Scalers;
  readonly repairs: Repairs;
  readonly warnings: Map<string, ObjectWarnings>;
  /** By identity: what was wanted when drift was last reported instead of put back. Lost with the process. */
  readonly reported: Map<string, Manifest>;
  /** Ours, but no longer wanted, as of the last sync. */
  leaving: readonly Entry[];
  close(): void;
}

export function openSet(options: { cluster: Cluster; clock: Clock; parent: ObjectRef; changed: () => void }): OpenSet {
  const { cluster, clock, parent } = options;
  const setId = setIdOf(parent);
  const patience = createPatience(options);
  const [mirror, ledger, scalers] = [
    createMirror({ ...options, setId, seen: patience.seen }),
    createLedger(options),
    createScalers(options),
  ];
  return {
    setId,
    patience,
    mirror,
    ledger,
    scalers,
    contents: createContentsGuard(cluster, clock, setId),
    repairs: createRepairs(clock),
    warnings: new Map(),
    reported: new Map(),
    leaving: [],
    close() {
      for (const part of [patience, mirror, ledger, scalers]) part.close();
    },
  };
}

/** What the watches have seen of what is wanted. */
export function healthIn(
  { mirror, patience, scalers }: OpenSet,
  { manifests, defaultDock }: { readonly manifests: readonly Manifest[]; readonly defaultDock: string },
): ObjectHealth[] {
  return manifests.map(({ apiVersion, kind, metadata }) => {
    const namespaced = mirror.namespaced({ apiVersion, kind, name: metadata.name }) ?? metadata.namespace !== undefined;
    const ref = { apiVersion, kind, ...(namespaced ? { namespace: metadata.namespace ?? defaultDock } : {}), name: metadata.name };
    const live = mirror.get(identity(ref), ref);
    const health: ObjectHealth = live === undefined ? { ref, state: 'missing', reason: 'not there' } : patience.judge(live);
    const scaledBy = isScalable(ref) ? scalers.of(ref) : undefined;
    return scaledBy === undefined ? health : { ...health, scaledBy };
  });
}

/** What is on its way out. */
export function endingIn({ leaving, mirror }: OpenSet): EndingObject[] {
  return leaving.flatMap(({ ref, uid }) => {
    const live = mirror.get(identity(ref), ref);
    return live?.ending === undefined || live.uid !== uid ? [] : [{ ref, ...live.ending }];
  });
}
