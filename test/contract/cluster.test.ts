import { describe } from 'vitest';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { clusterContract } from './cluster.contract.ts';

describe.skipIf(!have('control plane'))('Cluster: real control plane', () => clusterContract(() => startControlPlane({ pods: 'none' })));
