import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { syncPruneContract } from './sync-prune.contract.ts';

describe('Sync, deletions: sandbox', () => syncPruneContract(() => startSandbox({ readyDelayMs: 100 })));

describe.skipIf(!have('control plane'))('Sync, deletions: real control plane', () => syncPruneContract(() => startControlPlane()));
