import type { Infrastructure } from '../synth/environment.ts';
import { Failure } from './errors.ts';
import type { Clock, Cluster } from './ports.ts';

/** A cluster that nothing was asked of yet. Throws a terminal Failure when the kubeconfig holds what is not taken. */
export type Connect = (infrastructure: Infrastructure, kubeconfig: string) => Cluster;

const PROBE_MS = 3_000;

/** A cluster that has just answered the cheapest question, on a connection of its own. Rejects with a Failure when it didn't. */
export async function connect(
  open: Connect,
  infrastructure: Infrastructure,
  kubeconfig: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Cluster> {
  const cluster = open(infrastructure, kubeconfig);
  const limit = new AbortController();
  const late = new Failure('transient', `Cannot reach infrastructure '${infrastructure.name}': no answer within ${PROBE_MS} ms`);
  void clock.sleep(PROBE_MS, limit.signal).then(
    () => limit.abort(late),
    () => undefined,
  );
  try {
    await cluster.version(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    cluster.close();
    throw error;
  } finally {
    limit.abort();
  }
  return cluster;
}
