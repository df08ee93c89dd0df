import { onBoth } from './both-places.ts';
import { syncPruneContract } from './sync-prune.contract.ts';

onBoth('Sync, deletions', syncPruneContract);
