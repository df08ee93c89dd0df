import { describe } from 'vitest';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { kubeContract } from './kube.contract.ts';

describe.skipIf(!have('control plane'))('on real parts', () => {
  kubeContract('the real control plane', async () => startControlPlane());
});
