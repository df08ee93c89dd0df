import { onRealPlane, onSandbox } from './both-places.ts';
import { JUMPS, syncCutContract } from './sync-cut.contract.ts';

onSandbox('Sync, killed at any write', syncCutContract, { readyDelayMs: 10 });

// The harder of both: a minute of its own.
onRealPlane('Sync, killed at any write', (start) => syncCutContract(start, [JUMPS]), { pods: 'none' });
