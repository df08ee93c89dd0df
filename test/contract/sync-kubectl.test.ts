import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { syncKubectlContract } from './sync-kubectl.contract.ts';

describe.skipIf(!have('kubectl'))('Migration from kubectl: sandbox', () => syncKubectlContract(() => startSandbox({ readyDelayMs: 100 })));
describe.skipIf(!have('kubectl') || !have('control plane'))('Migration from kubectl: real control plane', () =>
  syncKubectlContract(() => startControlPlane()),
);
