import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { JUMPS, syncCutContract } from './sync-cut.contract.ts';

describe('Sync, killed at any write: sandbox', () => syncCutContract(() => startSandbox({ readyDelayMs: 10 })));

describe.skipIf(!have('control plane'))('Sync, killed at any write: real control plane', () =>
  // The harder of both: a minute of its own.
  syncCutContract(() => startControlPlane({ pods: 'none' }), [JUMPS]),
);
