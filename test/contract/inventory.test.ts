import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { inventoryContract } from './inventory.contract.ts';

describe('Inventory: sandbox', () => inventoryContract(() => startSandbox()));

describe.skipIf(!have('control plane'))('Inventory: real control plane', () =>
  inventoryContract(() => startControlPlane({ pods: 'none' })),
);
