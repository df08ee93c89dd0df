import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLPLANE, run } from './parts.ts';

export interface ControlPlane {
  readonly directory: string;
  /** Text of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly kubeconfigFile: string;
  /** Text of the kubeconfig of a user without any right. */
  readonly stranger: string;
  /** Ends it; with `keep` its state stays, for `resume`. */
  stop(keep?: boolean): void;
  /** Starts a stopped one again, on the same port. */
  resume(): ControlPlane;
}

/** A real Kubernetes control plane of its own on loopback; about 5 s. */
export function startControlPlane(
  options: { controllers?: 'none'; pods?: 'none'; nodes?: number; directory?: string; port?: string } = {},
): ControlPlane {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'rotterdam-controlplane-'));
  const env = {
    ...process.env,
    ...(options.controllers ? { CONTROLLERS: options.controllers } : {}),
    ...(options.pods ? { PODS: options.pods } : {}),
    ...(options.nodes ? { NODES: `${options.nodes}` } : {}),
  };
  const kubeconfigFile =
    run(`${CONTROLPLANE}up`, options.port === undefined ? [directory] : [directory, options.port], { env })
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const kubeconfig = readFileSync(kubeconfigFile, 'utf8');
  const port = /127\.0\.0\.1:(\d+)/.exec(kubeconfig)?.[1] ?? '';
  return {
    directory,
    kubeconfigFile,
    kubeconfig,
    stranger: readFileSync(`${kubeconfigFile}-stranger`, 'utf8'),
    stop: (keep = false) => run(`${CONTROLPLANE}down`, keep ? [directory, '--keep'] : [directory]),
    resume: () => startControlPlane({ ...options, directory, port }),
  };
}
