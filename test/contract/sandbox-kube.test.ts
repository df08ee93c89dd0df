import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { kubeContract } from './kube.contract.ts';

kubeContract('the sandbox', () => startSandbox({ readyDelayMs: 50 }));
