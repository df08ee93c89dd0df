import type { SyncTarget } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';

/** What is wanted of a cluster, in the namespace `default` unless `changes` says otherwise. */
export function syncTarget(manifests: readonly Manifest[], changes: Partial<SyncTarget> = {}): SyncTarget {
  return {
    environment: 'city',
    infrastructure: 'dev',
    revision: 'a'.repeat(40),
    manifests,
    syncId: 'root',
    pruneWords: [],
    takeOver: [],
    maxPrune: 30,
    removing: false,
    defaultDock: 'default',
    ...changes,
  };
}
