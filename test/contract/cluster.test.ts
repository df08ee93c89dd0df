import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { clusterContract } from './cluster.contract.ts';

describe.skipIf(!have('control plane'))('Cluster: real control plane', () => clusterContract(() => startControlPlane({ pods: 'none' })));

describe('Cluster: sandbox', () => clusterContract(() => startSandbox()));
